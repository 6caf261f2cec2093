import { fileURLToPath } from "node:url";
import { SQLiteDb } from "@itwin/core-backend";
import { OpenMode } from "@itwin/core-bentley";
import { expect } from "chai";
import { openSqlite, SourceErrors, type Table, type TableRow } from "itwin-connector-framework/tables";
import { execute } from "../../../test/support/sqlite.js";
import { TableTimeline } from "../../../test/support/TableTimeline.js";

const connectorModule = fileURLToPath(new URL("../src/index.ts", import.meta.url));

describe("A value of a SQLite file", () => {
  let timeline: TableTimeline;
  beforeEach(() => (timeline = new TableTimeline(connectorModule, "site.db")));
  const run = (...statements: string[]) => execute(timeline.path, statements);
  const all = (select: string, name = "T") =>
    timeline.query(`SELECT ${select} FROM SqliteSite.${name} ORDER BY UserLabel`);

  it("is the same, digit for digit, in the first run and after an edit of its last digit", async () => {
    run(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, i, r REAL, n NUMERIC)",
      "INSERT INTO t VALUES (9007199254740993, 9223372036854775807, 0.1, 18446744073709551616), (1, 9007199254740992, 1e300, 5)",
    );
    await timeline.sync();
    expect(all("UserLabel, i, r, n")).to.deep.equal([
      { userLabel: "1", i: "9007199254740992", r: 1e300, n: 5 },
      { userLabel: "9007199254740993", i: "9223372036854775807", r: 0.1, n: 2 ** 63 * 2 },
    ]);
    run("UPDATE t SET i = 9223372036854775806 WHERE id > 1");
    const { counts } = await timeline.sync();
    expect([counts.changed, counts.unchanged]).to.deep.equal([1, 1]);
    expect(all("i")[1]).to.deep.equal({ i: "9223372036854775806" });
  });

  it("keeps its type in a column of values of all types", async () => {
    run(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, v, b BLOB)",
      "INSERT INTO t VALUES (1, 1, x'00ff41'), (2, 'two', x''), (3, 3.5, 'text')",
    );
    await timeline.sync();
    expect(all("v, b")).to.deep.equal([{ v: "1", b: "00FF41" }, { v: "two" }, { v: "3.5", b: "text" }]);
  });

  it("is true or false only in a column of zeros and ones", async () => {
    run(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, yes BOOLEAN, level BOOL)",
      "INSERT INTO t VALUES (1, 1, 1), (2, 0, 2), (3, NULL, NULL)",
    );
    await timeline.sync();
    expect(all("yes, level")).to.deep.equal([{ yes: true, level: 1 }, { yes: false, level: 2 }, {}]);
  });

  it("is an instant where a time has an offset, whatever the column is declared as", async () => {
    run(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, at TIMESTAMP, seen TEXT)",
      "INSERT INTO t VALUES (1, '2024-03-01 00:30:00+01', '2024-03-01 00:30:00 Z'), (2, '2024-03-01 00:30:00 +0100', NULL)",
    );
    await timeline.sync();
    const instant = "2024-02-29T23:30:00.000Z";
    expect(all("at, seen")).to.deep.equal([{ at: instant, seen: "2024-03-01T00:30:00.000Z" }, { at: instant }]);
  });

  it("is read from generated columns, tables without row numbers and views", async () => {
    run(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, w REAL, area REAL AS (w * 2) VIRTUAL, per REAL AS (w + 1) STORED)",
      "INSERT INTO t (id, w) VALUES (1, 2.5)",
      "CREATE TABLE w (a TEXT, b INTEGER, v TEXT, PRIMARY KEY (b, a)) WITHOUT ROWID",
      "INSERT INTO w VALUES ('x', 1, 'one'), ('x|1', 2, 'two')",
      "CREATE VIEW v AS SELECT id, random() AS r FROM t",
    );
    timeline.args = { tables: ["t", "w", "v"] };
    await timeline.sync();
    expect(all("w, area, per")).to.deep.equal([{ w: 2.5, area: 5, per: 3.5 }]);
    expect(all("UserLabel, v", "W")).to.deep.equal([{ userLabel: "1|x", v: "one" }, { userLabel: "2|x\\|1", v: "two" }]); // prettier-ignore
    expect(all("UserLabel", "V")).to.have.length(1);
  });

  it("is a text of any characters, in UTF-16 too", async () => {
    run("PRAGMA encoding='UTF-16le'", "CREATE TABLE t (id TEXT PRIMARY KEY, v)", "INSERT INTO t VALUES ('é😀', '\ufffd ü')"); // prettier-ignore
    await timeline.sync();
    expect(all("UserLabel, v")).to.deep.equal([{ userLabel: "é😀", v: "\ufffd ü" }]);
  });
});

