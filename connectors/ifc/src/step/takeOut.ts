import { endOfText, endOfToken, skipBlanks } from "./tokens.js";

/** A reference that was taken out of an instance. */
export interface TakenOut {
  /** The place of the attribute that had it, alone or in a list. */
  readonly attribute: number;
  /** Whether it was a member of a list, from which it is left out; else the attribute has no value instead. */
  readonly isInList: boolean;
  /** The instance that it referred to. */
  readonly to: number;
}

const code = (character: string) => character.charCodeAt(0);
const [space, quote, open, close, comma] = [code(" "), code("'"), code("("), code(")"), code(",")];
const [dollar, slash, hash, semicolon] = [code("$"), code("/"), code("#"), code(";")];

/** Where a reference stands in its instance. */
interface Position {
  readonly attribute: number;
  /** What the innermost parentheses are: those of the instance, of a list, or of a value with a type. */
  readonly within: "instance" | "list" | "typed";
}

/**
 * Takes references out of the list of values with which bytes begin, so that no reader of the bytes meets them: a member of a
 * list goes, an attribute has no value. The bytes keep their length.
 * @param isGone - whether references to an instance are taken out
 */
export function takeOut(bytes: Buffer, isGone: (id: number) => boolean): TakenOut[] {
  const taken: TakenOut[] = [];
  for (const at of marksIn(bytes, 0)) {
    if (bytes[at] !== hash) continue;
    const to = Number(bytes.toString("latin1", at + 1, endOfToken(bytes, at)));
    if (!isGone(to)) continue;
    const { attribute, within } = positionIn(bytes, 0, at);
    takeReferenceOut(bytes, at, within);
    taken.push({ attribute, isInList: within === "list", to });
  }
  return taken;
}

function takeReferenceOut(bytes: Buffer, offset: number, within: Position["within"]): void {
  const end = endOfToken(bytes, offset);
  bytes.fill(space, offset, end);
  if (within === "list") takeCommaOut(bytes, offset, end);
  else bytes[offset] = dollar;
}

/** The comma before the member, or that behind the first one. */
function takeCommaOut(bytes: Buffer, offset: number, end: number): void {
  const next = skipBlanks(bytes, end);
  const before = lastMark(bytes, offset - 1);
  if (bytes[next] === comma) bytes[next] = space;
  else if (bytes[before] === comma) bytes[before] = space;
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
    if (byte === quote) at = endOfTextOrAll(bytes, at + 1);
    else if (byte === slash) at = Math.max(at, skipBlanks(bytes, at) - 1);
    else if (byte === open || byte === close || byte === comma || byte === hash) yield at;
  }
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

function endOfTextOrAll(bytes: Buffer, start: number): number {
  const end = endOfText(bytes, start);
  return end < 0 ? bytes.length : end;
}
