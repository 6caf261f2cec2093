import type { CellContent } from "../cells/CellContent.js";

/** A record of the source: objects within objects, as JSON has them. */
export type RecordFields = Readonly<Record<string, unknown>>;

/** A key at its place in a record. */
interface Column {
  readonly key: string;
  readonly path: string;
  /** Its number among the columns; -1 as long as no record had a value there. */
  index: number;
  /** What is within it. */
  inner?: Level;
}

/** The keys of an object at its place in a record. */
interface Level {
  readonly prefix: string;
  readonly columns: Map<string, Column>;
  /** Those of the record before: mostly the next record has the same keys in the same order. */
  readonly last: Column[];
}

/** How records become rows. */
export interface RecordColumnsOptions {
  /** Whether objects within a record are single values, as lists are. Default: their values are columns of their own. */
  isFlat?: boolean;
  /** Called for a column that is not among the names. Default: it is added to them. */
  onUnknown?(path: string): never;
}

/**
 * The columns of records: each has a value by its path, such as `position.x`. A list is one value: its JSON. A value that is
 * null is empty.
 */
export class RecordColumns {
  private readonly _names: string[];
  private readonly _indexes: Map<string, number>;
  private readonly _root = levelOf("");
  private readonly _missing: Set<string>;

  /** @param names - the columns that are known */
  public constructor(
    names: readonly string[] = [],
    private readonly _options: RecordColumnsOptions = {},
  ) {
    this._names = [...names];
    this._indexes = new Map(names.map((name, index) => [name, index]));
    this._missing = new Set(names);
  }

  /** Whether no record had one of the known columns so far. */
  public get lacksKnown(): boolean {
    return this._missing.size > 0;
  }

  /** The paths, in the order of their first coming. */
  public get names(): readonly string[] {
    return this._names;
  }

  /** Adds the columns that a record has beside the known ones. */
  public add(record: RecordFields): void {
    this._read(record, this._root, () => undefined);
  }

  /**
   * The cells of a record.
   * @param onSamePath - called for a path that two values have, since a key may contain a point
   */
  public cellsOf(record: RecordFields, onSamePath: (path: string) => void): CellContent[] {
    const cells = new Array<CellContent>(this._names.length).fill(undefined);
    this._read(record, this._root, ({ index, path }, value) => {
      if (cells[index] !== undefined) onSamePath(path);
      cells[index] = typeof value === "object" && value !== null ? JSON.stringify(value) : (value as CellContent);
    });
    return cells;
  }

  private _read(record: RecordFields, level: Level, take: (column: Column, value: unknown) => void): void {
    let place = -1;
    for (const key of Object.keys(record)) {
      place++;
      const value = record[key];
      let column = level.last[place];
      if (column?.key !== key) column = level.last[place] = columnOf(level, key);
      if (this._isObject(value)) this._read(value, (column.inner ??= levelOf(`${column.path}.`)), take);
      else {
        if (column.index < 0) column.index = this._indexOf(column.path);
        take(column, value);
      }
    }
  }

  private _isObject(value: unknown): value is RecordFields {
    return typeof value === "object" && value !== null && this._options.isFlat !== true && !Array.isArray(value);
  }

  private _indexOf(path: string): number {
    this._missing.delete(path);
    const known = this._indexes.get(path);
    if (known !== undefined) return known;
    this._options.onUnknown?.(path);
    this._indexes.set(path, this._names.length);
    return this._names.push(path) - 1;
  }
}

function levelOf(prefix: string): Level {
  return { prefix, columns: new Map(), last: [] };
}

function columnOf({ prefix, columns }: Level, key: string): Column {
  let column = columns.get(key);
  if (column === undefined) columns.set(key, (column = { key, path: prefix + key, index: -1 }));
  return column;
}
