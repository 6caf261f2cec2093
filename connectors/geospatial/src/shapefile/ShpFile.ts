import { PointRange } from "itwin-connector-framework/places";
import type { OnProgress, SourceErrors } from "itwin-connector-framework/tables";
import { positionsOf, type Shape } from "../source/Feature.js";
import type { LeftOut } from "../source/leftOut.js";
import { ByteReader } from "./ByteReader.js";
import type { Oddities } from "./Oddities.js";
import { RecordError, readShape, type ReadShape } from "./readShape.js";
import type { ShxIndex } from "./ShxIndex.js";

const headerLength = 100;
const recordHeaderLength = 8;
const fileCode = 9994;

/** Shape types that are read, with or without z and m; the one that is missing are surfaces of a 3D model. */
const knownTypes = new Set([0, 1, 3, 5, 8, 11, 13, 15, 18, 21, 23, 25, 28]);

/** What is needed to read a .shp. */
export interface ShpContext {
  path: string;
  errors: SourceErrors;
  onProgress: OnProgress;
  leftOut: LeftOut;
  oddities: Oddities;
  /** The number of records of the .dbf. */
  expectedCount: number;
  /** Where the records are. Default: one after the other. */
  index?: ShxIndex;
}

/** What the header of a .shp says. */
interface ShpHeader {
  /** The type of all shapes that are not null. */
  type: number;
  /** The length of the file, in bytes. */
  length: number;
}

/** The header of a record, and where the record is. */
interface RecordHeader {
  /** Counted from 1, in the order of the records. */
  number: number;
  /** As the header has it. */
  ownNumber: number;
  position: number;
  /** Of the content, in bytes. */
  length: number;
}

/** The .shp of a shapefile: its shapes. */
export class ShpFile {
  /** The number of records. */
  public count = 0;
  /** Around all positions. */
  public readonly range = new PointRange();
  /** What the records take, and where the last one ends, in bytes. */
  private readonly _used = { length: headerLength, end: headerLength };

  private constructor(private readonly _context: ShpContext) {}

  /**
   * Opens a file, and reads each shape once, so that what cannot be read is found before anything is written.
   * @throws ConnectorError
   */
  public static async open(context: ShpContext): Promise<ShpFile> {
    const file = new ShpFile(context);
    await file._survey();
    return file;
  }

  /** The shapes of all records in their order; undefined for those that have none. */
  public async *shapes(): AsyncGenerator<Shape | undefined> {
    const reader = await this._open();
    try {
      for await (const record of this._records(reader, await this._readHeader(reader)))
        yield this._readShape(await reader.read(record.length), record).shape;
    } finally {
      await reader.close();
    }
  }

  private _open(): Promise<ByteReader> {
    return ByteReader.open(this._context.path, this._context.onProgress);
  }

  private async _survey(): Promise<void> {
    const reader = await this._open();
    try {
      const header = await this._readHeader(reader);
      for await (const record of this._records(reader, header)) {
        this.count = record.number;
        const content = await reader.read(record.length);
        this._noteHeader(record, content.readInt32LE(0), header);
        this._noteShape(this._readShape(content, record));
      }
      this._checkEnd(reader.size, header);
    } finally {
      await reader.close();
    }
  }

  private async *_records(reader: ByteReader, header: ShpHeader): AsyncGenerator<RecordHeader> {
    const { index } = this._context;
    let end = headerLength;
    for (let number = 1; number <= (index?.count ?? Infinity); number++) {
      const position = index?.positionOf(number - 1) ?? end;
      if (position >= reader.size) return;
      reader.moveTo(position);
      const record = this._readRecordHeader(await reader.read(recordHeaderLength), position, number);
      if (index === undefined && (await this._isBehindLast(reader, record, header))) return;
      if (!isWithin(reader.size, record)) throw this._damaged("It is cut off", number);
      end = endOf(record);
      yield record;
    }
  }

  private _readRecordHeader(header: Buffer, position: number, number: number): RecordHeader {
    if (header.length < recordHeaderLength) return { number, ownNumber: 0, position, length: -1 };
    return { number, ownNumber: header.readInt32BE(0), position, length: header.readInt32BE(4) * 2 };
  }

