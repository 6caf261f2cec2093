import { ApiError, type Api, type TileSource, type TilesetName } from "../Api.js";
import type {
  CategoryEntry,
  ClassEntry,
  ElementDescription,
  ElementIndex,
  Link,
  ModelChanges,
  ModelEntry,
  ModelSummary,
  SearchResults,
} from "../apiTypes.js";
import type { ReportData } from "./ReportData.js";
import type { ReportedChanges } from "./reportTypes.js";

/** The tilesets need addresses, although no request is made for them. */
const tilesAddress = "https://report.invalid/";

/** So many elements a search finds. */
const foundAtMost = 100;

/** What a report has of the iModel: all elements that are drawn, and all that is known of the most important ones. */
export class ReportApi implements Api {
  private readonly _positions = new Map<string, number>();
  /** The part with the description of each element that has one. */
  private readonly _partOf = new Map<string, string>();
  private readonly _descriptions = new Map<string, Promise<ElementDescription[]>>();

  private constructor(
    private readonly _data: ReportData,
    private readonly _index: ElementIndex,
    private readonly _labels: string[],
    described: string[][],
  ) {
    for (const [position, id] of _index.ids.entries()) this._positions.set(id, position);
    for (const [number, ids] of described.entries()) for (const id of ids) this._partOf.set(id, `elements-${number}`);
  }

  public static async open(data: ReportData): Promise<ReportApi> {
    const index = await data.read<ElementIndex>("index");
    return new ReportApi(data, index, await data.read("labels"), await data.read("described"));
  }

  public model = (): Promise<ModelSummary> => this._data.read("model");
  public categories = (): Promise<CategoryEntry[]> => this._data.read("categories");
  public models = (): Promise<ModelEntry[]> => this._data.read("models");
  public classes = (): Promise<ClassEntry[]> => this._data.read("classes");
  public index = async (): Promise<ElementIndex> => this._index;

  public knows(id: string): boolean {
    return this._partOf.has(id) || this._positions.has(id);
  }

  public async element(id: string): Promise<ElementDescription> {
    const part = this._partOf.get(id);
    const description = part === undefined ? undefined : (await this._read(part)).find((found) => found.id === id);
    return description ?? this._outline(id);
  }

  public async deleted(id: string): Promise<ElementDescription | undefined> {
    return (await this._read("deleted")).find((found) => found.id === id);
  }

  public async changes(): Promise<ModelChanges> {
    const { elements, others, ...changes } = await this._data.read<ReportedChanges>("changes");
    const outlines = others.map((change) => ({ ...change, ...this._link(change.id), properties: [] }));
    return { ...changes, elements: [...elements, ...outlines] };
  }

  /** Finds elements by their label, class or id. */
  public async search(text: string): Promise<SearchResults> {
    const wanted = text.toLowerCase();
    const results: SearchResults["results"] = [];
    for (const id of this._index.ids) {
      const link = this._link(id);
      const values = { Label: link.label, Class: link.className, Id: id };
      const match = Object.entries(values).find(([, value]) => value.toLowerCase().includes(wanted));
      if (match === undefined) continue;
      if (results.length === foundAtMost) return { results, more: true };
      results.push({ ...link, match: { property: match[0], value: match[1] } });
    }
    return { results, more: false };
  }

  public tiles(name: TilesetName): TileSource {
    const prefix = name === "now" ? "" : "before-";
    return { url: `${tilesAddress}${prefix}tileset.json`, read: (url) => this._readTile(url) };
  }

  private async _readTile(url: string): Promise<Response> {
    const [, part = "", type] = /([^/]+)\.(json|glb)$/.exec(url) ?? [];
    const value = await this._data.read<unknown>(part);
    return type === "glb" ? new Response(bytesOf(String(value))) : Response.json(value);
  }

  private async _read(part: string): Promise<ElementDescription[]> {
    let descriptions = this._descriptions.get(part);
    if (descriptions === undefined) this._descriptions.set(part, (descriptions = this._data.read(part)));
    return descriptions;
  }

  /** What the report knows of elements that it does not describe. */
  private _outline(id: string): ElementDescription {
    if (!this._positions.has(id)) throw new ApiError(`The report does not have the element ${id}.`);
    const link = this._link(id);
    const text = "This report is too small for them. The command connector-runner view shows all of the iModel.";
    const properties = [{ name: "left-out", label: "Left out", text }];
    const groups = [{ name: "properties", label: "Properties", properties }];
    const none = { bases: [], children: [], aspects: [], relationships: [], provenance: [] };
    return { ...link, ...none, classLabel: link.className, groups };
  }

  private _link(id: string): Link {
    const position = this._positions.get(id) ?? -1;
    const className = this._index.lists.classes[this._index.classes[position] ?? -1] ?? "";
    return { id, label: this._labels[position] ?? id, className };
  }
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
