import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { ConnectorJobDefArgs, ConnectorRunner } from "itwin-connector-framework";
import { exportTable } from "itwin-connector-viewer";
import { queryFile } from "../../../test/support/iModels.js";
import { temporaryFolder } from "../../../test/support/temporary.js";
import { describeElement } from "../src/elements/describeElement.js";
import { readElementTable } from "../src/elements/elementTable.js";
import { PageDriver } from "./PageDriver.js";
import { withContents } from "./scenes.js";
import { startBrowser } from "./startBrowser.js";

const connectorModule = fileURLToPath(new URL("../../../docs/examples/duct-connector.js", import.meta.url));

/** An iModel whose properties have the units that their connector describes. */
async function makeDucts(): Promise<string> {
  const outputDir = temporaryFolder();
  const sourcePath = join(outputDir, "ducts.json");
  const ducts = [{ id: "D1", width: 240, length: 1250, air: 68, flow: 90 }];
  writeFileSync(sourcePath, JSON.stringify({ flowUnit: "m³/h", ducts }));
  const runner = new ConnectorRunner(
    Object.assign(new ConnectorJobDefArgs(), { connectorModule, sourcePath, outputDir }),
  );
  await runner.synchronize();
  expect(runner.result.error).to.equal(undefined);
  return join(outputDir, "ducts.bim");
}

describe("Units that a connector describes", () => {
  let file: string;
  before(async () => (file = await makeDucts()));

  const exported = async (format: "csv" | "json") => {
    const path = join(temporaryFolder(), `ducts.${format}`);
    await exportTable(file, path, { format, classes: ["Ducts:Duct"] });
    return readFileSync(path, "utf8");
  };

  it("stand behind values, and in the heads of tables", async () => {
    const [row] = queryFile(file, "SELECT ECInstanceId id FROM Ducts.Duct");
    const { groups } = await withContents(file, (contents) => describeElement(contents, row!.id as string));
    const values = groups.find(({ name }) => name === "Ducts:Duct")!.properties;
    expect(values.map(({ label, value, text, unit }) => [label, value, text, unit])).to.deep.equal([
      ["width", 240, "240 mm", "mm"],
      ["length", 1.25, "1.25 m", "m"],
      ["air", 20, "20 °C", "°C"],
      ["flow", 90, "90 m³/h", "m³/h"],
    ]);
    const { columns } = await withContents(file, (contents) => readElementTable(contents, { className: "Ducts:Duct" }));
    expect(columns.flatMap(({ label, unit }) => (unit === undefined ? [] : [`${label} (${unit})`]))).to.deep.equal([
      "width (mm)",
      "length (m)",
      "air (°C)",
      "flow (m³/h)",
    ]);
  });

  it("stand in the names of the columns of CSV and beside the properties of JSON, whose values are numbers", async () => {
    const [head, line] = (await exported("csv")).split("\r\n").map((text) => text.split(","));
    const cells = Object.fromEntries(head!.map((name, index) => [name, line![index]]));
    expect(cells).to.include({ "width [mm]": "240", "length [m]": "1.25", "air [°C]": "20", "flow [m³/h]": "90" });
    const { properties, units } = JSON.parse(await exported("json")) as Record<string, object>;
    expect(properties).to.include({ width: 240, length: 1.25, air: 20, flow: 90 });
    expect(units).to.deep.equal({ width: "mm", length: "m", air: "°C", flow: "m³/h" });
  });

  it("are on the page, in the details of an element and in the table", async function () {
    const browser = await startBrowser(this);
    const driver = await PageDriver.open(browser, file);
    try {
      const search = await driver.showPanel("Search");
      await search.getByRole("searchbox").fill("D1");
      await search.getByRole("button", { name: "D1" }).click();
      await driver.details.waitFor();
      const text = await driver.details.innerText();
      for (const part of ["240 mm", "1.25 m", "20 °C", "90 m³/h"]) expect(text).to.include(part);
      const table = await driver.showPanel("Table");
      await table.getByRole("button", { name: "width (mm)" }).waitFor();
    } finally {
      await driver.close();
      await browser.close();
    }
  });
});
