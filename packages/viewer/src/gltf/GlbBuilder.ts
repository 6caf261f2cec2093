import {
  Document,
  NodeIO,
  VertexLayout,
  type Accessor,
  type Buffer,
  type Mesh,
  type Node,
  type Primitive,
  type TypedArray,
} from "@gltf-transform/core";
import {
  EXTMeshFeatures,
  EXTMeshGPUInstancing,
  EXTMeshoptCompression,
  EXTStructuralMetadata,
  KHRMaterialsUnlit,
  KHRNodeVisibility,
  type PropertyTable,
} from "@gltf-transform/extensions";
import type { IModelDb } from "@itwin/core-backend";
import { MeshoptEncoder } from "meshoptimizer";
import type { Appearance } from "../graphics/Appearances.js";
import type { BatchGraphics, Shape, ShapeGroup } from "../graphics/BatchGraphics.js";
import type { Vector } from "../graphics/Matrix.js";
import type { Compression } from "../graphics/GraphicsExport.js";
import type { GraphicsIssue } from "../graphics/GraphicsReader.js";
import type { Layer } from "../graphics/Layer.js";
import { noRotation, noScale, Placements } from "../graphics/Placements.js";
import type { ElementProperties } from "../graphics/readProperties.js";
import { EXTInstanceFeatures } from "./InstanceFeatures.js";
import { Materials } from "./Materials.js";
import { writePropertyTable } from "./PropertyTable.js";
import { mergeLines, mergeMeshes, type FeatureOf, type MeshVertices, type Vertices } from "./vertices.js";

/** How glTF calls what is drawn of vertices. */
const modes = { points: 0, lines: 1, mesh: 4 } as const;

/** Half the root of 2: a quarter of a turn around x, from z upwards to y upwards. */
const yUp: [number, number, number, number] = [-Math.SQRT1_2, 0, 0, Math.SQRT1_2];

/** The vertices of a shape, which several meshes use. */
interface ShapeAccessors {
  readonly positions: Accessor;
  readonly normals: Accessor;
  readonly uvs?: Accessor;
  readonly indices: Accessor;
}

/** Makes a glTF file of the graphics of elements. */
export class GlbBuilder {
  private readonly _document = new Document();
  private readonly _buffer: Buffer;
  private readonly _root: Node;
  private readonly _materials: Materials;
  private readonly _table: PropertyTable;
  private readonly _shapes = new Map<string, Mesh>();
  private readonly _accessors = new Map<string, ShapeAccessors>();

  /**
   * @param rows - the properties of the elements, in the order of their feature ids
   * @param onIssue - receives textures that cannot be written
   */
  public constructor(imodel: IModelDb, rows: readonly ElementProperties[], onIssue: (issue: GraphicsIssue) => void) {
    this._document.getRoot().getAsset().generator = "itwin-connector-viewer";
    this._buffer = this._document.createBuffer();
    this._root = this._document.createNode(imodel.rootSubject.name).setRotation(yUp);
    const scene = this._document.createScene().addChild(this._root);
    this._document.getRoot().setDefaultScene(scene);
    this._materials = new Materials(this._document, imodel, onIssue);
    this._table = writePropertyTable(this._document, rows);
  }

  /** Adds a layer. */
  public addLayer({ name, is2d, isHidden }: Layer): Node {
    const node = this._document.createNode(name).setExtras({ is2d, isHidden });
    if (isHidden) {
      const visibility = this._document.createExtension(KHRNodeVisibility).createVisibility().setVisible(false);
      node.setExtension("KHR_node_visibility", visibility);
    }
    this._root.addChild(node);
    return node;
  }

  /** Adds a batch to a layer. */
  public addBatch(layer: Node, batch: BatchGraphics, featureOf: FeatureOf): void {
    const node = this._document.createNode().setTranslation([...batch.center]);
    layer.addChild(node);
    const primitives: Primitive[] = [];
    for (const [appearance, pieces] of batch.meshes) {
      const vertices = mergeMeshes(pieces, batch.center, featureOf);
      primitives.push(this._withFeatures(this._meshPrimitive(vertices, appearance), vertices));
    }
    for (const [appearance, pieces] of batch.lines) {
      const vertices = mergeLines(pieces, batch.center, featureOf);
      primitives.push(this._withFeatures(this._linePrimitive(vertices, appearance), vertices));
    }
    if (primitives.length > 0) node.setMesh(this._mesh(primitives));
    for (const group of batch.instances) node.addChild(this._instances(group, batch.center, featureOf));
  }

  /** The bytes of the file. */
  public async finish(compression: Compression): Promise<Uint8Array> {
    const io = new NodeIO()
      .registerExtensions([
        EXTMeshFeatures,
        EXTInstanceFeatures,
        EXTMeshGPUInstancing,
        EXTMeshoptCompression,
        EXTStructuralMetadata,
        KHRMaterialsUnlit,
        KHRNodeVisibility,
      ])
      .setVertexLayout(VertexLayout.SEPARATE);
    if (compression === "meshopt") {
      await MeshoptEncoder.ready;
      io.registerDependencies({ "meshopt.encoder": MeshoptEncoder });
      this._document.createExtension(EXTMeshoptCompression).setRequired(true);
    }
    return io.writeBinary(this._document);
  }

