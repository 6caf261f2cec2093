import { LoopTurns } from "../../LoopTurns.js";
import { shorten, type SourceErrors } from "../format/SourceErrors.js";
import type { CellContent } from "../cells/CellContent.js";
import type { KnownFindings, Table, TableReader, TableRow } from "../format/TableReader.js";
import { needsRowNumbers, rowNumberHint, unusedName } from "../rows/rowNumbers.js";
import { RecordColumns, type RecordFields } from "./RecordColumns.js";

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

/** The names of the columns, by the names of the tables in the source. */
type RecordFindings = readonly (readonly [table: string, columns: readonly string[]])[];

/**
 * A document of records: they have no header, and each may lack what others have.
 * @public
 */
export interface RecordDocument {
  /** Makes errors that name the document. */
  errors: SourceErrors;
  /** What its one table is called in messages and options, where it has no name of its own. */
  name?: string;
  /** How it is read, where the source leaves that open: see {@link Table.readAs}. */
  readAs?: string;
  /** The column of the identifiers, where the document knows it. Default: the option, or one with a well-known name. */
  idColumn?: string;
  /**
   * Whether records are known by their numbers in their tables, where the table has no column of a well-known name; give what
   * the option `idByRow` says if no option names the column. Default: they are not, and messages say nothing of the option.
   */
  idByRow?: boolean;
  /**
   * What an earlier run found out: {@link TableDocument.known}. With it, the records are not read to find the columns, so that a
   * table whose types are known too is read once. Default: they are read for it.
   */
  known?: KnownFindings;
  /**
   * All records, as a stream of records or, which takes less time, of lists of records. It is asked for once to find the
   * columns, and then for each pass over a table.
   * @param table - the table whose records are used: others may be left out; undefined for those of all tables
   */
  records(table?: string): AsyncIterable<SourceRecord | readonly SourceRecord[]> | Iterable<SourceRecord | readonly SourceRecord[]>; // prettier-ignore
}

/**
 * Opens records as tables: a table has all the columns that any of its records has, in the order of their first coming.
 * @public
 */
export async function openRecords(document: RecordDocument): Promise<TableReader> {
  const findings = (document.known?.findings as RecordFindings | undefined) ?? (await findColumns(document));
  const names = new Set(findings.map(([name]) => name));
  const tables = findings.map(([name, paths]) => new RecordTable(document, name, { columns: paths, tables: names }));
  return { tables, hasNamedTables: tables.some(({ path }) => path !== ""), findings };
}

async function findColumns(document: RecordDocument): Promise<RecordFindings> {
  const columns = new Map<string, RecordColumns>();
  const turns = new LoopTurns();
  for await (const piece of document.records()) {
    for (const { table, fields } of listOf(piece)) {
      let known = columns.get(table);
      if (known === undefined) columns.set(table, (known = new RecordColumns()));
      known.add(fields);
    }
    if (turns.areDue) await turns.take();
  }
  return [...columns].map(([table, { names }]) => [table, names]);
}

function listOf(piece: SourceRecord | readonly SourceRecord[]): readonly SourceRecord[] {
  return Array.isArray(piece) ? (piece as readonly SourceRecord[]) : [piece as SourceRecord];
}

class RecordTable implements Table {
  public readonly isText = false;
  public readonly hasDatesAsText = true;
  public readonly rowNoun = "record";
  public readonly name: string;
  public readonly readAs?: string;
  public readonly hint?: string;
  public readonly idColumn?: string;
  private readonly _isNumbered: boolean;
  /** The records that were given last, and the number of the first one. */
  private _current: { first: number; records: readonly SourceRecord[] } = { first: 1, records: [] };

  public constructor(
    private readonly _document: RecordDocument,
    public readonly path: string,
    private readonly _found: { columns: readonly string[]; tables: ReadonlySet<string> },
  ) {
    this.name = path || (_document.name ?? "");
    this.readAs = _document.readAs;
    const { idByRow, idColumn } = _document;
    const { columns } = _found;
    this._isNumbered = needsRowNumbers({ idByRow, idColumn }, columns);
    this.idColumn = this._isNumbered ? unusedName("record", columns) : idColumn;
    if (idByRow !== undefined) this.hint = rowNumberHint(this.rowNoun);
  }

  public async *rows(): AsyncGenerator<readonly TableRow[]> {
    yield [{ number: 0, cells: this._numbered(this._found.columns, this.idColumn) }];
    const columns = new RecordColumns(this._found.columns, { onUnknown: () => this._refuseUnknown() });
    let first = 1;
    for await (const piece of this._document.records(this.path)) {
      const records = this._ownOf(listOf(piece));
      if (records.length === 0) continue;
      this._current = { first, records };
      yield records.map(({ fields }, index) => this._rowOf(fields, first + index, columns));
      first += records.length;
    }
  }

  /** The line is known for the records that were given last. */
  public locate(record: number, cell?: string) {
    const line = this._current.records[record - this._current.first]?.line;
    return {
      ...(this.path !== "" && { table: shorten(this.path) }),
      ...(record > 0 && { record }),
      ...(line !== undefined && { line }),
      ...(cell !== undefined && { cell }),
    };
  }

  private _ownOf(records: readonly SourceRecord[]): readonly SourceRecord[] {
    for (const { table } of records)
      if (table !== this.path) {
        if (!this._found.tables.has(table)) this._refuseUnknown();
        return records.filter((record) => record.table === this.path);
      }
    return records;
  }

  private _rowOf(fields: RecordFields, number: number, columns: RecordColumns): TableRow {
    const cells: CellContent[] = columns.cellsOf(fields, (path) => this._refuseTwice(path, number));
    return { number, cells: this._numbered(cells, number) };
  }

  private _numbered<Cell>(cells: readonly Cell[], number: Cell): readonly Cell[] {
    return this._isNumbered ? [number, ...cells] : cells;
  }

  private _refuseTwice(path: string, number: number): never {
    throw this._document.errors.make("duplicate-key", `"${shorten(path)}" comes twice in the record.`, {
      source: this.locate(number, shorten(path)),
      advice: "Correct the record, or the program that writes it.",
    });
  }

  /** Without known columns, all are found in a first pass: a file that has others after it was written meanwhile. */
  private _refuseUnknown(): never {
    this._document.known?.onOutdated();
    throw this._document.errors.make("changed-meanwhile", "The file was changed while it was read.", {
      source: {},
      recovery: "retriable",
      advice: "Start again when the program that writes it has finished.",
    });
  }
}
