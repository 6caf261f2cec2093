import { PointRange } from "itwin-connector-framework/places";
import type { OnProgress, SourceErrors } from "itwin-connector-framework/tables";
import { positionsOf, type Shape } from "../source/Feature.js";
import type { LeftOut } from "../source/leftOut.js";
import { ByteReader } from "./ByteReader.js";
import { RecordError, readShape } from "./readShape.js";

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
}

/** The .shp of a shapefile: its shapes. */
export class ShpFile {
  /** The number of records. */
  public count = 0;
  /** Around all positions. */
  public readonly range = new PointRange();

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

  /** The shapes of all records in their order; undefined for null shapes. */
  public async *shapes(): AsyncGenerator<Shape | undefined> {
    const { path, onProgress } = this._context;
    const reader = await ByteReader.open(path, onProgress);
    try {
      const type = this._readHeader(await reader.read(headerLength), reader.size);
      let position = headerLength;
      for (let number = 1; position < reader.size; number++) {
        const record = await this._readRecord(reader, position, number);
        position += recordHeaderLength + record.length;
        yield this._shapeOf(record, type, number);
      }
    } finally {
      await reader.close();
    }
  }

  private async _survey(): Promise<void> {
    for await (const shape of this.shapes()) {
      this.count++;
      if (shape !== undefined) this._noteLeftOut(shape);
      for (const [east, north] of shape === undefined ? [] : positionsOf(shape)) this.range.add(east, north);
    }
  }

  private _noteLeftOut(shape: Shape): void {
    const { leftOut } = this._context;
    leftOut.addEmptyParts(shape, this.count);
    if (shape.hasMeasures === true)
      leftOut.add("shape with measures (m)", "positions have x, y and z alone", `record ${this.count}`);
  }

  /** @returns the type of all shapes that are not null */
  private _readHeader(header: Buffer, size: number): number {
    const { errors } = this._context;
    if (header.length < headerLength || header.readInt32BE(0) !== fileCode)
      throw errors.make("not-a-shapefile", "The file does not begin as a .shp does.", {
        source: {},
        advice: "Fetch or export the file anew.",
      });
    const type = header.readInt32LE(32);
    if (!knownTypes.has(type))
      throw errors.make("shape-type", `The file has shapes of type ${type}, which are not read.`, {
        source: {},
        advice: "Export it as points, lines or polygons; with z if need be, but not as a multipatch.",
      });
    const length = header.readInt32BE(24) * 2;
    if (length !== size) throw this._damaged(`It has ${size} bytes, and its header says ${length}`);
    return type;
  }

  /** A record in the wrong place tells that others are missing. */
  private async _readRecord(reader: ByteReader, position: number, number: number): Promise<Buffer> {
    const header = await reader.read(recordHeaderLength);
    const length = header.length < recordHeaderLength ? -1 : header.readInt32BE(4) * 2;
    if (length < 4 || position + recordHeaderLength + length > reader.size)
      throw this._damaged("It is cut off", number);
    const found = header.readInt32BE(0);
    if (found !== number) throw this._damaged(`The record is numbered ${found}`, number);
    return reader.read(length);
  }

  private _shapeOf(record: Buffer, typeOfAll: number, number: number): Shape | undefined {
    const type = record.readInt32LE(0);
    if (type !== 0 && type !== typeOfAll)
      throw this._damaged(`The record has a shape of type ${type}, and the header says ${typeOfAll}`, number);
    try {
      return readShape(record);
    } catch (error) {
      if (error instanceof RecordError) throw this._damaged(error.message, number);
      throw error;
    }
  }

  private _damaged(fault: string, number?: number): Error {
    return this._context.errors.make("damaged", `The .shp is damaged: ${fault}.`, {
      source: number === undefined ? {} : { entity: `record ${number}` },
      advice: "Fetch or export the file anew.",
    });
  }
}
