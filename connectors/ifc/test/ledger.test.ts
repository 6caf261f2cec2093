import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect } from "chai";
import { ifcText } from "./ifcText.js";
import { IfcTimeline } from "./support.js";

const webIfc = createRequire(import.meta.url)("web-ifc") as typeof import("web-ifc");

/** The place of IFC4X3 in web-ifc's tables. */
const ifc4x3 = webIfc.SchemaNames.findIndex((names?: readonly string[]) => names?.includes("IFC4X3"));

/** Every entity of IFC4X3, by web-ifc's own tables, with how many attributes it has. */
function everyEntity(): { name: string; attributes: number }[] {
  type Reader = (values: readonly unknown[]) => object;
  const readers = (webIfc.FromRawLineData as Record<number, Record<number, Reader>>)[ifc4x3]!;
  const constants = Object.entries(webIfc).filter(([name]) => /^IFC[A-Z0-9]+$/.test(name)) as [string, unknown][];
  const entities = constants.filter(([, code]) => typeof code === "number" && readers[code] !== undefined);
  const item = { type: 1, value: "1", map: () => [] };
  const values = new Array<unknown>(64).fill(item);
  // expressID and type come before the attributes
  return entities.map(([name, code]) => ({
    name,
    attributes: Object.keys(readers[code as number]!(values)).length - 2,
  }));
}

/** A file with an instance of each, numbered from 1000 on, which refer to nothing. */
function fileWith(entities: readonly { name: string; attributes: number }[]): string {
  const lines = entities.map(({ name, attributes }, index) => {
    const values = new Array<string>(attributes).fill("$");
    return `#${1000 + index}=${name}(${values.join()});`;
  });
  return ifcText("IFC4X3_ADD2", [
    "#1=IFCPROJECT('2o9Vp1_OPDpwO_VZ6qHsyz',$,'All',$,$,$,$,$,#2);",
    "#2=IFCUNITASSIGNMENT((#3));",
    "#3=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);",
    ...lines,
  ]);
}

describe("the ledger of an IFC file", () => {
  it("has every entity of IFC4X3 that the iModel does not have", async () => {
    const entities = everyEntity().filter(({ name }) => name !== "IFCPROJECT");
    expect(entities.length).to.be.greaterThan(800);
    const timeline = new IfcTimeline();
    const { notImported, unlistedNotImported } = await timeline.result(fileWith(entities));
    expect(unlistedNotImported).to.equal(0);
    const classes = timeline.query(`
      SELECT DISTINCT c.Name n FROM bis.Element e JOIN meta.ECClassDef c ON c.ECInstanceId=e.ECClassId
      JOIN meta.ECSchemaDef s ON s.ECInstanceId=c.Schema.Id WHERE s.Name='Ifc'`);
    const found = new Set(classes.map(({ n }) => String(n).toUpperCase()));
    const reported = new Set(notImported.map(({ what }) => what.split(" ")[0]!.toUpperCase()));
    const nowhere = entities.map(({ name }) => name).filter((name) => !found.has(name) && !reported.has(name)); // prettier-ignore
    expect(nowhere).to.deep.equal([]);
    expect(found.size).to.be.greaterThan(200);
    const { example } = notImported.find(({ what }) => what === "IfcRelSequence")!;
    expect(example).to.match(/^#\d+ \(line \d+\)$/);
  });
});

describe("ENTITIES.md", () => {
  it("lists what the code does", async () => {
    const script = new URL("../scripts/entitiesText.js", import.meta.url).href;
    const { entitiesText } = (await import(script)) as { entitiesText: () => string };
    const listed = readFileSync(new URL("../ENTITIES.md", import.meta.url), "utf8");
    expect(entitiesText(), "run node connectors/ifc/scripts/write-entities.js").to.equal(listed);
    expect(entitiesText().match(/\bIfc\w+/g)!.length).to.be.greaterThan(900);
  });
});
