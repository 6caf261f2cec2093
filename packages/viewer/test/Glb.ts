import { readFileSync } from "node:fs";
import { NodeIO } from "@gltf-transform/core";
import { EXTMeshGPUInstancing, EXTMeshoptCompression } from "@gltf-transform/extensions";
import { Matrix4d, Point4d } from "@itwin/core-geometry";
import { expect } from "chai";
import validator from "gltf-validator";
import { MeshoptDecoder } from "meshoptimizer";

interface Accessor {
  bufferView: number;
  byteOffset?: number;
  componentType: number;
  count: number;
  type: "SCALAR" | "VEC2" | "VEC3" | "VEC4";
}

interface Primitive {
  attributes: Record<string, number>;
  indices: number;
  material: number;
  mode: number;
  extensions?: { EXT_mesh_features?: object };
}

interface Node {
  name?: string;
  mesh?: number;
  children?: number[];
  translation?: number[];
  rotation?: number[];
  scale?: number[];
  extras?: object;
  extensions?: {
    EXT_mesh_gpu_instancing?: { attributes: Record<string, number> };
    EXT_instance_features?: object;
    KHR_node_visibility?: object;
  };
}

interface Column {
  values: number;
  stringOffsets?: number;
}

/** The JSON of a file, as far as tests look at it. */
export interface Gltf {
  extensionsUsed?: string[];
  extensionsRequired?: string[];
  accessors: Accessor[];
  bufferViews: { byteOffset?: number; byteLength: number; byteStride?: number }[];
  materials: {
    name?: string;
    alphaMode?: string;
    doubleSided?: boolean;
    pbrMetallicRoughness: { baseColorFactor?: number[]; baseColorTexture?: object };
    extensions?: object;
  }[];
  meshes: { primitives: Primitive[] }[];
  nodes: Node[];
  scenes: { nodes: number[] }[];
  images?: { bufferView: number; mimeType: string }[];
  extensions?: {
    EXT_structural_metadata?: {
      schema: {
        classes: { Element: { properties: Record<string, { type: string; enumType?: string; noData?: string }> } };
        enums: Record<string, { values: { name: string; value: number }[] }>;
      };
      propertyTables: { count: number; properties: Record<string, Column> }[];
    };
  };
}

/** A primitive at one of its places: the coordinates of the iModel, and the features of the vertices. */
export interface Drawn {
  readonly mode: number;
  readonly material: Gltf["materials"][number];
  /** Three numbers for each corner of each triangle, each end of each segment, or each point. */
  readonly corners: number[];
  /** One for each of them. */
  readonly features: number[];
  readonly uvs: number[];
  readonly isInstance: boolean;
}

/** A GLB file, read without the library that wrote it. */
export class Glb {
  public readonly json: Gltf;
  private readonly _bytes: Buffer;

  public constructor(file: Uint8Array) {
    const buffer = Buffer.from(file.buffer, file.byteOffset, file.length);
    const length = buffer.readUInt32LE(12);
    this.json = JSON.parse(buffer.toString("utf8", 20, 20 + length)) as Gltf;
    this._bytes = buffer.subarray(28 + length);
  }

  /** Reads a file, and expects that the validator has nothing to say. */
  public static async readValid(path: string): Promise<Glb> {
    const bytes = new Uint8Array(readFileSync(path));
    const { issues } = await validator.validateBytes(bytes, { maxIssues: 100 });
    const found = issues.messages.filter(({ severity }) => severity < 2);
    expect(found, JSON.stringify(found, undefined, 1)).to.deep.equal([]);
    return new Glb(bytes);
  }

  /** Reads a compressed file. */
  public static async readCompressed(path: string): Promise<Glb> {
    const io = new NodeIO()
      .registerExtensions([EXTMeshGPUInstancing, EXTMeshoptCompression])
      .registerDependencies({ "meshopt.decoder": MeshoptDecoder });
    const document = await io.read(path);
    document
      .getRoot()
      .listExtensionsUsed()
      .find(({ extensionName }) => extensionName === "EXT_meshopt_compression")
      ?.dispose();
    return new Glb(await io.writeBinary(document));
  }

  /** Everything that is drawn. */
  public drawn(): Drawn[] {
    const [scene] = this.json.scenes;
    return scene!.nodes.flatMap((node) => this._drawnOf(this.json.nodes[node]!, toIModel));
  }

  /** The corners of all triangles of each feature, as the property table names it. */
  public trianglesById(): Map<string, number[]> {
    const ids = this.column("id");
    const triangles = new Map<string, number[]>();
    for (const { mode, corners, features } of this.drawn())
      if (mode === 4)
        features.forEach((feature, index) => {
          const list = triangles.get(ids[feature]!) ?? [];
          list.push(...corners.slice(3 * index, 3 * index + 3));
          triangles.set(ids[feature]!, list);
        });
    return triangles;
  }

  /** The values of a property. */
  public column(name: string): string[] {
    const { schema, propertyTables } = this.json.extensions!.EXT_structural_metadata!;
    const { count, properties } = propertyTables[0]!;
    const { values, stringOffsets } = properties[name]!;
    if (stringOffsets === undefined) {
      const { enumType } = schema.classes.Element.properties[name]!;
      const names = new Map(schema.enums[enumType!]!.values.map((each) => [each.value, each.name]));
      const view = this._view(values);
      return Array.from({ length: count }, (_, row) => names.get(view.readUInt16LE(2 * row))!);
    }
    const [text, offsets] = [this._view(values), this._view(stringOffsets)];
    return Array.from({ length: count }, (_, row) =>
      text.toString("utf8", offsets.readUInt32LE(4 * row), offsets.readUInt32LE(4 * row + 4)),
    );
  }

