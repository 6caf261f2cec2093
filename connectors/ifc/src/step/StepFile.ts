import { endOfToken, skipBlanks, StepParser, StepSyntaxError } from "./StepParser.js";
import type { StepValue } from "./StepValue.js";

const code = (character: string) => character.charCodeAt(0);
const [semicolon, quote, slash, star, hash, equals, open, newline] = [";", "'", "/", "*", "#", "=", "(", "\n"].map(
  code,
) as [number, number, number, number, number, number, number, number];

/** The first statement of every file, and the last one. */
const firstStatement = "ISO-10303-21";
const lastStatement = "END-ISO-10303-21";

/** What a file is made of, as its statements say. */
interface Statement {
  start: number;
  /** The offset of the semicolon. */
  end: number;
}

/** Of so many instances the values are kept. */
const keptInstances = 256;

/** The instances of a type. Millions of them share the text of its name. */
interface TypeInstances {
  name: string;
  ids: number[];
}

/**
 * The instances of a file of ISO 10303-21: an index of where each one stands, whose values are read when they are asked for.
 */
export class StepFile {
  /** The schema that FILE_SCHEMA names, in upper case. */
  public readonly schema: string;
  private readonly _parser: StepParser;
  private readonly _offsets = new Map<number, number>();
  private readonly _types = new Map<number, string>();
  private readonly _recent = new Map<number, readonly StepValue[]>();
  private readonly _byType = new Map<string, TypeInstances>();

  /**
   * Reads the header and finds all instances.
   * @throws StepSyntaxError where the bytes are not such a file, or end before it does
   */
  public constructor(private readonly _bytes: Buffer) {
    this._parser = new StepParser(_bytes);
    this.schema = this._read();
  }

  /** The types of all instances, in upper case. */
  public get types(): Iterable<string> {
    return this._byType.keys();
  }

  /** The instances of a type, without those of its subtypes, in the order of the file. */
  public idsOf(type: string): readonly number[] {
    return this._byType.get(type)?.ids ?? [];
  }

  /** The type of an instance, in upper case; undefined for one that is not there. */
  public typeOf(id: number): string | undefined {
    return this._types.get(id);
  }

  /**
   * The values of an instance; none for one that is not there. The latest ones are kept, since they are asked for again as
   * a rule.
   * @throws StepSyntaxError
   */
  public valuesOf(id: number): readonly StepValue[] {
    const recent = this._recent.get(id);
    if (recent !== undefined) return recent;
    const offset = this._offsets.get(id);
    const values = offset === undefined ? [] : this._parser.parseList(offset);
    if (this._recent.size >= keptInstances) this._recent.clear();
    this._recent.set(id, values);
    return values;
  }

  /** The line of an instance, counted from 1; undefined for one that is not there. */
  public lineOf(id: number): number | undefined {
    const offset = this._offsets.get(id);
    return offset === undefined ? undefined : this.lineAt(offset);
  }

  /** The line of an offset, counted from 1. */
  public lineAt(offset: number): number {
    return lineAt(this._bytes, offset);
  }

  private _read(): string {
    let schema = "";
    let position = 0;
    for (;;) {
      const statement = this._nextStatement(position);
      const { start, end } = statement;
      if (position === 0) this._checkFirst(statement);
      position = end + 1;
      if (this._bytes[start] === hash) this._takeInstance(statement);
      else {
        const text = this._bytes.toString("latin1", start, Math.min(end, start + 40)).toUpperCase();
        if (text.startsWith("FILE_SCHEMA")) schema = this._readSchema(statement);
        if (text.startsWith(lastStatement)) return schema;
      }
    }
  }

  private _checkFirst({ start, end }: Statement): void {
    const text = this._bytes.toString("latin1", start, Math.min(end, start + 40)).trim();
    // A byte order mark is not part of the standard, and yet some programs write one.
    if (text.replace(/^\xef\xbb\xbf/, "") !== firstStatement)
      throw new StepSyntaxError(`it does not begin with ${firstStatement}`, start, "not-ifc");
  }

  private _nextStatement(from: number): Statement {
    const bytes = this._bytes;
    const start = skipBlanks(bytes, from);
    for (let position = start; position < bytes.length; position++) {
      const byte = bytes[position];
      if (byte === semicolon) return { start, end: position };
      if (byte === quote) position = this._endOfText(position);
      else if (byte === slash && bytes[position + 1] === star) position = skipBlanks(bytes, position) - 1;
    }
    throw new StepSyntaxError(
      start >= bytes.length ? `it ends without ${lastStatement}` : "a statement does not end",
      Math.min(start, bytes.length),
      from === 0 ? "not-ifc" : "cut-off",
    );
  }

  private _endOfText(position: number): number {
    const end = this._bytes.indexOf(quote, position + 1);
    if (end < 0) throw new StepSyntaxError("a text does not end", position, "cut-off");
    return end;
  }

  private _takeInstance({ start, end }: Statement): void {
    const bytes = this._bytes;
    let position = start + 1;
    let id = 0;
    for (let digit = digitAt(bytes, position); digit >= 0; digit = digitAt(bytes, ++position)) id = id * 10 + digit;
    position = skipBlanks(bytes, position);
    if (position === start + 1 || bytes[position] !== equals) throw new StepSyntaxError('"=" is missing', position);
    const typeStart = skipBlanks(bytes, position + 1);
    const typeEnd = endOfToken(bytes, typeStart);
    const listStart = skipBlanks(bytes, typeEnd);
    if (bytes[listStart] !== open || listStart > end)
      throw new StepSyntaxError(`instance #${id} has no values`, typeStart);
    this._add(id, bytes.toString("latin1", typeStart, typeEnd).toUpperCase(), listStart);
  }

  private _add(id: number, type: string, offset: number): void {
    if (this._offsets.has(id)) throw new StepSyntaxError(`instance #${id} comes twice`, offset);
    let instances = this._byType.get(type);
    if (instances === undefined) this._byType.set(type, (instances = { name: type, ids: [] }));
    instances.ids.push(id);
    this._offsets.set(id, offset);
    this._types.set(id, instances.name);
  }

  private _readSchema({ start }: Statement): string {
    const [schemas] = this._parser.parseList(this._bytes.indexOf(open, start));
    const [first] = Array.isArray(schemas) ? (schemas as readonly StepValue[]) : [];
    return typeof first === "string" ? first.trim().toUpperCase() : "";
  }
}

/** The digit at an offset; -1 for any other byte. */
function digitAt(bytes: Buffer, offset: number): number {
  const digit = (bytes[offset] ?? 0) - 48;
  return digit <= 9 ? Math.max(digit, -1) : -1;
}

/** The line of an offset, counted from 1. */
export function lineAt(bytes: Buffer, offset: number): number {
  let line = 1;
  for (let at = bytes.indexOf(newline); at >= 0 && at < offset; at = bytes.indexOf(newline, at + 1)) line++;
  return line;
}
