import { copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import {
  ElementGroupsMembers,
  ExternalSourceAspect,
  GeometryPart,
  Group,
  GroupModel,
  PhysicalModel,
  RenderMaterialElement,
  SnapshotDb,
  SpatialCategory,
  StandaloneDb,
  SubCategory,
  type IModelDb,
} from "@itwin/core-backend";
import { Id64, OpenMode, type Id64String } from "@itwin/core-bentley";
import {
  Code,
  CodeScopeSpec,
  ColorDef,
  GeometryParams,
  GeometryStreamBuilder,
  IModel,
  type GeometricElement3dProps,
  type GeometryPartProps,
  type GeometryStreamProps,
} from "@itwin/core-common";
import { Box, Point3d, Range3d } from "@itwin/core-geometry";
import { temporaryFolder } from "../support/temporary.js";

/** The schema of the scene in any version, with one more property of a Block from 1.1 on. */
export function sceneSchema(version = "01.00.00", more = ""): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
    <ECSchema schemaName="Scene" alias="scene" version="${version}" xmlns="http://www.bentley.com/schemas/Bentley.ECXML.3.2">
      <ECSchemaReference name="BisCore" version="01.00.00" alias="bis"/>
      <ECStructClass typeName="Range"><ECProperty propertyName="Low" typeName="double"/></ECStructClass>
      <ECEntityClass typeName="Block">
        <BaseClass>bis:PhysicalElement</BaseClass>
        <ECProperty propertyName="Mass" typeName="double"/>
        <ECProperty propertyName="Made" typeName="dateTime"/>
        <ECArrayProperty propertyName="Tags" typeName="string"/>
        <ECStructArrayProperty propertyName="Ranges" typeName="Range"/>
        <ECStructProperty propertyName="Span" typeName="Range"/>
        <ECProperty propertyName="LastSynchronized" typeName="string"/>
        <ECProperty propertyName="Raw" typeName="binary"/>${more}
      </ECEntityClass>
      <ECEntityClass typeName="Rod">
        <BaseClass>bis:PhysicalElement</BaseClass>
        <ECProperty propertyName="LastSynchronized" typeName="dateTime"/>
      </ECEntityClass>
      <ECEntityClass typeName="Weight">
        <BaseClass>bis:ElementUniqueAspect</BaseClass>
        <ECProperty propertyName="Kilograms" typeName="double"/>
      </ECEntityClass>
      <ECEntityClass typeName="Note">
        <BaseClass>bis:ElementMultiAspect</BaseClass>
        <ECProperty propertyName="Text" typeName="string"/>
      </ECEntityClass>
    </ECSchema>`;
}

/** A box, in a colour and a subcategory if it is given. */
export function boxGeometry(size: number, subCategory?: Id64String): GeometryStreamProps {
  const builder = new GeometryStreamBuilder();
  if (subCategory !== undefined) {
    const params = new GeometryParams(Id64.invalid, subCategory);
    params.lineColor = ColorDef.red;
    builder.appendGeometryParamsChange(params);
  }
  builder.appendGeometry(Box.createRange(Range3d.createXYZXYZ(0, 0, 0, size, 1, 1), true)!);
  return builder.geometryStream;
}

/** What tests change, by name. */
export interface SceneIds {
  model: Id64String;
  otherModel: Id64String;
  category: Id64String;
  otherCategory: Id64String;
  /** Two subcategories of the category, beside the default one. */
  subCategories: Id64String[];
  /** With provenance, aspects and all kinds of properties. */
  item: Id64String;
  /** With a code. */
  coded: Id64String;
  /** Children of `coded`, with neither provenance nor code. */
  loose: Id64String[];
  group: Id64String;
  /** Parts of geometry, without codes. */
  parts: Id64String[];
  material: Id64String;
  /** With a part and a material in its geometry. */
  assembled: Id64String;
}

/** Properties of a block that a test may change. */
export type BlockProps = GeometricElement3dProps & Record<string, unknown>;

/** The least that a block in the scene has. */
export function blockProps({ model, category }: SceneIds, changes: Partial<BlockProps> = {}): BlockProps {
  return { classFullName: "Scene:Block", model, category, code: Code.createEmpty(), ...changes };
}

/** Records which item an element stands for. */
export function insertProvenance(
  imodel: IModelDb,
  id: Id64String,
  scope: Id64String,
  identifier: string,
  kind = "Part",
): Id64String {
  return imodel.elements.insertAspect({
    classFullName: ExternalSourceAspect.classFullName,
    element: { id, relClassName: "BisCore:ElementOwnsExternalSourceAspects" },
    scope: { id: scope, relClassName: "BisCore:ElementScopesExternalSourceIdentifier" },
    kind,
    identifier,
    checksum: "1",
  } as Parameters<typeof imodel.elements.insertAspect>[0]);
}

/** Makes an aspect of the scene's schema for an element. */
export function insertAspect(imodel: IModelDb, id: Id64String, name: "Weight" | "Note", props: object): void {
  const relClassName = `BisCore:ElementOwns${name === "Weight" ? "Unique" : "Multi"}Aspect${name === "Weight" ? "" : "s"}`;
  imodel.elements.insertAspect({ classFullName: `Scene:${name}`, element: { id, relClassName }, ...props });
}

/** The iModels that were made so far, by what is spare in them: to copy one is faster. */
const made = new Map<number, { path: string; ids: SceneIds }>();

/** An iModel with one of everything. What is spare shifts the ids of all that follows. */
async function makeScene(path: string, spare = 0): Promise<SceneIds> {
  let known = made.get(spare);
  if (known === undefined || !existsSync(known.path)) {
    const first = join(temporaryFolder(), "scene.bim"); // removed after each file of tests
    known = { path: first, ids: await createScene(first, spare) };
    made.set(spare, known);
  }
  copyFileSync(known.path, path);
  return known.ids;
}

async function createScene(path: string, spare: number): Promise<SceneIds> {
  const imodel = SnapshotDb.createEmpty(path, { rootSubject: { name: "scene" } });
  imodel.channels.addAllowedChannel("shared");
  await imodel.importSchemaStrings([sceneSchema()]);
  for (let index = 0; index < spare; index++) {
    const id = PhysicalModel.insert(imodel, IModel.rootSubjectId, `Spare ${index}`);
    imodel.models.deleteModel(id);
    imodel.elements.deleteElement(id);
  }
  const ids = fillScene(imodel);
  imodel.saveChanges();
  imodel.close();
  return ids;
}

function fillScene(imodel: IModelDb): SceneIds {
  const model = PhysicalModel.insert(imodel, IModel.rootSubjectId, "Blocks");
  const otherModel = PhysicalModel.insert(imodel, IModel.rootSubjectId, "Other blocks");
  const category = SpatialCategory.insert(imodel, IModel.dictionaryId, "Block", {});
  const otherCategory = SpatialCategory.insert(imodel, IModel.dictionaryId, "Other", {});
  const subCategories = ["One", "Two"].map((name) => SubCategory.insert(imodel, category, name, {}));
  const ids: SceneIds = {
    model,
    otherModel,
    category,
    otherCategory,
    subCategories,
    item: "",
    coded: "",
    loose: [],
    group: "",
    parts: [],
    material: "",
    assembled: "",
  };
  ids.item = insertItem(imodel, ids);
  const spec = imodel.codeSpecs.insert("Scene:Block", CodeScopeSpec.Type.Model);
  ids.coded = imodel.elements.insertElement(blockProps(ids, { code: new Code({ spec, scope: model, value: "B-1" }) }));
  const parent = { id: ids.coded, relClassName: "BisCore:PhysicalElementAssemblesElements" };
  const named = imodel.elements.insertElement(blockProps(ids, { parent }));
  insertProvenance(imodel, named, ids.coded, `${spec}/${model}/B-1.1`, "itwin-connector-framework:part");
  ids.loose = [1, 2, 3].map((mass) => insertLoose(imodel, ids, mass));
  const groups = GroupModel.insert(imodel, IModel.rootSubjectId, "Groups");
  const group = { classFullName: Group.classFullName, model: groups, code: Code.createEmpty() };
  ids.group = imodel.elements.insertElement(group);
  const { classFullName } = ElementGroupsMembers;
  imodel.relationships.insertInstance({ classFullName, sourceId: ids.group, targetId: ids.item });
  ids.parts = [3, 4].map((size) => insertPart(imodel, size));
  ids.assembled = imodel.elements.insertElement(blockProps(ids, { placement: { origin: [0, 0, 0], angles: {} } }));
  insertProvenance(imodel, ids.assembled, ids.model, "assembled");
  const material = new RenderMaterialElement.Params("Metal");
  ids.material = RenderMaterialElement.insert(imodel, IModel.dictionaryId, "Steel", material);
  imodel.elements.updateElement({ id: ids.assembled, geom: assembledGeometry(ids.parts[0]!, ids.material) } as object);
  return ids;
}

function insertPart(imodel: IModelDb, size: number): Id64String {
  const props: GeometryPartProps = {
    classFullName: GeometryPart.classFullName,
    model: IModel.dictionaryId,
    code: Code.createEmpty(),
    geom: boxGeometry(size),
  };
  return imodel.elements.insertElement(props);
}

/** A box of a material, and a part. */
export function assembledGeometry(part: Id64String, material?: Id64String): GeometryStreamProps {
  const builder = new GeometryStreamBuilder();
  const params = new GeometryParams(Id64.invalid);
  params.materialId = material;
  builder.appendGeometryParamsChange(params);
  builder.appendGeometry(Box.createRange(Range3d.createXYZXYZ(0, 0, 0, 1, 1, 1), true)!);
  builder.appendGeometryPart3d(part, Point3d.create(5, 0, 0));
  return builder.geometryStream;
}

function insertItem(imodel: IModelDb, ids: SceneIds): Id64String {
  const id = imodel.elements.insertElement(
    blockProps(ids, {
      userLabel: "The item",
      mass: 5,
      made: "2020-01-02T03:04:05.000Z",
      tags: ["x", "y"],
      ranges: [{ low: 1 }, { low: 2 }],
      span: { low: 3 },
      raw: new Uint8Array([1, 2, 3]),
      jsonProperties: { shelf: { row: 1 }, categoryId: ids.category },
      placement: { origin: [1, 2, 3], angles: {} },
      geom: boxGeometry(1, ids.subCategories[0]),
    }),
  );
  insertProvenance(imodel, id, ids.model, "p-1");
  insertAspect(imodel, id, "Weight", { kilograms: 5 });
  insertAspect(imodel, id, "Note", { text: "first" });
  insertAspect(imodel, id, "Note", { text: "second" });
  return id;
}

function insertLoose(imodel: IModelDb, ids: SceneIds, mass: number): Id64String {
  const parent = { id: ids.coded, relClassName: "BisCore:PhysicalElementAssemblesElements" };
  return imodel.elements.insertElement(blockProps(ids, { parent, mass, geom: boxGeometry(mass) }));
}

/** Two files with the same content, of which one can be changed. */
export class TwoScenes {
  public readonly folder = temporaryFolder();
  public readonly a = join(this.folder, "a.bim");
  public readonly b = join(this.folder, "b.bim");

  private constructor(public ids: SceneIds) {}

  /** Makes B independently of A, with other ids, or as a copy of it. */
  public static async make(spareInB = 7): Promise<TwoScenes> {
    const scenes = new TwoScenes({} as SceneIds);
    await makeScene(scenes.a);
    scenes.ids = await makeScene(scenes.b, spareInB);
    return scenes;
  }

  /** Makes B as a copy of A, so that ids and federation GUIDs are the same. */
  public static async copy(): Promise<TwoScenes> {
    const scenes = new TwoScenes({} as SceneIds);
    scenes.ids = await makeScene(scenes.a);
    copyFileSync(scenes.a, scenes.b);
    return scenes;
  }

  /** Changes B. */
  public async change(change: (imodel: IModelDb, ids: SceneIds) => unknown): Promise<void> {
    const imodel = StandaloneDb.openFile(this.b, OpenMode.ReadWrite);
    imodel.channels.addAllowedChannel("shared");
    try {
      await change(imodel, this.ids);
      imodel.saveChanges();
    } finally {
      imodel.close();
    }
  }
}
