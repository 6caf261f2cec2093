import { BufferSource, type ByteSource } from "./ByteSource.js";
import { InstanceIndex } from "./InstanceIndex.js";
import { IdSet } from "./IdSet.js";
import { LineIndex } from "./LineIndex.js";
import { takeOut, type TakenOut } from "./takeOut.js";
import { parseValues } from "./parseValues.js";
import { StepSyntaxError } from "./StepSyntaxError.js";
import { StepScanner, type ScannedInstance } from "./StepScanner.js";
import type { StepValue } from "./StepValue.js";
import { TypeNames } from "./TypeNames.js";
import { walkValues, type StepVisitor } from "./walkValues.js";

/** Of so many instances the values are kept. */
const keptInstances = 256;

/** Of types with at most so many instances their numbers are kept. */
const keptIds = 10_000;

/** More types than any schema has. */
const mostTypes = 0xffff;

/** A statement of the header is read up to this length, in bytes. */
const longestHeader = 64 * 1024;

/** A list of values that is longer than this, in bytes, is not read. */
const longestList = 1024 * 1024 * 1024;

/** A reference to an instance that is not in the file. */
export interface DanglingReference extends TakenOut {
  /** The instance that has it. */
  readonly from: number;
}

/** The instances of a type that have as many values. */
export interface InstancesOfLength {
  /** The first one. */
  readonly first: number;
  count: number;
}

/** The instances of a type: how many there are, and between which places of the file. */
interface TypeExtent {
  readonly type: number;
  readonly first: number;
  last: number;
  count: number;
  /** By how many values they have. */
  readonly lengths: Map<number, InstancesOfLength>;
}

/**
 * The instances of a file of ISO 10303-21: an index of where each one stands, whose values are read from the file when they
 * are asked for. The index takes 11 to 16 bytes for each instance.
 */
export class StepFile {
  /** The schema that FILE_SCHEMA names, in upper case. */
  public readonly schema: string;
  /** The references to instances that are not in the file, in its order. Their values are read as if they were not there. */
  public readonly dangling: readonly DanglingReference[];
  private readonly _source: ByteSource;
  private readonly _index = new InstanceIndex();
  private readonly _types = new TypeNames();
  private readonly _extents = new Map<string, TypeExtent>();
  private readonly _byType: TypeExtent[] = [];
  /** The numbers of the instances of types with few of them, by type. */
  private _ids?: readonly (readonly number[] | undefined)[];
  private readonly _recent = new Map<number, readonly StepValue[]>();
  private readonly _lines: LineIndex;
  /** What instances refer to, until it is known whether all of that is there. */
  private readonly _referred = new IdSet();
  /** What instances refer to, but is not there, or cannot be used. */
  private readonly _gone = new Set<number>();
  /** The places of the instances that refer to that. */
  private readonly _broken = new Set<number>();
  /** The offset of the last statement. */
  private readonly _end: number;

  /**
   * Reads the header and finds all instances.
   * @throws StepSyntaxError where the bytes are not such a file, or end before it does
   */
  public constructor(source: ByteSource | Buffer) {
    this._source = Buffer.isBuffer(source) ? new BufferSource(source) : source;
    this._lines = new LineIndex(this._source);
    let schema = "";
    const scanner = new StepScanner(this._source, this._types, {
      onInstance: (instance) => this._add(instance),
      onReference: (id) => this._referred.add(id),
      onStatement: (text, offset) => {
        if (text.startsWith("FILE_SCHEMA")) schema = this._readSchema(offset);
      },
    });
    this._end = scanner.scan();
    this.schema = schema;
    this._finish();
    this.dangling = this._findDangling();
  }

  /** How many instances there are. */
  public get size(): number {
    return this._index.size;
  }

  /** The types of all instances, in upper case. */
  public get types(): Iterable<string> {
    return this._extents.keys();
  }

  /** The instances of a type, without those of its subtypes, in the order of the file. */
  public idsOf(type: string): readonly number[] {
    const extent = this._extents.get(type);
    if (extent === undefined) return [];
    this._ids ??= this._collectFewIds();
    return this._ids[extent.type] ?? this._collectIds(extent);
  }

  /** How many values the instances of a type have. */
  public lengthsOf(type: string): ReadonlyMap<number, InstancesOfLength> {
    return this._extents.get(type)?.lengths ?? new Map<number, InstancesOfLength>();
  }

  /** The type of an instance, in upper case; undefined for one that is not there. */
  public typeOf(id: number): string | undefined {
    const place = this._index.find(id);
    return place === undefined ? undefined : this._types.all[this._index.typeAt(place)];
  }

  /** The place of an instance among those of the file, counted from 0; undefined for one that is not there. */
  public placeOf(id: number): number | undefined {
    return this._index.find(id);
  }

  /** The number of the instance at a place. */
  public idAt(place: number): number {
    return this._index.idAt(place);
  }

  /** The number that stands for the type of the instance at a place. */
  public typeAt(place: number): number {
    return this._index.typeAt(place);
  }

  /** The type that a number stands for, in upper case. */
  public typeNameOf(type: number): string {
    return this._types.all[type] ?? "";
  }

  /**
   * Walks over the values of the instance at a place.
   * @throws StepSyntaxError
   */
  public walk(place: number, visitor: StepVisitor): void {
    walkValues(this._bytesAt(place), visitor, this._index.offsetAt(place));
  }

