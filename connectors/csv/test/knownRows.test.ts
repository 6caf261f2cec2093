import { StandaloneDb } from "@itwin/core-backend";
import { OpenMode } from "@itwin/core-bentley";
import type { ExternalSourceProps } from "@itwin/core-common";
import { expect } from "chai";
import { isLongTest } from "../../../test/support/long.js";
import { makeRandom } from "../../../test/support/random.js";
import { Timeline, useFolder, useHost } from "./support.js";

/** So many rows make several blocks. */
const rowCount = 600;
/** So many times the table is edited and synchronized. */
const rounds = isLongTest ? 100 : 8;
/** The seed of the edits, to repeat a test that failed. */
const seed = Number(process.env.EDITS_SEED ?? (isLongTest ? Date.now() % 1_000_000 : 11));

type Row = [id: string, count: string, weight: string, note: string, x: string, y: string];
type Pick = <T>(items: readonly T[]) => T;
type Edit = (rows: readonly Row[], pick: Pick) => Row[];

const header = "id,count,weight,note,x,y";

function rowOf(index: number): Row {
  return [`P-${index}`, `${index % 50}`, (index / 4).toFixed(2), `pump ${index}`, `${index % 1000}`, `${index / 8}`];
}

const tableOf = (count: number) => Array.from({ length: count }, (_, index) => rowOf(index));

const textOf = (rows: readonly Row[]) => [header, ...rows.map((row) => row.join()), ""].join("\n");

function set(column: number, values: readonly string[]): Edit {
  return (rows, pick) => {
    const [chosen, value] = [pick(rows), pick(values)];
    return rows.map((row) => (row === chosen ? (row.with(column, value) as Row) : row));
  };
}

const edits: Readonly<Record<string, Edit>> = {
  "change a note": set(3, ["new", "newer", ""]),
  "change a count": set(1, ["7", "8", ""]),
  "mark a count as missing": set(1, ["N/A", "-"]),
  "widen a count": set(1, ["2.5", "many"]),
  "change a weight": set(2, ["1.25", "3.50"]),
  "shorten a weight": set(2, ["1.5", "2"]),
  move: set(4, ["2000", "-5"]),
  remove: (rows, pick) => {
    const chosen = pick(rows);
    return rows.filter((row) => row !== chosen);
  },
  insert: (rows, pick) => {
    const at = rows.indexOf(pick(rows));
    return rows.toSpliced(at, 0, rowOf(1000 + pick(tableOf(300)).length + at + rows.length));
  },
  "move a row": (rows, pick) => {
    const chosen = pick(rows);
    return [...rows.filter((row) => row !== chosen), chosen];
  },
  "repeat an identifier": (rows, pick) => [...rows, pick(rows)],
  "repeat an identifier with another content": (rows, pick) => [pick(rows).with(3, "again") as Row, ...rows],
  "turn the rows around": (rows) => rows.toReversed(),
  nothing: (rows) => [...rows],
};

describe("Rows that the last run knew", () => {
  useHost();
  const [folder, otherFolder] = [useFolder(), useFolder()];
  let timeline: Timeline;
  beforeEach(() => (timeline = new Timeline(folder)));

  /** What the iModel holds of each row, under the names that the columns have in the source. */
  function contentOf(of: Timeline): Record<string, unknown>[] {
    const rows = of.query("SELECT * FROM CsvParts.Parts ORDER BY UserLabel");
    return rows.map((row) => {
      const values = new Map<string, unknown>();
      for (const [name, value] of Object.entries(row)) {
        const column = /^(?:count|weight|note|x|y|origin|userLabel)/.exec(name)?.[0];
        if (column !== undefined) values.set(column, plain(value));
      }
      return Object.fromEntries(values);
    });
  }

  /** A column that was wider before holds texts where a new one holds numbers. */
  function plain(value: unknown): unknown {
    if (typeof value === "object") return JSON.stringify(value);
    return value === "" || Number.isNaN(Number(value)) ? value : Number(value);
  }

  it(`are what they are in a new iModel, after edits of all sorts (seed ${seed})`, async () => {
    const random = makeRandom(seed);
    const pick: Pick = (items) => items[Math.floor(random() * items.length)]!;
    let rows = tableOf(rowCount);
    await timeline.sync(textOf(rows));
    for (let round = 0; round < rounds; round++) {
      const names = [pick(Object.keys(edits)), pick(Object.keys(edits))];
      const edited = names.reduce((before, name) => edits[name]!(before, pick), rows);
      const fresh = new Timeline(otherFolder);
      fresh.file = "parts.csv";
      const [result, expected] = [await timeline.run(textOf(edited)), await fresh.run(textOf(edited), { outputDir: `${otherFolder.path}/${round}` })]; // prettier-ignore
      const what = `round ${round}: ${names.join(", ")}`;
      expect(result.error?.message, what).to.equal(expected.error?.message.replaceAll(otherFolder.path, folder.path));
      if (result.error !== undefined) continue;
      rows = edited;
      const opened = new Timeline({ ...otherFolder, path: `${otherFolder.path}/${round}` });
      const [found, wanted] = [contentOf(timeline), contentOf(opened)];
      const differing = wanted.findIndex((row, index) => JSON.stringify(row) !== JSON.stringify(found[index]));
      expect(found[differing], what).to.deep.equal(wanted[differing]);
      expect(found.length, what).to.equal(wanted.length);
      if (result.counts.unchanged === 0) continue; // nothing was read
      expect(result.issues, what).to.deep.equal(expected.issues);
      expect(result.readAs, what).to.deep.equal(expected.readAs);
    }
  });

  /** Does something with the iModel as another program does. */
  function edit<T>(work: (imodel: StandaloneDb) => T): T {
    const imodel = StandaloneDb.openFile(timeline.iModel, OpenMode.ReadWrite);
    const result = work(imodel);
    imodel.saveChanges();
    imodel.close();
    return result;
  }

  const standalone = { isSnapshot: false };
  const idOf = (ecsql: string) => String(timeline.query(ecsql)[0]!.id);

  it("are compared where another program has deleted one since", async () => {
    await timeline.sync(textOf(tableOf(rowCount)), standalone);
    const deleted = idOf("SELECT ECInstanceId FROM CsvParts.Parts WHERE UserLabel='P-5'");
    edit((imodel) => imodel.elements.deleteElement(deleted));
    const result = await timeline.sync(textOf(tableOf(rowCount - 1)), standalone);
    expect(result.counts).to.include({ new: 1, changed: 0, unchanged: rowCount - 2, deleted: 1 });
  });

  it("are compared where a run has brought in another state since, and did not keep any blocks", async () => {
    const others = tableOf(rowCount).map((row) => row.with(3, "other") as Row);
    await timeline.sync(textOf(tableOf(rowCount)), standalone);
    const id = idOf("SELECT ECInstanceId FROM bis.ExternalSource");
    const kept = timeline.read((imodel) => imodel.elements.getElementProps<ExternalSourceProps>(id));
    await timeline.sync(textOf(others), standalone);
    edit((imodel) => imodel.elements.updateElement<ExternalSourceProps>(kept));
    const result = await timeline.sync(textOf(tableOf(rowCount)), standalone);
    expect(result.counts).to.include({ changed: rowCount, unchanged: 0 });
  });
});
