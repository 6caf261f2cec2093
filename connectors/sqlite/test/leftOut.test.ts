import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { execute } from "../../../test/support/sqlite.js";
import { TableTimeline } from "../../../test/support/TableTimeline.js";

describe("What a SQLite file holds beside its tables", () => {
  let timeline: TableTimeline;
  const reason = 'it is read only if the option "tables" or a mapping names it';

  beforeEach(() => {
    timeline = new TableTimeline(fileURLToPath(new URL("../src/index.ts", import.meta.url)), "site.db");
    execute(timeline.path, [
      "CREATE TABLE pump (id INTEGER PRIMARY KEY, name TEXT)",
      "INSERT INTO pump VALUES (1, 'Feed pump')",
      "CREATE VIEW names AS SELECT id, name FROM pump",
      "CREATE VIEW ids AS SELECT id FROM pump",
      "CREATE VIRTUAL TABLE place USING rtree(id, minX, maxX)",
      "INSERT INTO place VALUES (1, 2, 3)",
    ]);
  });

  it("is reported: views and virtual tables, without the tables in which these keep their data", async () => {
    const { notImported, counts } = await timeline.sync();
    expect(counts.new).to.equal(1);
    expect(notImported).to.deep.equal([
      { what: "view", reason, example: "ids", count: 2 },
      { what: "virtual table", reason, example: "place", count: 1 },
    ]);
  });

  it("is read if the option or a mapping names it", async () => {
    timeline.args = { tables: ["names", "place"] };
    expect(await timeline.sync())
      .to.deep.include({ notImported: [] })
      .and.to.have.nested.property("counts.new", 2);
    timeline.args = { mapping: { tables: { pump: { class: "Pump" }, names: { class: "Name" } } } };
    const { notImported } = await timeline.sync();
    expect(notImported.map(({ what, example }) => `${what} ${example}`)).to.deep.equal([
      "view ids",
      "virtual table place",
    ]);
  });
});
