import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { IModelDb } from "@itwin/core-backend";
import { orUndo, unfinishedSuffix } from "itwin-connector-framework/internal";
import type { GraphicsExport, GraphicsExportOptions } from "../graphics/GraphicsExport.js";
import type { GraphicsIssue } from "../graphics/GraphicsReader.js";
import { GraphicsSource, withIModel } from "../graphics/GraphicsSource.js";
import type { Layer } from "../graphics/Layer.js";
import { checkOutput, explainFullDisk } from "../graphics/output.js";
import { Range } from "../graphics/Range.js";
import { instancePolicy, TileContents } from "./TileContents.js";
import { noSpatialGeometry } from "./noSpatialGeometry.js";
import { boxOf, tilesetOf, type PlacedTile, type TileJson } from "./tileset.js";
import { makeTiles, type Tile } from "./TileTree.js";

/**
 * Writes the graphics of an iModel as 3D Tiles 1.1, for large models and for maps: a folder with a tileset.json. Tiles are
 * made one after the other, so that the iModel can be larger than the memory. docs/see.md describes the files.
 * @param source - an open iModel, or the path of one of any kind
 * @param folder - path of the new folder
 * @throws ConnectorError `usage/...` if the iModel cannot be read or the folder exists, `viewer/no-geometry`, or
 * `viewer/disk-full`
 * @public
 */
export async function export3dTiles(
  source: IModelDb | string,
  folder: string,
  options: GraphicsExportOptions = {},
): Promise<GraphicsExport> {
  const path = resolve(folder);
  return withIModel(source, async (imodel, from) => {
    checkOutput({ path, kind: "folder", source: from, overwrite: options.overwrite });
    const unfinished = `${path}.${randomUUID()}${unfinishedSuffix}`;
    const work = async () => {
      await mkdir(dirname(path), { recursive: true });
      const writer = new TilesWriter(imodel, from, unfinished, options);
      const written = await writer.write();
      if (options.overwrite === true) await rm(path, { recursive: true, force: true });
      await rename(unfinished, path);
      return { path, ...written };
    };
    const remove = () => rmSync(unfinished, { recursive: true, force: true });
    return orUndo(work, remove).catch((error: unknown) => {
      throw explainFullDisk(error, path);
    });
  });
}

/** Writes a tileset and the tiles that it consists of. */
class TilesWriter {
  private readonly _source: GraphicsSource;
  private readonly _contents: TileContents;
  private _size = 0;
  private _tiles = 0;

  public constructor(
    private readonly _imodel: IModelDb,
    private readonly _path: string,
    private readonly _folder: string,
    options: GraphicsExportOptions,
  ) {
    this._source = new GraphicsSource(_imodel, _path, options, () => instancePolicy);
    this._contents = new TileContents(_imodel, this._source, options, (issue) => this._addIssue(issue));
  }

  public async write(): Promise<Omit<GraphicsExport, "path">> {
    const layers = this._source.layers.filter(({ is2d }) => !is2d);
    await mkdir(join(this._folder, "tiles"), { recursive: true });
    const written: PlacedTile[] = [];
    for (const layer of layers) {
      written.push(...(await this._writeTile(layer, makeTiles(layer.elements))));
    }
    if (layers.length > 0) this._source.checkShown();
    if (written.length === 0) throw noSpatialGeometry(this._path);
    await this._writeFile("tileset.json", Buffer.from(JSON.stringify(tilesetOf(this._imodel, written))));
    const { exported, triangles } = this._source;
    return { size: this._size, elements: exported, triangles, issues: this._issues() };
  }

  /** @returns the tile, or none if there is nothing to be seen of its elements and of those below it */
  private async _writeTile(layer: Layer, { members, children, geometricError }: Tile): Promise<PlacedTile[]> {
    const range = new Range();
    const uri = await this._writeContent(layer, members, range);
    const below: PlacedTile[] = [];
    for (const child of children) below.push(...(await this._writeTile(layer, child)));
    for (const child of below) range.addRange(child.range);
    if (range.isEmpty) return [];
    const json: TileJson = {
      boundingVolume: { box: boxOf(range) },
      geometricError,
      content: uri === undefined ? undefined : { uri },
      children: below.length === 0 ? undefined : below.map((child) => child.json),
    };
    return [{ json, range }];
  }

  /** @returns the path of the content in the folder, or undefined if there is none */
  private async _writeContent(layer: Layer, members: Uint32Array, range: Range): Promise<string | undefined> {
    const content = await this._contents.make(layer, members);
    if (content === undefined) return undefined;
    range.addRange(content.range);
    const uri = `tiles/${this._tiles++}.glb`;
    await this._writeFile(uri, content.bytes);
    return uri;
  }

  /** Several tiles can have the same texture. */
  private _addIssue(issue: GraphicsIssue): void {
    const { issues } = this._source;
    if (!issues.some(({ elementId }) => elementId === issue.elementId)) issues.push(issue);
  }

  private async _writeFile(name: string, bytes: Uint8Array): Promise<void> {
    await writeFile(join(this._folder, name), bytes);
    this._size += bytes.length;
  }

  private _issues(): GraphicsIssue[] {
    const drawn = this._source.layers
      .filter(({ is2d }) => is2d)
      .reduce((sum, { elements }) => sum + elements.ids.length, 0);
    if (drawn === 0) return this._source.issues;
    const message = `elements of drawings and sheets are not in the tiles, which are for models in space: ${drawn}`;
    return [...this._source.issues, { message, isMissing: true }];
  }
}
