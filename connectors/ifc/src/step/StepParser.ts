import { decodeStepText } from "./stepText.js";
import { endOfText, endOfToken, skipBlanks } from "./tokens.js";
import { StepEnum, StepReference, StepTyped, type StepValue } from "./StepValue.js";

/** What is not the grammar of ISO 10303-21, and where. */
export class StepSyntaxError extends Error {
  public constructor(
    message: string,
    /** In bytes. */
    public readonly offset: number,
    /** What sort of fault it is: another kind of file, one that ends too early, one that changes, or anything else. */
    public readonly key: "not-ifc" | "cut-off" | "changed" | "damaged" = "damaged",
  ) {
    super(message);
  }
}

/** Lists within lists deeper than this are no data but an attempt on the stack. */
const deepest = 100;

const code = (character: string) => character.charCodeAt(0);
const [open, close, comma, quote, doubleQuote] = [code("("), code(")"), code(","), code("'"), code('"')];
const [hash, dot, dollar, star] = [code("#"), code("."), code("$"), code("*")];

/** Reads the values of an instance: a recursive descent over the bytes of its list of parameters. */
export class StepParser {
  private _position = 0;
  private _depth = 0;

  /** @param _base - the offset of the bytes in the file, for the places of faults */
  public constructor(
    private readonly _bytes: Buffer,
    private readonly _base = 0,
  ) {}

  /**
   * The list of values that begins at an offset in the bytes.
   * @throws StepSyntaxError
   */
  public parseList(offset: number): StepValue[] {
    this._position = offset;
    this._depth = 0;
    return this._list();
  }

  private _list(): StepValue[] {
    if (++this._depth > deepest) throw this._fault("lists are nested too deeply");
    this._expect(open);
    const values: StepValue[] = [];
    if (this._peek() !== close)
      do values.push(this._value());
      while (this._skip(comma));
    this._expect(close);
    this._depth--;
    return values;
  }

  private _value(): StepValue {
    const first = this._peek();
    if (first === open) return this._list();
    if (first === quote) return this._text();
    if (first === doubleQuote) return this._binary();
    return this._ofToken(this._token(), first);
  }

  private _ofToken(token: string, first: number | undefined): StepValue {
    if (first === hash) return new StepReference(Number(token.slice(1)));
    if (first === dot && token.endsWith(".") && token.length > 1) return new StepEnum(token.slice(1, -1).toUpperCase());
    if (first === dollar || first === star) return null;
    return /^[A-Za-z_]/.test(token) ? this._typed(token) : this._number(token);
  }

  private _typed(type: string): StepTyped {
    const values = this._list();
    const [value] = values;
    if (value === undefined || values.length > 1)
      throw this._fault(`${type} has ${values.length} values instead of one`);
    return new StepTyped(type.toUpperCase(), value);
  }

  private _number(token: string): number {
    const number = Number(token);
    if (token === "" || Number.isNaN(number)) throw this._fault(`"${token.slice(0, 40)}" is no value`);
    return number;
  }

  private _text(): string {
    const start = this._position + 1;
    const end = endOfText(this._bytes, start);
    if (end < 0) throw this._fault("a text does not end");
    this._position = end + 1;
    return decodeStepText(this._bytes.subarray(start, end));
  }

  private _binary(): string {
    const start = this._position + 1;
    const end = this._bytes.indexOf(doubleQuote, start);
    if (end < 0) throw this._fault("a binary does not end");
    this._position = end + 1;
    return this._bytes.toString("latin1", start, end);
  }

  private _token(): string {
    const start = this._position;
    this._position = endOfToken(this._bytes, start);
    return this._bytes.toString("latin1", start, this._position);
  }

  private _expect(wanted: number): void {
    if (!this._skip(wanted)) throw this._fault(`"${String.fromCharCode(wanted)}" is missing`);
  }

  private _skip(wanted: number): boolean {
    if (this._peek() !== wanted) return false;
    this._position++;
    return true;
  }

  /** The next byte that is neither white space nor within a comment. */
  private _peek(): number | undefined {
    this._position = skipBlanks(this._bytes, this._position);
    return this._bytes[this._position];
  }

  private _fault(message: string): StepSyntaxError {
    return new StepSyntaxError(message, this._base + this._position);
  }
}
