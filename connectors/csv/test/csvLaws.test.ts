import { expect } from "chai";
import fc from "fast-check";
import { findDelimiter, openText, SourceErrors } from "itwin-connector-framework/tables";
import { readRows } from "../src/rows/csvRows.js";
import { plainForm } from "../src/rows/RowForm.js";
import { useFolder } from "./support.js";

/** How a table is written as CSV. */
interface Layout {
  delimiter: string;
  lineEnd: string;
  /** Whether cells are quoted that need no quotes. */
  quotesAll: boolean;
  endsWithLineEnd: boolean;
}

const knownDelimiters = [",", ";", "\t", "|"];
const lineEnds = ["\n", "\r\n", "\r"];

/** Any characters but NUL, which the reader refuses, with those that mean something in CSV more often. */
const cell = fc.string({
  unit: fc.oneof(
    fc.constantFrom('"', "\n", "\r", "\r\n", ",", ";", "\t", "|", ":", " ", "'", "\\", "#", "€", "\ufeff"),
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }).filter((character) => character !== "\0"),
  ),
  maxLength: 6,
});

/** Rows of two or more cells: a single empty cell is an empty line, which is no row. */
const table = fc
  .integer({ min: 2, max: 5 })
  .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }));

const layoutWith = (delimiter: fc.Arbitrary<string>): fc.Arbitrary<Layout> =>
  fc.record({
    delimiter,
    lineEnd: fc.constantFrom(...lineEnds),
    quotesAll: fc.boolean(),
    endsWithLineEnd: fc.boolean(),
  });

const anyDelimiter = fc.oneof(
  fc.constantFrom(...knownDelimiters, "::", "~|~", "\u00a6"),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 3 }).filter((text) => !/["\r\n]/.test(text)),
);

/** Writes a cell by RFC 4180. Quotes are needed where one character of the delimiter could be taken for all of it. */
function writeCell(text: string, { delimiter, quotesAll }: Layout): string {
  const special = ['"', "\r", "\n", ...Array.from(delimiter)];
  const needsQuotes = quotesAll || special.some((character) => text.includes(character));
  return needsQuotes ? `"${text.replaceAll('"', '""')}"` : text;
}

function writeRow(cells: readonly string[], layout: Layout): string {
  return cells.map((text) => writeCell(text, layout)).join(layout.delimiter);
}

function writeTable(rows: readonly (readonly string[])[], layout: Layout): string {
  const text = rows.map((cells) => writeRow(cells, layout)).join(layout.lineEnd);
  return layout.endsWithLineEnd ? text + layout.lineEnd : text;
}

/** The first and the last line of each row, as a text editor counts them. */
function linesOf(rows: readonly (readonly string[])[], layout: Layout): [first: number, last: number][] {
  const lineAt = (text: string) => text.split(/\r\n|\r|\n/).length;
  return rows.map((_, index) => {
    const before = rows.slice(0, index).map((cells) => writeRow(cells, layout) + layout.lineEnd);
    return [lineAt(before.join("")), lineAt([...before, writeRow(rows[index] ?? [], layout)].join(""))];
  });
}

describe("the laws of CSV", () => {
  const folder = useFolder();

  /** A byte order mark says the encoding, and lets a text begin with one of its own. */
  const write = (text: string, encoding: "utf8" | "utf16le" = "utf8") =>
    new SourceErrors("csv", folder.write("law.csv", Buffer.from(`\ufeff${text}`, encoding)));

  async function detect(text: string): Promise<string> {
    return findDelimiter(await openText(write(text)));
  }

  it("gives back the rows and lines of any table, whatever its delimiter, quotes, line ends and encoding", () =>
    fc.assert(
      fc.asyncProperty(
        table,
        layoutWith(anyDelimiter),
        fc.constantFrom("utf8" as const, "utf16le" as const),
        async (rows, layout, encoding) => {
          const errors = write(writeTable(rows, layout), encoding);
          const file = await openText(errors);
          const read: unknown[] = [];
          for await (const some of readRows({ file, form: plainForm(layout.delimiter) }))
            read.push(...some.map(({ cells, number, lastNumber }) => [cells, number, lastNumber]));
          const lines = linesOf(rows, layout);
          expect(read).to.deep.equal(rows.map((cells, index) => [cells, ...(lines[index] ?? [])]));
        },
      ),
    ));

  it("detects the delimiter of any header with quoted cells", () =>
    fc.assert(
      fc.asyncProperty(table, layoutWith(fc.constantFrom(...knownDelimiters)), async (rows, layout) => {
        expect(await detect(writeTable(rows, { ...layout, quotesAll: true }))).to.equal(layout.delimiter);
      }),
    ));

  it("detects the same delimiter whatever follows the header", () =>
    fc.assert(
      fc.asyncProperty(
        table,
        layoutWith(fc.constantFrom(...knownDelimiters)),
        fc.string({ unit: "grapheme", maxLength: 200 }),
        async ([header = []], layout, rest) => {
          const line = writeTable([header], { ...layout, endsWithLineEnd: true });
          expect(await detect(line + rest)).to.equal(await detect(line));
        },
      ),
    ));
});
