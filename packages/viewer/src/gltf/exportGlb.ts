import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { IModelDb } from "@itwin/core-backend";
import { placeDurably } from "itwin-connector-framework/internal";
import type { GraphicsExport, GraphicsExportOptions } from "../graphics/GraphicsExport.js";
import { countLooks } from "../graphics/countLooks.js";
import { GraphicsSource, withIModel } from "../graphics/GraphicsSource.js";
import { checkOutput, explainFullDisk } from "../graphics/output.js";
import { PropertyReader } from "../graphics/readProperties.js";
import { splitByPlace } from "../graphics/splitByPlace.js";
import { GlbBuilder } from "./GlbBuilder.js";

/** A batch has so many elements at most, unless there would be too many draw calls: one for each look in each batch. */
const elementsOfBatch = 4096;
const mostDrawCalls = 160;

/** With so many groups of instances that save little, a frame takes as many draw calls more. */
const mostGroups = 96;

/** A group of instances that saves more than this, in bytes, is worth a draw call. */
const worthwhile = 256 * 1024;

/**
 * Writes the graphics of an iModel to a binary glTF file. docs/see.md describes the file.
 * @param source - an open iModel, or the path of one of any kind
 * @param file - path of the new file
 * @throws ConnectorError `usage/...` if the iModel cannot be read or the file exists, `viewer/no-geometry`, or
 * `viewer/disk-full`
 * @public
 */
export async function exportGlb(
  source: IModelDb | string,
  file: string,
  options: GraphicsExportOptions = {},
): Promise<GraphicsExport> {
  const path = resolve(file);
  return withIModel(source, async (imodel, from) => {
    checkOutput({ path, kind: "file", source: from, overwrite: options.overwrite });
    const { bytes, ...result } = await makeGlb(imodel, from, options);
    await placeDurably(path, (unfinished) => writeFile(unfinished, bytes)).catch((error: unknown) => {
      throw explainFullDisk(error, path);
    });
    return { path, size: bytes.length, ...result };
  });
}

/** A glTF file in memory. */
interface Glb extends Omit<GraphicsExport, "path" | "size"> {
  readonly bytes: Uint8Array;
}

async function makeGlb(imodel: IModelDb, path: string, options: GraphicsExportOptions): Promise<Glb> {
  const source = new GraphicsSource(imodel, path, options, (total) => ({
    groups: Math.ceil(mostGroups / Math.ceil(total / elementsOfBatch)),
    worthwhile,
  }));
  const batchCount = Math.max(1, Math.floor(mostDrawCalls / countLooks(imodel, source.layers)));
  const batchSize = Math.max(elementsOfBatch, Math.ceil((2 * source.total) / batchCount));
  const batches = source.layers.map((layer) => ({
    layer,
    batches: splitByPlace(layer.elements, layer.elements.all, batchSize),
  }));
  const properties = new PropertyReader(imodel);
  const rows = source.layers.flatMap(({ elements, is2d }) => properties.read(elements.ids, is2d, options.properties));
  const builder = new GlbBuilder(imodel, rows, (issue) => source.issues.push(issue));
  let first = 0; // the feature ids of a layer come after those of the layers before it
  for (const { layer, batches: membersOfBatches } of batches) {
    const node = builder.addLayer(layer);
    const offset = first;
    for (const members of membersOfBatches)
      for await (const graphics of source.read(layer, members))
        builder.addBatch(node, graphics, (element) => offset + element);
    first += layer.elements.ids.length;
  }
  source.checkShown();
  const bytes = await builder.finish(options.compress ?? "none");
  return { bytes, elements: source.exported, triangles: source.triangles, issues: source.issues };
}
