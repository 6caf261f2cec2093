import type { FlatMesh, IfcAPI, PlacedGeometry } from "web-ifc";
import { expectDefined } from "../expectDefined.js";
import { webIfc } from "../model/editions/webIfc.js";
import type { LogCapture } from "./LogCapture.js";
import type { MesherSlice, MeshResult, RawMesh } from "./mesherMessages.js";
import type { Mesher } from "./Meshers.js";
import { fromYUp, scaleRows } from "./rows.js";

/** Numbers of each vertex in web-ifc's buffers: a point and a normal. */
const vertexSize = 6;

/** The memory that web-ifc takes at a time for what it has read, in bytes. */
const tapeSize = 8 * 1024 * 1024;

/** Makes the meshes of entities with web-ifc, which it loads at once. */
export class SliceMesher implements Mesher {
  private readonly _slices = new Map<number, MesherSlice>();
  /** What web-ifc has open, by slice. */
  private readonly _models = new Map<number, OpenedModel>();
  private _api = startWebIfc();

  public constructor(private readonly _log: LogCapture) {}

  public open(number: number, slice: MesherSlice): void {
    this._slices.set(number, slice);
  }

  public close(number: number): void {
    const opened = this._models.get(number);
    opened?.api.CloseModel(opened.model);
    this._models.delete(number);
    this._slices.delete(number);
  }

  /** After a failure, the next call reads its slice again, because web-ifc's memory may be damaged. */
  public async mesh(number: number, id: number): Promise<MeshResult> {
    const api = await this._api;
    try {
      const opened = this._modelOf(api, number);
      const meshes = readMeshes(opened, api.GetFlatMesh(opened.model, id));
      return { meshes, log: this._log.drain() };
    } catch (error) {
      this._models.clear();
      this._api = startWebIfc();
      return { meshes: [], log: this._log.drain(), failure: String(error) };
    }
  }

  private _modelOf(api: IfcAPI, number: number): OpenedModel {
    const known = this._models.get(number);
    if (known !== undefined) return known;
    const { text, segments, metresPerLength: metres } = expectDefined(this._slices.get(number));
    // web-ifc counts the points of a circle, with its first one at both ends.
    const model = api.OpenModel(text, { CIRCLE_SEGMENTS: segments + 1, TAPE_SIZE: tapeSize });
    if (model < 0) throw new Error("web-ifc does not open the file");
    const opened = { api, model, metres };
    this._models.set(number, opened);
    return opened;
  }
}

/** A slice that web-ifc has open. */
interface OpenedModel {
  readonly api: IfcAPI;
  readonly model: number;
  /** In the unit of the file's lengths. */
  readonly metres: number;
}

async function startWebIfc(): Promise<IfcAPI> {
  const api = new webIfc.IfcAPI();
  await api.Init();
  return api;
}

function readMeshes(opened: OpenedModel, { geometries }: FlatMesh): RawMesh[] {
  const meshes: RawMesh[] = [];
  for (let index = 0; index < geometries.size(); index++) {
    const mesh = readMesh(opened, geometries.get(index));
    if (mesh !== undefined) meshes.push(mesh);
  }
  return meshes;
}

function readMesh({ api, model, metres }: OpenedModel, placed: PlacedGeometry): RawMesh | undefined {
  const geometry = api.GetGeometry(model, placed.geometryExpressID);
  const triangles = api.GetIndexArray(geometry.GetIndexData(), geometry.GetIndexDataSize()).slice();
  const vertices = api.GetVertexArray(geometry.GetVertexData(), geometry.GetVertexDataSize());
  const points = pointsOf(vertices, metres);
  geometry.delete();
  if (triangles.length === 0) return undefined;
  const { x, y, z, w } = placed.color;
  return {
    geometry: placed.geometryExpressID,
    points,
    triangles,
    transform: scaleRows(fromYUp(placed.flatTransformation), 1 / metres),
    color: [x, y, z, w],
  };
}

/** In metres: web-ifc leaves the unit of the file to the transform. */
function pointsOf(vertices: Float32Array, metres: number): Float64Array {
  const points = new Float64Array((vertices.length / vertexSize) * 3);
  for (let from = 0, to = 0; from < vertices.length; from += vertexSize)
    for (let axis = 0; axis < 3; axis++) points[to++] = (vertices[from + axis] ?? 0) * metres;
  return points;
}
