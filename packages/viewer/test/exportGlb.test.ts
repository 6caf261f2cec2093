import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync, crc32 } from "node:zlib";
import { SubCategory } from "@itwin/core-backend";
import { Id64 } from "@itwin/core-bentley";
import {
  CategorySelector,
  DisplayStyle3d,
  ModelSelector,
  OrthographicViewDefinition,
  RenderMaterialElement,
  SnapshotDb,
  SpatialCategory,
  Texture,
} from "@itwin/core-backend";
import {
  ColorDef,
  FillDisplay,
  GeometryParams,
  GeometryStreamBuilder,
  IModel,
  ImageSourceFormat,
  TextureMapping,
  type GeometryStreamProps,
} from "@itwin/core-common";
import {
  Arc3d,
  LineSegment3d,
  LineString3d,
  Loop,
  Point3d,
  PointString3d,
  Range3d,
  Sphere,
  YawPitchRollAngles,
} from "@itwin/core-geometry";
import { expect } from "chai";
import { exportGlb, type GraphicsExport, type GraphicsExportOptions } from "itwin-connector-viewer";
import { insertExternalSourceAspect } from "../../../src/imodel/native.js";
import { Glb, type Drawn } from "./Glb.js";
import { expectSameTriangles, measure } from "./measure.js";
import { at, box, Scene, streamOf, trianglesOf } from "./Scene.js";

/** Exports what is in a scene, reads the file, and expects the same triangles as the platform makes. */
async function exportScene(
  scene: Scene,
  options?: GraphicsExportOptions,
): Promise<{ glb: Glb; result: GraphicsExport }> {
  const path = scene.save();
  const out = join(scene.folder, "scene.glb");
  const result = await exportGlb(path, out, options);
  const glb = await Glb.readValid(out);
  expect(result).to.include({ path: out, size: statSync(out).size });
  return { glb, result };
}

async function expectSame(scene: Scene, options?: GraphicsExportOptions): Promise<Glb> {
  scene.imodel.saveChanges();
  const expected = trianglesOf(scene.imodel);
  const { glb, result } = await exportScene(scene, options);
  expectSameTriangles(glb.trianglesById(), expected);
  const corners = [...expected.values()].reduce((sum, { length }) => sum + length, 0);
  expect(result).to.deep.include({ triangles: corners / 9, issues: [] });
  return glb;
}

/** A stream in one colour. */
function colored(color: ColorDef, transparency: number, category: string, material?: string): GeometryStreamProps {
  const builder = new GeometryStreamBuilder();
  const params = new GeometryParams(category);
  params.lineColor = color;
  params.elmTransparency = transparency;
  params.materialId = material;
  builder.appendGeometryParamsChange(params);
  builder.appendGeometry(box());
  return builder.geometryStream;
}

/** To a tenth of a millimetre. */
const rounded = (value: number): number => Math.round(value * 1e4) / 1e4 + 0;

const pieces = (glb: Glb, mode: number): Drawn[] => glb.drawn().filter((drawn) => drawn.mode === mode);