  /** The number of draw calls. */
  public get drawCalls(): number {
    return this.json.nodes.reduce(
      (sum, { mesh }) => sum + (mesh === undefined ? 0 : this.json.meshes[mesh]!.primitives.length),
      0,
    );
  }

  private _drawnOf(node: Node, parent: Matrix4d): Drawn[] {
    const transform = parent.multiplyMatrixMatrix(matrixOf(node));
    const children = (node.children ?? []).flatMap((child) => this._drawnOf(this.json.nodes[child]!, transform));
    if (node.mesh === undefined) return children;
    const { primitives } = this.json.meshes[node.mesh]!;
    const instancing = node.extensions?.EXT_mesh_gpu_instancing;
    if (instancing === undefined)
      return [...children, ...primitives.map((primitive) => this._drawnPrimitive(primitive, transform))];
    const [translations, rotations, scales, ids] = ["TRANSLATION", "ROTATION", "SCALE", "_FEATURE_ID_0"].map((name) =>
      instancing.attributes[name] === undefined ? undefined : this._values(instancing.attributes[name]),
    );
    const instances = translations!.flatMap((translation, index) => {
      const local = matrixOf({ translation, rotation: rotations?.[index], scale: scales?.[index] });
      const place = transform.multiplyMatrixMatrix(local);
      return primitives.map((primitive) => this._drawnPrimitive(primitive, place, ids?.[index]?.[0] ?? 0));
    });
    return [...children, ...instances];
  }

  private _drawnPrimitive(
    { attributes, indices, material, mode }: Primitive,
    transform: Matrix4d,
    feature?: number,
  ): Drawn {
    const places = this._values(indices).map(([index]) => index!);
    const positions = this._values(attributes.POSITION!);
    const ids = attributes._FEATURE_ID_0 === undefined ? undefined : this._values(attributes._FEATURE_ID_0);
    const uvs = attributes.TEXCOORD_0 === undefined ? undefined : this._values(attributes.TEXCOORD_0);
    return {
      mode,
      material: this.json.materials[material]!,
      corners: places.flatMap((index) => {
        const [x, y, z] = positions[index]!;
        const point = transform.multiplyPoint4d(Point4d.create(x, y, z, 1));
        return [point.x, point.y, point.z];
      }),
      features: places.map((index) => feature ?? ids?.[index]?.[0] ?? 0),
      uvs: uvs === undefined ? [] : places.flatMap((index) => uvs[index]!),
      isInstance: feature !== undefined,
    };
  }

  private _values(index: number): number[][] {
    const { bufferView, byteOffset = 0, componentType, count, type } = this.json.accessors[index]!;
    const width = { SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4 }[type];
    const size = { 5121: 1, 5123: 2, 5125: 4, 5126: 4 }[componentType]!;
    const view = this._view(bufferView).subarray(byteOffset);
    const stride = this.json.bufferViews[bufferView]!.byteStride ?? width * size;
    const read = (offset: number) => {
      if (componentType === 5126) return view.readFloatLE(offset);
      return componentType === 5121
        ? view.readUInt8(offset)
        : size === 2
          ? view.readUInt16LE(offset)
          : view.readUInt32LE(offset);
    };
    return Array.from({ length: count }, (_, row) =>
      Array.from({ length: width }, (__, place) => read(row * stride + place * size)),
    );
  }

  private _view(index: number): Buffer {
    const { byteOffset = 0, byteLength } = this.json.bufferViews[index]!;
    return this._bytes.subarray(byteOffset, byteOffset + byteLength);
  }
}

/** From glTF, where y is up, to the iModel, where z is. */
const toIModel = Matrix4d.createRowValues(1, 0, 0, 0, 0, 0, -1, 0, 0, 1, 0, 0, 0, 0, 0, 1);

function matrixOf({
  translation: [tx, ty, tz] = [0, 0, 0],
  rotation: [x, y, z, w] = [0, 0, 0, 1],
  scale: [sx, sy, sz] = [1, 1, 1],
}: Node): Matrix4d {
  const rows = [
    [1 - 2 * (y! * y! + z! * z!), 2 * (x! * y! - z! * w!), 2 * (x! * z! + y! * w!)],
    [2 * (x! * y! + z! * w!), 1 - 2 * (x! * x! + z! * z!), 2 * (y! * z! - x! * w!)],
    [2 * (x! * z! - y! * w!), 2 * (y! * z! + x! * w!), 1 - 2 * (x! * x! + y! * y!)],
  ].map(([a, b, c]) => [a! * sx!, b! * sy!, c! * sz!]);
  const [a, b, c] = rows as [number[], number[], number[]];
  return Matrix4d.createRowValues(
    a[0]!,
    a[1]!,
    a[2]!,
    tx!,
    b[0]!,
    b[1]!,
    b[2]!,
    ty!,
    c[0]!,
    c[1]!,
    c[2]!,
    tz!,
    0,
    0,
    0,
    1,
  );
}
