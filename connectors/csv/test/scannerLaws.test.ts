import { expect } from "chai";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import type { TableRow } from "itwin-connector-framework/tables";
import { RowFault } from "../src/rows/RowFault.js";
import type { RowForm } from "../src/rows/RowForm.js";
import { RowScanner } from "../src/rows/RowScanner.js";

/** The rows of a text, and why the one after them cannot be read, if that is so. */
interface Scanned {
  rows: TableRow[];
  fault?: string;
}

/**
 * A backslash before another character is left out by csv-parse, and kept here: it stands before quotes and itself only.
 * Spaces are the only white space, since csv-parse knows less of it.
 */
const tokens = [
  '"',
  '""',
  '"a',
  'b"',
  "\n",
  "\r\n",
  "\r",
  "|",
  "::",
  ":",
  ",",
  " ",
  '\\"',
  "\\\\",
  "#",
  "a",
  "bc",
  "€",
];

const text = fc.array(fc.constantFrom(...tokens), { maxLength: 24 }).map((parts) => parts.join(""));

const form: fc.Arbitrary<RowForm> = fc.record({
  delimiter: fc.constantFrom(",", "|", "::", "bc"),
  quote: fc.constantFrom('"', undefined),
  escape: fc.constantFrom('"', "\\"),
  comment: fc.constantFrom(undefined, "#"),
  trim: fc.boolean(),
});

/** For csv-parse a comment may also follow a quote, or spaces that do not count. */
const lateComment = /(?:"|^ ) *#/m;

/** Where a text is cut into pieces. */
const borders = fc.array(fc.nat(40), { maxLength: 5 });

function cut(whole: string, places: readonly number[]): string[] {
  const inOrder = [...places, whole.length].sort((left, right) => left - right);
  return inOrder.map((place, index) => whole.slice(inOrder[index - 1] ?? 0, place));
}

function scan(pieces: readonly string[], rowForm: RowForm): Scanned {
  const rows: TableRow[] = [];
  const scanner = new RowScanner(rowForm);
  try {
    for (const piece of pieces) scanner.add(piece, rows);
    scanner.end(rows);
  } catch (error) {
    if (!(error instanceof RowFault)) throw error;
    return { rows, fault: error.key };
  }
  return { rows };
}

/** @param isLenient - whether quotes within unquoted cells are taken as they are */
function parseWith(
  { delimiter, quote, escape, comment, trim }: RowForm,
  whole: string,
  isLenient: boolean,
): unknown[][] {
  const rows: unknown[][] = parse(whole, {
    delimiter,
    quote: quote ?? null,
    escape,
    ...(comment !== undefined && { comment, comment_no_infix: true }),
    trim,
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_column_count: true,
    relax_quotes: isLenient,
  });
  return rows;
}

/** A row of one empty cell is an empty line, which is no row. */
function withoutEmpty(rows: readonly (readonly unknown[])[]): (readonly unknown[])[] {
  return rows.filter((cells) => cells.length > 1 || cells[0] !== "");
}

describe("the laws of the scanner of rows", () => {
  it("cuts a text into the rows and cells that csv-parse finds, or refuses it as csv-parse does", () =>
    fc.assert(
      fc.property(text, form, borders, (whole, rowForm, places) => {
        fc.pre(rowForm.comment === undefined || !lateComment.test(whole));
        const { rows, fault } = scan(cut(whole, places), rowForm);
        if (fault !== undefined) expect(() => parseWith(rowForm, whole, false)).to.throw(/quote/i);
        else
          expect(withoutEmpty(rows.map(({ cells }) => cells))).to.deep.equal(
            withoutEmpty(parseWith(rowForm, whole, true)),
          );
      }),
      { numRuns: 3000 },
    ));

  it("finds the same rows, lines and faults wherever the text is cut into pieces", () =>
    fc.assert(
      fc.property(text, form, borders, (whole, rowForm, places) => {
        expect(scan(cut(whole, places), rowForm)).to.deep.equal(scan([whole], rowForm));
      }),
      { numRuns: 3000 },
    ));
});
