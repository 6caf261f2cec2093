import { readdirSync } from "node:fs";
import { join } from "node:path";
import {
  ElementDrivesElement,
  ElementGroupsMembers,
  PhysicalModel,
  SnapshotDb,
  SQLiteDb,
  SynchronizationConfigLink,
  type IModelDb,
} from "@itwin/core-backend";
import { Guid, OpenMode } from "@itwin/core-bentley";
import {
  Code,
  CodeScopeSpec,
  FontType,
  GeometryStreamBuilder,
  IModel,
  TextString,
  type PhysicalElementProps,
} from "@itwin/core-common";
import { Range3d } from "@itwin/core-geometry";
import { expect } from "chai";
import {
  compareIModels,
  type ElementDifference,
  type IModelComparison,
  type PropertyDifference,
} from "itwin-connector-framework";
import { KitTimeline } from "../kit/KitTimeline.js";
import { contentOf } from "../support/temporary.js";
import {
  assembledGeometry,
  blockProps,
  boxGeometry,
  insertAspect,
  insertProvenance,
  sceneSchema,
  TwoScenes,
  type SceneIds,
} from "./scene.js";

const nothing = { onlyInA: [], onlyInB: [], changed: [] };
const itemLabel = 'Part "p-1"';

async function compare(scenes: TwoScenes): Promise<IModelComparison> {
  return compareIModels(scenes.a, scenes.b);
}

/** Changes B, which has other ids than A, and compares. */
async function compareAfter(change: (imodel: IModelDb, ids: SceneIds) => unknown): Promise<IModelComparison> {
  const scenes = await TwoScenes.make();
  await scenes.change(change);
  return compare(scenes);
}

function expectEqual(comparison: IModelComparison): void {
  const { isEqual, iModel, schemas, elements, relationships } = comparison;
  expect({ iModel, schemas, elements, relationships }).to.deep.equal({
    iModel: [],
    schemas: [],
    elements: nothing,
    relationships: nothing,
  });
  expect(isEqual).to.equal(true);
}

/** Expects that one element changed and nothing else, and that these are the differences. */
function expectChanged(comparison: IModelComparison, label: string, properties: PropertyDifference[]): void {
  const { isEqual, iModel, schemas, elements, relationships } = comparison;
  expect({ isEqual, iModel, schemas, relationships }).to.deep.equal({
    isEqual: false,
    iModel: [],
    schemas: [],
    relationships: nothing,
  });
  expect([elements.onlyInA, elements.onlyInB]).to.deep.equal([[], []]);
  expect(elements.changed.map((element) => element.label)).to.deep.equal([label]);
  expect(elements.changed[0]!.properties).to.deep.equal(properties);
  expect(elements.changed[0]!.idInA).to.match(/^0x/);
}

function update(id: (ids: SceneIds) => string, props: object | ((ids: SceneIds) => object)) {
  return (imodel: IModelDb, ids: SceneIds) =>
    imodel.elements.updateElement({ id: id(ids), ...((typeof props === "function" ? props(ids) : props) as object) });
}

const item = (ids: SceneIds) => ids.item;

