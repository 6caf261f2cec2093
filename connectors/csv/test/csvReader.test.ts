import { expect } from "chai";
import { openText, SourceErrors, type TableRow, type TextDialect } from "itwin-connector-framework/tables";
import { findLayout } from "../src/dialect/findLayout.js";
import { CsvTable } from "../src/CsvTable.js";
import { errorOf, useFolder } from "./support.js";

type Given = TextDialect & { encoding?: string };

describe("the CSV reader", () => {
  const folder = useFolder();

  async function read(content: string | Uint8Array, { encoding, ...dialect }: Given = {}): Promise<TableRow[]> {
    const file = await openText(new SourceErrors("csv", folder.write("a.csv", content)), encoding);
    const layout = await findLayout(file, { dialect, namedColumns: [] });
    const context = {
      file,
      layout,
      name: "A",
      isNumbered: false,
      isStrict: true,
      report: () => undefined,
      reportComments: () => undefined,
    };
    const rows: TableRow[] = [];
    for await (const some of new CsvTable(context).rows()) rows.push(...some);
    return rows;
  }
  const cellsOf = async (...args: Parameters<typeof read>) => (await read(...args)).map(({ cells }) => cells);
  const linesOf = async (content: string) =>
    (await read(content)).map(({ number, lastNumber }) => [number, lastNumber]);

  for (const [name, delimiter] of Object.entries({ comma: ",", semicolon: ";", tab: "\t", bar: "|" }))
    it(`recognizes a ${name} by the header`, async () => {
      const content = `id${delimiter}"a,;|\tb,,,,;;;;"\n1${delimiter}x\n`;
      expect(await cellsOf(content)).to.deep.equal([
        ["id", "a,;|\tb,,,,;;;;"],
        ["1", "x"],
      ]);
    });

  it("takes the delimiter that is named", async () => {
    expect(await cellsOf("a,b::c\n1::2\n", { delimiter: "::" })).to.deep.equal([
      ["a,b", "c"],
      ["1", "2"],
    ]);
  });

  it("counts lines as an editor does", async () => {
    for (const end of ["\n", "\r\n", "\r"]) {
      const content = ["id,a", '1,"x', "", 'y"', "", "2,z", '3,"p', 'q"', "4,"].join(end);
      expect(await linesOf(content), JSON.stringify(end)).to.deep.equal([
        [1, 1],
        [2, 4],
        [6, 6],
        [7, 8],
        [9, 9],
      ]);
    }
  });

  it("reads line ends of any kind in one file", async () => {
    expect(await cellsOf("id,a\r\n1,x\n2,y\r3,z")).to.deep.equal([
      ["id", "a"],
      ["1", "x"],
      ["2", "y"],
      ["3", "z"],
    ]);
  });

  it("keeps line breaks, quotes and white space within cells", async () => {
    expect(await cellsOf('id,a\n1,"x\r\ny""z"\n2, q \n')).to.deep.equal([
      ["id", "a"],
      ["1", 'x\r\ny"z'],
      ["2", " q "],
    ]);
  });

  const text = "id,name\n1,Grüße €\n";
  const utf16 = Buffer.from(text, "utf16le");
  const encodings: [title: string, bytes: Uint8Array, encoding?: string][] = [
    ["UTF-8", Buffer.from(text)],
    ["UTF-8 with a byte order mark", Buffer.from(`\ufeff${text}`)],
    ["UTF-16LE with a byte order mark", Buffer.from(`\ufeff${text}`, "utf16le")],
    ["UTF-16BE with a byte order mark", Buffer.from(`\ufeff${text}`, "utf16le").swap16()],
    ["UTF-16LE by name", utf16, "utf-16le"],
    ["UTF-16LE without a mark", utf16],
    ["UTF-16BE without a mark", Buffer.from(utf16).swap16()],
    ["UTF-8 with two byte order marks", Buffer.from(`\ufeff\ufeff${text}`)],
    ["windows-1252", Buffer.from("id,name\n1,Gr\u00fc\u00dfe \u0080\n", "latin1"), "windows-1252"],
    ["the other name of windows-1252", Buffer.from("id,name\n1,Gr\u00fc\u00dfe \u0080\n", "latin1"), "latin1"],
    ["ISO 8859-15", Buffer.from("id,name\n1,Gr\u00fc\u00dfe \u00a4\n", "latin1"), "iso-8859-15"],
    ["UTF-8 with a mark, whatever is named", Buffer.from(`\ufeff${text}`), "windows-1252"],
  ];
  for (const [title, bytes, encoding] of encodings)
    it(`decodes ${title}`, async () => {
      expect(await cellsOf(bytes, { encoding })).to.deep.equal([
        ["id", "name"],
        ["1", "Grüße €"],
      ]);
    });

  it("decodes all of windows-1252 as the standard has it", async () => {
    const bytes = Uint8Array.from({ length: 128 }, (_, index) => 128 + index);
    const [[cell]] = (await cellsOf(bytes, { encoding: "windows-1252" })) as string[][] as [[string]];
    expect(cell).to.have.length(128);
    expect(cell.slice(0, 32)).to.equal("€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ");
    expect(cell.slice(32)).to.equal(Buffer.from(bytes.subarray(32)).toString("latin1"));
  });

  it("reads characters, line ends and cells that two pieces of the file share", async () => {
    const rows = Array.from({ length: 60_000 }, (_, index) => `${index},"€\r\n${"ü".repeat(index % 7)}"`);
    const read = await cellsOf(`id,name\r\n${rows.join("\r\n")}`);
    expect(read).to.have.length(60_001);
    expect(read.every((cells, row) => row === 0 || cells[1] === `€\r\n${"ü".repeat((row - 1) % 7)}`)).to.equal(true);
  });

  const filler = Array.from({ length: 50_000 }, (_, index) => `${index},"füll\r\ntext"\r\n`).join("");
  const faults: [title: string, content: string | Uint8Array, code: string, line: number, cell?: string][] = [
    ["a quote that is never closed", 'id,a,b\n1,"x\ny",z\n2,"p\nq","r\ns\n', "csv/unclosed-quote", 5, "b"],
    ["that, after empty lines", 'id,a\r\n\r\n\r\n"1,2\r\n3,4', "csv/unclosed-quote", 4, "id"],
    ["that, far into a file", `id,a\r\n${filler}x,"y\r\n`, "csv/unclosed-quote", 100_002, "a"],
    ["text after a quote", 'id,a\n1,"x"y\n', "csv/text-after-quote", 2, "a"],
    ["an endless row", `id,a\n1,"${"x\n".repeat(6_000_000)}"\n`, "csv/row-too-long", 2, "a"],
    ["bytes that are no UTF-8", Buffer.from("id,a\r\n1,\u00fc\r\n", "latin1"), "csv/encoding", 2],
    [
      "that, far into a file",
      Buffer.concat([Buffer.from(`id,a\r\n${filler}x,`), Buffer.of(0xff)]),
      "csv/encoding",
      100_002,
    ],
    ["a character that is cut off at the end", Buffer.from("id,a\n1,€").subarray(0, -1), "csv/encoding", 2],
    ["a NUL character", "id,a\n1,x\n2,\0\n", "csv/encoding", 3],
  ];
  for (const [title, content, code, line, cell] of faults)
    it(`tells the line of ${title}`, async () => {
      const error = await errorOf(() => read(content));
      expect(error.code).to.equal(code);
      expect(error.source).to.deep.equal({
        file: `${folder.path}/a.csv`,
        line,
        ...(cell === undefined ? {} : { cell }),
      });
      expect(error.advice).to.be.a("string");
    });

  it("names an encoding to try", async () => {
    expect((await errorOf(() => read(Buffer.of(0xfc)))).advice).to.include('"encoding": "windows-1252"');
    expect((await errorOf(() => read("id,name\n1,\0\n"))).advice).to.include('"encoding": "utf-16le"');
    const error = await errorOf(() => read(Buffer.of(0xff, 0xff), { encoding: "shift_jis" }));
    expect(error.advice).to.include('"encoding": "utf-8"');
  });
});
