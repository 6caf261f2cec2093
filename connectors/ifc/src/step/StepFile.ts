import { ReferenceCheck, type DanglingReference } from "./ReferenceCheck.js";
import { endOfToken, skipBlanks, StepParser, StepSyntaxError } from "./StepParser.js";
import type { StepValue } from "./StepValue.js";

const code = (character: string) => character.charCodeAt(0);
const [semicolon, quote, slash, star, hash, equals, open, newline] = [";", "'", "/", "*", "#", "=", "(", "\n"].map(
  code,
) as [number, number, number, number, number, number, number, number];
const [close, comma] = [code(")"), code(",")];

/** The bytes at which the scan of a statement has to look. */
const marks = new Uint8Array(256);
for (const mark of [semicolon, quote, slash, hash, open, close, comma]) marks[mark] = 1;

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
  lengths: Map<number, InstancesOfLength>;
}

/** The instances of a type that have as many values. */
export interface InstancesOfLength {
  /** The first one. */
  readonly first: number;
  count: number;
}

/**
 * The instances of a file of ISO 10303-21: an index of where each one stands, whose values are read when they are asked for.
 */
export class StepFile {
  /** The schema that FILE_SCHEMA names, in upper case. */
  public readonly schema: string;
  /** The offset of its name, behind the quote. */
  private _schemaOffset = 0;
  /** The references to instances that are not in the file, in its order. Their values are read as if they were not there. */
  public readonly dangling: readonly DanglingReference[];
  private readonly _parser: StepParser;
  private readonly _offsets = new Map<number, number>();
  private readonly _types = new Map<number, string>();
  private readonly _recent = new Map<number, readonly StepValue[]>();
  private readonly _byType = new Map<string, TypeInstances>();
  private readonly _references: ReferenceCheck;
  /** Parentheses around the place of the scan, and commas between the values of the instance. */
  private _depth = 0;
  private _commas = 0;

  /**
   * Reads the header and finds all instances. It takes references to instances that are not there out of the bytes.
   * @throws StepSyntaxError where the bytes are not such a file, or end before it does
   */
  public constructor(private readonly _bytes: Buffer) {
    this._parser = new StepParser(_bytes);
    this._references = new ReferenceCheck(_bytes);
    this.schema = this._read();
    this.dangling = this._references.repair((id) => this._offsets.get(id));
    for (const { from } of this.dangling) if (isShading(this.typeOf(from))) this._removeStyle(from);
  }

  /** Writes another name of the schema into the bytes, for other readers of them. One that is longer has no room. */
  public rename(schema: string): void {
    const start = this._schemaOffset;
    const end = this._bytes.indexOf(quote, start);
    if (schema.length > end - start) throw new Error(`there is no room for ${schema}`);
    this._bytes.fill(" ", start, end + 1);
    this._bytes.write(`${schema}'`, start, "latin1");
  }

  /** The types of all instances, in upper case. */
  public get types(): Iterable<string> {
    return this._byType.keys();
  }

  /** The instances of a type, without those of its subtypes, in the order of the file. */
  public idsOf(type: string): readonly number[] {
    return this._byType.get(type)?.ids ?? [];
  }

