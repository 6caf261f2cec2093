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
}

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
  private _first?: Promise<Uint8Array | undefined>;
  /** Tiles are made one after the other: the platform makes graphics synchronously. */
  private _last: Promise<unknown> = Promise.resolve();

  /** @throws ConnectorError `viewer/no-geometry` */
  public constructor(imodel: IModelDb, path: string, filter: ElementFilter = {}) {
    const source = new GraphicsSource(imodel, path, filter, () => instancePolicy);
    this._contents = new TileContents(imodel, source, { compress: "meshopt", properties: false }, () => undefined);
    const roots = source.layers
      .filter(({ is2d }) => !is2d)
      .map((layer) => this._plan(layer, makeTiles(layer.elements)));
    if (roots.length === 0) throw noSpatialGeometry(path);
    this.tileset = tilesetOf(imodel, roots);
  }

  /** Begins to make the first tile, which every picture needs, while the browser loads the page. */
  public begin(): void {
    this._first = this._make(0);
    this._first.catch(() => undefined); // the request for the tile reports it
  }

  /** Waits until no tile is being made, for which the iModel has to be open. */
  public async end(): Promise<void> {
    await this._last;
  }

  /** The content of a tile: a binary glTF file. Undefined where there is none, or nothing to be seen. */
  public async read(number: number, signal: AbortSignal): Promise<Uint8Array | undefined> {
    const first = number === 0 ? this._first : undefined;
    if (first === undefined) return this._make(number, signal);
    this._first = undefined; // it is kept until somebody has it
    return first;
  }

  private async _make(number: number, signal?: AbortSignal): Promise<Uint8Array | undefined> {
    const planned = this._planned[number];
    if (planned === undefined) return undefined;
    const make = async () => (signal?.aborted ? undefined : this._contents.make(planned.layer, planned.members));
    const content = this._last.then(make, make);
    this._last = content.catch(() => undefined);
    return (await content)?.bytes;
  }

  private _plan(layer: Layer, { members, children, geometricError }: Tile): PlacedTile {
    const number = this._planned.push({ layer, members }) - 1;
    const { elements } = layer;
    const range = new Range();
    for (const index of members) range.addBall(elements.middle(index), elements.size(index) * halfDiagonal);
    const below = children.map((child) => this._plan(layer, child));
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
