import type { IModelDb } from "@itwin/core-backend";
import { Range } from "../graphics/Range.js";

/** A tile in a tileset.json. */
export interface TileJson {
  boundingVolume: { box: number[] };
  geometricError: number;
  refine?: "ADD";
  /** Four columns of four numbers. */
  transform?: number[];
  content?: { uri: string };
  children?: TileJson[];
}

/** A tileset.json of 3D Tiles 1.1. */
export interface TilesetJson {
  asset: { version: "1.1"; generator: string };
  geometricError: number;
  root: TileJson;
  extras: { iModel: { name: string; id: string; changeset?: string } };
}

/** A tile, with the box around all that is in it and below it. */
export interface PlacedTile {
  readonly json: TileJson;
  readonly range: Range;
}

/**
 * Makes the tileset of the tiles at the top, at its place on the Earth if the iModel has one. If there are several, a tile
 * without content is above them.
 */
export function tilesetOf(imodel: IModelDb, tiles: readonly PlacedTile[]): TilesetJson {
  const range = new Range();
  for (const tile of tiles) range.addRange(tile.range);
  // Without the tiles nothing is seen at all: what is missing then is as large as everything, however small its parts are.
  const geometricError = range.diagonal;
  const parent = { boundingVolume: { box: boxOf(range) }, geometricError, children: tiles.map(({ json }) => json) };
  const [first, ...others] = tiles;
  const root = first !== undefined && others.length === 0 ? first.json : parent;
  const { id } = imodel.changeset;
  return {
    asset: { version: "1.1", generator: "itwin-connector-viewer" },
    geometricError,
    root: { ...root, refine: "ADD", transform: toEcef(imodel) },
    extras: { iModel: { name: imodel.name, id: imodel.iModelId, changeset: id === "" ? undefined : id } },
  };
}

/** The box around a range, as 3D Tiles has it: the middle, and half of each edge. */
export function boxOf({ low, high }: Range): number[] {
  const middle = (axis: 0 | 1 | 2) => (low[axis] + high[axis]) / 2;
  const half = (axis: 0 | 1 | 2) => (high[axis] - low[axis]) / 2;
  return [middle(0), middle(1), middle(2), half(0), 0, 0, 0, half(1), 0, 0, 0, half(2)];
}

/** From the iModel's coordinates to those of the Earth, column by column. Undefined where they are not known. */
function toEcef({ ecefLocation }: IModelDb): number[] | undefined {
  if (ecefLocation === undefined) return undefined;
  const { matrix, origin } = ecefLocation.getTransform();
  return [
    [...matrix.getColumn(0).toArray(), 0],
    [...matrix.getColumn(1).toArray(), 0],
    [...matrix.getColumn(2).toArray(), 0],
    [origin.x, origin.y, origin.z, 1],
  ].flat();
}
