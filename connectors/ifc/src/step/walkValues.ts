import { StepSyntaxError } from "./StepSyntaxError.js";
import { stepNumber } from "./stepNumber.js";
import { endOfText, endOfToken, skipBlanks } from "./tokens.js";

/** Receives the values of an instance, in their order. Offsets are those of the bytes that are walked. */
export interface StepVisitor {
  /** What follows, up to the next call, is the value of the attribute at a place. */
  attribute(index: number): void;
  /** What follows, up to the next call or the end of the list, is a member of a list. */
  item(): void;
  reference(id: number): void;
  number(value: number): void;
  /** A text without its quotes, as it is encoded. */
  text(bytes: Buffer, start: number, end: number): void;
  /** The digits of a binary. */
  binary(bytes: Buffer, start: number, end: number): void;
  /** The name of a value of an enumeration, in any case of letters. */
  enumeration(bytes: Buffer, start: number, end: number): void;
  /** No value, or one that a supertype derives. */
  nothing(): void;
  beginList(): void;
  endList(): void;
  /** The name of a type, in any case of letters. The value follows. */
  beginTyped(bytes: Buffer, start: number, end: number): void;
  endTyped(): void;
}

/** Lists within lists deeper than this are no data but an attempt on the stack. */
const deepest = 100;

const code = (character: string) => character.charCodeAt(0);
const [open, close, comma, quote, doubleQuote] = [code("("), code(")"), code(","), code("'"), code('"')];
const [hash, dot, dollar, star] = [code("#"), code("."), code("$"), code("*")];
const [zero, nine, underscore] = [code("0"), code("9"), code("_")];

/**
 * Walks over the values of an instance: a recursive descent over the bytes of its list, which begin with its parenthesis.
 * Nothing is made of the values, so that a visitor which needs few of them costs little.
 * @param base - the offset of the bytes in the file, for the places of faults
 * @throws StepSyntaxError
 */
export function walkValues(bytes: Buffer, visitor: StepVisitor, base = 0): void {
  let at = expect(bytes, skipBlanks(bytes, 0), open, base);
  if (bytes[at] !== close)
    for (let index = 0; ; index++) {
      visitor.attribute(index);
      at = walkValue(bytes, at, visitor, { base, depth: 1 });
      if (bytes[at] !== comma) break;
      at = skipBlanks(bytes, at + 1);
    }
  expect(bytes, at, close, base);
}

/** Where in the file the bytes begin, and in how many lists a value is. */
interface Position {
  readonly base: number;
  readonly depth: number;
}

/** @returns the offset of what follows the value, behind blanks */
function walkValue(bytes: Buffer, at: number, visitor: StepVisitor, position: Position): number {
  const first = bytes[at];
  if (first === open) return walkList(bytes, at, visitor, position);
  if (first === quote) return walkText(bytes, at, visitor, position);
  if (first === doubleQuote) return walkBinary(bytes, at, visitor, position);
  const end = endOfToken(bytes, at);
  if (isLetter(first)) return walkTyped(bytes, { start: at, end }, visitor, position);
  if (first === hash) visitor.reference(numberOf(bytes, at + 1, end));
  else walkPlain(bytes, { start: at, end }, visitor, position);
  return skipBlanks(bytes, end);
}

function walkPlain(bytes: Buffer, { start, end }: Token, visitor: StepVisitor, position: Position): void {
  const first = bytes[start];
  if (first === dollar || first === star) visitor.nothing();
  else if (first === dot && end > start + 1 && bytes[end - 1] === dot) visitor.enumeration(bytes, start + 1, end - 1);
  else walkNumber(bytes, { start, end }, visitor, position);
}

function walkList(bytes: Buffer, start: number, visitor: StepVisitor, { base, depth }: Position): number {
  if (depth >= deepest) throw new StepSyntaxError("lists are nested too deeply", base + start);
  const within = { base, depth: depth + 1 };
  visitor.beginList();
  let at = skipBlanks(bytes, start + 1);
  if (bytes[at] !== close)
    for (;;) {
      visitor.item();
      at = walkValue(bytes, at, visitor, within);
      if (bytes[at] !== comma) break;
      at = skipBlanks(bytes, at + 1);
    }
  at = expect(bytes, at, close, base);
  visitor.endList();
  return at;
}

function walkTyped(bytes: Buffer, { start, end }: Token, visitor: StepVisitor, { base, depth }: Position): number {
  if (depth >= deepest) throw new StepSyntaxError("lists are nested too deeply", base + start);
  const list = skipBlanks(bytes, end);
  if (bytes[list] !== open) throw noValue(bytes, { start, end }, base);
  let at = skipBlanks(bytes, list + 1);
  if (bytes[at] === close || bytes[at] === undefined) throw countFault(bytes, { start, end }, base);
  visitor.beginTyped(bytes, start, end);
  at = walkValue(bytes, at, visitor, { base, depth: depth + 1 });
  if (bytes[at] === comma) throw countFault(bytes, { start, end }, base);
  visitor.endTyped();
  return expect(bytes, at, close, base);
}

function walkText(bytes: Buffer, at: number, visitor: StepVisitor, { base }: Position): number {
  const end = endOfText(bytes, at + 1);
  if (end < 0) throw new StepSyntaxError("a text does not end", base + at);
  visitor.text(bytes, at + 1, end);
  return skipBlanks(bytes, end + 1);
}

function walkBinary(bytes: Buffer, at: number, visitor: StepVisitor, { base }: Position): number {
  const end = bytes.indexOf(doubleQuote, at + 1);
  if (end < 0) throw new StepSyntaxError("a binary does not end", base + at);
  visitor.binary(bytes, at + 1, end);
  return skipBlanks(bytes, end + 1);
}

function walkNumber(bytes: Buffer, { start, end }: Token, visitor: StepVisitor, { base }: Position): void {
  const number = stepNumber(bytes, start, end);
  if (Number.isNaN(number)) throw noValue(bytes, { start, end }, base);
  visitor.number(number);
}

/** The offsets at which a word or a number begins and ends. */
interface Token {
  readonly start: number;
  readonly end: number;
}

function noValue(bytes: Buffer, { start, end }: Token, base: number): StepSyntaxError {
  return new StepSyntaxError(
    `"${bytes.toString("latin1", start, Math.min(end, start + 40))}" is no value`,
    base + start,
  );
}

function countFault(bytes: Buffer, { start, end }: Token, base: number): StepSyntaxError {
  return new StepSyntaxError(`${bytes.toString("latin1", start, end)} does not have exactly one value`, base + end);
}

/** @returns the offset of what follows the wanted byte, behind blanks */
function expect(bytes: Buffer, at: number, wanted: number, base: number): number {
  if (bytes[at] !== wanted) throw new StepSyntaxError(`"${String.fromCharCode(wanted)}" is missing`, base + at);
  return skipBlanks(bytes, at + 1);
}

/** The number of an instance. */
function numberOf(bytes: Buffer, start: number, end: number): number {
  let number = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < zero || byte > nine) return Number(bytes.toString("latin1", start, end));
    number = number * 10 + (byte - zero);
  }
  return number;
}

function isLetter(byte = 0): boolean {
  const lower = byte | 0x20;
  return (lower >= 0x61 && lower <= 0x7a) || byte === underscore;
}
