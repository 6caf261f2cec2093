/** A position of a test. */
export type Xyz = readonly number[];

/** The content of a record: its type, and its parts. */
export interface TestShape {
  type: number;
  parts: Xyz[][];
  /** Numbers after those that it needs, such as measures. */
  rest?: number[];
}

/** A field of a test's .dbf, as name, type, length and decimals. */
export type TestField = [name: string, type: string, length: number, decimals?: number];

/** WKT of a projection in metres, as a .prj has it. */
export const utm10 =
  'PROJCS["WGS_1984_UTM_Zone_10N",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],' +
  'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],' +
  'PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",-123.0],' +
  'PARAMETER["Scale_Factor",0.9996],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]';

/** WKT of a projection in US survey feet. */
export const californiaFeet =
  'PROJCS["NAD_1983_StatePlane_California_III_FIPS_0403_Feet",GEOGCS["GCS_North_American_1983",' +
  'DATUM["D_North_American_1983",SPHEROID["GRS_1980",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],' +
  'UNIT["Degree",0.0174532925199433]],PROJECTION["Lambert_Conformal_Conic"],' +
  'PARAMETER["False_Easting",6561666.666666666],PARAMETER["False_Northing",1640416.666666667],' +
  'PARAMETER["Central_Meridian",-120.5],PARAMETER["Standard_Parallel_1",37.06666666666667],' +
  'PARAMETER["Standard_Parallel_2",38.43333333333333],PARAMETER["Latitude_Of_Origin",36.5],UNIT["Foot_US",0.3048006096012192]]';

/** A point at a position. */
export const point = (...position: number[]): TestShape => ({
  type: position.length > 2 ? 11 : 1,
  parts: [[position]],
});

/** A polygon of rings. */
export const polygon = (...parts: Xyz[][]): TestShape => ({ type: parts[0]![0]!.length > 2 ? 15 : 5, parts });

/** A line of parts. */
export const line = (...parts: Xyz[][]): TestShape => ({ type: parts[0]![0]!.length > 2 ? 13 : 3, parts });

/** A record without a shape. */
export const nothing: TestShape = { type: 0, parts: [] };

/** A square ring, clockwise as the outside of a polygon goes. */
export function square(x: number, y: number, size: number): Xyz[] {
  return [[x, y], [x, y + size], [x + size, y + size], [x + size, y], [x, y]]; // prettier-ignore
}

/** A ring in the other direction, as a hole goes. */
export function hole(x: number, y: number, size: number): Xyz[] {
  return square(x, y, size).reverse();
}

/** The bytes of a .shp. */
export function shp(shapes: TestShape[], type = shapes.find((shape) => shape.type !== 0)?.type ?? 0): Buffer {
  const records = shapes.map((shape, index) => {
    const content = recordOf(shape);
    const header = Buffer.alloc(8);
    header.writeInt32BE(index + 1, 0);
    header.writeInt32BE(content.length / 2, 4);
    return Buffer.concat([header, content]);
  });
  return withHeader(records, type);
}

/** The bytes of a .shx. */
export function shx(shapes: TestShape[]): Buffer {
  let offset = 50;
  const entries = shapes.map((shape) => {
    const entry = Buffer.alloc(8);
    const length = recordOf(shape).length / 2;
    entry.writeInt32BE(offset, 0);
    entry.writeInt32BE(length, 4);
    offset += length + 4;
    return entry;
  });
  return withHeader(entries, shapes[0]?.type ?? 0);
}

/** The bytes of a .dbf: values as texts, padded. */
export function dbf(
  fields: TestField[],
  rows: (string | Buffer)[][],
  { mark = 0, deleted = [] as number[] } = {},
): Buffer {
  const lengths = fields.map(([, , length]) => length);
  const recordLength = lengths.reduce((sum, length) => sum + length, 1);
  const header = Buffer.alloc(32 + fields.length * 32 + 1);
  header[0] = 3;
  header.writeUInt32LE(rows.length, 4);
  header.writeUInt16LE(header.length, 8);
  header.writeUInt16LE(recordLength, 10);
  header[29] = mark;
  fields.forEach(([name, type, length, decimals = 0], index) => {
    const start = 32 + index * 32;
    header.write(name.slice(0, 11), start, "utf8");
    header.write(type, start + 11, "latin1");
    header[start + 16] = length;
    header[start + 17] = decimals;
  });
  header[header.length - 1] = 0x0d;
  const records = rows.map((row, number) => {
    const cells = row.map((value, index) => pad(Buffer.from(value as string), lengths[index]!));
    return Buffer.concat([Buffer.from(deleted.includes(number) ? "*" : " "), ...cells]);
  });
  return Buffer.concat([header, ...records, Buffer.from([0x1a])]);
}

function pad(value: Buffer, length: number): Buffer {
  return Buffer.concat([value, Buffer.alloc(Math.max(0, length - value.length), " ")]).subarray(0, length);
}

function withHeader(records: Buffer[], type: number): Buffer {
  const header = Buffer.alloc(100);
  const body = Buffer.concat(records);
  header.writeInt32BE(9994, 0);
  header.writeInt32BE((100 + body.length) / 2, 24);
  header.writeInt32LE(1000, 28);
  header.writeInt32LE(type, 32);
  return Buffer.concat([header, body]);
}

function recordOf({ rest = [], ...shape }: TestShape): Buffer {
  return Buffer.concat([neededOf(shape), doubles(rest)]);
}

function doubles(numbers: number[]): Buffer {
  return Buffer.from(Float64Array.from(numbers).buffer);
}

function neededOf({ type, parts }: TestShape): Buffer {
  const points = parts.flat();
  const hasZ = type > 10 && type < 20;
  const ints = (...numbers: number[]) => Buffer.from(Int32Array.from(numbers).buffer);
  const flat = doubles(points.flatMap(([x, y]) => [x!, y!]));
  const heights = points.map((position) => position[2] ?? 0);
  if (type === 0) return ints(0);
  if (type % 10 === 1) return Buffer.concat([ints(type), flat, ...(hasZ ? [doubles([...heights, 0])] : [])]);
  const box = doubles([0, 0, 0, 0]);
  const z = hasZ ? [doubles([0, 0, ...heights])] : [];
  if (type % 10 === 8) return Buffer.concat([ints(type), box, ints(points.length), flat, ...z]);
  let first = 0;
  const firsts = parts.map((part) => (first += part.length) - part.length);
  return Buffer.concat([ints(type), box, ints(parts.length, points.length, ...firsts), flat, ...z]);
}