  /**
   * The values of an instance; none for one that is not there. The latest ones are kept, since they are asked for again as
   * a rule.
   * @throws StepSyntaxError
   */
  public valuesOf(id: number): readonly StepValue[] {
    const recent = this._recent.get(id);
    if (recent !== undefined) return recent;
    const place = this._index.find(id);
    const values = place === undefined ? [] : parseValues(this._bytesAt(place), this._index.offsetAt(place));
    if (this._recent.size >= keptInstances) this._recent.clear();
    this._recent.set(id, values);
    return values;
  }

  /** The highest number of an instance; 0 without any. */
  public get highestId(): number {
    return this._index.highestId;
  }

  /**
   * The text of an instance from the parenthesis before its values on, and something of what follows it.
   * @throws StepSyntaxError
   */
  public bytesOf(id: number): Buffer | undefined {
    const place = this._index.find(id);
    return place === undefined ? undefined : this._bytesAt(place);
  }

  /** The line of an instance, counted from 1; undefined for one that is not there. */
  public lineOf(id: number): number | undefined {
    const place = this._index.find(id);
    return place === undefined ? undefined : this.lineAt(this._index.offsetAt(place));
  }

  /** The line of an offset, counted from 1. */
  public lineAt(offset: number): number {
    return this._lines.lineAt(offset);
  }

  /** Closes the file. */
  public close(): void {
    this._source.close();
  }

  private _add({ id, type, list, values }: ScannedInstance): void {
    if (type > mostTypes) throw new StepSyntaxError("it has more than 65,536 types", list);
    const place = this._index.size;
    const extent = (this._byType[type] ??= { type, first: place, last: place, count: 0, lengths: new Map() });
    extent.last = place;
    extent.count++;
    const same = extent.lengths.get(values);
    if (same === undefined) extent.lengths.set(values, { first: id, count: 1 });
    else same.count++;
    this._index.add(id, type, list);
  }

  private _finish(): void {
    for (const extent of this._byType) this._extents.set(this._types.all[extent.type] ?? "", extent);
    const repeated = this._index.finish();
    if (repeated !== undefined)
      throw new StepSyntaxError(`instance #${this._index.idAt(repeated)} comes twice`, this._index.offsetAt(repeated));
  }

  /** It reads the whole file once more, but only where something is not there. */
  private _findDangling(): DanglingReference[] {
    for (const id of this._referred.takeAll()) if (this._index.find(id) === undefined) this._gone.add(id);
    if (this._gone.size === 0) return [];
    const found = this._breakAll();
    const shadings = found.map(({ from }) => from).filter((id) => isShading(this.typeOf(id)));
    // web-ifc fails on a body whose color lacks its parts, so nothing must refer to such a color.
    for (const id of shadings) this._gone.add(id);
    if (shadings.length > 0) this._breakAll();
    return found;
  }

  /** Finds the instances that refer to what is gone. */
  private _breakAll(): DanglingReference[] {
    const found: DanglingReference[] = [];
    for (let place = 0; place < this._index.size; place++) {
      const taken = takeOut(Buffer.from(this._read(place)), (id) => this._gone.has(id));
      if (taken.length > 0) this._broken.add(place);
      for (const reference of taken) found.push({ from: this._index.idAt(place), ...reference });
    }
    return found;
  }

  /** All in one pass, since there are some hundred types. */
  private _collectFewIds(): (readonly number[] | undefined)[] {
    const found = this._byType.map(({ count }): number[] | undefined => (count > keptIds ? undefined : []));
    for (let place = 0; place < this._index.size; place++)
      found[this._index.typeAt(place)]?.push(this._index.idAt(place));
    return found;
  }

  private _collectIds({ type, first, last, count }: TypeExtent): number[] {
    const ids: number[] = [];
    for (let place = first; place <= last && ids.length < count; place++)
      if (this._index.typeAt(place) === type) ids.push(this._index.idAt(place));
    return ids;
  }

  /** From the list of values of an instance to that of the next one, without references that lead nowhere. */
  private _bytesAt(place: number): Buffer {
    const bytes = this._read(place);
    if (!this._broken.has(place)) return bytes;
    const repaired = Buffer.from(bytes);
    takeOut(repaired, (id) => this._gone.has(id));
    return repaired;
  }

  private _read(place: number): Buffer {
    const start = this._index.offsetAt(place);
    const end = place + 1 < this._index.size ? this._index.offsetAt(place + 1) : this._end;
    if (end - start > longestList) throw new StepSyntaxError("an instance is longer than 1 GB", start);
    return this._source.read(start, end - start);
  }

  private _readSchema(offset: number): string {
    const bytes = this._source.read(offset, Math.min(longestHeader, this._source.size - offset));
    const start = bytes.indexOf("(");
    const [schemas] = parseValues(bytes.subarray(Math.max(start, 0)), offset + start);
    const [first] = Array.isArray(schemas) ? (schemas as readonly StepValue[]) : [];
    return typeof first === "string" ? first.trim().toUpperCase() : "";
  }
}

function isShading(type: string | undefined): boolean {
  return type === "IFCSURFACESTYLESHADING" || type === "IFCSURFACESTYLERENDERING";
}