  /** How many values the instances of a type have. */
  public lengthsOf(type: string): ReadonlyMap<number, InstancesOfLength> {
    return this._byType.get(type)?.lengths ?? new Map<number, InstancesOfLength>();
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

  /** The highest number of an instance. */
  public get highestId(): number {
    let highest = 0;
    for (const id of this._offsets.keys()) highest = Math.max(highest, id);
    return highest;
  }

  /** Where the list of values of an instance begins, in bytes; undefined for one that is not there. */
  public offsetOf(id: number): number | undefined {
    return this._offsets.get(id);
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

  /** web-ifc fails on the body of whatever has a color without its parts, so that nothing may refer to that. */
  private _removeStyle(shading: number): void {
    for (const style of this.idsOf("IFCSURFACESTYLE")) {
      const offset = this._offsets.get(style);
      if (offset !== undefined) this._references.remove(offset, shading);
    }
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
    this._depth = this._commas = 0;
    for (let position = start; position < bytes.length; position++) {
      const byte = bytes[position] ?? 0;
      if (marks[byte] === 0) continue;
      if (byte === semicolon) return { start, end: position };
      position = this._pass(byte, position);
    }
    throw new StepSyntaxError(
      start >= bytes.length ? `it ends without ${lastStatement}` : "a statement does not end",
      Math.min(start, bytes.length),
      from === 0 ? "not-ifc" : "cut-off",
    );
  }

  /** @returns the offset behind which the scan goes on */
  private _pass(mark: number, position: number): number {
    if (mark === quote) return this._endOfText(position);
    if (mark === slash && this._bytes[position + 1] === star) return skipBlanks(this._bytes, position) - 1;
    if (mark === comma) this._commas += Number(this._depth === 1);
    else if (mark === open) this._depth++;
    else if (mark === close) this._depth--;
    else if (mark === hash && this._depth > 0) this._noteReference(position);
    return position;
  }

  private _noteReference(position: number): void {
    const to = this._numberAt(position + 1).value;
    if (!this._offsets.has(to)) this._references.note(position, to);
  }

  private _endOfText(position: number): number {
    const end = this._bytes.indexOf(quote, position + 1);
    if (end < 0) throw new StepSyntaxError("a text does not end", position, "cut-off");
    return end;
  }

  private _takeInstance({ start, end }: Statement): void {
    const bytes = this._bytes;
    const { value: id, end: endOfId } = this._numberAt(start + 1);
    const position = skipBlanks(bytes, endOfId);
    if (endOfId === start + 1 || bytes[position] !== equals) throw new StepSyntaxError('"=" is missing', position);
    const typeStart = skipBlanks(bytes, position + 1);
    const typeEnd = endOfToken(bytes, typeStart);
    const listStart = skipBlanks(bytes, typeEnd);
    if (bytes[listStart] !== open || listStart > end)
      throw new StepSyntaxError(`instance #${id} has no values`, typeStart);
    this._add(id, bytes.toString("latin1", typeStart, typeEnd).toUpperCase(), listStart);
    this._references.assign(id);
  }

  private _add(id: number, type: string, offset: number): void {
    if (this._offsets.has(id)) throw new StepSyntaxError(`instance #${id} comes twice`, offset);
    let instances = this._byType.get(type);
    if (instances === undefined) this._byType.set(type, (instances = { name: type, ids: [], lengths: new Map() }));
    instances.ids.push(id);
    this._countValues(instances, id, offset);
    this._offsets.set(id, offset);
    this._types.set(id, instances.name);
  }

  private _countValues({ lengths }: TypeInstances, id: number, offset: number): void {
    const isEmpty = this._commas === 0 && this._bytes[skipBlanks(this._bytes, offset + 1)] === close;
    const length = isEmpty ? 0 : this._commas + 1;
    const same = lengths.get(length);
    if (same === undefined) lengths.set(length, { first: id, count: 1 });
    else same.count++;
  }

  /** The number of which the digits begin at an offset. */
  private _numberAt(start: number): { value: number; end: number } {
    let value = 0;
    let end = start;
    for (let digit = digitAt(this._bytes, end); digit >= 0; digit = digitAt(this._bytes, ++end))
      value = value * 10 + digit;
    return { value, end };
  }

  private _readSchema({ start }: Statement): string {
    const [schemas] = this._parser.parseList(this._bytes.indexOf(open, start));
    this._schemaOffset = this._bytes.indexOf(quote, start) + 1;
    const [first] = Array.isArray(schemas) ? (schemas as readonly StepValue[]) : [];
    return typeof first === "string" ? first.trim().toUpperCase() : "";
  }
}

function isShading(type: string | undefined): boolean {
  return type === "IFCSURFACESTYLESHADING" || type === "IFCSURFACESTYLERENDERING";
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