describe("compareIModels", () => {
  describe("finds nothing", () => {
    it("between an iModel and itself", async () => {
      const { a } = await TwoScenes.copy();
      expectEqual(await compareIModels(a, a));
    });

    it("between iModels that were made alike, whatever their ids, GUIDs and times", async () => {
      expectEqual(await compare(await TwoScenes.make()));
    });

    it("where elements were made in another order", async () => {
      const swap = (imodel: IModelDb, ids: SceneIds) => {
        for (const mass of [11, 12]) imodel.elements.insertElement(blockProps(ids, { mass }));
      };
      const swapBack = (imodel: IModelDb, ids: SceneIds) => {
        for (const mass of [12, 11]) imodel.elements.insertElement(blockProps(ids, { mass }));
      };
      const [one, other] = [await TwoScenes.copy(), await TwoScenes.make()];
      await one.change(swap);
      await other.change(swapBack);
      expectEqual(await compareIModels(one.b, other.b));
    });

    it("between open iModels, which stay open", async () => {
      const { a, b } = await TwoScenes.make();
      const [one, other] = [SnapshotDb.openFile(a), SnapshotDb.openFile(b)];
      try {
        expectEqual(await compareIModels(one, other));
        expect([one.isOpen, other.isOpen]).to.deep.equal([true, true]);
      } finally {
        one.close();
        other.close();
      }
    });

    it("between two runs on one source, in iModels of two kinds", async () => {
      const [one, other] = [new KitTimeline(), new KitTimeline({ isSnapshot: false })];
      const source = {
        categories: ["c"],
        groups: [{ id: "g" }],
        parts: [
          { id: "p1", size: 1, code: "P1", pieces: [{ code: "P1/1" }, {}, {}] },
          { id: "p2", material: "oak", pieces: [{}] },
        ],
      };
      await one.sync(source);
      await other.sync({ ...source, parts: source.parts.slice(1) }, {});
      one.write(source);
      await other.run({}, { sourcePath: one.sourcePath });
      expect((await compareIModels(one.iModelPath, other.iModelPath)).isEqual).to.equal(false);
      const fresh = new KitTimeline({ isSnapshot: false });
      await fresh.resync({}, { sourcePath: one.sourcePath });
      expectEqual(await compareIModels(one.iModelPath, fresh.iModelPath));
    });

    it("after a run that changed nothing but the time of the last success", async () => {
      const timeline = new KitTimeline();
      await timeline.sync({ categories: ["c"], parts: [{ id: "p1" }] });
      const before = SnapshotDb.openFile(timeline.iModelPath);
      try {
        await timeline.resync();
        expectEqual(await compareIModels(before, timeline.iModelPath));
      } finally {
        before.close();
      }
    });

    it("where only times and GUIDs differ", async () => {
      const scenes = await TwoScenes.make();
      await scenes.change((imodel, ids) => {
        imodel.elements.updateElement({ id: ids.item, federationGuid: Guid.createValue() });
        imodel.elements.updateElement({ id: ids.coded, userLabel: "for a while" });
        imodel.elements.updateElement<PhysicalElementProps>({
          ...imodel.elements.getElementProps(ids.coded),
          userLabel: undefined,
        });
      });
      expectEqual(await compare(scenes));
    });
  });

  it("does not count lastSuccessfulRun", async () => {
    const scenes = await TwoScenes.copy();
    const insert = (imodel: IModelDb, lastSuccessfulRun: string, userLabel: string) =>
      imodel.elements.insertElement({
        classFullName: SynchronizationConfigLink.classFullName,
        model: IModel.repositoryModelId,
        code: SynchronizationConfigLink.createCode(imodel, IModel.repositoryModelId, "job"),
        userLabel,
        lastSuccessfulRun,
      } as Parameters<typeof imodel.elements.insertElement>[0]);
    const other = await TwoScenes.copy();
    await scenes.change((imodel) => insert(imodel, "2020-01-01T00:00:00.000Z", "Kit"));
    await other.change((imodel) => insert(imodel, "2021-01-01T00:00:00.000Z", "Kit"));
    expectEqual(await compareIModels(scenes.b, other.b));
  });

  it("does not count times when something was synchronized or changed", async () => {
    const insert = (imodel: IModelDb, ids: SceneIds, time: string) =>
      imodel.elements.insertElement({
        ...blockProps(ids, { classFullName: "Scene:Rod", lastSynchronized: time }),
        jsonProperties: { source: { lastSynchronized: time, lastMod: time } },
      });
    const [one, other] = [await TwoScenes.copy(), await TwoScenes.copy()];
    await one.change((imodel, ids) => insert(imodel, ids, "2020-01-01T00:00:00.000Z"));
    await other.change((imodel, ids) => insert(imodel, ids, "2021-01-01T00:00:00.000+01:00"));
    expectEqual(await compareIModels(one.b, other.b));
  });

  describe("finds and names a changed", () => {
    const cases: [what: string, props: object | ((ids: SceneIds) => object), found: PropertyDifference[]][] = [
      ["property", { mass: 6 }, [{ property: "Mass", a: 5, b: 6 }]],
      ["property that is gone", { mass: null }, [{ property: "Mass", a: 5, b: undefined }]],
      ["label", { userLabel: "Another" }, [{ property: "UserLabel", a: "The item", b: "Another" }]],
      [
        "time of the source",
        { made: "2020-01-02T03:04:06.000Z" },
        [{ property: "Made", a: "2020-01-02T03:04:05.000Z", b: "2020-01-02T03:04:06.000Z" }],
      ],
      [
        "text in the place of a time",
        (ids) => ({
          lastSynchronized: "v2",
          jsonProperties: { shelf: { row: 1 }, categoryId: ids.category, lastMod: "b" },
        }),
        [
          { property: "JsonProperties.lastMod", a: undefined, b: "b" },
          { property: "LastSynchronized", a: undefined, b: "v2" },
        ],
      ],
      ["array", { tags: ["x"] }, [{ property: "Tags", a: '["x","y"]', b: '["x"]' }]],
      ["struct", { span: { low: 4 } }, [{ property: "Span.Low", a: 3, b: 4 }]],
      [
        "JSON property",
        (ids) => ({ jsonProperties: { shelf: { row: 2 }, categoryId: ids.category } }),
        [{ property: "JsonProperties.shelf.row", a: 1, b: 2 }],
      ],
      [
        "id in a JSON property",
        (ids) => ({ jsonProperties: { shelf: { row: 1 }, categoryId: ids.otherCategory } }),
        [{ property: "JsonProperties.categoryId", a: 'SpatialCategory "Block"', b: 'SpatialCategory "Other"' }],
      ],
      [
        "placement",
        { placement: { origin: [1, 2, 4], angles: {}, bbox: { low: [0, 0, 0], high: [1, 1, 1] } } },
        [{ property: "Origin.Z", a: 3, b: 4 }],
      ],
      [
        "category",
        (ids) => ({ category: ids.otherCategory }),
        [{ property: "Category", a: 'SpatialCategory "Block"', b: 'SpatialCategory "Other"' }],
      ],
    ];
    for (const [what, props, found] of cases)
      it(what, async () => {
        expectChanged(await compareAfter(update(item, props)), itemLabel, found);
      });

    it("struct array", async () => {
      const { elements } = await compareAfter(update(item, { ranges: [{ low: 1 }, { low: 3 }] }));
      expect(elements.changed[0]!.properties.map(({ property }) => property)).to.deep.equal(["Ranges"]);
    });

    it("binary property", async () => {
      const { elements } = await compareAfter(update(item, { raw: new Uint8Array([1, 2, 4]) }));
      expect(elements.changed[0]!.properties.map(({ property }) => property)).to.deep.equal(["Raw"]);
    });

    it("geometry, entry by entry", async () => {
      const { elements } = await compareAfter(update(item, (ids) => ({ geom: boxGeometry(2, ids.subCategories[0]) })));
      const { label, properties } = elements.changed[0]!;
      expect(label).to.equal(itemLabel);
      expect(properties.map(({ property }) => property)).to.deep.equal(["BBoxHigh.X", "geometry[2]"]);
      expect(properties[1]!.b).to.have.nested.property("box.baseX", 2);
    });

    it("subcategory in geometry", async () => {
      const { elements } = await compareAfter(update(item, (ids) => ({ geom: boxGeometry(1, ids.subCategories[1]) })));
      expect(elements.changed.map(({ label }) => label)).to.deep.equal([itemLabel]);
      expect(elements.changed[0]!.properties.map(({ property }) => property)).to.deep.equal(["geometry[1]"]);
      expect(JSON.stringify(elements.changed[0]!.properties)).to.contain('SubCategory \\"Two\\"');
    });

    it("part in geometry", async () => {
      const { elements } = await compareAfter((imodel, ids) =>
        imodel.elements.updateElement({
          id: ids.assembled,
          geom: assembledGeometry(ids.parts[1]!, ids.material),
        } as object),
      );
      const { label, properties } = elements.changed[0]!;
      expect(label).to.equal('Part "assembled"');
      const [entry, ...more] = properties.filter(({ property }) => property.startsWith("geometry"));
      expect(entry!.b)
        .to.have.nested.property("geomPart.part")
        .which.matches(/^GeometryPart 0x/);
      expect(more).to.deep.equal([]);
    });

    it("material in geometry", async () => {
      const { elements } = await compareAfter((imodel, ids) =>
        imodel.elements.updateElement({ id: ids.assembled, geom: assembledGeometry(ids.parts[0]!) } as object),
      );
      const [{ label, properties }] = elements.changed as [ElementDifference];
      expect(label).to.equal('Part "assembled"');
      expect(JSON.stringify(properties)).to.contain('RenderMaterial \\"Steel\\"');
    });

    it("part itself", async () => {
      const { elements } = await compareAfter((imodel, ids) =>
        imodel.elements.updateElement({ id: ids.parts[1]!, geom: boxGeometry(5) } as object),
      );
      expect(elements.changed.map(({ className }) => className)).to.deep.equal(["BisCore:GeometryPart"]);
    });

    it("font of text in geometry, whatever its number", async () => {
      const addText = async (scenes: TwoScenes, fonts: string[], used: string) =>
        scenes.change(async (imodel, ids) => {
          for (const name of fonts) await imodel.fonts.acquireId({ name, type: FontType.TrueType });
          const font = imodel.fonts.findId({ name: used })!;
          const builder = new GeometryStreamBuilder();
          builder.appendTextString(new TextString({ text: "text", font, height: 1 }));
          imodel.elements.updateElement({ id: ids.item, geom: builder.geometryStream } as object);
        });
      const [one, same, other] = [await TwoScenes.make(), await TwoScenes.make(), await TwoScenes.make()];
      await addText(one, ["Arial"], "Arial");
      await addText(same, ["Karla", "Arial"], "Arial");
      await addText(other, ["Karla", "Arial"], "Karla");
      expectEqual(await compareIModels(one.b, same.b));
      expect((await compareIModels(same.b, other.b)).elements.changed).to.have.length(1);
    });

    it("code", async () => {
      const scenes = await TwoScenes.copy(); // known by its federation GUID
      await scenes.change((imodel, ids) => {
        const { spec, scope } = imodel.elements.getElementProps(ids.coded).code;
        imodel.elements.updateElement({ id: ids.coded, code: new Code({ spec, scope, value: "B-2" }) });
      });
      expectChanged(await compare(scenes), 'Block "B-2"', [{ property: "CodeValue", a: "B-1", b: "B-2" }]);
    });

    it("parent", async () => {
      const { elements } = await compareAfter((imodel, ids) => {
        const parent = { id: ids.coded, relClassName: "BisCore:PhysicalElementAssemblesElements" };
        imodel.elements.updateElement({ id: ids.item, parent });
      });
      expect(elements.changed[0]!.properties[0]).to.deep.equal({ property: "Parent", a: undefined, b: 'Block "B-1"' });
    });

    it("model and class", async () => {
      const comparison = await compareAfter((imodel, ids) => {
        imodel.elements.deleteElement(ids.coded);
        const spec = imodel.codeSpecs.getByName("Scene:Block").id;
        imodel.elements.insertElement(
          blockProps(ids, {
            classFullName: "Scene:Rod",
            model: ids.otherModel,
            code: new Code({ spec, scope: ids.model, value: "B-1" }),
          }),
        );
      });
      expect(comparison.elements.changed.map(({ properties }) => properties)).to.deep.equal([
        [
          { property: "class", a: "Scene:Block", b: "Scene:Rod" },
          { property: "Model", a: 'PhysicalPartition "Blocks"', b: 'PhysicalPartition "Other blocks"' },
        ],
      ]);
      expect(comparison.elements.onlyInA).to.have.length(4); // the children
    });

    it("aspect, unique or not, and those on one side", async () => {
      const comparison = await compareAfter((imodel, ids) => {
        const [weight] = imodel.elements.getAspects(ids.item, "Scene:Weight");
        imodel.elements.updateAspect({ ...weight!.toJSON(), kilograms: 6 } as Parameters<
          typeof imodel.elements.updateAspect
        >[0]);
        const notes = imodel.elements.getAspects(ids.item, "Scene:Note");
        imodel.elements.deleteAspect(notes[0]!.id);
        insertAspect(imodel, ids.coded, "Note", { text: "third" });
      });
      expect(comparison.elements.changed.map(({ label, properties }) => [label, properties])).to.deep.equal([
        [
          itemLabel,
          [
            { property: "Scene:Weight.Kilograms", a: 5, b: 6 },
            {
              property: "Scene:Note",
              a: { Text: "first" },
            },
          ],
        ],
        [
          'Block "B-1"',
          [
            {
              property: "Scene:Note",
              b: { Text: "third" },
            },
          ],
        ],
      ]);
    });

    it("provenance", async () => {
      const comparison = await compareAfter((imodel, ids) => {
        const [aspect] = imodel.elements.getAspects(ids.item, "BisCore:ExternalSourceAspect");
        imodel.elements.updateAspect({ ...aspect!.toJSON(), checksum: "2" } as Parameters<
          typeof imodel.elements.updateAspect
        >[0]);
      });
      expectChanged(comparison, itemLabel, [
        { property: 'BisCore:ExternalSourceAspect[Part "p-1"].Checksum', a: "1", b: "2" },
      ]);
    });

    it("element with neither provenance nor code", async () => {
      const comparison = await compareAfter((imodel, ids) =>
        imodel.elements.updateElement({ id: ids.loose[1]!, mass: 9 } as object),
      );
      const [changed] = comparison.elements.changed;
      expectChanged(comparison, changed!.label, [{ property: "Mass", a: 2, b: 9 }]);
    });

    it("model of an element", async () => {
      const comparison = await compareAfter((imodel, ids) => {
        const props = imodel.models.getModelProps(ids.otherModel);
        imodel.models.updateModel({ ...props, isPrivate: true });
      });
      expectChanged(comparison, 'PhysicalPartition "Other blocks"', [{ property: "submodel.IsPrivate", a: 0, b: 1 }]);
    });

    it("extents, place on the earth, file property and CodeSpec", async () => {
      const { iModel, isEqual } = await compareAfter((imodel) => {
        imodel.updateProjectExtents(Range3d.createXYZXYZ(-50, -50, -10, 50, 50, 31));
        imodel.saveFileProperty({ namespace: "scene", name: "owner" }, "somebody");
        imodel.codeSpecs.insert("Scene:Other", CodeScopeSpec.Type.Model);
      });
      expect(isEqual).to.equal(false);
      expect(iModel.map(({ property }) => property)).to.include.members([
        "iModel.projectExtents.high[2]",
        "file property scene.owner[0,0]",
        'CodeSpec "Scene:Other"',
      ]);
    });
  });

  describe("finds what is only on one side", () => {
    it("of elements", async () => {
      const { elements, relationships } = await compareAfter((imodel, ids) => {
        imodel.elements.deleteElement(ids.item);
        const id = imodel.elements.insertElement(blockProps(ids));
        insertProvenance(imodel, id, ids.model, "p-2");
      });
      expect(elements.onlyInA.map(({ label, className }) => [label, className])).to.deep.equal([
        [itemLabel, "Scene:Block"],
      ]);
      expect(elements.onlyInB.map(({ label }) => label)).to.deep.equal(['Part "p-2"']);
      expect(elements.changed).to.deep.equal([]);
      expect(relationships.onlyInA).to.have.length(1);
    });

    it("of elements with neither provenance nor code, told by their content", async () => {
      const scenes = await TwoScenes.make();
      await scenes.change((imodel, ids) => imodel.elements.deleteElement(ids.loose[0]!));
      const { elements } = await compare(scenes);
      expect([elements.onlyInA.length, elements.onlyInB.length, elements.changed.length]).to.deep.equal([1, 0, 0]);
    });

    it("of models with what is in them", async () => {
      const { elements } = await compareAfter((imodel) => PhysicalModel.insert(imodel, IModel.rootSubjectId, "More"));
      expect(elements.onlyInB.map(({ label }) => label)).to.deep.equal(['PhysicalPartition "More"']);
    });

    it("of relationships", async () => {
      const { relationships } = await compareAfter((imodel, ids) => {
        const { classFullName } = ElementGroupsMembers;
        const link = imodel.relationships.getInstance(classFullName, { sourceId: ids.group, targetId: ids.item });
        link.delete();
        imodel.relationships.insertInstance({ classFullName, sourceId: ids.group, targetId: ids.coded });
      });
      const [source] = relationships.onlyInA.map((found) => found.source);
      expect(source).to.contain("Group");
      expect(relationships.onlyInA).to.deep.equal([
        { className: "BisCore:ElementGroupsMembers", source, target: itemLabel },
      ]);
      expect(relationships.onlyInB.map(({ target }) => target)).to.deep.equal(['Block "B-1"']);
    });
  });

  it("finds changed properties of relationships", async () => {
    const insert = (priority: number) => (imodel: IModelDb, ids: SceneIds) => {
      const { classFullName } = ElementDrivesElement;
      const props = { classFullName, sourceId: ids.group, targetId: ids.item, status: 0, priority };
      imodel.relationships.insertInstance(props);
    };
    const [one, other] = [await TwoScenes.make(), await TwoScenes.make()];
    await one.change(insert(1));
    await other.change(insert(2));
    const { relationships } = await compareIModels(one.b, other.b);
    expect(relationships.changed.map(({ properties }) => properties)).to.deep.equal([
      [{ property: "Priority", a: 1, b: 2 }],
    ]);
  });

  it("finds what changed in a schema", async () => {
    const more = '<ECProperty propertyName="Color" typeName="string"/>';
    const { schemas, elements } = await compareAfter((imodel) =>
      imodel.importSchemaStrings([sceneSchema("01.00.01", more)]),
    );
    expect(elements).to.deep.equal(nothing);
    expect(schemas.map(({ name, a, b }) => [name, a, b])).to.deep.equal([["Scene", "01.00.00", "01.00.01"]]);
    expect(schemas[0]!.properties).to.deep.include({
      property: "Block.properties.Color.typeName",
      a: undefined,
      b: "string",
    });
  });

  it("leaves the files and their folder as they are", async () => {
    const scenes = await TwoScenes.copy();
    const before = [scenes.a, scenes.b].map(contentOf);
    await compare(scenes);
    expect([scenes.a, scenes.b].map(contentOf)).to.deep.equal(before);
    expect(readdirSync(scenes.folder)).to.deep.equal(["a.bim", "b.bim"]);
  });

  it("reads a file with a write-ahead log, and leaves both as they are", async () => {
    const scenes = await TwoScenes.copy();
    const db = new SQLiteDb(); // as another program that has the iModel open
    db.openDb(scenes.b, { openMode: OpenMode.ReadWrite, rawSQLite: true, defaultTxn: 0 });
    try {
      execute(db, "PRAGMA journal_mode=WAL");
      execute(db, "INSERT INTO be_Prop(Namespace,Name,Id,SubId,TxnMode,StrData) VALUES('scene','owner',0,0,0,'x')");
      const before = filesOf(scenes.folder);
      const { iModel } = await compare(scenes);
      expect(iModel).to.deep.equal([{ property: "file property scene.owner[0,0]", a: undefined, b: "x" }]);
      expect(filesOf(scenes.folder)).to.deep.equal(before);
      expect(Object.keys(before)).to.include("b.bim-wal");
    } finally {
      db.closeDb(false);
    }
    const before = filesOf(scenes.folder);
    expect(Object.keys(before)).to.deep.equal(["a.bim", "b.bim"]);
    expect((await compare(scenes)).iModel).to.have.length(1);
    expect(filesOf(scenes.folder)).to.deep.equal(before);
  });
});

function execute(db: SQLiteDb, sql: string): void {
  db.withSqliteStatement(sql, (statement) => statement.step());
}

function filesOf(folder: string): Record<string, string> {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, contentOf(join(folder, name))]));
}
