import { endOfText, JsonScanner } from "./JsonScanner.js";
import { EndFault, RecordFault, SyntaxFault } from "./RecordFault.js";
import { Surroundings, unexpected, type AroundRecords, type SurroundingRules } from "./Surroundings.js";

/** Which values of a text are records. */
export interface RecordPlaces extends SurroundingRules {
  /** Whether an object or a list that opens is a record. */
  isRecord(isList: boolean, around: Surroundings): boolean;
  /** A member of records whose numerals may be rounded. Default: none. */
  readonly roundedMember?: string;
}

/** Where a record is in the bytes that were given. */
export interface Cut {
  readonly start: number;
  readonly end: number;
  /** The line in which it begins, counted from 1. */
  readonly line: number;
  /** How many keys it has, at all depths. */
  readonly keys: number;
  /** Whether it has objects or lists within it. */
  readonly isNested: boolean;
  /** Whether it has numerals that a double may change. */
  readonly hasLongNumeral: boolean;
}

/** Records that follow each other in one list, with nothing but commas between. Or one on its own. */
export interface CutRun {
  /** The keys on the way to them, with points between. */
  readonly path: string;
  /** The key that the one has in its object. */
  readonly key: string;
  readonly cuts: Cut[];
}

const [lineEnd, separator] = [0x0a, 0x1e];
const [openingBrace, closingBrace, openingBracket, closingBracket] = [0x7b, 0x7d, 0x5b, 0x5d];
const [comma, colon, quote] = [0x2c, 0x3a, 0x22];

/** White space, and the mark that RFC 8142 has before each text of a sequence. */
const blanks: ReadonlySet<number | undefined> = new Set([0x20, 0x09, 0x0d, lineEnd, separator]);
const structural = new Set(Buffer.from('{}[],:"'));
const scalarForm = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?)$/;
const notANumberForm = /^-?(?:NaN|Infinity)$/;

/** So many records are parsed together: texts of more than some 100 KB take three times as long to make and to parse. */
const longestRun = 200;

/** A record may have so many bytes: a text is not longer in JavaScript. */
const longestRecord = 2 ** 29 - 25;

/**
 * Cuts JSON into its records, block by block. What stands around the records is checked as JSON; the records themselves are
 * left to a parser.
 */
export class RecordCutter {
  /** The line of what is read, counted from 1. */
  public line = 1;
  /** Where the part of the last block begins that is to come again, with more bytes after it. */
  public rest = 0;
  /** The records that end in the last block: all up to the fault where there is one. */
  public runs: readonly CutRun[] = [];
  private readonly _scanner: JsonScanner;
  private readonly _surroundings: Surroundings;
  private _found: CutRun[] = [];
  /** The records that the next one may follow. */
  private _run?: CutRun;
  private _bytes: Uint8Array = new Uint8Array();
  private _isLast = false;

  /** @param _onNotANumber - receives the line of NaN or Infinity, which is read as null; undefined: it is refused */
  public constructor(
    private readonly _places: RecordPlaces,
    around: AroundRecords = {},
    private readonly _onNotANumber?: (line: number) => void,
  ) {
    this._scanner = new JsonScanner(_places.roundedMember);
    this._surroundings = new Surroundings(_places, around);
  }

  /**
   * Finds the records that end in a block, and where the next block has to begin.
   * @param isLast - whether the text ends with it
   * @throws RecordFault
   */
  public cut(bytes: Uint8Array, isLast: boolean): void {
    [this._bytes, this._isLast] = [bytes, isLast];
    this.runs = this._found = [];
    this._run = undefined;
    this.rest = 0;
    for (let next = this._take(0); next > this.rest; next = this._take(next)) this.rest = next;
    if (isLast) this._checkEnd();
  }

