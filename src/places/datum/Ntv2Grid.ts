import type { Area } from "../model.js";

const recordLength = 16;
const headerRecords = 11;

/** Longitudes and latitudes of NTv2 are in seconds of arc, longitudes positive to the west. */
const radiansPerSecond = Math.PI / 180 / 3600;

/** No datum is a degree from another, in seconds of arc. */
const mostShift = 3600;

/** How near the way back must come, in radians: about a micrometre. */
const tolerance = 1e-13;

/** One of the grids of a file. Lengths are in seconds of arc, columns go from east to west. */
interface SubGrid {
  readonly name: string;
  readonly parent: string;
  readonly south: number;
  readonly east: number;
  readonly latitudeStep: number;
  readonly longitudeStep: number;
  readonly rows: number;
  readonly columns: number;
  /** Where its first node is in the file. */
  readonly start: number;
  readonly area: Area;
}

/** What the header of an NTv2 file says. */
export interface Ntv2Header {
  /** The datums that it leads from and to, as the file has them. */
  readonly from: string;
  readonly to: string;
  /** The semi-major axes of the two datums, in metres. */
  readonly semiMajorFrom: number;
  readonly semiMajorTo: number;
}

/** The grids of an NTv2 file (`.gsb`), which shift longitudes and latitudes from one datum to another. */
export class Ntv2Grid {
  public readonly header: Ntv2Header;
  private readonly _view: DataView;
  private readonly _isLittle: boolean;
  private readonly _grids: readonly SubGrid[];

