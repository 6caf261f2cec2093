import type { IModelDb } from "@itwin/core-backend";
import { GlbBuilder } from "../gltf/GlbBuilder.js";
import type { Compression } from "../graphics/GraphicsExport.js";
import type { GraphicsIssue } from "../graphics/GraphicsReader.js";
import type { GraphicsSource } from "../graphics/GraphicsSource.js";
import type { Layer } from "../graphics/Layer.js";
import { Range } from "../graphics/Range.js";
import { PropertyReader } from "../graphics/readProperties.js";

/** Each group of instances is a draw call in each tile that is shown. */
export const instancePolicy = { groups: 4, worthwhile: 64 * 1024 };

/** What a tile shows. */
export interface TileContent {
  /** A binary glTF file. */
  readonly bytes: Uint8Array;
  /** The box around all that it shows. */
  readonly range: Range;
}

/** How contents are written. */
export interface ContentOptions {
  /** Default: `none`. */
  readonly compress?: Compression;
  /** Whether anything but the id of elements is written. Default: true. */
  readonly properties?: boolean;
}

/** Makes the contents of tiles. */
export class TileContents {
  private readonly _properties: PropertyReader;

  public constructor(
    private readonly _imodel: IModelDb,
    private readonly _source: GraphicsSource,
    private readonly _options: ContentOptions,
    private readonly _onIssue: (issue: GraphicsIssue) => void,
  ) {
    this._properties = new PropertyReader(_imodel);
  }

  /** @returns undefined if there is nothing to be seen of the elements */
  public async make(layer: Layer, members: Uint32Array): Promise<TileContent | undefined> {
    const range = new Range();
    const ids = Array.from(members, (index) => layer.elements.ids[index] ?? "");
    const features = new Map(Array.from(members, (index, row) => [index, row]));
    const rows = this._properties.read(ids, false, this._options.properties);
    const builder = new GlbBuilder(this._imodel, rows, this._onIssue);
    const node = builder.addLayer(layer);
    for await (const batch of this._source.read(layer, members)) {
      range.addBatch(batch);
      builder.addBatch(node, batch, (element) => features.get(element) ?? 0);
    }
    if (range.isEmpty) return undefined;
    return { bytes: await builder.finish(this._options.compress ?? "none"), range };
  }
}
