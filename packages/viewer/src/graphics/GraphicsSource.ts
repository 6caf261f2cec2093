import type { IModelDb } from "@itwin/core-backend";
import { ConnectorError, type ConnectorErrorOptions } from "itwin-connector-framework";
import { messageOf, openForReading, startHost } from "itwin-connector-framework/internal";
import { noInstances, type InstancePolicy } from "./BatchBuilder.js";
import type { BatchGraphics } from "./BatchGraphics.js";
import { damagedGeometry } from "./DamagedGeometry.js";
import type { GraphicsExportOptions } from "./GraphicsExport.js";
import { GraphicsReader, type GraphicsIssue } from "./GraphicsReader.js";
import { readLayers, type ElementFilter, type FoundLayers, type Layer } from "./Layer.js";

/** An iModel whose graphics are exported, with what was found so far. */
export class GraphicsSource {
  public readonly layers: readonly Layer[];
  public readonly issues: GraphicsIssue[] = [];
  /** How many elements have been read. */
  public done = 0;
  /** How many triangles they have. */
  public triangles = 0;
  private readonly _total: number;
  private readonly _reader: GraphicsReader;

  /** @throws ConnectorError `viewer/no-geometry` */
  public constructor(
    public readonly imodel: IModelDb,
    private readonly _path: string,
    private readonly _options: GraphicsExportOptions,
    policyOf: (total: number) => InstancePolicy,
  ) {
    const { layers, damaged } = readLayersOf(imodel, _options);
    this.layers = layers;
    this.issues.push(...damaged.map((elementId) => ({ elementId, message: damagedGeometry, isMissing: true })));
    this.done = damaged.length;
    this._total = layers.reduce((sum, { elements }) => sum + elements.ids.length, damaged.length);
    if (this._total === 0) throw noGeometry(_path, _options);
    const usedPolicy = _options.instances === false ? noInstances : policyOf(this._total);
    this._reader = new GraphicsReader(imodel, usedPolicy, (issue) => this.issues.push(issue));
  }

  /** How many elements are read in all. */
  public get total(): number {
    return this._total;
  }

  /** How many elements are in the export. */
  public get exported(): number {
    return this.done - this.issues.filter(({ isMissing }) => isMissing).length;
  }

  /**
   * Refuses an export in which nothing is to be seen.
   * @throws ConnectorError `viewer/no-geometry`
   */
  public checkShown(): void {
    const [first] = this.issues;
    if (this.exported > 0 || first === undefined) return;
    const message = `None of ${this._total} elements has graphics. Element ${first.elementId}: ${first.message}.`;
    throw new ConnectorError("viewer/no-geometry", message, {
      source: { file: this._path },
      advice: "Check the geometry that the connector writes.",
    });
  }

  /** Reads the graphics of elements of a layer. */
  public async *read(layer: Layer, members: Uint32Array): AsyncGenerator<BatchGraphics> {
    for await (const batch of this._reader.read(layer, members)) {
      this.triangles += trianglesOf(batch);
      yield batch;
    }
    this.done += members.length;
    this._options.onProgress?.({ done: this.done, total: this._total });
  }
}

function trianglesOf({ meshes, instances }: BatchGraphics): number {
  let corners = 0;
  for (const { shape, placements } of [...meshes.values(), instances].flat())
    corners += shape.mesh.indices.length * placements.length;
  return corners / 3;
}

/** Queries with names from the command line fail where there is no such class. */
function readLayersOf(imodel: IModelDb, filter: ElementFilter): FoundLayers {
  try {
    return readLayers(imodel, filter);
  } catch (error) {
    if (filter.classes === undefined) throw error;
    const advice = "Give the names of classes as Schema:Class.";
    throw new ConnectorError("usage/unknown-class", `The classes cannot be queried: ${messageOf(error)}`, {
      cause: error,
      advice,
    });
  }
}

function noGeometry(file: string, { categories, classes, visibleOnly }: ElementFilter): ConnectorError {
  const isFiltered = categories !== undefined || classes !== undefined || visibleOnly === true;
  const what = isFiltered ? "None of the selected elements" : "No element";
  const options: ConnectorErrorOptions = {
    source: { file },
    advice: isFiltered ? "Select other elements." : "Export its elements as a table: csv, json or geojson.",
  };
  return new ConnectorError("viewer/no-geometry", `${what} of the iModel has geometry.`, options);
}

/** Does something with an iModel, which is opened for it if it is the path of one. */
export async function withIModel<T>(
  given: IModelDb | string,
  use: (imodel: IModelDb, path: string) => Promise<T>,
): Promise<T> {
  if (typeof given !== "string") return use(given, given.pathName);
  const stopHost = await startHost();
  try {
    const { imodel, close } = openForReading(given);
    try {
      return await use(imodel, given); // a file in use is read from a copy elsewhere
    } finally {
      close();
    }
  } finally {
    await stopHost();
  }
}
