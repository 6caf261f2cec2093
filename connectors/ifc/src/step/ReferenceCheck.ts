import { endOfToken, skipBlanks } from "./StepParser.js";

/** A reference to an instance that is not in the file. */
export interface DanglingReference {
  /** The instance that has it. */
  readonly from: number;
  /** The place of the attribute that has it, alone or in a list. */
  readonly attribute: number;
  /** Whether it was a member of a list, from which it is left out; else the attribute has no value instead. */
  readonly isInList: boolean;
  /** The instance that is not there. */
  readonly to: number;
}

const code = (character: string) => character.charCodeAt(0);
const [space, quote, open, close, comma] = [code(" "), code("'"), code("("), code(")"), code(",")];
const [dollar, slash, hash, semicolon] = [code("$"), code("/"), code("#"), code(";")];

/** A reference to an instance that had not come when it was read. */
interface Forward {
  readonly offset: number;
  readonly to: number;
  from?: number;
}

/** Where a reference stands in its instance. */
interface Position {
  readonly attribute: number;
  /** What the innermost parentheses are: those of the instance, of a list, or of a value with a type. */
  readonly within: "instance" | "list" | "typed";
}

/** Finds references to instances that are not in the file, and takes them out of its bytes. */
export class ReferenceCheck {
  private readonly _forward: Forward[] = [];
  /** How many of them have their instance. */
  private _owned = 0;

  /** @param _bytes - the file; what takes references out writes into them */
  public constructor(private readonly _bytes: Buffer) {}

  /** Takes note of a reference whose instance has not come yet. */
  public note(offset: number, to: number): void {
    this._forward.push({ offset, to });
  }

  /** Gives all references since the last call to their instance. */
  public assign(from: number): void {
    for (; this._owned < this._forward.length; this._owned++) {
      const forward = this._forward[this._owned];
      if (forward !== undefined) forward.from = from;
    }
  }

  /**
   * Takes all references out that lead nowhere, so that no reader of the bytes meets them: a member of a list goes, an
   * attribute has no value. The bytes keep their length, so that all offsets and lines stay.
   * @param offsetOf - the offset of the values of an instance; undefined for one that is not in the file
   */
  public repair(offsetOf: (id: number) => number | undefined): DanglingReference[] {
    const found: DanglingReference[] = [];
    for (const { offset, to, from } of this._forward) {
      const start = from === undefined ? undefined : offsetOf(from);
      if (from === undefined || start === undefined || offsetOf(to) !== undefined) continue;
      const { attribute, within } = positionIn(this._bytes, start, offset);
      this._takeOut(offset, within);
      found.push({ from, attribute, isInList: within === "list", to });
    }
    this._forward.length = this._owned = 0;
    return found;
  }

  /**
   * Takes a reference out of an instance, although it leads somewhere.
   * @param start - the offset of the values of the instance
   */
  public remove(start: number, to: number): void {
    for (const at of marksIn(this._bytes, start))
      if (
        this._bytes[at] === hash &&
        this._bytes.toString("latin1", at + 1, endOfToken(this._bytes, at)) === String(to)
      )
        this._takeOut(at, positionIn(this._bytes, start, at).within);
  }

  private _takeOut(offset: number, within: Position["within"]): void {
    const bytes = this._bytes;
    const end = endOfToken(bytes, offset);
    bytes.fill(space, offset, end);
    if (within !== "list") bytes[offset] = dollar;
    else this._takeCommaOut(offset, end);
  }

  /** The comma before the member, or that behind the first one. */
  private _takeCommaOut(offset: number, end: number): void {
    const bytes = this._bytes;
    const next = skipBlanks(bytes, end);
    if (bytes[next] === comma) bytes[next] = space;
    else {
      const before = lastMark(bytes, offset - 1);
      if (bytes[before] === comma) bytes[before] = space;
    }
  }
}

/** The offset of the last byte up to an offset that is not blank. A comment there is no comma, and stays. */
function lastMark(bytes: Buffer, from: number): number {
  let position = from;
  while ((bytes[position] ?? Infinity) <= space) position--;
  return position;
}

/**
 * The offsets of the parentheses, commas and references of an instance, but for those within texts and comments.
 * @param start - the offset of the parenthesis that opens its values
 */
function* marksIn(bytes: Buffer, start: number): Generator<number> {
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === semicolon) return;
    if (byte === quote) at = endOfText(bytes, at);
    else if (byte === slash) at = Math.max(at, skipBlanks(bytes, at) - 1);
    else if (byte === open || byte === close || byte === comma || byte === hash) yield at;
  }
}

function endOfText(bytes: Buffer, at: number): number {
  const end = bytes.indexOf(quote, at + 1);
  return end < 0 ? bytes.length : end;
}

function positionIn(bytes: Buffer, start: number, offset: number): Position {
  const within: Position["within"][] = [];
  let attribute = 0;
  for (const at of marksIn(bytes, start)) {
    if (at >= offset) break;
    if (bytes[at] === open) within.push(at === start ? "instance" : isBehindWord(bytes, at) ? "typed" : "list");
    else if (bytes[at] === close) within.pop();
    else if (bytes[at] === comma && within.length === 1) attribute++;
  }
  return { attribute, within: within.at(-1) ?? "instance" };
}

function isBehindWord(bytes: Buffer, at: number): boolean {
  const before = bytes[lastMark(bytes, at - 1)];
  return before !== open && before !== comma;
}
