import type { FlatMesh, IfcAPI, PlacedGeometry } from "web-ifc";
import type { Slice } from "../model/meshed/SliceCutter.js";
import { webIfc } from "../model/editions/webIfc.js";
import type { PlacedMesh } from "../model/records.js";
import { fromYUp, scaleRows } from "./rows.js";

/** Where slices come from. web-ifc takes one number of segments for a slice, so that each level of circles has its own. */
export interface Slices {
  /** A slice with an entity of a level, and with others of it that are needed later. */
  cut(id: number, level: number): Slice;
  /** The level of the circles of an entity. */
  levelOf(id: number): number;
  /** In how many segments the circles of a level are cut. */
  segmentsOf(level: number): number;
}

/** The product that is meshed. */
export interface MeshedEntity {
  readonly id: number;
  /** Whether the file gives it a color. */
  readonly isStyled: boolean;
  /** The key of a shared geometry, by its instance. */
  sharedKeyOf(geometry: number): string | undefined;
}

/** Numbers of each vertex in web-ifc's buffers: a point and a normal. */
const vertexSize = 6;

/** The memory that web-ifc takes at a time for what it has read, in bytes. */
const tapeSize = 8 * 1024 * 1024;

/** A slice as web-ifc has it open. */
interface OpenedModel {
  readonly api: IfcAPI;
  readonly id: number;
  readonly entities: ReadonlySet<number>;
}

/** Makes the meshes of entities with web-ifc, which has one slice of each level open. */
export class Mesher {
  private readonly _opened = new Map<number, OpenedModel>();
  private _api?: Promise<IfcAPI>;

  /** @param _metresPerLength - metres in the unit of the file's lengths */
  public constructor(
    private readonly _slices: Slices,
    private readonly _metresPerLength: number,
  ) {}

  /**
   * The meshes of an entity that have triangles.
   * @throws Error where web-ifc fails. The next call opens a slice again, because web-ifc's memory may be damaged
   */
  public async mesh(entity: MeshedEntity): Promise<PlacedMesh[]> {
    try {
      const model = await this._open(entity);
      return this._read(model, model.api.GetFlatMesh(model.id, entity.id), entity);
    } catch (error) {
      this._opened.clear();
      this._api = undefined;
      throw error;
    }
  }

  /** Opens the slice with an entity when that is first needed: a run without new or changed entities needs no web-ifc. */
  private async _open({ id }: MeshedEntity): Promise<OpenedModel> {
    const level = this._slices.levelOf(id);
    const api = await (this._api ??= startWebIfc());
    const opened = this._opened.get(level);
    if (opened?.entities.has(id) === true) return opened;
    this._opened.delete(level);
    if (opened !== undefined) api.CloseModel(opened.id);
    const { text, entities } = this._slices.cut(id, level);
    // web-ifc counts the points of a circle, with its first one at both ends.
    const segments = this._slices.segmentsOf(level) + 1;
    const model = { api, id: api.OpenModel(text, { CIRCLE_SEGMENTS: segments, TAPE_SIZE: tapeSize }), entities };
    if (model.id < 0) throw new Error("web-ifc does not open the file");
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

async function startWebIfc(): Promise<IfcAPI> {
  const api = new webIfc.IfcAPI();
  await api.Init();
  return api;
}