  /** @throws SyntaxError for a file that is no NTv2 grid, or is cut off */
  public constructor(bytes: Uint8Array) {
    this._view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < headerRecords * recordLength || this._text(0, 0) !== "NUM_OREC")
      throw new SyntaxError("it has no header of NTv2");
    this._isLittle = this._view.getInt32(8, true) === headerRecords;
    if (!/^SECONDS/i.test(this._text(3 * recordLength + 8, 0)))
      throw new SyntaxError("its shifts are not in seconds of arc");
    this.header = {
      from: this._text(5 * recordLength, 8),
      to: this._text(6 * recordLength, 8),
      semiMajorFrom: this._double(7 * recordLength),
      semiMajorTo: this._double(9 * recordLength),
    };
    this._grids = this._readGrids(this._integer(2 * recordLength));
    for (const grid of this._grids) this._checkNodes(grid);
  }

  /** The areas of the grids that are in no other one, in degrees. */
  public get areas(): Area[] {
    const names = new Set(this._grids.map(({ name }) => name));
    return this._grids.filter(({ parent }) => !names.has(parent)).map(({ area }) => area);
  }

  /** Adds the shift to a longitude and latitude in radians. False, and nothing is changed, where the grid has no value. */
  public forward(place: [longitude: number, latitude: number, ...number[]]): boolean {
    const shift: [number, number] = [0, 0];
    if (!this._shiftAt(place[0], place[1], shift)) return false;
    place[0] += shift[0];
    place[1] += shift[1];
    return true;
  }

  /** The way back of `forward`. */
  public back(place: [longitude: number, latitude: number, ...number[]]): boolean {
    const shift: [number, number] = [0, 0];
    let [longitude, latitude] = place;
    for (let round = 0; round < 10; round++) {
      if (!this._shiftAt(longitude, latitude, shift)) return false;
      const [east, north] = [place[0] - shift[0] - longitude, place[1] - shift[1] - latitude];
      longitude += east;
      latitude += north;
      if (Math.abs(east) + Math.abs(north) < tolerance) break;
    }
    place[0] = longitude;
    place[1] = latitude;
    return true;
  }

  /** @throws SyntaxError for a shift that is no number, or moves a place by degrees */
  private _checkNodes({ name, start, rows, columns }: SubGrid): void {
    for (let node = 0; node < rows * columns; node++)
      for (const offset of [0, 4])
        if (!(Math.abs(this._float(start + node * recordLength + offset)) < mostShift))
          throw new SyntaxError(`node ${node + 1} of its grid "${name}" is no shift`);
  }

  /** Between the four nodes about a place, in the most detailed grid that has it. */
  private _shiftAt(longitude: number, latitude: number, target: [number, number]): boolean {
    const grid = this._gridAt(-longitude / radiansPerSecond, latitude / radiansPerSecond);
    if (grid === undefined) return false;
    const column = (-longitude / radiansPerSecond - grid.east) / grid.longitudeStep;
    const row = (latitude / radiansPerSecond - grid.south) / grid.latitudeStep;
    const left = Math.max(0, Math.min(Math.floor(column), grid.columns - 2));
    const below = Math.max(0, Math.min(Math.floor(row), grid.rows - 2));
    const [x, y] = [column - left, row - below];
    const first = grid.start + (below * grid.columns + left) * recordLength;
    const above = first + grid.columns * recordLength;
    const value = (offset: number) =>
      (1 - y) * ((1 - x) * this._float(first + offset) + x * this._float(first + recordLength + offset)) +
      y * ((1 - x) * this._float(above + offset) + x * this._float(above + recordLength + offset));
    target[0] = -value(4) * radiansPerSecond;
    target[1] = value(0) * radiansPerSecond;
    return true;
  }

  /** The grid with the smallest cells that has a place. */
  private _gridAt(west: number, north: number): SubGrid | undefined {
    let found: SubGrid | undefined;
    for (const grid of this._grids)
      if (hasPlace(grid, west, north) && (found === undefined || grid.latitudeStep < found.latitudeStep)) found = grid;
    return found;
  }

  private _readGrids(count: number): SubGrid[] {
    const grids: SubGrid[] = [];
    let place = headerRecords * recordLength;
    for (let index = 0; index < count; index++) {
      const grid = this._readGrid(place);
      grids.push(grid);
      place = grid.start + grid.rows * grid.columns * recordLength;
    }
    if (grids.length === 0) throw new SyntaxError("it has no grid");
    return grids;
  }

  private _readGrid(place: number): SubGrid {
    const start = place + headerRecords * recordLength;
    if (start > this._view.byteLength) throw new SyntaxError("it is cut off");
    const [south, north, east, west, latitudeStep, longitudeStep] = [4, 5, 6, 7, 8, 9].map((record) =>
      this._double(place + record * recordLength),
    ) as [number, number, number, number, number, number];
    const rows = Math.round((north - south) / latitudeStep) + 1;
    const columns = Math.round((west - east) / longitudeStep) + 1;
    const nodes = this._integer(place + 10 * recordLength);
    if (!(rows > 1 && columns > 1) || rows * columns !== nodes)
      throw new SyntaxError("its size is not that of its area");
    if (start + nodes * recordLength > this._view.byteLength) throw new SyntaxError("it is cut off");
    return {
      name: this._text(place, 8),
      parent: this._text(place + recordLength, 8),
      ...{ south, east, latitudeStep, longitudeStep, rows, columns, start },
      area: [-west / 3600, south / 3600, -east / 3600, north / 3600],
    };
  }

  /** Eight letters of a record: its name, or its value after `offset`. */
  private _text(place: number, offset: number): string {
    const codes = Array.from({ length: 8 }, (_, index) => this._view.getUint8(place + offset + index));
    return String.fromCharCode(...codes).replace(/[\0 ]+$/, "");
  }

  private _integer(place: number): number {
    return this._view.getInt32(place + 8, this._isLittle);
  }

  private _double(place: number): number {
    return this._view.getFloat64(place + 8, this._isLittle);
  }

  private _float(place: number): number {
    return this._view.getFloat32(place, this._isLittle);
  }
}

/** With a small part of a cell beyond the edge, for places on it. */
function hasPlace(grid: SubGrid, west: number, north: number): boolean {
  const { south, east, latitudeStep, longitudeStep, rows, columns } = grid;
  const [row, column] = [(north - south) / latitudeStep, (west - east) / longitudeStep];
  return row >= -1e-6 && row <= rows - 1 + 1e-6 && column >= -1e-6 && column <= columns - 1 + 1e-6;
}
