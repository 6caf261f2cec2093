import { TilesRenderer } from "3d-tiles-renderer";
import {
  GLTFExtensionsPlugin,
  GLTFMeshFeaturesExtension,
  GLTFStructuralMetadataExtension,
} from "3d-tiles-renderer/plugins";
import { MeshoptDecoder } from "meshoptimizer";
import {
  Box3,
  BufferGeometry,
  DoubleSide,
  LineBasicMaterial,
  Matrix4,
  MeshLambertMaterial,
  PointsMaterial,
  type Camera,
  type Intersection,
  type Material,
  type Mesh,
  type MeshStandardMaterial,
  type Object3D,
  type Plane,
  type WebGLRenderer,
} from "three";
import type { TileSource } from "../Api.js";
import type { ElementStates } from "./ElementStates.js";
import { drawByState, FeatureTable } from "./featureShader.js";

/** The property table of a tile, as 3d-tiles-renderer reads EXT_structural_metadata. */
interface TileMetadata {
  tableAccessors: { count: number; getData(row: number): { id?: unknown } }[];
}

/** A mesh of a tile: what carries the feature ids, and where their elements stand. */
interface FeatureMesh {
  table: FeatureTable;
  /** The attribute of the geometry with the feature ids: of vertices, or of instances. */
  attribute: string;
  isInstanced: boolean;
}

/** What happens while tiles load. */
export interface TilesEvents {
  /** Something to draw has come or gone. */
  changed(): void;
  failed(error: Error): void;
}

/** The tileset of an iModel: loads what the camera needs, and draws each element by its state. */
export class Tiles {
  private readonly _renderer: TilesRenderer;
  private readonly _tables = new Set<FeatureTable>();
  private _hasFailed = false;
  private readonly _meshes = new WeakMap<Object3D, FeatureMesh>();

  public constructor(
    { url, headers = {}, read }: TileSource,
    public readonly states: ElementStates,
    private readonly _clipping: Plane[],
    private readonly _events: TilesEvents,
  ) {
    this._renderer = new TilesRenderer(url);
    this._renderer.fetchOptions = { headers };
    if (read !== undefined) this._renderer.registerPlugin({ fetchData: (file: string) => read(file) });
    this._renderer.errorTarget = 8;
    this._renderer.registerPlugin(
      new GLTFExtensionsPlugin({
        meshoptDecoder: MeshoptDecoder,
        plugins: [() => new GLTFMeshFeaturesExtension(), () => new GLTFStructuralMetadataExtension()],
      }),
    );
    this._listen();
  }

  public get group(): Object3D {
    return this._renderer.group;
  }

  /** Whether it is known where the tiles are, or the tileset cannot be loaded. */
  public get isPlaced(): boolean {
    return this._hasFailed || this._renderer.rootTileset !== null;
  }

  /** Whether all tiles that the camera needs are there, or the tileset cannot be loaded. */
  public get isComplete(): boolean {
    const { rootTileset, loadProgress, processNodeQueue } = this._renderer;
    const isAllKnown = !processNodeQueue.running; // the children of tiles are looked at later than they are loaded
    return this._hasFailed || (rootTileset !== null && loadProgress === 1 && isAllKnown);
  }

  /** Whether a tile is in the picture. */
  public get isShown(): boolean {
    return this._renderer.visibleTiles.size > 0;
  }

  public setCamera(camera: Camera, renderer: WebGLRenderer): void {
    this._renderer.setCamera(camera);
    this._renderer.setResolutionFromRenderer(camera, renderer);
  }

  /** Loads and unloads tiles, for the camera where it is now. */
  public update(): void {
    this._renderer.update();
  }

  /** Writes the states of the elements into the tiles that are loaded. */
  public applyStates(): void {
    for (const table of this._tables) table.update(this.states);
  }

  /** The range of the tileset, in the coordinates of the iModel; empty until its root is loaded. */
  public get bounds(): Box3 {
    const bounds = new Box3();
    return this._renderer.getBoundingBox(bounds) ? bounds.applyMatrix4(this.group.matrixWorld) : bounds.makeEmpty();
  }

  /** The element that a ray hit, if the user can see it. */
  public pickable(hit: Intersection): string | undefined {
    const position = this._positionAt(hit);
    return this.states.isPickable(position) ? this.states.idAt(position) : undefined;
  }

