import type { ByteSource } from "./ByteSource.js";
import { StepSyntaxError } from "./StepSyntaxError.js";
import { endOfText, endOfToken } from "./tokens.js";
import type { TypeNames } from "./TypeNames.js";

const code = (character: string) => character.charCodeAt(0);
const [semicolon, quote, slash, star, hash, equals, open] = [";", "'", "/", "*", "#", "=", "("].map(code) as [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];

/** The first statement of every file, and the last one. */
const firstStatement = "ISO-10303-21";
const lastStatement = "END-ISO-10303-21";

/** How much of a file is at hand, in bytes. */
export interface ScannerSizes {
  /** So much is read at a time. */
  readonly block: number;
  /** So much is at hand from the beginning of a statement or a text on, unless the file ends before. At least 64. */
  readonly lookahead: number;
}

const usualSizes: ScannerSizes = { block: 1024 * 1024, lookahead: 64 * 1024 };

/** A text that is longer than this is a missing quote. */
const longestText = 64 * 1024 * 1024;

const [close, comma] = [code(")"), code(",")];

/** Within a statement, the bytes up to one of these mean nothing to the scanner. */
const stops = new Uint8Array(256);
for (const stop of [semicolon, quote, slash, hash, open, close, comma]) stops[stop] = 1;

/** An instance, as its statement shows it. */
export interface ScannedInstance {
  readonly id: number;
  /** The number of the name of its type. */
  readonly type: number;
  /** The offset of its list of values in the file. */
  readonly list: number;
  /** How many values it has. */
  readonly values: number;
}

/** Called with the statements of a file. */
export interface StepListener {
  onInstance(instance: ScannedInstance): void;
  /** Told of each reference to an instance, before the instance that has it. */
  onReference(id: number): void;
  /** @param text - up to 40 bytes of the beginning of a statement that is no instance, in upper case */
  onStatement(text: string, offset: number): void;
}

/** Finds the statements of a file of ISO 10303-21 in one pass over its bytes, some of which are in memory at a time. */
export class StepScanner {
  private _buffer = Buffer.allocUnsafe(0);
  /** The bytes that are at hand. */
  private _bytes = Buffer.allocUnsafe(0);
  /** The offset of the first one in the file. */
  private _base = 0;
  private _at = 0;
  /** The parentheses around the reader, and the commas between the values of the instance. */
  private _depth = 0;
  private _commas = 0;

  public constructor(
    private readonly _source: ByteSource,
    private readonly _types: TypeNames,
    private readonly _listener: StepListener,
    private readonly _sizes = usualSizes,
  ) {}

  /**
   * Reads all statements, up to the last one.
   * @returns the offset of the last one
   * @throws StepSyntaxError where the bytes are not such a file, or end before it does
   */
  public scan(): number {
    this._checkFirst();
    for (;;) {
      this._skipBlanks();
      if (this._next === undefined)
        throw new StepSyntaxError(`it ends without ${lastStatement}`, this._source.size, "cut-off");
      this._lookAhead();
      const start = this._offset;
      if (this._next === hash) this._readInstance(start);
      else if (this._readOther(start)) return start;
    }
  }

  /** Where the reader is in the file. */
  private get _offset(): number {
    return this._base + this._at;
  }

  private get _next(): number | undefined {
    return this._bytes[this._at];
  }

  private _checkFirst(): void {
    this._skipBlanks();
    this._lookAhead();
    const start = this._offset;
    if (this._next === undefined) throw new StepSyntaxError(`it ends without ${lastStatement}`, start, "not-ifc");
    const from = this._at;
    const beginning = this._bytes.subarray(from, from + 40);
    const text = beginning.toString("latin1").split(";", 1)[0]?.trim();
    // A byte order mark is not part of the standard, and yet some programs write one.
    if (text?.replace(/^\xef\xbb\xbf/, "") !== firstStatement || !beginning.includes(semicolon))
      throw new StepSyntaxError(`it does not begin with ${firstStatement}`, start, "not-ifc");
    this._at = from + beginning.indexOf(semicolon) + 1;
  }

  /** @returns whether it is the last statement */
  private _readOther(start: number): boolean {
    const text = this._bytes.toString("latin1", this._at, this._at + 40).toUpperCase();
    this._depth = 0;
    this._skipStatement(start);
    this._listener.onStatement(text, start);
    return text.startsWith(lastStatement);
  }

