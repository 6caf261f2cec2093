/** The shape of the Earth that a datum takes. */
export interface Ellipsoid {
  readonly name: string;
  /** The semi-major axis, in metres. */
  readonly semiMajor: number;
  /** Zero for a sphere. */
  readonly inverseFlattening: number;
}

/**
 * West, south, east and north, in degrees. West is greater than east where the antimeridian is within.
 * @public
 */
export type Area = readonly [west: number, south: number, east: number, north: number];

/** Seven parameters (position vector convention): metres, seconds of arc, and parts per million. */
export type HelmertValues = readonly number[];

/** The code of a shift that is in the text of a system itself. */
export const ownShift = -1;

/** A transformation to WGS 84. */
export interface PublishedShift {
  /** Of the EPSG Dataset; 0 where the two datums are taken for the same, and {@link ownShift}. */
  readonly code: number;
  /** In metres; undefined where it is not published. */
  readonly accuracy?: number;
  readonly area: Area;
  readonly values: HelmertValues;
  readonly isOffshore: boolean;
}

/** A published NTv2 grid that leads from a datum to WGS 84 or to one that differs from it by a metre at most. */
export interface PublishedGrid {
  /** The name of the file, in small letters. */
  readonly name: string;
  readonly accuracy?: number;
  readonly area: Area;
}

/** Where longitudes and latitudes are measured from. */
export interface Datum {
  readonly name: string;
  readonly ellipsoid: Ellipsoid;
  /** The longitude of the prime meridian, in degrees from Greenwich. */
  readonly meridian: number;
  readonly shifts: readonly PublishedShift[];
  readonly grids: readonly PublishedGrid[];
}

/**
 * What a text says of heights.
 * @public
 */
export interface VerticalSystem {
  /** The name of the system of heights, such as `DHHN2016 height`. */
  readonly name: string;
  /** The length of a unit of heights, in metres. */
  readonly metresPerUnit: number;
  /** Whether values grow downwards. */
  readonly isDown: boolean;
  /** Whether heights are above the ellipsoid, not above the sea. */
  readonly isEllipsoidal: boolean;
}

/**
 * What a user should know of a coordinate system or a transformation.
 * @public
 */
export interface CrsNote {
  /** The kind of the note, such as `missing-parameter`. */
  readonly key: string;
  /** What is so, for people. */
  readonly message: string;
}

/** A coordinate system as it is understood. */
export interface CrsDefinition {
  readonly name: string;
  /** In the EPSG Dataset, if it is known to be that system. */
  readonly code?: number;
  readonly datum: Datum;
  /** For proj4, without ellipsoid and units; undefined for longitudes and latitudes. */
  readonly projection?: string;
  /** Metres for each unit, or degrees for longitudes and latitudes. */
  readonly unit: number;
  /** Where the first and the second coordinate point: `en`, `ne`, `ws` and so on. */
  readonly axes: string;
  readonly area?: Area;
  readonly vertical?: VerticalSystem;
  readonly notes: readonly CrsNote[];
}
