import type { FlatMesh, IfcAPI, PlacedGeometry } from "web-ifc";
import { webIfc } from "../model/webIfc.js";
import type { PlacedMesh } from "../model/records.js";
import { fromYUp, scaleRows, type Rows } from "./rows.js";

/** What web-ifc is told when it opens a file. */
export interface MesherOptions {
  /** In how many segments a full circle is cut. */
  readonly circleSegments: number;
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
  private _opened?: OpenedModel;

  /** @param _metresPerLength - metres in the unit of the file's lengths */
  public constructor(
    private readonly _bytes: Uint8Array,
    private readonly _metresPerLength: number,
    private readonly _options: MesherOptions,
  ) {}

  /**
   * The meshes of an entity that have triangles.
   * @param sharedKeyOf - the key of a shared geometry, by its instance
   * @throws Error where web-ifc fails. The next call opens the file again, because web-ifc's memory may be damaged
   */
  public async mesh(id: number, sharedKeyOf: (geometry: number) => string | undefined): Promise<PlacedMesh[]> {
    const model = await this._open();
    try {
      return this._read(model, model.api.GetFlatMesh(model.id, id), sharedKeyOf);
    } catch (error) {
      this._opened = undefined;
      throw error;
    }
  }

  /** The transform of an IfcObjectPlacement, in metres. */
  public async placement(id: number): Promise<Rows> {
    const model = await this._open();
    const columns = model.api.GetWorldTransformMatrix(model.id, id);
    const rows = [0, 1, 2].flatMap((row) => [0, 1, 2, 3].map((column) => columns[column * 4 + row] ?? 0));
    return rows.map((value, index) => (index % 4 === 3 ? value * this._metresPerLength : value));
  }

  /** Gives the memory back. */
  public close(): void {
    this._opened?.api.CloseModel(this._opened.id);
    this._opened = undefined;
  }

  /** Opens the file when it is first needed: a run without new or changed entities does not need web-ifc. */
  private async _open(): Promise<OpenedModel> {
    if (this._opened !== undefined) return this._opened;
    const api = new webIfc.IfcAPI();
    await api.Init();
    const id = api.OpenModel(this._bytes, { CIRCLE_SEGMENTS: this._options.circleSegments });
    if (id < 0) throw new Error("web-ifc does not open the file");
    this._opened = { api, id };
    return this._opened;
  }

  private _read(
    model: OpenedModel,
    { geometries }: FlatMesh,
    sharedKeyOf: (geometry: number) => string | undefined,
  ): PlacedMesh[] {
    const meshes: PlacedMesh[] = [];
    for (let index = 0; index < geometries.size(); index++) {
      const placed = geometries.get(index);
      const mesh = this._readPlaced(model, placed, sharedKeyOf(placed.geometryExpressID));
      if (mesh !== undefined) meshes.push(mesh);
    }
    return meshes;
  }

  private _readPlaced(
    { api, id }: OpenedModel,
    placed: PlacedGeometry,
    sharedKey: string | undefined,
  ): PlacedMesh | undefined {
    const geometry = api.GetGeometry(id, placed.geometryExpressID);
    const triangles = api.GetIndexArray(geometry.GetIndexData(), geometry.GetIndexDataSize()).slice();
    const vertices = api.GetVertexArray(geometry.GetVertexData(), geometry.GetVertexDataSize());
    const points = this._pointsOf(vertices);
    geometry.delete();
    if (triangles.length === 0) return undefined;
    const { x, y, z, w } = placed.color;
    return {
      points,
      triangles,
      transform: scaleRows(fromYUp(placed.flatTransformation), 1 / this._metresPerLength),
      color: [x, y, z, w],
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