  /**
   * Whether bytes that look like no record follow the last one. Where the last one is, the length of the file tells, or the
   * number of records in the .dbf.
   */
  private async _isBehindLast(reader: ByteReader, record: RecordHeader, header: ShpHeader): Promise<boolean> {
    const isExpected = record.number <= this._context.expectedCount;
    if (isExpected && record.position < header.length) return false;
    if (!isWithin(reader.size, record) || (!isExpected && record.ownNumber !== record.number)) return true;
    const type = (await reader.read(4)).readInt32LE(0);
    reader.moveTo(record.position + recordHeaderLength);
    return !knownTypes.has(type);
  }

  /** Some programs begin to count at 0, and others keep the numbers of records that they have taken out. */
  private _noteHeader({ number, ownNumber, ...record }: RecordHeader, type: number, header: ShpHeader): void {
    const { oddities } = this._context;
    const place = { entity: `record ${number}` };
    if (ownNumber !== number)
      oddities.add("record-numbers", "the numbers of the records are not consecutive. Their order counts", place);
    if (type !== 0 && type !== header.type)
      oddities.add("shape-types", `a shape has another type than the header says, which is ${header.type}`, place);
    this._used.length += recordHeaderLength + record.length;
    this._used.end = Math.max(this._used.end, endOf(record));
  }

  private _noteShape({ shape, odd }: ReadShape): void {
    const { leftOut, oddities } = this._context;
    const place = `record ${this.count}`;
    if (odd !== undefined) oddities.add(odd.key, odd.message, { entity: place });
    if (shape === undefined) return;
    leftOut.addEmptyParts(shape, this.count);
    if (shape.hasMeasures === true) leftOut.add("shape with measures (m)", "positions have x, y and z alone", place);
    for (const [east, north] of positionsOf(shape)) this.range.add(east, north);
  }

  /** A file that is shorter than it says is cut off, unless no record is missing. */
  private _checkEnd(size: number, { length }: ShpHeader): void {
    const { oddities, expectedCount } = this._context;
    const sizes = `has ${size} bytes, and its header says ${length}`;
    if (length > size && this.count < expectedCount) throw this._damaged(`It ${sizes}`);
    if (length !== size && length !== this._used.end)
      oddities.add("file-length", `the .shp ${sizes}. All records are read`);
    const unused = size - this._used.length;
    if (unused > 0)
      oddities.add("unused-bytes", `${unused} bytes of the .shp belong to no record, and are passed over`);
  }

  private async _readHeader(reader: ByteReader): Promise<ShpHeader> {
    const { errors } = this._context;
    const header = await reader.read(headerLength);
    if (header.length < headerLength || header.readInt32BE(0) !== fileCode)
      throw errors.make("not-a-shapefile", "The file does not begin as a .shp does.", {
        source: {},
        advice: "Fetch or export the file again.",
      });
    const type = header.readInt32LE(32);
    if (!knownTypes.has(type))
      throw errors.make("shape-type", `The file has shapes of type ${type}, which are not read.`, {
        source: {},
        advice: "Export it as points, lines or polygons; with z if need be, but not as a multipatch.",
      });
    return { type, length: header.readInt32BE(24) * 2 };
  }

  private _readShape(content: Buffer, { number }: RecordHeader): ReadShape {
    const type = content.readInt32LE(0);
    if (!knownTypes.has(type)) throw this._damaged(`The record has a shape of type ${type}`, number);
    try {
      return readShape(content);
    } catch (error) {
      if (error instanceof RecordError) throw this._damaged(error.message, number);
      throw error;
    }
  }

  private _damaged(fault: string, number?: number): Error {
    return this._context.errors.make("damaged", `The .shp is damaged: ${fault}.`, {
      source: number === undefined ? {} : { entity: `record ${number}` },
      advice: "Fetch or export the file again.",
    });
  }
}

/** Whether a file is so long that it holds a record. */
function isWithin(size: number, record: RecordHeader): boolean {
  return record.length >= 4 && endOf(record) <= size;
}

/** The first byte that belongs to a record no more. */
function endOf({ position, length }: Pick<RecordHeader, "position" | "length">): number {
  return position + recordHeaderLength + length;
}
