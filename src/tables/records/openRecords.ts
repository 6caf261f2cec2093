import { LoopTurns } from "../../LoopTurns.js";
import { shorten, type SourceErrors } from "../format/SourceErrors.js";
import type { CellContent } from "../cells/CellContent.js";
import type { Table, TableReader, TableRow } from "../format/TableReader.js";
import { flattenRecord, type RecordFields } from "./flattenRecord.js";

/**
 * A record of a document, with where it stands.
 * @public
 */
export interface SourceRecord {
  /** The table that it belongs to. */
  readonly table: string;
  /** The line in which it begins, counted from 1. */
  readonly line?: number;
  /** What it holds: objects within objects, as JSON has them. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * A document of records: they have no header, and each may lack what others have.
 * @public
 */
export interface RecordDocument {
  /** Makes errors that name the document. */
  errors: SourceErrors;
  /** What its one table is called in messages and options, where it has no name of its own. */
  name?: string;
  /** All records, as a stream. It is asked for once to find the columns, and twice for each table. */
  records(): AsyncIterable<SourceRecord> | Iterable<SourceRecord>;
}

/**
 * Opens records as tables: a table has all the columns that any of its records has, in the order of their first coming.
 * @public
 */
export async function openRecords(document: RecordDocument): Promise<TableReader> {
  const columns = new Map<string, Set<string>>();
  const turns = new LoopTurns();
  for await (const { table, fields } of document.records()) {
    let known = columns.get(table);
    if (known === undefined) columns.set(table, (known = new Set()));
    for (const path of flattenRecord(fields, () => undefined).keys()) known.add(path);
    if (turns.areDue) await turns.take();
  }
  const tables = [...columns].map(([name, paths]) => new RecordTable(document, name, [...paths]));
  return { tables, hasNamedTables: tables.some(({ path }) => path !== "") };
}

class RecordTable implements Table {
  public readonly isText = false;
  public readonly hasDatesAsText = true;
  public readonly rowNoun = "record";
  public readonly name: string;
  private _current?: { number: number; line?: number };

  public constructor(
    private readonly _document: RecordDocument,
    public readonly path: string,
    private readonly _columns: readonly string[],
  ) {
    this.name = path || (_document.name ?? "");
  }

  public async *rows(): AsyncGenerator<TableRow> {
    yield { number: 0, cells: this._columns };
    let number = 0;
    for await (const { table, line, fields } of this._document.records()) {
      if (table !== this.path) continue;
      this._current = { number: ++number, line };
      yield { number, cells: this._cellsOf(fields, number) };
    }
  }

  /** The line is known for the record that is being read. */
  public locate(record: number, cell?: string) {
    const line = this._current?.number === record ? this._current.line : undefined;
    return {
      ...(this.path !== "" && { table: shorten(this.path) }),
      ...(record > 0 && { record }),
      ...(line !== undefined && { line }),
      ...(cell !== undefined && { cell }),
    };
  }

  private _cellsOf(fields: RecordFields, number: number): CellContent[] {
    const cells = flattenRecord(fields, (path) => this._refuse(path, number));
    return this._columns.map((path) => cells.get(path));
  }

  private _refuse(path: string, number: number): never {
    throw this._document.errors.make("duplicate-key", `"${shorten(path)}" comes twice in the record.`, {
      source: this.locate(number, shorten(path)),
      advice: "Correct the record, or the program that writes it.",
    });
  }
}
