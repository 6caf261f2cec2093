import type { RecordPlaces, Surroundings } from "itwin-connector-framework/internal";

/** How records can stand in JSON; README.md shows each. */
export const shapes = ["list", "keyed", "columns", "single", "lines", "arrays", "split"] as const;

/** One of {@link shapes}. */
export type Shape = (typeof shapes)[number];

/** Where the records of a file are. */
export interface Layout {
  readonly shape: Shape;
  /** Whether one value follows the other, as on lines. */
  readonly hasRoots: boolean;
  /** The keys on the way to the records, with points between. Default: the text itself or, for lists, all of them. */
  readonly path?: string;
  /** The column of the identifiers, where the file has one of its own. */
  readonly idColumn?: string;
}

/** What a value has to be to be a record. */
const places: Readonly<Record<Shape, (isList: boolean, around: Surroundings, layout: Layout) => boolean>> = {
  list: (isList, around) => !isList && around.isInList,
  lines: (isList, around) => !isList && (around.isInList || around.depth === 0),
  keyed: (isList, { depth, isInList, openPath }, { path }) => !isList && !isInList && depth > 0 && openPath === path,
  columns: isWhole,
  split: isWhole,
  single: isWhole,
  arrays: (isList, { depth, isInList, openPath }, { path, hasRoots }) =>
    isList && (hasRoots ? depth === 0 : isInList && openPath === path),
};

function isWhole(isList: boolean, { depth, isInList, path }: Surroundings, layout: Layout): boolean {
  if (isList || isInList) return false;
  return layout.path === undefined ? depth === 0 : depth > 0 && path === layout.path;
}

/** Where to find the records of a layout. */
export function placesOf(layout: Layout): RecordPlaces {
  const isRecord = places[layout.shape];
  return { hasRoots: layout.hasRoots, isRecord: (isList, around) => isRecord(isList, around, layout) };
}

/** What a run says of a shape that was found out. */
export const shapeNames: Readonly<Record<Shape, string>> = {
  list: "lists of objects",
  keyed: "objects by their keys",
  columns: "a list for each column",
  single: "one object",
  lines: "one object after the other",
  arrays: "lists under a list of column names",
  split: "a list of columns and one of rows",
};
