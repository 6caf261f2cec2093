/** A point in the iModel's coordinates, in metres. */
export type Point = [x: number, y: number, z: number];

/** A range in the iModel's coordinates, in metres. */
export interface Box {
  low: Point;
  high: Point;
}

/** Another element, as far as a link to it shows. */
export interface Link {
  id: string;
  label: string;
  className: string;
}

export interface ModelSummary {
  name: string;
  path: string;
  iModelId: string;
  elements: number;
  graphics: boolean;
  extents?: Box;
  /** Whether the page compares the iModel with an earlier one. */
  comparison?: boolean;
  /** Whether it comes from a bank, with other versions. */
  timeline?: boolean;
  jobs: {
    name: string;
    connector: string;
    version?: string;
    documents: { id: string; name: string; path?: string }[];
  }[];
}

interface CountedEntry {
  id: string;
  label: string;
  count: number;
}

export interface CategoryEntry extends CountedEntry {
  /** Whether the default view of the iModel does not show it. */
  isHidden: boolean;
}

export interface ModelEntry extends CountedEntry {
  className: string;
  parent?: string;
  is2d?: boolean;
}

export interface ClassEntry {
  name: string;
  label: string;
  base?: string;
  count: number;
  total: number;
}

/** Elements that may have graphics. `categories`, `models` and `classes` are positions in `lists`. */
export interface ElementIndex {
  ids: string[];
  categories: number[];
  models: number[];
  classes: number[];
  lists: Record<SwitchList, string[]>;
}

export type SwitchList = "categories" | "models" | "classes";

export interface PropertyValue {
  name: string;
  label: string;
  /** With the unit. */
  text: string;
}

export interface PropertyGroup {
  name: string;
  label: string;
  properties: PropertyValue[];
}

export interface Provenance {
  connector: string;
  connectorVersion?: string;
  job: string;
  document?: { name: string; path?: string };
  kind: string;
  identifier: string;
  version?: string;
  checksum?: string;
  lastChanged?: string;
}

export interface Relationship {
  className: string;
  label: string;
  direction: "in" | "out";
  element: Link;
}

export interface ElementDescription extends Link {
  classLabel: string;
  bases: string[];
  code?: { spec: string; scope: string; value: string };
  federationGuid?: string;
  model?: Link;
  category?: Link;
  parent?: Link;
  children: Link[];
  groups: PropertyGroup[];
  aspects: { className: string; label: string; properties: PropertyValue[] }[];
  relationships: Relationship[];
  provenance: Provenance[];
  lastModified?: string;
  box?: Box;
}

export interface SearchResults {
  results: (Link & { match: { property: string; value: string } })[];
  more: boolean;
}

export interface TableRows {
  columns: { name: string; label: string; type: string; unit?: string }[];
  rows: unknown[][];
  total?: number;
  more?: boolean;
}

export interface NameEntry {
  name: string;
  kind: "class" | "property";
  detail?: string;
}

/** A version of the iModel in its bank. */
export interface Version {
  index: number;
  names: string[];
  description?: string;
  /** ISO 8601 */
  pushed?: string;
}

/** A version, or what changed between two. */
export interface Step {
  from?: number;
  to: number;
}

/** The versions, oldest first, and what of them the page shows. */
export interface Versions {
  versions: Version[];
  step: Step;
}

/** What became of an element between two iModels. */
export type ChangeKind = "new" | "changed" | "deleted";

export interface ElementChange extends Link {
  kind: ChangeKind;
  /** The id in the earlier iModel, which an element that is new does not have. */
  idBefore?: string;
  properties: { property: string; a?: unknown; b?: unknown }[];
  /** Where it was and where it is, if it has a place. */
  boxBefore?: Box;
  box?: Box;
}

/** What changed between two iModels. */
export interface ModelChanges {
  before: string;
  after: string;
  counts: Record<ChangeKind | "unchanged", number>;
  elements: ElementChange[];
}