  private _readInstance(start: number): void {
    this._at++;
    const digits = this._at;
    const id = this._readNumber();
    const hasNumber = this._at > digits;
    this._skipBlanks();
    if (!hasNumber || this._next !== equals) throw this._fault('"=" is missing', start, this._offset);
    if (!Number.isSafeInteger(id)) throw new StepSyntaxError("the number of an instance is too large", start);
    this._at++;
    this._skipBlanks();
    this._lookAhead();
    const typeOffset = this._offset;
    const typeEnd = endOfToken(this._bytes, this._at);
    const type = this._types.numberOf(this._bytes, this._at, typeEnd);
    this._at = typeEnd;
    this._skipBlanks();
    if (this._next !== open) throw this._fault(`instance #${id} has no values`, start, typeOffset);
    const list = this._offset;
    this._at++;
    this._skipBlanks();
    const isEmpty = this._next === close;
    this._depth = 1;
    this._commas = 0;
    this._skipStatement(start);
    this._listener.onInstance({ id, type, list, values: isEmpty ? 0 : this._commas + 1 });
  }

  private _readNumber(): number {
    let number = 0;
    for (let digit = (this._next ?? 0) - 48; digit >= 0 && digit <= 9; digit = (this._next ?? 0) - 48) {
      number = number * 10 + digit;
      this._at++;
    }
    return number;
  }

  /** Moves behind the semicolon that ends the statement. */
  private _skipStatement(start: number): void {
    for (;;) {
      const bytes = this._bytes;
      let at = this._at;
      while (at < bytes.length && stops[bytes[at] ?? 0] === 0) at++;
      this._at = at;
      if (this._next === semicolon) break;
      if (this._next === undefined) {
        if (!this._fill()) throw cutOff(start);
      } else this._pass(this._next);
    }
    this._at++;
  }

  private _pass(mark: number): void {
    if (mark === quote) this._skipText();
    else if (mark === slash) this._skipSlash();
    else if (mark === hash) this._passReference();
    else {
      this._at++;
      if (mark === open) this._depth++;
      else if (mark === close) this._depth--;
      else if (this._depth === 1) this._commas++;
    }
  }

  private _passReference(): void {
    if (this._bytes.length - this._at < 32) this._fill();
    this._at++;
    const digits = this._at;
    const id = this._readNumber();
    if (this._at > digits && this._depth > 0) this._listener.onReference(id);
  }

  private _skipSlash(): void {
    this._skipBlanks(); // which are a comment, if it begins one
    if (this._next === slash) this._at++;
  }

  private _skipText(): void {
    this._lookAhead();
    const start = this._offset;
    for (;;) {
      const end = endOfText(this._bytes, this._at + 1);
      if (end >= 0) {
        this._at = end + 1;
        return;
      }
      if (this._bytes.length - this._at > longestText) throw new StepSyntaxError("a text is longer than 64 MB", start);
      if (!this._fill()) throw new StepSyntaxError("a text does not end", start, "cut-off");
    }
  }

  /** Moves to the next byte that is neither white space nor within a comment. */
  private _skipBlanks(): void {
    for (;;) {
      const bytes = this._bytes;
      while ((bytes[this._at] ?? Infinity) <= 32) this._at++;
      if (this._at + 1 >= bytes.length && this._fill()) continue;
      if (this._next !== slash || this._bytes[this._at + 1] !== star) return;
      this._skipComment();
    }
  }

  private _skipComment(): void {
    this._at += 2;
    for (;;) {
      const end = this._bytes.indexOf("*/", this._at, "latin1");
      this._at = end < 0 ? Math.max(this._at, this._bytes.length - 1) : end + 2;
      if (end >= 0) return;
      if (this._fill()) continue;
      this._at = this._bytes.length;
      return;
    }
  }

  private _lookAhead(): void {
    if (this._bytes.length - this._at < this._sizes.lookahead) this._fill();
  }

  /**
   * Reads more of the file, and forgets what is behind the reader.
   * @returns whether there was more
   */
  private _fill(): boolean {
    const kept = this._bytes.length - this._at;
    const offset = this._base + this._bytes.length;
    const length = Math.min(Math.max(this._sizes.block, this._sizes.lookahead, kept), this._source.size - offset);
    if (length <= 0) return false;
    const before = this._buffer;
    if (before.length < kept + length) this._buffer = Buffer.allocUnsafeSlow(this._sizes.lookahead + kept + length);
    before.copy(this._buffer, 0, this._at, this._at + kept); // also onto itself
    this._source.copy(this._buffer, kept, offset, length);
    this._bytes = this._buffer.subarray(0, kept + length);
    this._base += this._at;
    this._at = 0;
    return true;
  }

  /** A fault of an instance, unless the file ends within it. */
  private _fault(message: string, start: number, offset: number): StepSyntaxError {
    return this._next === undefined ? cutOff(start) : new StepSyntaxError(message, offset);
  }
}

function cutOff(start: number): StepSyntaxError {
  return new StepSyntaxError("a statement does not end", start, "cut-off");
}
