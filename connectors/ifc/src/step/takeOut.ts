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
  /** The offset of the parenthesis or comma before it. */
  readonly before: number;
}

/**
 * Takes references out of the list of values with which bytes begin, so that no reader of the bytes meets them: a member of a
 * list goes, an attribute has no value. The bytes keep their length.
 * @param isGone - whether references to an instance are taken out
 */
export function takeOut(bytes: Buffer, isGone: (id: number) => boolean): TakenOut[] {
  const taken: TakenOut[] = [];
  const within: Position["within"][] = [];
  let attribute = 0;
  let before = 0;
  for (const at of marksIn(bytes, 0)) {
    const byte = bytes[at];
    const position = { attribute, within: within.at(-1) ?? "instance", before };
    const to = byte === hash ? referenceAt(bytes, at) : undefined;
    if (to !== undefined && isGone(to)) {
      takeReferenceOut(bytes, at, position);
      taken.push({ attribute, isInList: position.within === "list", to });
      continue;
    }
    if (byte === open) within.push(kindOf(bytes, at, before));
    else if (byte === close) within.pop();
    else if (byte === comma && within.length === 1) attribute++;
    before = at;
  }
  return taken;
}

function referenceAt(bytes: Buffer, offset: number): number {
  return Number(bytes.toString("latin1", offset + 1, endOfToken(bytes, offset)));
}

function takeReferenceOut(bytes: Buffer, offset: number, { within, before }: Position): void {
  const end = endOfToken(bytes, offset);
  bytes.fill(space, offset, end);
  if (within !== "list") {
    bytes[offset] = dollar;
    return;
  }
  const next = skipBlanks(bytes, end);
  if (bytes[next] === comma) bytes[next] = space;
  else if (bytes[before] === comma) bytes[before] = space;
}

/**
 * The offsets of the parentheses, commas and references of an instance, without those within texts and comments.
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

/** What the parenthesis at an offset opens: a list has no word between the mark before it and itself. */
function kindOf(bytes: Buffer, at: number, before: number): Position["within"] {
  if (at === 0) return "instance";
  return skipBlanks(bytes, before + 1) === at ? "list" : "typed";
}

function endOfTextOrAll(bytes: Buffer, start: number): number {
  const end = endOfText(bytes, start);
  return end < 0 ? bytes.length : end;
}
