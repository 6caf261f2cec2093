import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { execute } from "../../../test/support/sqlite.js";
import { TableTimeline, written } from "../../../test/support/TableTimeline.js";

describe("Rows of SQLite files that no column identifies", () => {
  let timeline: TableTimeline;
  const run = (...statements: string[]) => execute(timeline.path, statements);
  const labels = (className: string) =>
    timeline.query(`SELECT UserLabel FROM SqlitePlant.${className} ORDER BY UserLabel`).map((row) => row.userLabel);

  beforeEach(() => {
    timeline = new TableTimeline(fileURLToPath(new URL("../src/index.ts", import.meta.url)), "plant.db");
    run("CREATE TABLE pump (tag TEXT, power REAL)", "INSERT INTO pump VALUES ('P-1', 2.5), ('P-1', 4), ('P-3', 5)");
  });

  it("are refused with the option that helps", async () => {
    const { error } = await timeline.run();
    expect(error).to.have.property("code", "sqlite/no-id-column");
    expect(error).to.have.property("advice").that.includes('With "idByRow": true, the numbers of rows identify them.');
  });

  it("are known by their rowids with the option, which stay as other rows go", async () => {
    timeline.args = { idByRow: true };
    expect(written(await timeline.sync())).to.deep.equal([3, 0, 0]);
    expect(timeline.query("SELECT UserLabel, tag, power FROM SqlitePlant.Pump ORDER BY UserLabel")).to.deep.equal([
      { userLabel: "1", tag: "P-1", power: 2.5 },
      { userLabel: "2", tag: "P-1", power: 4 },
      { userLabel: "3", tag: "P-3", power: 5 },
    ]);
    run("DELETE FROM pump WHERE rowid=1", "INSERT INTO pump VALUES ('P-4', 1)");
    expect(written(await timeline.sync())).to.deep.equal([1, 0, 1]);
    expect(labels("Pump")).to.deep.equal(["2", "3", "4"]);
  });

  it("keep their rowids apart from columns that are called so", async () => {
    run("CREATE TABLE tank (rowid TEXT, row INT)", "INSERT INTO tank VALUES ('a', 10), ('a', 20)");
    timeline.args = { idByRow: true };
    await timeline.sync();
    expect(timeline.query("SELECT UserLabel, rowid, row_ FROM SqlitePlant.Tank ORDER BY UserLabel")).to.deep.equal([
      { userLabel: "1", rowid: "a", row_: 10 },
      { userLabel: "2", rowid: "a", row_: 20 },
    ]);
  });

  it("are counted in a view, which has no rowids", async () => {
    run("CREATE VIEW strong AS SELECT power FROM pump WHERE power > 3 ORDER BY power");
    timeline.args = { idByRow: true, tables: ["strong"] };
    await timeline.sync();
    expect(timeline.query("SELECT UserLabel, power FROM SqlitePlant.Strong ORDER BY UserLabel")).to.deep.equal([
      { userLabel: "1", power: 4 },
      { userLabel: "2", power: 5 },
    ]);
  });

  it("do not change how rows with a key or a column of identifiers are known", async () => {
    run("CREATE TABLE feeds (name TEXT PRIMARY KEY, flow) WITHOUT ROWID", "INSERT INTO feeds VALUES ('F-1', 1)");
    run("CREATE TABLE valve (Id TEXT, size)", "INSERT INTO valve VALUES ('V-1', 1)");
    timeline.args = { idByRow: true };
    await timeline.sync();
    expect([labels("Feeds"), labels("Valve")]).to.deep.equal([["F-1"], ["V-1"]]);
  });
});
