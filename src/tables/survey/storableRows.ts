import { shorten, type SourceErrors } from "../format/SourceErrors.js";
import type { CellContent, Table, TableRow } from "../format/TableReader.js";

/** Halves of characters, which are no text in any encoding. */
const halfCharacters = /\p{Surrogate}/gu;

/**
 * The rows of a table with texts that an iModel gives back as they were written: it would end them at a NUL, and replace
 * half a character. A value that comes back as another one is taken as changed in every run.
 * @throws ConnectorError `<code>/nul-character`
 */
export async function* readStorableRows(table: Table, errors: SourceErrors): AsyncGenerator<TableRow> {
  let header: TableRow | undefined;
  for await (const piece of table.rows())
    for (const row of isList(piece) ? piece : [piece]) {
      // readText has seen to texts
      if (table.isText) yield row;
      else yield storable(row, (column) => nulCharacter(row, header?.cells[column], table, errors));
      header ??= row;
    }
}

function isList(piece: TableRow | readonly TableRow[]): piece is readonly TableRow[] {
  return Array.isArray(piece);
}

function storable(row: TableRow, makeError: (column: number) => Error): TableRow {
  if (!row.cells.some(isSuspect)) return row;
  const cells = row.cells.map((cell, column) => {
    if (typeof cell !== "string") return cell;
    if (cell.includes("\0")) throw makeError(column);
    return cell.replace(halfCharacters, "\ufffd");
  });
  return { ...row, cells };
}

function isSuspect(cell: CellContent): boolean {
  return typeof cell === "string" && /\0|\p{Surrogate}/u.test(cell);
}

function nulCharacter({ number }: TableRow, name: CellContent, table: Table, errors: SourceErrors): Error {
  return errors.make("nul-character", `The ${table.rowNoun} holds a NUL character, which no text has.`, {
    source: table.locate(number, typeof name === "string" ? shorten(name) : undefined),
    advice: "Remove it in the program that the file comes from.",
  });
}
