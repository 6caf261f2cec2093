import { existsSync, readdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { execute, open } from "../../../test/support/sqlite.js";
import { contentOf } from "../../../test/support/temporary.js";
import { TableTimeline, written } from "../../../test/support/TableTimeline.js";

const connectorModule = fileURLToPath(new URL("../src/index.ts", import.meta.url));

const pumps = [
  `CREATE TABLE pump (tag TEXT PRIMARY KEY, name TEXT, power REAL, active BOOLEAN, built DATE, seen DATETIME, x, y, z)`,
  `INSERT INTO pump VALUES ('P-1', 'Feed pump', 2.5, 1, '2020-01-31', '2024-02-29 12:30:00', 1, 2, 3),
    ('P-2', 'Drain pump', 4, 0, '1900-01-01', '9999-12-31 23:59:59.999', NULL, NULL, NULL)`,
];
const feeds = [
  `CREATE TABLE feeds (source TEXT, target TEXT, flow INTEGER, PRIMARY KEY (source, target)) WITHOUT ROWID`,
  `INSERT INTO feeds VALUES ('P-1', 'P-2', 7), ('P-2', 'P|1', NULL)`,
];

describe("SQLite files over time", () => {
  let timeline: TableTimeline;
  beforeEach(() => (timeline = new TableTimeline(connectorModule, "plant.db")));
  const run = (...statements: string[]) => execute(timeline.path, statements);

  it("become elements, a class for each table, known by the primary key", async () => {
    run(...pumps, ...feeds, "CREATE VIEW names AS SELECT tag, name FROM pump", "CREATE TABLE empty (a)");
    expect(written(await timeline.sync())).to.deep.equal([4, 0, 0]);
    expect(timeline.properties("SqlitePlant:Pump")).to.deep.equal([
      "name: string",
      "power: double",
      "active: boolean",
      "built: dateTime",
      "seen: dateTime",
      "x: int",
      "y: int",
      "z: int",
    ]);
    expect(
      timeline.query(
        "SELECT UserLabel, name, power, active, built, seen, Origin.X x0 FROM SqlitePlant.Pump ORDER BY UserLabel",
      ),
    ).to.deep.equal([
      {
        userLabel: "P-1",
        name: "Feed pump",
        power: 2.5,
        active: true,
        built: "2020-01-31",
        seen: "2024-02-29T12:30:00.000",
        x0: 1,
      },
      {
        userLabel: "P-2",
        name: "Drain pump",
        power: 4,
        active: false,
        built: "1900-01-01",
        seen: "9999-12-31T23:59:59.999",
      },
    ]);
    expect(timeline.query("SELECT UserLabel, source, flow FROM SqlitePlant.Feeds ORDER BY UserLabel")).to.deep.equal([
      { userLabel: "P-1|P-2", source: "P-1", flow: 7 },
      { userLabel: "P-2|P\\|1", source: "P-2" },
    ]);
    expect(readdirSync(timeline.folder).filter((name) => name.startsWith("plant.db"))).to.deep.equal(["plant.db"]);
  });

  it("are written only where they changed", async () => {
    run(...pumps, ...feeds);
    await timeline.sync();
    expect((await timeline.sync()).documents.unchanged).to.equal(1);
    run("CREATE INDEX i ON pump (name)", "VACUUM");
    const reread = await timeline.sync();
    expect([written(reread), reread.counts.unchanged]).to.deep.equal([[0, 0, 0], 4]);
    run(
      "UPDATE pump SET name='Spare' WHERE tag='P-2'",
      "DELETE FROM feeds WHERE flow=7",
      "INSERT INTO pump (tag) VALUES ('P-3')",
    );
    const { counts } = await timeline.sync();
    expect(counts).to.deep.equal({ new: 1, changed: 1, unchanged: 2, deleted: 1, replaced: 0 });
    run("DELETE FROM feeds");
    expect(written(await timeline.sync()), "a table without rows").to.deep.equal([0, 0, 1]);
  });

  it("give the tables and views that are named", async () => {
    run(...pumps, ...feeds, "CREATE VIEW names AS SELECT tag AS id, name FROM pump");
    timeline.args = { tables: ["names"] };
    expect(written(await timeline.sync())).to.deep.equal([2, 0, 0]);
    expect(timeline.query("SELECT UserLabel, name FROM SqlitePlant.Names ORDER BY UserLabel")).to.deep.equal([
      { userLabel: "P-1", name: "Feed pump" },
      { userLabel: "P-2", name: "Drain pump" },
    ]);
    timeline.args = { tables: ["pump"] };
    expect(written(await timeline.sync())).to.deep.equal([2, 0, 2]);
  });

  it("keep what a double would change, blobs, and names of any sort", async () => {
    run(
      `CREATE TABLE [a "b"; --] (id INTEGER PRIMARY KEY, [__proto__], [constructor], "😀 [x]", big INTEGER, raw BLOB, huge REAL, mix)`,
      `INSERT INTO [a "b"; --] VALUES (9223372036854775807, 'p', 'c', 'é😀', -9223372036854775808, x'00FF', 9e999, 1e20),
        (2, NULL, NULL, '', 5, NULL, 0.1, 0.30000000000000004)`,
    );
    await timeline.sync();
    const [first, second] = timeline.query(
      "SELECT UserLabel, [__proto___] p, constructor_ c, big, raw, huge, mix FROM SqlitePlant.AB ORDER BY UserLabel DESC",
    );
    expect(first).to.deep.equal({
      userLabel: "9223372036854775807",
      p: "p",
      c: "c",
      big: "-9223372036854775808",
      raw: "00FF",
      huge: "Infinity",
      mix: 1e20,
    });
    expect(second).to.deep.equal({ userLabel: "2", big: "5", huge: "0.1", mix: 0.1 + 0.2 });
  });

  it("are neither written nor joined by files of their own", async () => {
    run("PRAGMA journal_mode=WAL", ...pumps);
    const before = contentOf(timeline.path);
    await timeline.sync();
    expect(contentOf(timeline.path)).to.equal(before);
    expect(existsSync(`${timeline.path}-wal`) || existsSync(`${timeline.path}-shm`)).to.equal(false);
  });

  it("are refused while a part of them stands beside them, even where they look unchanged", async () => {
    run("PRAGMA journal_mode=WAL", ...pumps);
    await timeline.sync();
    const writer = open(timeline.path);
    writer.executeSQL("UPDATE pump SET name='x'");
    try {
      const { error } = await timeline.run();
      expect(error).to.include({ code: "sqlite/in-use", recovery: "retriable" });
    } finally {
      writer.closeDb(false);
    }
    expect(written(await timeline.sync())).to.deep.equal([0, 2, 0]);
  });

  const refused: Record<string, { sql: string[]; args?: object; code: string; source?: object }> = {
    "no table": { sql: ["CREATE VIEW v AS SELECT 1 AS id"], code: "sqlite/no-rows" },
    "no rows": { sql: ["CREATE TABLE a (id)"], code: "sqlite/no-rows" },
    "no key": {
      sql: ["CREATE TABLE a (b)", "INSERT INTO a VALUES (1)"],
      code: "sqlite/no-id-column",
      source: { table: "a" },
    },
    "a key that is null": {
      sql: ["CREATE TABLE a (b TEXT PRIMARY KEY)", "INSERT INTO a VALUES ('x'), (NULL)"],
      code: "sqlite/empty-id",
      source: { table: "a", record: 2, cell: "b" },
    },
    "an id that comes twice": {
      sql: ["CREATE TABLE a (id)", "INSERT INTO a VALUES (1), ('1')"],
      code: "sqlite/duplicate-id",
      source: { table: "a", record: 2, cell: "id" },
    },
    "a NUL character": {
      sql: ["CREATE TABLE a (id, b)", "INSERT INTO a VALUES (1, 'x' || char(0) || 'y')"],
      code: "sqlite/nul-character",
      source: { table: "a", record: 1, cell: "b" },
    },
    "bytes that are no text": {
      sql: ["CREATE TABLE a (id, b)", "INSERT INTO a VALUES (1, '\ufffd'), (2, CAST(x'E9' AS TEXT))"],
      code: "sqlite/encoding",
      source: { table: "a", record: 2, cell: "b" },
    },
    "a table that is not there": {
      sql: ["CREATE TABLE a (id)"],
      args: { tables: ["b"] },
      code: "sqlite/unknown-table",
    },
    "a view that leads nowhere": {
      sql: ["CREATE TABLE a (id)", "CREATE VIEW v AS SELECT id FROM a", "DROP TABLE a"],
      args: { tables: ["v"] },
      code: "sqlite/unreadable",
    },
    "options that are none": { sql: ["CREATE TABLE a (id)"], args: { tables: [1] }, code: "sqlite/options" },
  };
  for (const [title, { sql, args, code, source }] of Object.entries(refused))
    it(`are refused: ${title}`, async () => {
      run(...pumps);
      await timeline.sync();
      const before = timeline.content;
      rmSync(timeline.path);
      run(...sql);
      timeline.args = args;
      const { error } = await timeline.run();
      expect(error?.code, error?.message).to.equal(code);
      if (source !== undefined) expect(error!.source).to.deep.equal({ file: timeline.path, ...source });
      expect(timeline.content).to.equal(before);
    });

  it("are refused: a file that is no database", async () => {
    expect((await timeline.run("id,name\n1,a\n")).error?.code).to.equal("sqlite/unreadable");
  });
});
