import type { FlatMesh, IfcAPI, PlacedGeometry } from "web-ifc";
import { webIfc } from "../model/webIfc.js";
import type { PlacedMesh } from "../model/records.js";
import { fromYUp, scaleRows } from "./rows.js";

/** The files that web-ifc opens: one for each number of segments that circles are cut into. */
export interface MeshedFiles {
  /** What web-ifc needs to mesh the entities of a level. */
  bytesOf(level: number): Uint8Array;
  /** In how many segments the circles of a level are cut. */
  segmentsOf(level: number): number;
}

/** The product that is meshed. */
export interface MeshedEntity {
  readonly id: number;
  /** The level of its circles. */
  readonly level: number;
  /** Whether the file gives it a color. */
  readonly isStyled: boolean;
  /** The key of a shared geometry, by its instance. */
  sharedKeyOf(geometry: number): string | undefined;
}

/** Numbers of each vertex in web-ifc's buffers: a point and a normal. */
const vertexSize = 6;

/** The file as web-ifc has it open. */
interface OpenedModel {
  readonly api: IfcAPI;
  readonly id: number;
}

/** Makes the meshes of entities with web-ifc. */
export class Mesher {
  private readonly _opened = new Map<number, OpenedModel>();
  private _api?: IfcAPI;

  /** @param _metresPerLength - metres in the unit of the file's lengths */
  public constructor(
    private readonly _files: MeshedFiles,
    private readonly _metresPerLength: number,
  ) {}

  /**
   * The meshes of an entity that have triangles.
   * @throws Error where web-ifc fails. The next call opens the file again, because web-ifc's memory may be damaged
   */
  public async mesh(entity: MeshedEntity): Promise<PlacedMesh[]> {
    const model = await this._open(entity.level);
    try {
      return this._read(model, model.api.GetFlatMesh(model.id, entity.id), entity);
    } catch (error) {
      this._opened.clear();
      this._api = undefined;
      throw error;
    }
  }

  /** Gives the memory back. */
  public close(): void {
    for (const { api, id } of this._opened.values()) api.CloseModel(id);
    this._opened.clear();
  }

  /** Opens a file when it is first needed: a run without new or changed entities does not need web-ifc. */
  private async _open(level: number): Promise<OpenedModel> {
    const opened = this._opened.get(level);
    if (opened !== undefined) return opened;
    const api = (this._api ??= new webIfc.IfcAPI());
    if (this._opened.size === 0) await api.Init();
    // web-ifc counts the points of a circle, with its first one at both ends.
    const id = api.OpenModel(this._files.bytesOf(level), { CIRCLE_SEGMENTS: this._files.segmentsOf(level) + 1 });
    if (id < 0) throw new Error("web-ifc does not open the file");
    const model = { api, id };
    this._opened.set(level, model);
    return model;
  }

  private _read(model: OpenedModel, { geometries }: FlatMesh, entity: MeshedEntity): PlacedMesh[] {
    const meshes: PlacedMesh[] = [];
    for (let index = 0; index < geometries.size(); index++) {
      const placed = geometries.get(index);
      const mesh = this._readPlaced(model, placed, entity);
      if (mesh !== undefined) meshes.push(mesh);
    }
    return meshes;
  }

  private _readPlaced({ api, id }: OpenedModel, placed: PlacedGeometry, entity: MeshedEntity): PlacedMesh | undefined {
    const geometry = api.GetGeometry(id, placed.geometryExpressID);
    const triangles = api.GetIndexArray(geometry.GetIndexData(), geometry.GetIndexDataSize()).slice();
    const vertices = api.GetVertexArray(geometry.GetVertexData(), geometry.GetVertexDataSize());
    const points = this._pointsOf(vertices);
    geometry.delete();
    if (triangles.length === 0) return undefined;
    const { x, y, z, w } = placed.color;
    const sharedKey = entity.sharedKeyOf(placed.geometryExpressID);
    return {
      points,
      triangles,
      transform: scaleRows(fromYUp(placed.flatTransformation), 1 / this._metresPerLength),
      color: [x, y, z, w],
      isStyled: entity.isStyled,
      ...(sharedKey !== undefined && { sharedKey }),
    };
  }

  /** In metres: web-ifc leaves the unit of the file to the transform. */
  private _pointsOf(vertices: Float32Array): Float64Array {
    const points = new Float64Array((vertices.length / vertexSize) * 3);
    for (let from = 0, to = 0; from < vertices.length; from += vertexSize)
      for (let axis = 0; axis < 3; axis++) points[to++] = (vertices[from + axis] ?? 0) * this._metresPerLength;
    return points;
  }
}