  private _mesh(primitives: readonly Primitive[]): Mesh {
    return primitives.reduce((mesh, primitive) => mesh.addPrimitive(primitive), this._document.createMesh());
  }

  private _meshPrimitive({ positions, normals, uvs, indices }: MeshVertices, appearance: Appearance): Primitive {
    const primitive = this._primitive(appearance)
      .setAttribute("POSITION", this._accessor("VEC3", positions))
      .setAttribute("NORMAL", this._accessor("VEC3", normals))
      .setIndices(this._accessor("SCALAR", indices));
    return uvs === undefined ? primitive : primitive.setAttribute("TEXCOORD_0", this._accessor("VEC2", uvs));
  }

  private _linePrimitive({ positions, indices }: Vertices, appearance: Appearance): Primitive {
    const { kind } = appearance;
    return this._primitive(appearance)
      .setMode(modes[kind])
      .setAttribute("POSITION", this._accessor("VEC3", positions))
      .setIndices(this._accessor("SCALAR", indices));
  }

  private _primitive(appearance: Appearance): Primitive {
    return this._document.createPrimitive().setMaterial(this._materials.of(appearance));
  }

  private _withFeatures(primitive: Primitive, { featureIds }: Vertices): Primitive {
    const extension = this._document.createExtension(EXTMeshFeatures);
    const features = extension.createFeatureID().setAttribute(0).setPropertyTable(this._table);
    return primitive
      .setAttribute("_FEATURE_ID_0", this._accessor("SCALAR", featureIds))
      .setExtension(
        "EXT_mesh_features",
        extension.createFeatures().addFeatureID(features.setFeatureCount(countOf(featureIds))),
      );
  }

  private _instances({ shape, appearance, placements }: ShapeGroup, center: Vector, featureOf: FeatureOf): Node {
    const node = this._document.createNode().setMesh(this._shapeMesh(shape, appearance));
    const extension = this._document.createExtension(EXTMeshGPUInstancing).setRequired(true);
    const featureIds = Float32Array.from(placements.elements, featureOf);
    const mesh = extension
      .createInstancedMesh()
      .setAttribute("TRANSLATION", this._accessor("VEC3", placements.translations(center)))
      .setAttribute("_FEATURE_ID_0", this._accessor("SCALAR", featureIds));
    if (placements.isRotated) mesh.setAttribute("ROTATION", this._accessor("VEC4", placements.rotations));
    if (placements.isScaled) mesh.setAttribute("SCALE", this._accessor("VEC3", placements.scales));
    const features = this._document.createExtension(EXTInstanceFeatures).createInstanceFeatures();
    return node
      .setExtension("EXT_mesh_gpu_instancing", mesh)
      .setExtension("EXT_instance_features", features.setFeatureCount(countOf(featureIds)));
  }

  /** A shape is written once, and for each appearance there is a mesh with it. */
  private _shapeMesh(shape: Shape, appearance: Appearance): Mesh {
    const key = `${appearance.index} ${shape.key}`;
    let mesh = this._shapes.get(key);
    if (mesh === undefined) {
      mesh = this._mesh([this._shapePrimitive(shape, appearance)]);
      this._shapes.set(key, mesh);
    }
    return mesh;
  }

  private _shapePrimitive(shape: Shape, appearance: Appearance): Primitive {
    let accessors = this._accessors.get(shape.key);
    if (accessors === undefined) this._accessors.set(shape.key, (accessors = this._shapeAccessors(shape, appearance)));
    const { positions, normals, uvs, indices } = accessors;
    const primitive = this._primitive(appearance).setAttribute("POSITION", positions).setAttribute("NORMAL", normals);
    return (uvs === undefined ? primitive : primitive.setAttribute("TEXCOORD_0", uvs)).setIndices(indices);
  }

  private _shapeAccessors(shape: Shape, appearance: Appearance): ShapeAccessors {
    const placements = new Placements();
    placements.add(0, [0, 0, 0], noRotation, noScale);
    const { positions, normals, uvs, indices } = mergeMeshes([{ shape, appearance, placements }], [0, 0, 0], () => 0);
    return {
      positions: this._accessor("VEC3", positions),
      normals: this._accessor("VEC3", normals),
      uvs: uvs && this._accessor("VEC2", uvs),
      indices: this._accessor("SCALAR", indices),
    };
  }

  private _accessor(type: "SCALAR" | "VEC2" | "VEC3" | "VEC4", array: TypedArray): Accessor {
    return this._document.createAccessor().setType(type).setArray(array).setBuffer(this._buffer);
  }
}

/** How many features there are. */
function countOf(featureIds: Float32Array): number {
  return new Set(featureIds).size;
}
