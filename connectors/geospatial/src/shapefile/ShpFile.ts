import type { SourceErrors } from "itwin-connector-framework/tables";
import { positionsOf, type FeatureSource, type Shape } from "../Feature.js";
import { RecordError, readShape } from "./readShape.js";

const headerLength = 100;
const fileCode = 9994;

/** Shape types that are read, with or without z and m; the one that is missing are surfaces of a 3D model. */
const knownTypes = new Set([0, 1, 3, 5, 8, 11, 13, 15, 18, 21, 23, 25, 28]);

/** The .shp of a shapefile: its shapes. */
export class ShpFile {
  /** Where the content of each record begins. */
  private readonly _starts: number[] = [];
  private readonly _ends: number[] = [];
  /** The type of all its shapes that are not null. */
  private readonly _type: number;
  /** Around all positions. */
  public readonly extent: FeatureSource["extent"];

  public constructor(
    private readonly _content: Buffer,
    private readonly _errors: SourceErrors,
  ) {
    this._type = this._readHeader();
    this._findRecords();
    this.extent = this._measure();
  }

  /** The number of records. */
  public get count(): number {
    return this._starts.length;
  }

  /** The shape of a record, which is counted from 0. */
  public read(index: number): Shape | undefined {
    try {
      return readShape(this._content.subarray(this._starts[index], this._ends[index]));
    } catch (error) {
      if (error instanceof RecordError) throw this._damaged(error.message, index);
      throw error;
    }
  }

  private _readHeader(): number {
    const { _content: content } = this;
    if (content.length < headerLength || content.readInt32BE(0) !== fileCode)
      throw this._errors.make("not-a-shapefile", "The file does not begin as a .shp does.", {
        source: {},
        advice: "Fetch or export the file anew.",
      });
    const type = content.readInt32LE(32);
    if (!knownTypes.has(type))
      throw this._errors.make("shape-type", `The file has shapes of type ${type}, which are not read.`, {
        source: {},
        advice: "Export it as points, lines or polygons; with z if need be, but not as a multipatch.",
      });
    const length = content.readInt32BE(24) * 2;
    if (length !== content.length) throw this._damaged(`It has ${content.length} bytes, and its header says ${length}`);
    return type;
  }

  private _findRecords(): void {
    const { _content: content } = this;
    let position = headerLength;
    while (position < content.length) {
      const length = position + 8 > content.length ? -1 : content.readInt32BE(position + 4) * 2;
      const end = position + 8 + length;
      if (length < 4 || end > content.length) throw this._damaged("It is cut off", this.count);
      this._checkRecord(position);
      this._starts.push(position + 8);
      this._ends.push(end);
      position = end;
    }
  }

  /** A record in the wrong place, or with the shape of another file, tells that others are missing. */
  private _checkRecord(position: number): void {
    const number = this._content.readInt32BE(position);
    if (number !== this.count + 1) throw this._damaged(`The record is numbered ${number}`, this.count);
    const type = this._content.readInt32LE(position + 8);
    if (type === 0 || type === this._type) return;
    throw this._damaged(`The record has a shape of type ${type}, and the header says ${this._type}`, this.count);
  }

  /** Reads each shape once, so that what cannot be read is found before anything is written. */
  private _measure(): FeatureSource["extent"] {
    const extent: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let index = 0; index < this.count; index++) {
      const shape = this.read(index);
      for (const [east, north] of shape === undefined ? [] : positionsOf(shape)) {
        if (east < extent[0]) extent[0] = east;
        if (north < extent[1]) extent[1] = north;
        if (east > extent[2]) extent[2] = east;
        if (north > extent[3]) extent[3] = north;
      }
    }
    return extent[0] === Infinity ? undefined : extent;
  }

  private _damaged(fault: string, index?: number): Error {
    return this._errors.make("damaged", `The .shp is damaged: ${fault}.`, {
      source: index === undefined ? {} : { entity: `record ${index + 1}` },
      advice: "Fetch or export the file anew.",
    });
  }
}
