import type { PointRange } from "itwin-connector-framework/places";
import type { CellContent, ColumnType } from "itwin-connector-framework/tables";

/** A position in the coordinates of the source: east, north and, where it has one, up. */
export type Position = readonly [east: number, north: number, up?: number];

/** The ring around a polygon and those around its holes, in any direction. */
export type Polygon = readonly (readonly Position[])[];

/** The geometry of a feature, whatever format it comes from. */
export interface Shape {
  readonly points: readonly Position[];
  readonly lines: readonly (readonly Position[])[];
  readonly polygons: readonly Polygon[];
  /** Whether its positions have measures, for which an iModel has no place. Default: false. */
  readonly hasMeasures?: boolean;
}

/** A record of a source: its attributes, and what it looks like. */
export interface Feature {
  /** Counted from 1. */
  readonly number: number;
  /** The identifier that the format has a place for. */
  readonly id?: string | number;
  readonly cells: readonly CellContent[];
  /** Undefined for one without geometry. */
  readonly shape?: Shape;
}

/** An open source. */
export interface FeatureSource {
  /** The names of the attributes. */
  readonly names: readonly string[];
  /** The types that the source gives them; undefined where the values decide. Default: they decide everywhere. */
  readonly types?: readonly (ColumnType | undefined)[];
  /** What the coordinates are, as its files say: a text that tells coordinate systems apart. */
  readonly crs?: string;
  /** Whether every feature has an identifier of its own beside its attributes. */
  readonly hasIds: boolean;
  /** The file that says it, if it is another one than that of the features. */
  readonly crsFile?: string;
  /** Around all positions. */
  readonly range: PointRange;
  /** What is found out by reading all features, as plain data; undefined for a source that tells it by itself. */
  readonly findings?: unknown;
  /** How it is read, where its files leave that open. */
  readonly readAs?: string;
  /** All features, one by one or in lists, as often as it is asked for. */
  features(): AsyncIterable<Feature | readonly Feature[]> | Iterable<Feature | readonly Feature[]>;
}

/** All features of a source, in lists. */
export async function* featureLists(source: Pick<FeatureSource, "features">): AsyncGenerator<readonly Feature[]> {
  for await (const piece of source.features())
    yield Array.isArray(piece) ? (piece as readonly Feature[]) : [piece as Feature];
}

/** All positions of a shape. */
export function* positionsOf({ points, lines, polygons }: Shape): Generator<Position> {
  yield* points;
  for (const line of lines) yield* line;
  for (const rings of polygons) for (const ring of rings) yield* ring;
}

/** Visits all positions of a shape, which takes less time than to go through {@link positionsOf}. */
export function eachPosition({ points, lines, polygons }: Shape, visit: (position: Position) => void): void {
  points.forEach(visit);
  for (const line of lines) line.forEach(visit);
  for (const rings of polygons) for (const ring of rings) ring.forEach(visit);
}
