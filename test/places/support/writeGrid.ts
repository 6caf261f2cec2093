import { writeFileSync } from "node:fs";

/** A grid of NTv2. Lengths are in degrees. */
export interface GridShape {
  readonly name?: string;
  readonly parent?: string;
  readonly west: number;
  readonly south: number;
  readonly step: number;
  readonly columns: number;
  readonly rows: number;
  /** Seconds of arc to the north and to the west, at a longitude and latitude. */
  readonly shift: (longitude: number, latitude: number) => readonly [north: number, west: number];
}

/** Writes an NTv2 file, which leads from the Bessel ellipsoid to GRS 80. */
export function writeGrid(path: string, from: string, ...grids: readonly GridShape[]): void {
  const main = [
    integer("NUM_OREC", 11), integer("NUM_SREC", 11), integer("NUM_FILE", grids.length), text("GS_TYPE", "SECONDS"),
    text("VERSION", "1"), text("SYSTEM_F", from), text("SYSTEM_T", "ETRS89"), double("MAJOR_F", 6377397.155),
    double("MINOR_F", 6356078.963), double("MAJOR_T", 6378137), double("MINOR_T", 6356752.314),
  ]; // prettier-ignore
  writeFileSync(path, Buffer.concat([...main, ...grids.flatMap(gridRecords), text("END", "")]));
}

function gridRecords({ name = "ALL", parent = "NONE", west, south, step, columns, rows, shift }: GridShape): Buffer[] {
  const [north, east] = [south + step * (rows - 1), west + step * (columns - 1)];
  const header = [
    text("SUB_NAME", name), text("PARENT", parent), text("CREATED", "20200101"), text("UPDATED", "20200101"),
    double("S_LAT", south * 3600), double("N_LAT", north * 3600), double("E_LONG", -east * 3600),
    double("W_LONG", -west * 3600), double("LAT_INC", step * 3600), double("LONG_INC", step * 3600),
    integer("GS_COUNT", columns * rows),
  ]; // prettier-ignore
  const nodes = Array.from({ length: columns * rows }, (_, index) => {
    const [column, row] = [index % columns, Math.floor(index / columns)];
    const [toNorth, toWest] = shift(east - step * column, south + step * row);
    const node = Buffer.alloc(16);
    node.writeFloatLE(toNorth, 0);
    node.writeFloatLE(toWest, 4);
    return node;
  });
  return [...header, ...nodes];
}

function record(name: string, write: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.write(name.padEnd(8), 0, "latin1");
  write(bytes);
  return bytes;
}

function text(name: string, value: string): Buffer {
  return record(name, (bytes) => bytes.write(value.padEnd(8), 8, "latin1"));
}

function integer(name: string, value: number): Buffer {
  return record(name, (bytes) => bytes.writeInt32LE(value, 8));
}

function double(name: string, value: number): Buffer {
  return record(name, (bytes) => bytes.writeDoubleLE(value, 8));
}
