import type { Id64String } from "@itwin/core-bentley";
import type { ModelChanges } from "../changes/readModelChanges.js";
import { readBoxes } from "../elements/boxes.js";
import { readCategories, readClasses, readModels } from "../elements/catalogs.js";
import { describeElement } from "../elements/describeElement.js";
import { describeModel } from "../elements/describeModel.js";
import { elementIndexJson } from "../elements/elementIndex.js";
import { readLinks } from "../elements/links.js";
import type { ModelContents } from "../elements/ModelContents.js";
import type { LazyTiles } from "../tiles/LazyTiles.js";
import type { TileJson } from "../tiles/tileset.js";
import type { ReportParts } from "./ReportParts.js";

/** So many elements are described completely: those that changed or have an issue first. Of the others the label is kept. */
const describedAtMost = 3000;

/** So many are read at the same time: queries run in threads of their own. */
const describedAtOnce = 20;

/** So many descriptions are one part. */
const descriptionsPerPart = 200;

/** An iModel whose contents become parts of a report. */
export interface ReportedModel {
  readonly contents: ModelContents;
  readonly name: string;
  readonly path: string;
  readonly tiles: LazyTiles | undefined;
  readonly isCompared: boolean;
  /** The elements that are described before all others. */
  readonly first: readonly Id64String[];
}

/** Adds what the page needs of the iModel: its trees, and its elements with what the iModel says of them. */
export async function addModel(parts: ReportParts, model: ReportedModel): Promise<void> {
  const { contents, name, path, tiles, isCompared: comparison } = model;
  const summary = await describeModel(contents, path);
  parts.add("model", { ...summary, name, graphics: tiles !== undefined, comparison });
  parts.add("categories", await readCategories(contents));
  parts.add("models", await readModels(contents));
  parts.add("classes", await readClasses(contents));
  const index = await readIndex(contents);
  const links = await readLinks(contents, index.ids);
  parts.add("index", index);
  parts.add(
    "labels",
    index.ids.map((id) => links.get(id)?.label ?? id),
  );
  await addDescriptions(parts, model, index.ids);
}

async function readIndex(contents: ModelContents): Promise<{ ids: Id64String[] }> {
  let json = "";
  for await (const piece of elementIndexJson(contents)) json += piece;
  return JSON.parse(json) as { ids: Id64String[] };
}

/** `described` has the ids of each part of descriptions. */
async function addDescriptions(
  parts: ReportParts,
  { contents, first }: ReportedModel,
  ids: readonly Id64String[],
): Promise<void> {
  const wanted = [...new Set([...first, ...ids])].slice(0, describedAtMost);
  const described: Id64String[][] = [];
  for (let start = 0; start < wanted.length; start += descriptionsPerPart) {
    const piece = wanted.slice(start, start + descriptionsPerPart);
    parts.add(`elements-${described.length}`, await describeAll(contents, piece));
    described.push(piece);
  }
  parts.add("described", described);
}

/** Adds all tiles of a tileset. @param prefix - before the names of its parts */
export async function addTiles(parts: ReportParts, tiles: LazyTiles, prefix = ""): Promise<void> {
  const { signal } = new AbortController();
  const addContent = async (tile: TileJson): Promise<TileJson> => {
    const number = /(\d+)\.glb$/.exec(tile.content?.uri ?? "")?.[1];
    const glb = number === undefined ? undefined : await tiles.read(Number(number), signal);
    if (glb !== undefined) parts.add(`${prefix}tile-${number}`, Buffer.from(glb).toString("base64"));
    const children: TileJson[] = [];
    for (const child of tile.children ?? []) children.push(await addContent(child));
    const content = glb === undefined ? undefined : { uri: `${prefix}tile-${number}.glb` };
    return { ...tile, content, ...(tile.children && { children }) };
  };
  const root = await addContent(tiles.tileset.root);
  parts.add(`${prefix}tileset`, { ...tiles.tileset, root });
}

/** So many changes are kept with all that is known of them, the largest first. Of the others the ids are kept. */
const detailedAtMost = 5000;

/** Adds what changed. */
export function addChanges(parts: ReportParts, changes: ModelChanges): void {
  const { elements, ...rest } = changes;
  const detailed = elements.slice(0, detailedAtMost);
  const others = elements.slice(detailedAtMost).map(({ kind, id, idBefore }) => ({ kind, id, idBefore }));
  parts.add("changes", { ...rest, elements: detailed.map(shorten), others });
}

/** Values of any length differ; the page shows their beginnings. */
function shorten<T extends ModelChanges["elements"][number]>(change: T): T {
  const properties = change.properties.map(({ property, a, b }) => ({ property, a: cut(a), b: cut(b) }));
  return { ...change, properties };
}

function cut(value: unknown): unknown {
  if (value === undefined) return undefined;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length <= 300 ? value : `${text.slice(0, 300)}…`;
}

/** Deleted elements as the iModel of before describes them. */
export async function addDeleted(
  parts: ReportParts,
  contents: ModelContents,
  ids: readonly Id64String[],
): Promise<void> {
  parts.add("deleted", await describeAll(contents, ids.slice(0, describedAtMost)));
}

async function describeAll(contents: ModelContents, ids: readonly Id64String[]): Promise<unknown[]> {
  const boxes = readBoxes(contents.imodel, ids);
  const describe = async (id: Id64String) => ({ ...(await describeElement(contents, id)), box: boxes.get(id) });
  const descriptions: unknown[] = [];
  for (let start = 0; start < ids.length; start += describedAtOnce)
    descriptions.push(...(await Promise.all(ids.slice(start, start + describedAtOnce).map(describe))));
  return descriptions;
}

/** The order of changes in a report: the largest things first. */
export function bySize(changes: ModelChanges): ModelChanges {
  const sizes = new Map(changes.elements.map((change) => [change, sizeOf(change)]));
  const elements = [...changes.elements].sort((a, b) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0));
  return { ...changes, elements };
}

/** The diagonal of what was or is there, in metres. */
function sizeOf({ box, boxBefore }: ModelChanges["elements"][number]): number {
  const sizes = [box, boxBefore].map((given) =>
    given === undefined ? 0 : Math.hypot(...given.high.map((high, axis) => high - (given.low[axis] ?? high))),
  );
  return Math.max(...sizes);
}
