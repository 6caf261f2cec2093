import type { NotImported } from "itwin-connector-framework";
import type { BisKind } from "./bisClasses.js";
import type { NamedValue, ValueDescription, ValueSet } from "./NamedValue.js";

/** A reference from an entity to another one, by its identifier. */
export type RecordedReference =
  | { readonly target: string; readonly className: string }
  | { readonly target: string; readonly className: string; readonly property: string };

/** An entity as far as it is needed to tell whether it changed. */
export interface EntityRecord {
  readonly id: string;
  /** The number of its instance, by which the rest can be asked for. */
  readonly instance: number;
  /** As the schema spells it. */
  readonly className: string;
  readonly kind: BisKind;
  readonly checksum: string;
  /** The identifier of the whole that it is a part of. */
  readonly parent?: string;
  readonly references: readonly RecordedReference[];
  /** The keys of the shared geometries that it may use. */
  readonly sharedGeometry: readonly string[];
}

/** A geometry where it is shown. */
export interface PlacedMesh {
  /** Three coordinates for each point, in metres. */
  readonly points: Float64Array;
  /** Three points for each triangle, counterclockwise as seen from outside. */
  readonly triangles: Uint32Array;
  /** Twelve numbers, by row: the three rows of a matrix, each followed by its part of the translation, in metres. */
  readonly transform: readonly number[];
  /** Red, green, blue and opacity, from 0 to 1. */
  readonly color: readonly [number, number, number, number];
  /** What identifies the geometry, where other entities share it. */
  readonly sharedKey?: string;
}

/** The rest of an entity. */
export interface EntityDetails {
  readonly attributes: readonly NamedValue[];
  readonly sets: readonly ValueSet[];
  readonly meshes: readonly PlacedMesh[];
  /** Where the entity is, as a transform like that of a mesh. Undefined without geometry. */
  readonly placement?: readonly number[];
}

/** A class that the entities need. */
export interface SurveyedClass {
  /** As the schema spells it. */
  readonly name: string;
  /** Its supertype, where that has a class too. */
  readonly base?: string;
  readonly kind: BisKind;
  /** The attributes that it has and its base does not. */
  readonly values: readonly ValueDescription[];
  /** Whether entities are of it rather than of its subtypes. */
  readonly isUsed: boolean;
}

/** A class of sets, by the name that they have in the source. */
export interface SurveyedSet {
  readonly name: string;
  readonly values: readonly ValueDescription[];
}

/** Something that a user should know. */
export interface ReportedIssue {
  readonly code: string;
  readonly message: string;
}

/** Where a file is on the Earth. */
export interface GeoReference {
  /** The name of the projected coordinate system; undefined where places are longitudes and latitudes. */
  readonly projected?: string;
  /** The point of the file that lies at the origin, in metres. */
  readonly anchor: readonly [x: number, y: number, z: number];
  /** East and north in the projected system, in metres; else longitude and latitude in degrees. */
  readonly origin: readonly [number, number];
  /** In metres. */
  readonly height: number;
  /** The direction of the file's x axis, from east to north, in radians. */
  readonly rotation: number;
  /** Metres on the map for each metre of the file. */
  readonly scale: number;
}

/** What a file is made of. */
export interface Survey {
  /** `IFC2X3`, `IFC4` or `IFC4X3`. */
  readonly schema: string;
  readonly entities: number;
  readonly classes: readonly SurveyedClass[];
  readonly sets: readonly SurveyedSet[];
  readonly issues: readonly ReportedIssue[];
  /** What no element gets. */
  readonly notImported: readonly NotImported[];
}