describe("exportGlb", () => {
  for (const instances of [true, false])
    it(`writes the triangles that the platform makes${instances ? "" : ", without instances"}`, async () => {
      const scene = new Scene();
      scene.add(streamOf(box()), at(5, 6, 7, { yaw: 30, pitch: 20, roll: -70 }));
      scene.add(streamOf(Sphere.createCenterRadius(Point3d.create(1, 2, 3), 2)), at(-40, 3, 2));
      scene.add(streamOf(box(2, 3, 4), Sphere.createCenterRadius(Point3d.create(9, 9, 9), 1)));
      for (let index = 0; index < 20; index++)
        scene.add(streamOf(box(1 + index, 2, 0.5)), at(index * 3, 50, 0, { yaw: index * 17, roll: index }));
      const glb = await expectSame(scene, { instances });
      expect(glb.drawn().some(({ isInstance }) => isInstance)).to.equal(instances);
    });

  it("is true to a millimetre 10,000 km from the origin, and 20,000 km apart", async () => {
    const scene = new Scene();
    for (const x of [-1e7, 1e7, 1e7 + 3, 1e7 + 20_000, 1e7 + 25_000])
      for (let index = 0; index < 9; index++)
        scene.add(streamOf(box(1 + index / 7)), at(x + 0.123456, 4e6 + index * 2.0001, 77.777, { yaw: index }));
    await expectSame(scene);
  });

  it("writes GeometryParts once, as instances", async () => {
    const scene = new Scene();
    const part = scene.addPart(Sphere.createCenterRadius(Point3d.create(1, 0, 0), 1));
    for (let index = 0; index < 5; index++) {
      const builder = new GeometryStreamBuilder();
      const turned = YawPitchRollAngles.createDegrees(10 * index, 20, -30);
      builder.appendGeometryPart3d(part, Point3d.create(index, 2, 3), turned, 1 + index / 2);
      scene.add(builder.geometryStream, at(10 * index, 0, 0, { yaw: 45, pitch: index * 30 }));
    }
    const glb = await expectSame(scene);
    expect(glb.json.meshes).to.have.length(1);
    expect(glb.drawn().every(({ isInstance }) => isInstance)).to.equal(true);
    expect(glb.json.extensionsRequired).to.deep.equal(["EXT_mesh_gpu_instancing"]);
  });

  it("keeps parts apart that look different", async () => {
    const scene = new Scene();
    const part = scene.addPart(box());
    for (const color of [ColorDef.red, ColorDef.green, ColorDef.red]) {
      const builder = new GeometryStreamBuilder();
      const params = new GeometryParams(scene.category);
      params.lineColor = color;
      builder.appendGeometryParamsChange(params);
      builder.appendGeometryPart3d(part);
      scene.add(builder.geometryStream);
    }
    const glb = await expectSame(scene);
    const colors = glb.drawn().map(({ material }) =>
      material.pbrMetallicRoughness
        .baseColorFactor!.slice(0, 3)
        .map((value) => value.toFixed(3))
        .join(),
    );
    expect(colors.sort()).to.deep.equal(["0.000,0.216,0.000", "1.000,0.000,0.000", "1.000,0.000,0.000"]);
  });

  it("writes lines, and points as points", async () => {
    const scene = new Scene();
    const lines = scene.add(streamOf(LineString3d.create([0, 0, 0], [1, 0, 0], [1, 2, 0])), at(3, 4, 5));
    const points = scene.add(
      streamOf(PointString3d.create(Point3d.create(0, 0, 0), Point3d.create(1, 0, 0), Point3d.create(5, 5, 5))),
      at(100, 0, 0, { yaw: 90 }),
    );
    const both = scene.add(
      streamOf(LineSegment3d.createXYZXYZ(7, 7, 7, 8, 8, 8), LineSegment3d.createXYZXYZ(1, 2, 3, 1, 2, 3)),
    );
    const { glb } = await exportScene(scene);
    const ids = glb.column("id");
    const of = (mode: number, id: string) =>
      pieces(glb, mode).flatMap(({ corners, features }) =>
        corners.filter((_, place) => ids[features[Math.floor(place / 3)]!] === id).map(rounded),
      );
    expect(of(1, lines)).to.deep.equal([3, 4, 5, 4, 4, 5, 4, 4, 5, 4, 6, 5]);
    expect(of(0, lines)).to.deep.equal([]);
    expect(of(1, points)).to.deep.equal([]);
    expect(of(0, points)).to.deep.equal([100, 0, 0, 100, 1, 0, 95, 5, 5]);
    expect(of(1, both)).to.deep.equal([7, 7, 7, 8, 8, 8]);
    expect(of(0, both)).to.deep.equal([1, 2, 3]);
    expect(pieces(glb, 1)[0]!.material.extensions).to.deep.equal({ KHR_materials_unlit: {} });
  });

  it("leaves out what is in invisible subcategories, and does not miss it", async () => {
    const scene = new Scene();
    const hidden = SubCategory.insert(scene.imodel, scene.category, "Axis", { invisible: true });
    const shown = SubCategory.insert(scene.imodel, scene.category, "Outline", {});
    const line = (subCategory: string, y: number) => {
      const builder = new GeometryStreamBuilder();
      builder.appendGeometryParamsChange(new GeometryParams(scene.category, subCategory));
      builder.appendGeometry(LineString3d.create([0, y, 0], [1, y, 0]));
      return builder.geometryStream;
    };
    scene.add(line(hidden, 1));
    scene.add(line(shown, 2));
    const { glb, result } = await exportScene(scene);
    expect(pieces(glb, 1)).to.have.length(1);
    expect(result.issues).to.deep.equal([]);
  });

  it("writes colours, transparency and the names of materials", async () => {
    const scene = new Scene();
    const material = RenderMaterialElement.insert(
      scene.imodel,
      IModel.dictionaryId,
      "Glass",
      new RenderMaterialElement.Params("p"),
    );
    scene.add(colored(ColorDef.from(255, 188, 0), 0, scene.category));
    scene.add(colored(ColorDef.from(0, 0, 255), 0.75, scene.category, material));
    const glb = await expectSame(scene);
    const [opaque, glass] = glb.json.materials;
    expect(opaque!.pbrMetallicRoughness.baseColorFactor!.map((value) => value.toFixed(2))).to.deep.equal([
      "1.00",
      "0.50",
      "0.00",
      "1.00",
    ]);
    expect(opaque!.alphaMode).to.equal(undefined);
    expect(glass).to.include({ name: "Glass", alphaMode: "BLEND" });
    expect(glass!.pbrMetallicRoughness.baseColorFactor![3]).to.be.closeTo(0.25, 0.01);
  });

  it("writes textures with the position of each vertex on them", async () => {
    const scene = new Scene();
    const texture = Texture.insertTexture(scene.imodel, IModel.dictionaryId, "Bricks", ImageSourceFormat.Png, png());
    const look = new RenderMaterialElement.Params("p");
    look.patternMap = { TextureId: texture, pattern_mapping: TextureMapping.Mode.Parametric, pattern_scale: [1, 1] };
    const material = RenderMaterialElement.insert(scene.imodel, IModel.dictionaryId, "Wall", look);
    const builder = new GeometryStreamBuilder();
    const params = new GeometryParams(scene.category);
    params.materialId = material;
    builder.appendGeometryParamsChange(params);
    builder.appendGeometry(
      Loop.createPolygon(
        [
          [0, 0, 0],
          [2, 0, 0],
          [2, 1, 0],
          [0, 1, 0],
        ].map(([x, y, z]) => Point3d.create(x, y, z)),
      ),
    );
    scene.add(builder.geometryStream);
    const glb = await expectSame(scene);
    const [wall] = pieces(glb, 4);
    expect(wall!.material.pbrMetallicRoughness.baseColorTexture).to.deep.equal({ index: 0 });
    expect(glb.json.images).to.have.length(1);
    const uvAt = (x: number, y: number) => {
      const corner = wall!.features.findIndex(
        (_, index) => rounded(wall!.corners[3 * index]!) === x && rounded(wall!.corners[3 * index + 1]!) === y,
      );
      return wall!.uvs.slice(2 * corner, 2 * corner + 2).map(Math.round);
    };
    expect(uvAt(0, 1)[1]).to.be.lessThan(uvAt(0, 0)[1]!); // v grows downwards
  });

  it("reports a texture that is no image, and writes the rest", async () => {
    const scene = new Scene();
    const { imodel } = scene;
    const texture = Texture.insertTexture(
      imodel,
      IModel.dictionaryId,
      "Torn",
      ImageSourceFormat.Png,
      Uint8Array.of(1, 2),
    );
    const look = new RenderMaterialElement.Params("p");
    look.patternMap = { TextureId: texture, pattern_mapping: TextureMapping.Mode.Parametric, pattern_scale: [1, 1] };
    const material = RenderMaterialElement.insert(imodel, IModel.dictionaryId, "Wall", look);
    scene.add(colored(ColorDef.red, 0, scene.category, material));
    const { glb, result } = await exportScene(scene);
    const message = "this texture is not in the export: glTF takes PNG and JPEG images only";
    expect(result).to.deep.include({ elements: 1, issues: [{ elementId: texture, message, isMissing: false }] });
    expect(glb.json).not.to.have.property("images");
  });

  it("says of each element who it is and where it came from, whatever is in the names", async () => {
    const scene = new Scene();
    const long = "x".repeat(10_000);
    const label = `<script>alert("${long}")</script> \u{1f6b0} ä`;
    const first = scene.add(streamOf(box()), at(0, 0, 0), { userLabel: label });
    const second = scene.add(streamOf(box()), at(3, 0, 0), { federationGuid: "11111111-2222-4333-8444-555555555555" });
    insertExternalSourceAspect(scene.imodel, second, {
      scope: { id: scene.model, relClassName: "BisCore.ElementScopesExternalSourceIdentifier" },
      kind: "Valve",
      identifier: "V-1",
    });
    const glb = await expectSame(scene);
    expect(glb.column("id")).to.deep.equal([first, second]);
    expect(glb.column("label")).to.deep.equal([label, ""]);
    expect(glb.column("class")).to.deep.equal(["Generic:PhysicalObject", "Generic:PhysicalObject"]);
    expect(glb.column("category")).to.deep.equal(["Things", "Things"]);
    expect(glb.column("model")).to.deep.equal(["Model", "Model"]);
    expect(glb.column("federationGuid")[1]).to.equal("11111111-2222-4333-8444-555555555555");
    expect(glb.column("sourceIdentifier")).to.deep.equal(["", "V-1"]);
    expect(glb.column("sourceKind")).to.deep.equal(["(none)", "Valve"]);
    expect(glb.column("sourceDocument")).to.deep.equal(["(none)", "Model"]);
    const { properties } = glb.json.extensions!.EXT_structural_metadata!.schema.classes.Element;
    expect(properties.sourceKind!.noData).to.equal("(none)");
    expect(properties).not.to.have.property("code");
  });

  it("has a node for each drawing", async () => {
    const scene = new Scene();
    scene.add(streamOf(box()));
    const graphic = scene.addDrawing("Plan A", streamOf(LineSegment3d.createXYZXYZ(0, 0, 0, 5, 6, 0)));
    const { glb } = await exportScene(scene);
    const [root] = glb.json.nodes.filter(({ name }) => name === "Scene");
    const layers = root!.children!.map((child) => glb.json.nodes[child]!);
    expect(layers.map(({ name, extras }) => [name, extras])).to.deep.equal([
      ["3D", { is2d: false, isHidden: false }],
      ["Plan A", { is2d: true, isHidden: false }],
    ]);
    const [line] = pieces(glb, 1);
    expect(line!.corners.map(rounded)).to.deep.equal([0, 0, 0, 5, 6, 0]);
    expect(glb.column("id")[line!.features[0]!]).to.equal(graphic);
  });

  it("reports what it leaves out of a drawing", async () => {
    const scene = new Scene();
    scene.add(streamOf(box()));
    const builder = new GeometryStreamBuilder();
    const params = new GeometryParams(Id64.invalid);
    params.fillDisplay = FillDisplay.Always;
    builder.appendGeometryParamsChange(params);
    builder.appendGeometry(Loop.create(Arc3d.createXY(Point3d.create(0, 0, 0), 2)));
    const filled = scene.addDrawing("Plan B", builder.geometryStream);
    const { glb, result } = await exportScene(scene);
    const message = "only its lines and points are in the export, not its texts, images and fills";
    expect(result.issues).to.deep.equal([{ elementId: filled, message, isMissing: false }]);
    for (const corner of pieces(glb, 1)[0]!.corners) expect(Math.abs(corner)).to.be.lessThan(2.0001);
  });

  it("reports elements without graphics, and exports the rest", async () => {
    const scene = new Scene();
    const bad = [1, 2, 8, 9, 50, 100].map((length) => scene.addDamaged(length));
    bad.push(scene.addWithDamagedPart(8));
    scene.add(streamOf(box()), at(NaN, 0, 0));
    const { glb, result } = await exportScene(scene);
    expect(result).to.include({ elements: 1, triangles: 12 });
    const damaged = "its geometry is damaged: its data are cut off or overwritten";
    expect(result.issues).to.deep.equal(bad.map((elementId) => ({ elementId, message: damaged, isMissing: true })));
    expect(measure(glb.drawn()[0]!.corners.map(rounded))).to.deep.include({ low: [0, 0, 0], high: [1, 1, 1] });
  });

  it("takes no geometry for damaged that has much data, however well they compress", async () => {
    const scene = new Scene();
    for (const count of [10, 3000, 20_000]) {
      scene.add(streamOf(LineString3d.create(Array.from({ length: count }, () => Point3d.create(1, 2, 3)))));
      scene.add(streamOf(...Array.from({ length: count / 10 }, () => box())));
    }
    const { result } = await exportScene(scene);
    expect(result.issues.filter(({ message }) => message.includes("damaged"))).to.deep.equal([]);
  });

  it("exports only the categories and classes that are asked for", async () => {
    const scene = new Scene();
    const category = SpatialCategory.insert(scene.imodel, IModel.dictionaryId, "Other things", {});
    const thing = scene.add(streamOf(box()));
    const other = scene.add(streamOf(box()), at(0, 0, 0), { category });
    const line = scene.add(streamOf(box()), at(0, 0, 0), { classFullName: "Generic:SpatialLocation" });
    const path = scene.save();
    const exported = async (options: GraphicsExportOptions) => {
      await exportGlb(path, join(scene.folder, "out.glb"), { ...options, overwrite: true });
      return (await Glb.readValid(join(scene.folder, "out.glb"))).column("id");
    };
    expect(await exported({})).to.deep.equal([thing, other, line]);
    expect(await exported({ categories: ["Other things"] })).to.deep.equal([other]);
    expect(await exported({ classes: ["BisCore:PhysicalElement"] })).to.deep.equal([thing, other]);
    expect(await exported({ classes: ["Generic.SpatialLocation"], categories: ["Things"] })).to.deep.equal([line]);
  });

  it("compresses without a loss", async () => {
    const scene = new Scene();
    for (let index = 0; index < 100; index++)
      scene.add(streamOf(Sphere.createCenterRadius(Point3d.create(0, 0, 0), 1 + index)), at(index * 1e4, 0, 0));
    scene.imodel.saveChanges();
    const expected = trianglesOf(scene.imodel);
    const path = scene.save();
    const [plain, small] = ["plain.glb", "small.glb"].map((name) => join(scene.folder, name)) as [string, string];
    const { size } = await exportGlb(path, plain);
    const compressed = await exportGlb(path, small, { compress: "meshopt" });
    expect(compressed.size).to.be.lessThan(0.7 * size);
    await Glb.readValid(small);
    const triangles = (await Glb.readCompressed(small)).drawn().reduce((sum, { corners }) => sum + corners.length, 0);
    expect(triangles).to.equal([...expected.values()].reduce((sum, { length }) => sum + length, 0));
  });

  const refused: [title: string, code: string, prepare: (scene: Scene) => [source: string, options?: GraphicsExportOptions]][] = [
    ["an iModel without geometry", "viewer/no-geometry", (scene) => [scene.save()]],
    ["a selection without geometry", "viewer/no-geometry", (scene) => {
      scene.add(streamOf(box()));
      return [scene.save(), { categories: ["None"] }];
    }],
    ["geometry that is damaged", "viewer/no-geometry", (scene) => {
      scene.addDamaged();
      return [scene.save()];
    }],
    ["a class that the iModel does not have", "usage/unknown-class", (scene) => {
      scene.add(streamOf(box()));
      return [scene.save(), { classes: ["Plant:Pump"] }];
    }],
    ["a file that is not there", "usage/missing-imodel", (scene) => [`${scene.save()}x`]],
    ["a file that is no iModel", "usage/not-an-imodel", (scene) => {
      scene.save();
      writeFileSync(join(scene.folder, "text.bim"), "text");
      return [join(scene.folder, "text.bim")];
    }],
  ]; // prettier-ignore
  for (const [title, code, prepare] of refused)
    it(`refuses ${title}, and writes nothing`, async () => {
      const scene = new Scene();
      const [source, options] = prepare(scene);
      const before = readdirSync(scene.folder);
      const error = await exportGlb(source, join(scene.folder, "out.glb"), options).catch((thrown: unknown) => thrown);
      expect(error).to.have.property("code", code);
      expect(error).to.have.property("advice").that.is.a("string");
      expect(readdirSync(scene.folder)).to.deep.equal(before);
    });

  it("never replaces the iModel, or a folder", async () => {
    const scene = new Scene();
    scene.add(streamOf(box()));
    const path = scene.save();
    for (const out of [path, scene.folder]) {
      const error = await exportGlb(path, out, { overwrite: true }).catch((thrown: unknown) => thrown);
      expect(error).to.have.property("code", "usage/file-exists");
    }
    await exportGlb(path, join(scene.folder, "out.glb"));
  });

  it("has categories that the default view hides in a layer of their own, or leaves them out", async () => {
    const scene = new Scene();
    const { imodel } = scene;
    const spaces = SpatialCategory.insert(imodel, IModel.dictionaryId, "Spaces", {});
    const wall = scene.add(streamOf(box()));
    const space = scene.add(streamOf(box()), at(0, 0, 0), { category: spaces });
    const models = ModelSelector.insert(imodel, IModel.dictionaryId, "All", [scene.model]);
    const categories = CategorySelector.insert(imodel, IModel.dictionaryId, "Building", [scene.category]);
    const style = DisplayStyle3d.insert(imodel, IModel.dictionaryId, "Plain");
    const range = Range3d.createXYZXYZ(0, 0, 0, 1, 1, 1);
    const view = OrthographicViewDefinition.insert(imodel, IModel.dictionaryId, "V", models, categories, style, range);
    imodel.views.setDefaultViewId(view);
    const path = scene.save();
    const out = join(scene.folder, "out.glb");
    await exportGlb(path, out);
    const glb = await Glb.readValid(out);
    expect(glb.column("id")).to.deep.equal([wall, space]);
    const layers = glb.json.nodes.filter(({ extras }) => extras !== undefined);
    expect(layers.map(({ extras }) => extras)).to.deep.equal([
      { is2d: false, isHidden: false },
      { is2d: false, isHidden: true },
    ]);
    expect(layers[1]!.extensions).to.deep.equal({ KHR_node_visibility: { visible: false } });
    await exportGlb(path, out, { visibleOnly: true, overwrite: true });
    expect((await Glb.readValid(out)).column("id")).to.deep.equal([wall]);
  });

  it("leaves out the properties if that is asked for", async () => {
    const scene = new Scene();
    const id = scene.add(streamOf(box()), at(0, 0, 0), { userLabel: "Box" });
    const { glb } = await exportScene(scene, { properties: false });
    expect(glb.column("id")).to.deep.equal([id]);
    const { properties } = glb.json.extensions!.EXT_structural_metadata!.propertyTables[0]!;
    expect(Object.keys(properties)).to.deep.equal(["id"]);
  });

  it("replaces a file only if that is asked for", async () => {
    const scene = new Scene();
    scene.add(streamOf(box()));
    const [path, out] = [scene.save(), join(scene.folder, "out.glb")];
    writeFileSync(out, "mine");
    const error = await exportGlb(path, out).catch((thrown: unknown) => thrown);
    expect(error).to.have.property("code", "usage/file-exists");
    expect(statSync(out).size).to.equal(4);
    await exportGlb(path, out, { overwrite: true });
    await Glb.readValid(out);
  });

  it("exports an iModel that is open, and leaves it open", async () => {
    const scene = new Scene();
    scene.add(streamOf(box()));
    const imodel = SnapshotDb.openFile(scene.save());
    await exportGlb(imodel, join(scene.folder, "out.glb"));
    expect(imodel.isOpen).to.equal(true);
    imodel.close();
    expect(existsSync(join(scene.folder, "out.glb"))).to.equal(true);
  });

  it("draws boxes of all sizes as instances of one", async () => {
    const scene = new Scene();
    for (let index = 0; index < 2000; index++)
      scene.add(
        streamOf(box(1 + (index % 7), 1 + (index % 11) / 3, 1 + index / 100)),
        at(3 * (index % 50), 3 * Math.floor(index / 50), 0, { yaw: index }),
      );
    const glb = await expectSame(scene);
    expect(glb.drawCalls).to.equal(1);
    expect(statSync(join(scene.folder, "scene.glb")).size).to.be.lessThan(2000 * 130);
  });
});

/** An image of one pixel. */
function png(): Uint8Array {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0]);
  const pixels = deflateSync(Buffer.from([0, 200, 80, 40]));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", pixels), chunk("IEND", Buffer.alloc(0))]);
}