  /** The position in the index of the element that a ray hit, or -1. */
  private _positionAt({ object, face, index, instanceId }: Intersection): number {
    const mesh = this._meshes.get(object);
    if (mesh === undefined) return -1;
    const vertex = mesh.isInstanced ? instanceId : (face?.a ?? this._vertexOf(object, index));
    const ids = geometryOf(object).getAttribute(mesh.attribute);
    return vertex === undefined ? -1 : (mesh.table.positions[ids.getX(vertex)] ?? -1);
  }

  /** For a line or point the ray gives a place in the list of indices. */
  private _vertexOf(object: Object3D, index: number | undefined): number | undefined {
    const indices = geometryOf(object).index;
    return index === undefined || indices === null ? index : indices.getX(index);
  }

  private _listen(): void {
    const tiles = this._renderer;
    tiles.addEventListener("load-root-tileset", ({ tileset }) => {
      // The root's transform leads to the coordinates of the Earth. The page draws in those of the iModel.
      const { transform } = tileset.root as { transform?: number[] };
      if (transform !== undefined) setMatrix(tiles.group, new Matrix4().fromArray(transform).invert());
      tiles.group.updateMatrixWorld(true);
      this._events.changed();
    });
    tiles.addEventListener("load-model", ({ scene }) => this._prepare(scene));
    tiles.addEventListener("dispose-model", ({ scene }) => this._forget(scene));
    tiles.addEventListener("load-error", ({ tile, error }) => {
      if (tile === null) this._hasFailed = true;
      this._events.failed(error);
    });
    tiles.addEventListener("tile-visibility-change", () => this._events.changed());
    tiles.addEventListener("tiles-load-end", () => this._events.changed());
    tiles.addEventListener("needs-update", () => this._events.changed());
  }

  private _prepare(scene: Object3D): void {
    const table = this._tableOf(scene);
    table?.update(this.states);
    scene.traverse((object) => {
      if (isDrawn(object)) this._prepareMesh(object, table);
    });
    this._events.changed();
  }

  private _tableOf(scene: Object3D): FeatureTable | undefined {
    const metadata = scene.userData.structuralMetadata as TileMetadata | undefined;
    const rows = metadata?.tableAccessors[0];
    if (rows === undefined) return undefined;
    const positions = Int32Array.from(
      { length: rows.count },
      (_, row) => this.states.positionOf(String(rows.getData(row).id)) ?? -1,
    );
    const table = new FeatureTable(positions);
    this._tables.add(table);
    scene.userData.table = table;
    return table;
  }

  private _prepareMesh(mesh: Mesh, table: FeatureTable | undefined): void {
    const material = materialFor(mesh);
    material.clippingPlanes = this._clipping;
    mesh.material = material;
    const attribute = Object.keys(mesh.geometry.attributes).find((name) => /^_feature_id_0$/i.test(name));
    if (table === undefined || attribute === undefined) return;
    const isInstanced = "isInstancedMesh" in mesh;
    this._meshes.set(mesh, { table, attribute, isInstanced });
    drawByState(material, table, attribute);
  }

  private _forget(scene: Object3D): void {
    const table = scene.userData.table as FeatureTable | undefined;
    table?.texture.dispose();
    if (table !== undefined) this._tables.delete(table);
  }
}

/** As it is: one that undoes the scale of a map is no product of a scale, a rotation and a move, as three.js keeps them. */
function setMatrix(object: Object3D, matrix: Matrix4): void {
  object.matrixAutoUpdate = false;
  object.matrix.copy(matrix);
  object.matrixWorldNeedsUpdate = true;
}

function geometryOf(object: Object3D): BufferGeometry {
  if (!isDrawn(object)) throw new Error("Only what is drawn is hit by a ray.");
  return object.geometry;
}

function isDrawn(object: Object3D): object is Mesh {
  return "geometry" in object && object.geometry instanceof BufferGeometry;
}

/** A simple material with the colour, texture and transparency of the glTF's: it is quick without a graphics card too. */
function materialFor(mesh: Mesh): Material {
  const { color, map, opacity, transparent, vertexColors } = mesh.material as MeshStandardMaterial;
  const common = { color, opacity, transparent, vertexColors, depthWrite: !transparent };
  if ("isLine" in mesh || "isLineSegments" in mesh) return new LineBasicMaterial(common);
  if ("isPoints" in mesh) return new PointsMaterial({ ...common, size: 5, sizeAttenuation: false });
  return new MeshLambertMaterial({
    ...common,
    map,
    side: DoubleSide,
    flatShading: !mesh.geometry.hasAttribute("normal"),
  });
}
