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

/** Makes the meshes of entities with web-ifc. */
export class Mesher {
  private _api?: IfcAPI;
  private _modelId = -1;

  /** @param _metresPerLength - metres in the unit of the file's lengths */
  public constructor(
    private readonly _bytes: Uint8Array,
    private readonly _metresPerLength: number,
    private readonly _options: MesherOptions,
  ) {}

  /** Opens the file, unless it is open: a run that meets no new or changed entity does without web-ifc. */
  public async open(): Promise<void> {
    if (this._api !== undefined) return;
    this._api = new webIfc.IfcAPI();
    await this._api.Init();
    this._modelId = this._api.OpenModel(this._bytes, { CIRCLE_SEGMENTS: this._options.circleSegments });
    if (this._modelId < 0) throw new Error("web-ifc does not open the file");
  }

  /**
   * The meshes of an entity that have triangles.
   * @param sharedKeyOf - the key of a shared geometry, by its instance
   * @throws Error where web-ifc fails; it is opened anew then, since what it has in memory may be damaged
   */
  public async mesh(id: number, sharedKeyOf: (geometry: number) => string | undefined): Promise<PlacedMesh[]> {
    await this.open();
    try {
      return this._read(this._api!.GetFlatMesh(this._modelId, id), sharedKeyOf);
    } catch (error) {
      this._api = undefined;
      throw error;
    }
  }

  /** The transform of an IfcObjectPlacement, in metres. The file must be open. */
  public placement(id: number): Rows {
    const columns = this._api!.GetWorldTransformMatrix(this._modelId, id);
    const rows = [0, 1, 2].flatMap((row) => [0, 1, 2, 3].map((column) => columns[column * 4 + row]!));
    return rows.map((value, index) => (index % 4 === 3 ? value * this._metresPerLength : value));
  }

  /** Gives the memory back. */
  public close(): void {
    if (this._modelId >= 0) this._api!.CloseModel(this._modelId);
    this._modelId = -1;
  }

  private _read({ geometries }: FlatMesh, sharedKeyOf: (geometry: number) => string | undefined): PlacedMesh[] {
    const meshes: PlacedMesh[] = [];
    for (let index = 0; index < geometries.size(); index++) {
      const placed = geometries.get(index);
      const mesh = this._readPlaced(placed, sharedKeyOf(placed.geometryExpressID));
      if (mesh !== undefined) meshes.push(mesh);
    }
    return meshes;
  }

  private _readPlaced(placed: PlacedGeometry, sharedKey: string | undefined): PlacedMesh | undefined {
    const geometry = this._api!.GetGeometry(this._modelId, placed.geometryExpressID);
    const triangles = this._api!.GetIndexArray(geometry.GetIndexData(), geometry.GetIndexDataSize()).slice();
    const vertices = this._api!.GetVertexArray(geometry.GetVertexData(), geometry.GetVertexDataSize());
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
      for (let axis = 0; axis < 3; axis++) points[to++] = vertices[from + axis]! * this._metresPerLength;
    return points;
  }
}
