import { shorten, type SourceErrors } from "../format/SourceErrors.js";
import type { CellContent } from "../cells/CellContent.js";
import type { Table, TableRow } from "../format/TableReader.js";
import type { RowFilter } from "./RowFilter.js";

/** Halves of characters, which are no text in any encoding. */
const halfCharacters = /\p{Surrogate}/gu;

const suspect = /[\0\p{Surrogate}]/u;

/**
 * The rows of a table in lists: the header alone, and then the rows that the filter lets pass. Their texts are such that an
 * iModel gives them back as they were written: it would end them at a NUL, and replace half a character. A value that comes
 * back as another one is taken as changed in every run.
 * @throws ConnectorError `<code>/nul-character`
 */
export async function* readBatches(
  table: Table,
  errors: SourceErrors,
  filter?: RowFilter,
): AsyncGenerator<readonly TableRow[]> {
  let header: TableRow | undefined;
  for await (const piece of table.rows()) {
    let rows = isList(piece) ? piece : [piece];
    if (!table.isText)
      rows = storableRows(rows, (row, column) => nulCharacter(row, header?.cells[column], table, errors));
    const [first] = rows;
    if (first === undefined) continue;
    if (header === undefined) {
      header = first;
      yield [header];
      rows = rows.slice(1);
      filter?.begin(header);
    }
    if (filter !== undefined) rows = filter.apply(rows);
    if (rows.length > 0) yield rows;
  }
}

/** The rows that a filter lets pass, without the header. */
export async function* readRows(
  table: Table,
  errors: SourceErrors,
  filter: RowFilter,
): AsyncGenerator<readonly TableRow[]> {
  const batches = readBatches(table, errors, filter);
  await batches.next();
  yield* batches;
}

function isList(piece: TableRow | readonly TableRow[]): piece is readonly TableRow[] {
  return Array.isArray(piece);
}

/** What reads texts has seen to theirs. */
function storableRows(
  rows: readonly TableRow[],
  makeError: (row: TableRow, column: number) => Error,
): readonly TableRow[] {
  if (!rows.some(({ cells }) => cells.some(isSuspect))) return rows;
  return rows.map((row) => ({
    ...row,
    cells: row.cells.map((cell, column) => {
      if (typeof cell !== "string") return cell;
      if (cell.includes("\0")) throw makeError(row, column);
      return cell.replace(halfCharacters, "\ufffd");
    }),
  }));
}

function isSuspect(cell: CellContent): boolean {
  return typeof cell === "string" && suspect.test(cell);
}

function nulCharacter({ number }: TableRow, name: CellContent, table: Table, errors: SourceErrors): Error {
  return errors.make("nul-character", `The ${table.rowNoun} holds a NUL character, which no text has.`, {
    source: table.locate(number, typeof name === "string" ? shorten(name) : undefined),
    advice: "Remove it in the program that the file comes from.",
  });
}
