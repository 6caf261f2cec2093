import type { IModelDb } from "@itwin/core-backend";
import type { ElementFilter, Layer } from "../graphics/Layer.js";
import { GraphicsSource } from "../graphics/GraphicsSource.js";
import { Range } from "../graphics/Range.js";
import { instancePolicy, TileContents } from "./TileContents.js";
import { noSpatialGeometry } from "./noSpatialGeometry.js";
import { boxOf, tilesetOf, type PlacedTile, type TileJson, type TilesetJson } from "./tileset.js";
import { makeTiles, type Tile } from "./TileTree.js";

/** A tile whose content is made when it is asked for. */
interface PlannedTile {
  readonly layer: Layer;
  readonly members: Uint32Array;
  /** How many tiles are above it. */
  readonly depth: number;
}

/** So many tiles are made before they are asked for. */
const tilesAhead = 16;

/** Half of the diagonal of a cube, for an edge of 1. */
const halfDiagonal = Math.sqrt(3) / 2;

/**
 * The 3D Tiles of an iModel that is open: the tileset is there at once, and each tile is made when it is asked for. The
 * boxes of tiles are those that the iModel has for its elements, and larger than what they show.
 */
export class LazyTiles {
  /** The tileset, as JSON. */
  public readonly tileset: TilesetJson;
  private readonly _planned: PlannedTile[] = [];
  private readonly _contents: TileContents;
  /** Tiles that were made, or are being made, and that nobody has asked for yet. */
  private readonly _ahead = new Map<number, Promise<Uint8Array | undefined>>();
  private _isEnded = false;
  /** Tiles are made one after the other: the platform makes graphics synchronously. */
  private _last: Promise<unknown> = Promise.resolve();

  /** @throws ConnectorError `viewer/no-geometry` */
  public constructor(imodel: IModelDb, path: string, filter: ElementFilter = {}) {
    const source = new GraphicsSource(imodel, path, filter, () => instancePolicy);
    this._contents = new TileContents(imodel, source, { compress: "meshopt", properties: false }, () => undefined);
    const roots = source.layers
      .filter(({ is2d }) => !is2d)
      .map((layer) => this._plan(layer, makeTiles(layer.elements), 0));
    if (roots.length === 0) throw noSpatialGeometry(path);
    this.tileset = tilesetOf(imodel, roots);
  }

  /** Begins to make the tiles with the largest elements, which the first picture needs, while the browser loads the page. */
  public begin(): void {
    const numbers = [...this._planned.keys()].sort((left, right) => this._depth(left) - this._depth(right));
    for (const number of numbers.slice(0, tilesAhead)) {
      const tile = this._make(number);
      tile.catch(() => undefined); // the request for the tile reports it
      this._ahead.set(number, tile);
    }
  }

  /** Waits until no tile is being made, for which the iModel has to be open. No other tile is made after it. */
  public async end(): Promise<void> {
    this._isEnded = true;
    await this._last;
  }

  /** The content of a tile: a binary glTF file. Undefined where there is none, or nothing to be seen. */
  public async read(number: number, signal: AbortSignal): Promise<Uint8Array | undefined> {
    const tile = this._ahead.get(number) ?? this._make(number, signal);
    this._ahead.delete(number); // what somebody has is not kept
    return tile;
  }

  private async _make(number: number, signal?: AbortSignal): Promise<Uint8Array | undefined> {
    const planned = this._planned[number];
    if (planned === undefined) return undefined;
    const isNeeded = () => !this._isEnded && signal?.aborted !== true;
    const make = async () => (isNeeded() ? this._contents.make(planned.layer, planned.members) : undefined);
    const content = this._last.then(make, make);
    this._last = content.catch(() => undefined);
    return (await content)?.bytes;
  }

  private _depth(number: number): number {
    return this._planned[number]?.depth ?? 0;
  }

  private _plan(layer: Layer, { members, children, geometricError }: Tile, depth: number): PlacedTile {
    const number = this._planned.push({ layer, members, depth }) - 1;
    const { elements } = layer;
    const range = new Range();
    for (const index of members) range.addBall(elements.middle(index), elements.size(index) * halfDiagonal);
    const below = children.map((child) => this._plan(layer, child, depth + 1));
    for (const child of below) range.addRange(child.range);
    const json: TileJson = {
      boundingVolume: { box: boxOf(range) },
      geometricError,
      content: { uri: `tiles/${number}.glb` },
      children: below.length === 0 ? undefined : below.map((child) => child.json),
    };
    return { json, range };
  }
}
