import { expect } from "chai";
import { ConnectorTimeline } from "../../../test/support/ConnectorTimeline.js";
import { book, bytes, connectorModule, type Content } from "./support.js";

const header = ["id", "name"];
const one = (rows: Content[][]) => bytes(book([["Pumps", rows]]));
const good = one([header, ["1", "a"]]);

interface BadWorkbook {
  content: Uint8Array | string;
  args?: object;
  code: string;
  cell?: string;
  /** What the message must say. */
  says?: string;
}

const badWorkbooks: Record<string, BadWorkbook> = {
  "an empty file": { content: "", code: "not-a-workbook" },
  "a text": { content: "id,name\n1,a\n", code: "not-a-workbook" },
  "a workbook that is cut off": { content: good.subarray(0, 3000), code: "damaged", says: "cut off" },
  "an .xls that is cut off": { content: bytes(book([["Pumps", [header]]]), "xls").subarray(0, 1500), code: "damaged" },
  "a zip that is no workbook": { content: emptyZip(), code: "damaged" },
  "no values": { content: one([[null]]), code: "empty-workbook" },
  "nothing but a header": { content: one([header]), code: "no-rows", says: "Pumps", cell: "A1" },
  "no id column": { content: one([["tag", "name"], ["1", "a"]]), code: "no-id-column", cell: "A1" }, // prettier-ignore
  "no identifier": { content: one([header, ["1", "a"], [null, "b"]]), code: "empty-id", cell: "A3" },
  "an identifier twice": { content: one([header, ["1", "a"], ["2"], [1, "b"]]), code: "duplicate-id", cell: "A4" },
  "a column without a name": {
    content: one([header, ["1", "a", null, 5]]),
    code: "unnamed-column",
    cell: "D1",
    says: "as in D2",
  },
  "two columns of one name": { content: one([["id", "a", "a"], ["1", 2, 3]]), code: "duplicate-column", cell: "C1" }, // prettier-ignore
  "a formula that was never calculated": {
    content: withoutValue(),
    code: "formula-without-value",
    cell: "B2",
  },
  "a NUL": { content: one([header, ["1", "a\0b"]]), code: "not-text", cell: "B2" },
  "16,384 columns": {
    content: one([Array.from({ length: 16_384 }, (_, index) => `c${index}`), Array<number>(16_384).fill(1)]),
    code: "too-many-columns",
  },
  "a sheet that is not there": { content: good, args: { sheets: ["Valves"] }, code: "unknown-sheet", says: "Valves" },
  "sheets of one class": {
    content: bytes(book([["a b", [header, ["1"]]], ["A-B", [header, ["1"]]]])), // prettier-ignore
    code: "same-class",
    says: "AB",
  },
  "one class name for two sheets": {
    content: bytes(book([["A", [header, ["1"]]], ["B", [header, ["1"]]]])), // prettier-ignore
    args: { className: "Pump" },
    code: "same-class",
  },
  "an unknown option of a sheet": { content: good, args: { sheets: { Pumps: { heading: 1 } } }, code: "options" },
  "a row that is none": { content: good, args: { header: -1 }, code: "options" },
};

describe("a workbook that cannot be taken", () => {
  for (const [name, { content, args, code, cell, says }] of Object.entries(badWorkbooks))
    it(`is refused: ${name}`, async () => {
      const timeline = new ConnectorTimeline(connectorModule, "plant.xlsx");
      timeline.args = { sheets: ["Pumps"] };
      await timeline.sync(good);
      const before = timeline.content;
      timeline.args = args;
      const error = await timeline.refusal(content);
      expect(error.code).to.equal(`xlsx/${code}`);
      expect(error.source?.cell).to.equal(cell ?? error.source?.cell);
      if (cell !== undefined) expect(error.source?.sheet).to.equal("Pumps");
      if (says !== undefined) expect(error.message + error.advice!).to.contain(says);
      expect(timeline.content).to.equal(before);
    });

  it("is never taken with a byte that is another one", async () => {
    const timeline = new ConnectorTimeline(connectorModule, "plant.xlsx");
    const start = good.indexOf("xl/worksheets/sheet1.xml") + 40;
    const damaged = Buffer.from(good);
    damaged[start] = damaged[start]! ^ 1;
    expect((await timeline.refusal(damaged)).code).to.equal("xlsx/damaged");
  });
});

/** A zip with no entries. */
function emptyZip(): Buffer {
  const zip = Buffer.alloc(26);
  zip.write("PK\x03\x04PK\x05\x06", "latin1");
  return zip;
}

/** A workbook as programs write it that do not calculate. */
function withoutValue(): Buffer {
  return one([header, ["1", { t: "n", f: "1+2" }]]);
}
