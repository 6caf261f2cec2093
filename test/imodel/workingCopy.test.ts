import { cpSync, existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { SQLiteDb } from "@itwin/core-backend";
import { OpenMode } from "@itwin/core-bentley";
import { expect } from "chai";
import { compareIModels } from "itwin-connector-framework";
import { KitTimeline } from "../kit/KitTimeline.js";
import type { KitSource } from "../kit/kitSource.js";
import { execute } from "../support/sqlite.js";
import { contentOf, temporaryFolder } from "../support/temporary.js";

const kit: KitSource = { categories: ["Steel"], parts: [{ id: "a", size: 1 }, { id: "b" }] };
const changedKit: KitSource = { categories: ["Steel"], parts: [{ id: "a", size: 2 }, { id: "c" }] };

/** Begins to overwrite an iModel, so much that SQLite writes to the file and needs its journal to take it back. */
function beginToWrite(path: string): SQLiteDb {
  const db = new SQLiteDb();
  db.openDb(path, { openMode: OpenMode.ReadWrite, rawSQLite: true, defaultTxn: 0 });
  const statements = [
    "PRAGMA cache_size=2",
    "BEGIN IMMEDIATE",
    "UPDATE bis_Element SET UserLabel='half'",
    "CREATE TABLE junk AS SELECT zeroblob(200000) FROM bis_Element",
  ];
  for (const sql of statements) db.withSqliteStatement(sql, (statement) => statement.step());
  return db;
}

/** Leaves an iModel as a program does that dies while it writes. */
function leaveHotJournal(path: string): void {
  const [kept, journal] = [join(temporaryFolder(), "x.bim"), `${path}-journal`];
  const db = beginToWrite(path);
  cpSync(path, kept);
  cpSync(journal, `${kept}-journal`);
  db.closeDb(false);
  cpSync(kept, path);
  cpSync(`${kept}-journal`, journal);
}

describe("An iModel with a journal", () => {
  let timeline: KitTimeline;
  let before: string;

  beforeEach(async () => {
    timeline = new KitTimeline();
    await timeline.sync(kit);
    execute(timeline.iModelPath, ["PRAGMA journal_mode=DELETE"]);
    before = join(temporaryFolder(), "before.bim");
    cpSync(timeline.iModelPath, before);
  });

  const filesOfOutput = () => readdirSync(dirname(timeline.iModelPath));

  it("of a program that died is put in order before the run", async () => {
    leaveHotJournal(timeline.iModelPath);
    expect(contentOf(timeline.iModelPath)).not.to.equal(contentOf(before));
    const result = await timeline.sync(changedKit);
    expect(result.counts).to.include({ new: 1, changed: 1, deleted: 1 });
    expect(filesOfOutput()).to.deep.equal(["kit.bim"]);
  });

  it("of a program that died is as it was before that after a run that fails", async () => {
    leaveHotJournal(timeline.iModelPath);
    timeline.write(changedKit);
    expect((await timeline.run({ failIn: "data" })).error).to.include({ phase: "data" });
    expect(filesOfOutput()).to.deep.equal(["kit.bim"]);
    expect((await compareIModels(before, timeline.iModelPath)).isEqual).to.equal(true);
  });

  it("of a program that died is compared as it was before that", async () => {
    leaveHotJournal(timeline.iModelPath);
    const content = contentOf(timeline.iModelPath);
    expect((await compareIModels(before, timeline.iModelPath)).isEqual).to.equal(true);
    expect(contentOf(timeline.iModelPath)).to.equal(content);
  });

  it("of a program that is writing is refused", async () => {
    const db = beginToWrite(timeline.iModelPath);
    try {
      timeline.write(changedKit);
      expect((await timeline.run()).error).to.include({ code: "imodel/in-use", recovery: "retriable" });
      expect(existsSync(`${timeline.iModelPath}-journal`)).to.equal(true);
    } finally {
      db.closeDb(false);
    }
  });
});
