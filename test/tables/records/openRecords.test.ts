import { expect } from "chai";
import {
  openRecords,
  SourceErrors,
  type KnownFindings,
  type SourceRecord,
  type TableRow,
} from "itwin-connector-framework/tables";

const errors = new SourceErrors("test", "/plant.json");

/** A document of records, which counts how often it is read. */
class Documents {
  public passes = 0;

  public constructor(private readonly _pieces: readonly (SourceRecord | readonly SourceRecord[])[]) {}

  public open(known?: KnownFindings) {
    return openRecords({ errors, name: "parts", known, records: () => this._read() });
  }

  private *_read(): Generator<SourceRecord | readonly SourceRecord[]> {
    this.passes++;
    yield* this._pieces;
  }
}

function rowsOf(piece: TableRow | readonly TableRow[]): readonly TableRow[] {
  return "cells" in piece ? [piece] : piece;
}

async function cellsOf({ tables }: Awaited<ReturnType<typeof openRecords>>, index = 0): Promise<unknown[][]> {
  const rows: unknown[][] = [];
  for await (const piece of tables[index]!.rows()) for (const row of rowsOf(piece)) rows.push([...row.cells]);
  return rows;
}

const recordsOf = (...fields: object[]) => fields.map((each, index) => ({ table: "", line: index + 1, fields: each as Record<string, unknown> })); // prettier-ignore

describe("Tables of records", () => {
  it("take records one by one and in lists", async () => {
    const [first, second, third] = recordsOf({ id: 1, at: { x: 2 } }, { at: { y: [1] } }, { id: null });
    const reader = await new Documents([first!, [second!, third!]]).open();
    expect(await cellsOf(reader)).to.deep.equal([
      ["id", "at.x", "at.y"],
      [1, 2, undefined],
      [undefined, undefined, "[1]"],
      [null, undefined, undefined],
    ]);
  });

  it("are read once more to find the columns, and not with known ones", async () => {
    const documents = new Documents([recordsOf({ id: 1 }, { id: 2 })]);
    await cellsOf(await documents.open());
    expect(documents.passes).to.equal(2);
    documents.passes = 0;
    const known = { findings: [["", ["gone", "id"]]], onOutdated: () => expect.fail() };
    expect(await cellsOf(await documents.open(known))).to.deep.equal([["gone", "id"], [undefined, 1], [undefined, 2]]); // prettier-ignore
    expect(documents.passes).to.equal(1);
  });

  it("tell of a column and of a table that is not known", async () => {
    const onOutdated = (): never => {
      throw new Error("outdated");
    };
    const known = { findings: [["", ["id"]]], onOutdated };
    const messageOf = async (pieces: readonly SourceRecord[]) =>
      cellsOf(await new Documents([pieces]).open(known)).then(() => "none", (error: unknown) => String(error)); // prettier-ignore
    expect(await messageOf(recordsOf({ id: 1 }, { id: 2, late: { a: 1 } }))).to.contain("outdated");
    expect(await messageOf([{ table: "pumps", fields: { id: 1 } }])).to.contain("outdated");
    expect(await messageOf(recordsOf({ id: 1 }))).to.equal("none");
  });

  it("name the line of a record as long as it was given last", async () => {
    const { tables } = await new Documents([recordsOf({ id: 1 }, { id: 2 })]).open();
    const lines: unknown[] = [];
    for await (const piece of tables[0]!.rows())
      for (const { number } of rowsOf(piece)) lines.push(tables[0]!.locate(number).line);
    expect(lines).to.deep.equal([undefined, 1, 2]);
  });
});