  /** Takes what stands at a place. @returns the place after it; the same place where it goes on after the block */
  private _take(at: number): number {
    const byte = this._bytes[at];
    if (blanks.has(byte)) return this._passBlanks(at);
    if (byte === comma) return this._passComma(at);
    if (byte === openingBrace || byte === openingBracket) return this._open(at, byte === openingBracket);
    if (byte === undefined) return at;
    this._run = undefined;
    if (byte === closingBrace || byte === closingBracket) this._surroundings.close(byte === closingBracket);
    else if (byte === colon) this._surroundings.colon();
    else return byte === quote ? this._takeText(at) : this._takeScalar(at);
    return at + 1;
  }

  private _passBlanks(at: number): number {
    while (blanks.has(this._bytes[at])) if (this._bytes[at++] === lineEnd) this.line++;
    return at;
  }

  private _passComma(at: number): number {
    this._surroundings.comma();
    return at + 1;
  }

  private _open(at: number, isList: boolean): number {
    if (this._places.isRecord(isList, this._surroundings)) return this._takeRecord(at, isList);
    this._run = undefined;
    this._surroundings.open(isList);
    return at + 1;
  }

  private _takeRecord(start: number, isList: boolean): number {
    const end = this._scanner.findEnd(this._bytes, start);
    if (end < 0) return this._wait(start, "a record");
    this._surroundings.record(isList ? "[" : "{");
    const { keys, isNested, hasLongNumeral, lines } = this._scanner;
    const cut = { start, end, line: this.line, keys, isNested, hasLongNumeral };
    this.line += lines;
    if (this._run === undefined || this._run.cuts.length >= longestRun) this._beginRun(cut);
    else this._run.cuts.push(cut);
    return end;
  }

  private _beginRun(cut: Cut): void {
    const { path, key, isInList } = this._surroundings;
    const run = { path, key, cuts: [cut] };
    this._found.push(run);
    if (isInList) this._run = run;
  }

  private _takeText(start: number): number {
    const end = endOfText(this._bytes, start + 1);
    if (end > this._bytes.length) return this._wait(start, "a text");
    this._surroundings.text(parseText(Buffer.from(this._bytes.subarray(start, end)).toString()));
    return end;
  }

  private _takeScalar(start: number): number {
    let end = start;
    while (end < this._bytes.length && !blanks.has(this._bytes[end]) && !structural.has(this._bytes[end] ?? 0)) end++;
    if (end === this._bytes.length && !this._isLast) return start;
    const token = Buffer.from(this._bytes.subarray(start, end)).toString();
    this._surroundings.scalar(this._isNotANumber(token) ? "null" : token, this.line);
    return end;
  }

  private _isNotANumber(token: string): boolean {
    if (scalarForm.test(token)) return false;
    if (this._onNotANumber === undefined || !notANumberForm.test(token)) throw unexpected(token);
    this._onNotANumber(this.line);
    return true;
  }

  /** More bytes are needed. */
  private _wait(start: number, what: string): number {
    if (!this._isLast && this._bytes.length - start <= longestRecord) return start;
    if (!this._isLast) throw new RecordFault("too-long", `${what} goes on for more than 512 MB.`);
    throw new EndFault(`It ends in the middle of ${what}.`);
  }

  private _checkEnd(): void {
    if (!this._surroundings.isComplete) throw new EndFault("It ends before all lists and objects are closed.");
  }
}

function parseText(token: string): string {
  try {
    return JSON.parse(token) as string;
  } catch (cause) {
    throw new SyntaxFault("A text has a line end or a control character in it, or an escape that JSON has not.", {
      cause,
    });
  }
}

/**
 * Finds what is wrong with a record that a parser has refused.
 * @param line - the line in which it begins
 * @throws RecordFault with the line; nothing if no fault is found
 */
export function findFault(bytes: Uint8Array, line: number): void {
  const cutter = new RecordCutter({ hasRoots: false, isRecord: () => false });
  try {
    cutter.cut(bytes, true);
  } catch (error) {
    if (error instanceof RecordFault) error.line = line - 1 + cutter.line;
    throw error;
  }
}
