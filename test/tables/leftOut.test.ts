import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type { NotImported } from "itwin-connector-framework";
import { execute } from "../support/sqlite.js";
import { TableTimeline } from "../support/TableTimeline.js";

function timelineOf(format: string, file: string): TableTimeline {
  return new TableTimeline(fileURLToPath(new URL(`../../connectors/${format}/src/index.ts`, import.meta.url)), file);
}

/** What was left out, without the reasons. */
function namesOf(notImported: readonly NotImported[]): string[] {
  return notImported.map(({ count, what, example }) => `${count} ${what}: ${example}`);
}

describe("What a mapping leaves out", () => {
  const pumps = { class: "Pump" };
  const reason = "the mapping does not name it";

  it("is reported for tables that it does not name", async () => {
    const timeline = timelineOf("json", "site.json");
    const content = '{ "pumps": [{ "id": 1 }], "notes": [{ "id": 1 }, { "id": 2 }], "tags": [{ "id": 1 }] }';
    timeline.args = { mapping: { tables: { pumps } } };
    const { notImported } = await timeline.sync(content);
    expect(notImported).to.deep.equal([{ what: "table", reason, example: "notes", count: 2 }]);
    expect((await timeline.sync()).notImported, "in a run that reads nothing").to.deep.equal(notImported);
    timeline.args = { mapping: { tables: { pumps }, otherTables: "ignore" } };
    expect((await timeline.sync()).notImported, "where the mapping says so itself").to.deep.equal([]);
  });

  it("is reported for the tables of a database that it does not name", async () => {
    const timeline = timelineOf("sqlite", "site.db");
    const columns = "(id INTEGER PRIMARY KEY, name)";
    execute(timeline.path, [
      `CREATE TABLE pumps ${columns}`,
      `CREATE TABLE notes ${columns}`,
      "INSERT INTO pumps VALUES (1, 'a')",
    ]);
    timeline.args = { mapping: { tables: { pumps } } };
    expect(namesOf((await timeline.sync()).notImported)).to.deep.equal(["1 table: notes"]);
  });

  it("is reported for columns that an existing class does not get", async () => {
    const timeline = timelineOf("csv", "pumps.csv");
    const mapping = { class: "Generic:PhysicalObject", label: "name", properties: { remark: false } };
    timeline.args = { mapping: { tables: { pumps: mapping } } };
    const content = "id,name,x,y,remark,flow,head\n1,a,0,0,b,1,2\n";
    const { notImported } = await timeline.sync(content);
    expect(notImported).to.deep.equal([{ what: "column", reason, example: "flow of pumps", count: 2 }]);
    timeline.args = { mapping: { tables: { pumps: { ...mapping, otherColumns: "ignore" } } } };
    expect((await timeline.sync()).notImported).to.deep.equal([]);
  });

  it("is nothing where all is inferred", async () => {
    const timeline = timelineOf("csv", "pumps.csv");
    expect((await timeline.sync("id,name\n\n1,a\n\n")).notImported).to.deep.equal([]);
  });
});
