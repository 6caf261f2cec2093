import type { NotImported } from "itwin-connector-framework";
import type { Axes } from "../curves/axes.js";
import type { Piece } from "../curves/Curve.js";
import type { Vector } from "../curves/vectors.js";
import type { BisKind } from "./editions/bisClasses.js";
import type { NamedValue, ValueDescription, ValueSet } from "./NamedValue.js";

/** A reference from an entity to another one, by its identifier: a link with its properties, or a navigation property. */
export type RecordedReference =
  | { readonly target: string; readonly className: string; readonly values: readonly NamedValue[] }
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
  /** Whether the file gives it a color. */
  readonly isStyled: boolean;
  /** What identifies the geometry, where other entities share it. */
  readonly sharedKey?: string;
}

/** Something without a body, in metres and in the axes of its entity. */
export type LineItem =
  | Piece
  | { readonly kind: "points"; readonly points: readonly Vector[] }
  /** The origin of its axes is at the lower left corner of the text. */
  | { readonly kind: "text"; readonly text: string; readonly height: number; readonly axes: Axes }
  /** Flat, with holes. */
  | { readonly kind: "face"; readonly loops: readonly (readonly Vector[])[] };

/** What the axes of a grid are called, beside its representations. */
export const gridName = "Grid";

/** What a representation shows without a body. */
export interface PlacedLines {
  /** What the representation is called, such as `Axis`. */
  readonly name: string;
  readonly items: readonly LineItem[];
}

/** The rest of an entity. */
export interface EntityDetails {
  readonly attributes: readonly NamedValue[];
  readonly sets: readonly ValueSet[];
  readonly meshes: readonly PlacedMesh[];
  readonly lines: readonly PlacedLines[];
  /** Where the entity is, as a transform like that of a mesh. Undefined without geometry. */
  readonly placement?: readonly number[];
}

/** A class that the entities need. */
export interface SurveyedClass {
  /** As the schema spells it. */
  readonly name: string;
  /** Its supertype, where that has a class too: in the hierarchy of all editions. */
  readonly base?: string;
  readonly kind: BisKind;
  /** The attributes that it has in any edition, with those of its supertypes. */
  readonly values: readonly ValueDescription[];
  /** Whether entities are of it rather than of its subtypes. */
  readonly isUsed: boolean;
}

/** A class of sets, by the name that they have in the source. */
export interface SurveyedSet {
  readonly name: string;
  /** What a template says of it. */
  readonly description?: string;
  /** Whether it has the name of an entity or a relationship of IFC, which may need a class of that name. */
  readonly isLikeEntity?: boolean;
  readonly values: readonly ValueDescription[];
}

/** A class of links between entities. */
export interface SurveyedLink {
  /** As the schema spells it, or `IfcGrid_UAxes` for an attribute. */
  readonly name: string;
  /** Its supertype, where that is a class of links too. */
  readonly base?: string;
  /** How many links of the class lead from an entity to the same other one, at most. */
  readonly copies: number;
  /** The properties that it has and its base does not. */
  readonly values: readonly ValueDescription[];
}

/** Something that a user should know. */
export interface ReportedIssue {
  readonly code: string;
  readonly message: string;
}

/** Tells the user something of places, by a key and a message. */
export type Report = (key: string, message: string) => void;

/** A point of the file, in metres. */
export type FilePoint = readonly [x: number, y: number, z: number];

/** The names by which a file gives a coordinate system. */
export interface CrsNames {
  /** What gives them, such as `IfcProjectedCRS #30 (line 20)`. */
  readonly entity: string;
  /** Whether it is an IfcGeographicCRS, whose coordinates are longitudes and latitudes. */
  readonly isGeographic: boolean;
  readonly name?: string;
  /** A description as WKT. */
  readonly wkt?: string;
  readonly datum?: string;
  readonly vertical?: string;
  readonly projection?: string;
  readonly zone?: string;
}

/** What a file says of its place on the Earth, in one way of several. */
export interface GeoReference {
  /** What says it, such as `IfcMapConversion #32 (line 22)`. */
  readonly entity: string;
  /** The coordinate system; undefined for degrees of WGS 84. */
  readonly crs?: CrsNames;
  /** The point of the file that lies at the coordinates. */
  readonly anchor: FilePoint;
  /** East and north, as the file gives them. */
  readonly coordinates: readonly [east: number, north: number];
  /** The height of the anchor, as the file gives it. */
  readonly height: number;
  /** Metres for each unit of the coordinates; undefined where the file does not say. */
  readonly metres?: number;
  /** Degrees for each unit of the coordinates, where the file says that they are angles. */
  readonly degrees?: number;
  /** Metres for each unit of the height; undefined for that of the coordinates. */
  readonly heightMetres?: number;
  /** The direction of the file's x axis, from east to north, in radians. */
  readonly rotation: number;
  /** Units of the map for each unit of the file, as the file gives it. */
  readonly scale?: number;
  /** Factors of an IfcMapConversionScaled. */
  readonly factors?: readonly [x: number, y: number, z: number];
}

/** All that a file says of its place on the Earth. */
export interface GeoReferences {
  /** The best first. */
  readonly candidates: readonly GeoReference[];
  /** Where its contents are, to 10 km. */
  readonly centre: FilePoint;
  /** Metres for each unit of length. */
  readonly metresPerLength: number;
  readonly issues: readonly ReportedIssue[];
}

/** What a file is made of. */
export interface Survey {
  /** `IFC2X3`, `IFC4` or `IFC4X3`. */
  readonly schema: string;
  readonly entities: number;
  readonly classes: readonly SurveyedClass[];
  readonly sets: readonly SurveyedSet[];
  readonly links: readonly SurveyedLink[];
  readonly issues: readonly ReportedIssue[];
  /** What no element gets. */
  readonly notImported: readonly NotImported[];
}
