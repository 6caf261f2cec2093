import type { TileFile, TileProvider } from "../server/serveIModel.js";
import type { LazyTiles } from "../tiles/LazyTiles.js";

/** The tilesets that the page shows. Undefined where an iModel has nothing to show. */
export interface Tilesets {
  readonly now: LazyTiles | undefined;
  /** Of the earlier iModel, when they are needed. */
  readonly before?: () => Promise<LazyTiles | undefined>;
  /** Frees what the tilesets need. */
  readonly close?: () => void;
}

/** Gives the page its tilesets: `tileset.json` and `tiles/0.glb`, for the earlier iModel below `before/`. */
export class ViewTiles implements TileProvider {
  private _before: Promise<LazyTiles | undefined> | undefined;

  public constructor(private readonly _tilesets: Tilesets) {}

  public get hasGraphics(): boolean {
    return this._tilesets.now !== undefined;
  }

  public async read(path: string, signal: AbortSignal): Promise<TileFile | undefined> {
    const found = /^(before\/)?(?:tileset\.json|tiles\/(\d+)\.glb)$/.exec(path);
    if (found === null) return undefined;
    const [, isBefore, number] = found;
    const tiles = isBefore ? await this._tilesBefore() : this._tilesets.now;
    if (tiles === undefined) return undefined;
    if (number === undefined) return { body: JSON.stringify(tiles.tileset), contentType: "application/json" };
    const body = await tiles.read(Number(number), signal);
    return body && { body, contentType: "model/gltf-binary" };
  }

  /** Begins to make what the page will ask for first. */
  public begin(): void {
    this._tilesets.now?.begin();
  }

  public async close(): Promise<void> {
    await this._tilesets.now?.end();
    this._tilesets.close?.();
  }

  private async _tilesBefore(): Promise<LazyTiles | undefined> {
    this._before ??= this._tilesets.before?.();
    return this._before;
  }
}
