import { expect } from "chai";
import { ConnectorError } from "itwin-connector-framework";
import { SourceErrors, type CellContent, type Table } from "itwin-connector-framework/tables";
import { readBatches } from "../../src/tables/rows/readBatches.js";

function tableOf(cells: CellContent[], isText = false): Table {
  const locate = (row: number) => ({ sheet: "Pumps", cell: `A${row}` });
  return { name: "Pumps", isText, rowNoun: "row", rows: () => [{ number: 7, cells }], locate };
}

const read = async (table: Table): Promise<CellContent[]> => {
  for await (const [row] of readBatches(table, new SourceErrors("xlsx", "/a/pumps.xlsx"))) return [...row!.cells];
  throw new Error("there is no row");
};

describe("The texts of a table", () => {
  it("stay as they are, and so do other values", async () => {
    const cells = ["a", "\u{1f4a9}", "", 1, true, null, undefined, new Date(0)];
    expect(await read(tableOf(cells))).to.deep.equal(cells);
  });

  it("lose half characters, which an iModel cannot give back", async () => {
    expect(await read(tableOf(["a\ud83d", "\udca9b", 1]))).to.deep.equal(["a\ufffd", "\ufffdb", 1]);
  });

  it("hold no NUL", async () => {
    const error: unknown = await read(tableOf(["a\0b"])).catch((e: unknown) => e);
    expect(error).to.be.instanceOf(ConnectorError);
    expect(error).to.include({ code: "xlsx/nul-character" });
    expect((error as ConnectorError).source).to.deep.equal({ file: "/a/pumps.xlsx", sheet: "Pumps", cell: "A7" });
  });
});
