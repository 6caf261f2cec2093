import {
  counted,
  explainFault,
  readJsonRecords,
  RecordFault,
  RecordNotes,
  type RecordNote,
} from "itwin-connector-framework/internal";
import type { OnProgress, SourceRecord, TextFile } from "itwin-connector-framework/tables";
import { placesOf, type Layout } from "./shapes.js";
import { recordMaker } from "./toRecords.js";

/** How a file of records is read. */
export interface JsonFileOptions {
  /** What to do about a fault. */
  advice: string;
  /** The column of the keys, in an object of records. Default: `key`. */
  keyColumn?: string;
  /** Whether what is odd is refused. */
  isStrict: boolean;
  onProgress: OnProgress;
  /** Reports what is odd. */
  report(key: string, message: string): void;
  /** Reports values that belong to no record, and the path of the first one. */
  reportLeftOut(path: string, count: number): void;
}

type Oddity = "null-record" | "not-a-number";

/** A JSON file with its layout. */
export class JsonFile {
  private readonly _keyColumn: string;
  private _isReported = false;

  public constructor(
    private readonly _text: TextFile,
    private readonly _layout: Layout,
    private readonly _options: JsonFileOptions,
  ) {
    this._keyColumn = _options.keyColumn ?? "key";
  }

  /** The column of the identifiers, where the layout has one. */
  public get idColumn(): string | undefined {
    return this._layout.shape === "keyed" ? this._keyColumn : this._layout.idColumn;
  }

  /**
   * All records. What is odd in the file is reported when it was read to its end for the first time.
   * @param table - the one table whose records are used, once all of them were read; undefined for all tables
   */
  public async *read(table?: string): AsyncGenerator<readonly SourceRecord[]> {
    const { path, shape } = this._layout;
    const toRecords = recordMaker(this._layout, this._keyColumn);
    const pass = new Pass(this._options.isStrict);
    const only = shape === "list" || shape === "lines" ? (path ?? (this._isReported ? table : undefined)) : undefined;
    const reading = {
      places: placesOf(this._layout),
      around: {
        onValue: (each: string) => pass.noteValue(each),
        onNulls: (count: number, line: number) => pass.noteNulls(count, line),
      },
      onNotANumber: this._options.isStrict ? undefined : (line: number) => pass.notes.add("not-a-number", line),
      uses: (each: string) => only === undefined || each === only,
      onProgress: this._options.onProgress,
      advice: this._options.advice,
    };
    try {
      for await (const found of readJsonRecords(this._text, reading)) yield toRecords(found);
    } catch (error) {
      throw explainFault(error, this._text, this._options);
    }
    this._report(pass);
  }

  private _report({ notes, leftOut }: Pass): void {
    if (this._isReported) return;
    this._isReported = true;
    notes.report((kind, note) => this._options.report(kind, messages[kind](note)));
    // An option that names the records says that nothing else is wanted.
    if (leftOut.count > 0 && this._layout.path === undefined) this._options.reportLeftOut(leftOut.first, leftOut.count);
  }
}

/** What one reading of a file finds beside records. */
class Pass {
  public readonly notes = new RecordNotes<Oddity>();
  /** Values that belong to no record, and the path of the first one. */
  public readonly leftOut = { count: 0, first: "" };

  public constructor(private readonly _isStrict: boolean) {}

  public noteValue(path: string): void {
    if (this.leftOut.count++ === 0) this.leftOut.first = path;
  }

  public noteNulls(count: number, line: number): void {
    if (this._isStrict)
      throw Object.assign(new RecordFault("mixed-list", "A list of records has null for one of them."), { line });
    this.notes.add("null-record", line, count);
  }
}

const messages: Readonly<Record<Oddity, (note: RecordNote) => string>> = {
  "null-record": ({ count, first }) =>
    `null among records is left out (${count} in all, the first one in line ${first}).`,
  "not-a-number": ({ count, first }) =>
    `NaN and Infinity are read as empty values (in ${counted(count, "place")}, the first one in line ${first}).`,
};