describe("A table of a SQLite file", () => {
  let timeline: TableTimeline;
  beforeEach(() => (timeline = new TableTimeline(connectorModule, "site.db")));

  it("says what its columns are declared as", async () => {
    const declarations = {
      int: ["INT", "integer", "SMALLINT", "TINYINT(1)", "INT2", "MEDIUMINT UNSIGNED"],
      long: ["BIGINT", "INT8", "UNSIGNED BIG INT"],
      double: ["REAL", "FLOAT", "DOUBLE PRECISION", "NUMERIC(10, 2)", "DECIMAL(10,5)"],
      boolean: ["BOOLEAN", "bool"],
      date: ["DATE"],
      dateTime: ["DATETIME", "TIMESTAMP"],
      nothing: ["TEXT", "VARCHAR(20)", "CLOB", "BLOB", "POINT", "INTERVAL", "TIME", ""],
    };
    const types = Object.entries(declarations).flatMap(([type, names]) => names.map((name) => [type, name] as const));
    execute(timeline.path, [`CREATE TABLE t (${types.map(([, name], index) => `c${index} ${name}`).join()})`]);
    const found = await withTable(timeline.path, ({ declaredTypes = [] }) => declaredTypes);
    types.forEach(([type, name], index) => expect(found[index], name).to.equal(type === "nothing" ? undefined : type));
  });

  it("gives each row once, whatever their number", async () => {
    execute(timeline.path, [
      "CREATE TABLE t (id INTEGER PRIMARY KEY)",
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) INSERT INTO t SELECT i FROM n",
    ]);
    for (const count of [1000, 512, 256, 1]) {
      execute(timeline.path, [`DELETE FROM t WHERE id > ${count}`]);
      const rows = await withTable(timeline.path, (table) => [...table.rows() as Iterable<TableRow | TableRow[]>].flat()); // prettier-ignore
      const numbers = Array.from({ length: count + 1 }, (_, index) => index);
      expect(rows.map(({ number }) => number)).to.deep.equal(numbers);
      expect(rows.slice(1).map(({ cells }) => cells[0])).to.deep.equal(numbers.slice(1));
    }
  });

  it("is left out if it belongs to a virtual table, even one whose module is not there", async () => {
    execute(timeline.path, [
      "CREATE TABLE vec_chunks (id INTEGER PRIMARY KEY)",
      "INSERT INTO vec_chunks VALUES (1), (2)",
      "CREATE TABLE vector (id INTEGER PRIMARY KEY)",
      "INSERT INTO vector VALUES (1)",
      "CREATE VIRTUAL TABLE words USING fts5(word)",
      "INSERT INTO words VALUES ('pump')",
    ]);
    addVirtualTable(timeline.path, "CREATE VIRTUAL TABLE vec USING a_module_that_is_nowhere(a)");
    const { counts, notImported } = await timeline.sync();
    expect(counts.new).to.equal(1);
    expect(notImported.map(({ what, example, count }) => `${count} ${what}: ${example}`)).to.deep.equal([
      "2 virtual table: vec",
      "1 table of a virtual table: vec_chunks",
    ]);
    timeline.args = { tables: ["vec_chunks"] };
    expect((await timeline.sync()).counts.new).to.equal(2);
    timeline.args = { tables: ["vec"] };
    expect((await timeline.run()).error?.code).to.equal("sqlite/unreadable");
  });
});

async function withTable<T>(path: string, use: (table: Table) => T): Promise<T> {
  const reader = openSqlite(new SourceErrors("sqlite", path));
  try {
    return use(reader.tables[0]!);
  } finally {
    await reader.close?.();
  }
}

/** SQLite itself makes none whose module it does not know. */
function addVirtualTable(path: string, sql: string): void {
  const db = new SQLiteDb();
  db.openDb(path, { rawSQLite: true, skipFileCheck: true, defaultTxn: 0, openMode: OpenMode.ReadWrite });
  db.executeSQL("PRAGMA writable_schema=ON");
  db.executeSQL(`INSERT INTO sqlite_schema VALUES ('table', 'vec', 'vec', 0, '${sql}')`);
  db.closeDb(false);
}
