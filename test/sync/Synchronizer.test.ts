import {
  ExternalSourceAspect,
  PhysicalModel,
  SnapshotDb,
  SpatialCategory,
  type Element,
  type IModelDb,
} from "@itwin/core-backend";
import { Id64, IModelStatus, type Id64String } from "@itwin/core-bentley";
import {
  Code,
  IModel,
  type ExternalSourceAspectProps,
  type GeometricElement3dProps,
  type RepositoryLinkProps,
} from "@itwin/core-common";
import { expect } from "chai";
import { ItemState, Synchronizer, type SourceItem } from "itwin-connector-framework";
import { createIModel, query } from "../support/iModels.js";

const schema = `<?xml version="1.0" encoding="UTF-8"?>
<ECSchema schemaName="Sample" alias="s" version="01.00.00" xmlns="http://www.bentley.com/schemas/Bentley.ECXML.3.2">
  <ECSchemaReference name="BisCore" version="01.00.00" alias="bis"/>
  <ECEntityClass typeName="Pump"><BaseClass>bis:PhysicalElement</BaseClass>
    <ECProperty propertyName="Flow" typeName="double"/></ECEntityClass>
  <ECEntityClass typeName="Valve"><BaseClass>bis:PhysicalElement</BaseClass></ECEntityClass>
</ECSchema>`;

describe("Synchronizer", () => {
  let imodel: SnapshotDb;
  let model: Id64String;
  let category: Id64String;

  beforeEach(async () => {
    imodel = createIModel();
    await imodel.importSchemaStrings([schema]);
    model = PhysicalModel.insert(imodel, IModel.rootSubjectId, "Model");
    category = SpatialCategory.insert(imodel, IModel.dictionaryId, "Category", {});
  });

  afterEach(() => imodel.close());

  const start = (severalFiles = false) => new Synchronizer(imodel, severalFiles);
  const element = (label: string, changes: Partial<GeometricElement3dProps> & { flow?: number } = {}): Element =>
    imodel.constructEntity<Element>({
      classFullName: "Sample:Pump",
      model,
      category,
      code: Code.createEmpty(),
      userLabel: label,
      ...changes,
    });
  const insert = (sync: Synchronizer, item: SourceItem, label = item.id): Id64String => {
    const results = { element: element(label), itemState: ItemState.New };
    expect(sync.updateIModel(results, IModel.rootSubjectId, item, "Pump")).to.equal(IModelStatus.Success);
    return results.element.id;
  };
  const detect = (sync: Synchronizer, item: SourceItem) => sync.detectChanges(IModel.rootSubjectId, "Pump", item);

  it("lets its owner stop it before each write, deletions included", () => {
    insert(start(), { id: "1", version: "a" });
    const refuse = () => {
      throw new Error("no more");
    };
    const sync = new Synchronizer(imodel, false, undefined, { beforeWrite: refuse });
    const known = detect(sync, { id: "1", version: "b" });
    const changed = { element: element("changed"), itemState: ItemState.Changed };
    const update = () => sync.updateIModel(changed, IModel.rootSubjectId, { id: "1", version: "b" }, "Pump");
    expect(() => insert(sync, { id: "2" })).to.throw("no more");
    expect(update).to.throw("no more");
    const other = new Synchronizer(imodel, false, undefined, { beforeWrite: refuse });
    detect(other, { id: "3" });
    expect(() => other.detectDeletedElements()).to.throw("no more");
    expect(imodel.elements.getElement(known.id!).userLabel).to.equal("1");
  });

  describe("detectChanges", () => {
    it("knows an item by scope, kind and identifier together", () => {
      const sync = start();
      const id = insert(sync, { id: "1", version: "a" });
      expect(detect(sync, { id: "1", version: "a" })).to.deep.equal({ id, state: ItemState.Unchanged });
      expect(detect(sync, { id: "2", version: "a" })).to.deep.equal({ state: ItemState.New });
      expect(sync.detectChanges(IModel.rootSubjectId, "Valve", { id: "1", version: "a" }).state).to.equal(
        ItemState.New,
      );
      expect(sync.detectChanges(model, "Pump", { id: "1", version: "a" }).state).to.equal(ItemState.New);
    });

    it("does not compute a checksum that the version makes needless", () => {
      insert(start(), { id: "1", version: "a", checksum: "x" });
      let calls = 0;
      const checksum = () => `x${++calls}`;
      expect(detect(start(), { id: "1", version: "a", checksum }).state).to.equal(ItemState.Unchanged);
      expect(calls).to.equal(0);
      expect(detect(start(), { id: "1", version: "b", checksum }).state).to.equal(ItemState.Changed);
      expect(calls).to.equal(1);
    });

    it("computes a checksum once, for the comparison and the record", () => {
      const sync = start();
      let calls = 0;
      const item = { id: "1", checksum: () => `x${++calls}` };
      detect(sync, item);
      insert(sync, item);
      expect(calls).to.equal(1);
      expect(detect(start(), { id: "1", checksum: "x1" }).state).to.equal(ItemState.Unchanged);
    });

    const cases: [title: string, stored: Omit<SourceItem, "id">, reported: Omit<SourceItem, "id">, state: ItemState][] =
      [
        ["same version", { version: "1" }, { version: "1" }, ItemState.Unchanged],
        [
          "same version, other checksum",
          { version: "1", checksum: "a" },
          { version: "1", checksum: "b" },
          ItemState.Unchanged,
        ],
        ["other version, no checksum", { version: "1" }, { version: "2" }, ItemState.Changed],
        [
          "other version, same checksum",
          { version: "1", checksum: "a" },
          { version: "2", checksum: "a" },
          ItemState.Unchanged,
        ],
        [
          "other version, other checksum",
          { version: "1", checksum: "a" },
          { version: "2", checksum: "b" },
          ItemState.Changed,
        ],
        ["no version, same checksum", { checksum: "a" }, { checksum: "a" }, ItemState.Unchanged],
        ["no version, other checksum", { checksum: "a" }, { checksum: "b" }, ItemState.Changed],
        ["version gone, same checksum", { version: "1", checksum: "a" }, { checksum: "a" }, ItemState.Unchanged],
        ["checksum gone", { checksum: "a" }, {}, ItemState.Changed],
        ["checksum added", {}, { checksum: "a" }, ItemState.Changed],
        ["neither", {}, {}, ItemState.Changed],
      ];
    for (const [title, stored, reported, state] of cases)
      it(`${title}: ${ItemState[state]}`, () => {
        insert(start(), { id: "1", ...stored });
        expect(detect(start(), { id: "1", ...reported }).state).to.equal(state);
      });

    it("brings the version of an item up to date that is unchanged by checksum", () => {
      insert(start(), { id: "1", version: "1", checksum: "a" });
      detect(start(), { id: "1", version: "2", checksum: "a" });
      let calls = 0;
      const checksum = () => `a${++calls}`;
      expect(detect(start(), { id: "1", version: "2", checksum }).state).to.equal(ItemState.Unchanged);
      expect(calls).to.equal(0);
      expect(query(imodel, "SELECT Version, Checksum FROM bis.ExternalSourceAspect")).to.deep.equal([
        { version: "2", checksum: "a" },
      ]);
    });
  });

  describe("an item that comes twice in a run", () => {
    const duplicates = (sync: Synchronizer) =>
      sync.statistics.issues.filter(({ code }) => code === "sync/duplicate-item");

    it("is reported with both states, and the first one counts", () => {
      const first = start();
      const id = insert(first, { id: "1", version: "a" });
      expect(detect(first, { id: "1", version: "b" })).to.deep.equal({ id, state: ItemState.Unchanged });
      expect(duplicates(first)[0]!.message).to.contain(
        'Pump "1" comes twice in the source, with version "a" and with version "b"',
      );

      const second = start();
      expect(detect(second, { id: "1", version: "a" }).state).to.equal(ItemState.Unchanged);
      expect(detect(second, { id: "1", version: "b" }).state).to.equal(ItemState.Unchanged);
      expect(duplicates(second)).to.have.length(1);
    });

    it("is reported when both are changed", () => {
      insert(start(), { id: "1", checksum: "a" });
      const sync = start();
      expect(detect(sync, { id: "1", checksum: "b" }).state).to.equal(ItemState.Changed);
      expect(detect(sync, { id: "1", checksum: "c" }).state).to.equal(ItemState.Unchanged);
      expect(duplicates(sync)[0]!.message).to.contain('checksum "b" and with checksum "c"');
    });

    it("is reported when both were asked about before either was written", () => {
      const sync = start();
      insert(sync, { id: "1", checksum: "a" });
      const results = { element: element("again"), itemState: ItemState.New };
      expect(sync.updateIModel(results, IModel.rootSubjectId, { id: "1", checksum: "b" }, "Pump")).to.equal(
        IModelStatus.DuplicateCode,
      );
      expect(duplicates(sync)).to.have.length(1);
      expect(query(imodel, "SELECT UserLabel FROM s.Pump")).to.deep.equal([{ userLabel: "1" }]);
    });

    it("is reported where only the checksum differs", () => {
      const sync = start();
      insert(sync, { id: "1", version: "a", checksum: "x" });
      expect(detect(sync, { id: "1", version: "a", checksum: "y" }).state).to.equal(ItemState.Unchanged);
      expect(duplicates(sync)[0]!.message).to.contain('checksum "x" and with checksum "y"');
    });

    it("is reported where it has no state, after the first one was written", () => {
      for (const expected of [ItemState.New, ItemState.Changed]) {
        const sync = start();
        const { state } = detect(sync, { id: "1" });
        expect(state).to.equal(expected);
        sync.updateIModel({ element: element("first"), itemState: state }, IModel.rootSubjectId, { id: "1" }, "Pump");
        expect(detect(sync, { id: "1" }).state).to.equal(ItemState.Unchanged);
        expect(duplicates(sync)[0]!.message).to.contain('Pump "1" comes twice in the source; the first one counts.');
      }
    });

    it("is no duplicate in the same state, however often it is asked about", () => {
      insert(start(), { id: "1", checksum: "a" });
      const sync = start();
      expect(detect(sync, { id: "1", checksum: "b" }).state).to.equal(ItemState.Changed);
      expect(detect(sync, { id: "1", checksum: "b" }).state).to.equal(ItemState.Changed);
      const results = { element: element("1"), itemState: ItemState.Changed };
      sync.updateIModel(results, IModel.rootSubjectId, { id: "1", checksum: "b" }, "Pump");
      expect(detect(sync, { id: "1", checksum: "b" }).state).to.equal(ItemState.Unchanged);
      expect(sync.statistics.issues).to.deep.equal([]);
      expect(sync.statistics.unchanged).to.equal(0);
    });
  });

  it("inserts an element anew that its connector has deleted by itself", () => {
    const id = insert(start(), { id: "1", checksum: "a" });
    const sync = start();
    detect(sync, { id: "2" }); // reads the scope
    imodel.elements.deleteElement(id);
    const item = { id: "1", checksum: "b" };
    const results = { element: element("again"), itemState: detect(sync, item).state };
    sync.updateIModel(results, IModel.rootSubjectId, item, "Pump");
    expect(query(imodel, "SELECT UserLabel FROM s.Pump")).to.deep.equal([{ userLabel: "again" }]);
  });

  describe("aspects that a connector writes by itself", () => {
    const insertAspect = (elementId: Id64String, identifier: string) =>
      imodel.elements.insertAspect({
        classFullName: ExternalSourceAspect.classFullName,
        element: { id: elementId, relClassName: "BisCore:ElementOwnsExternalSourceAspects" },
        scope: { id: IModel.rootSubjectId },
        kind: "Pump",
        identifier,
        version: "a",
      } as ExternalSourceAspectProps);
    const insertElement = () => imodel.elements.insertElement(element("by hand").toJSON());

    it("are known before the scope is read", () => {
      const id = insertElement();
      insertAspect(id, "own");
      expect(detect(start(), { id: "own", version: "a" })).to.deep.equal({ id, state: ItemState.Unchanged });
    });

    it("are known when they are written after the scope was read", () => {
      const sync = start();
      expect(detect(sync, { id: "own", version: "a" }).state).to.equal(ItemState.New);
      const id = insertElement();
      insertAspect(id, "own");
      expect(detect(sync, { id: "own", version: "a" })).to.deep.equal({ id, state: ItemState.Unchanged });
    });

    it("are known when they lie between those of the framework", () => {
      const sync = start();
      insert(sync, { id: "1", version: "a" });
      const id = insertElement();
      insertAspect(id, "own");
      insert(sync, { id: "2", version: "a" });
      expect(detect(sync, { id: "own", version: "a" })).to.deep.equal({ id, state: ItemState.Unchanged });
    });

    it("count for deletion", () => {
      const sync = start();
      detect(sync, { id: "x" });
      const seen = insertElement();
      insertAspect(seen, "seen");
      sync.onElementSeen(seen);
      insertAspect(insertElement(), "unseen");
      sync.detectDeletedElements();
      expect(query(imodel, "SELECT Identifier FROM bis.ExternalSourceAspect")).to.deep.equal([{ identifier: "seen" }]);
    });
  });

  describe("updateIModel", () => {
    const update = (label: string, item: SourceItem, changes = {}) => {
      const sync = start();
      const { state } = detect(sync, item);
      const results = { element: element(label, changes), itemState: state };
      sync.updateIModel(results, IModel.rootSubjectId, item, "Pump");
      return { sync, id: results.element.id };
    };
    const pumps = () => query(imodel, "SELECT ECInstanceId, UserLabel, Flow FROM s.Pump");

    it("updates a known item that is given without an element id", () => {
      const id = insert(start(), { id: "1", checksum: "a" });
      expect(update("new label", { id: "1", checksum: "b" }).id).to.equal(id);
      expect(pumps()).to.deep.equal([{ id, userLabel: "new label" }]);
      expect(detect(start(), { id: "1", checksum: "b" }).state).to.equal(ItemState.Unchanged);
    });

    it("clears what the source has no more", () => {
      const sync = start();
      const item = { id: "1", checksum: "a" };
      const results = { element: element("label", { flow: 3 }), itemState: ItemState.New };
      sync.updateIModel(results, IModel.rootSubjectId, item, "Pump");
      expect(pumps()[0]).to.include({ flow: 3, userLabel: "label" });
      update(undefined as unknown as string, { id: "1", checksum: "b" });
      expect(pumps()[0]).not.to.have.any.keys("flow", "userLabel");
    });

    it("forgets a version or checksum that the source gives no more", () => {
      insert(start(), { id: "1", version: "1", checksum: "a" });
      const state = () => query(imodel, "SELECT Version, Checksum FROM bis.ExternalSourceAspect")[0];
      update("x", { id: "1", checksum: "b" });
      expect(state()).to.deep.equal({ checksum: "b" });
      update("x", { id: "1", version: "2" });
      expect(state()).to.deep.equal({ version: "2" });
    });

    it("replaces an element whose class changed, and reports it", () => {
      const id = insert(start(), { id: "1", checksum: "a" });
      const { sync, id: newId } = update("valve", { id: "1", checksum: "b" }, { classFullName: "Sample:Valve" });
      expect(newId).not.to.equal(id);
      expect(sync.statistics).to.include({ changed: 1, replaced: 1 });
      expect(sync.statistics.changes[0]).to.include({ change: "replaced", identifier: "1" });
      expect(pumps()).to.deep.equal([]);
      expect(query(imodel, "SELECT UserLabel FROM s.Valve")).to.deep.equal([{ userLabel: "valve" }]);
      expect(detect(start(), { id: "1", checksum: "b" })).to.deep.equal({ id: newId, state: ItemState.Unchanged });
    });

    it("keeps children that stand for items of their own when their parent is replaced", () => {
      const parentId = insert(start(), { id: "1", checksum: "a" });
      const child = { id: "1.1", checksum: "c" };
      const parent = { id: parentId, relClassName: "BisCore:ElementOwnsChildElements" };
      const results = { element: element("child", { parent }), itemState: ItemState.New };
      start().updateIModel(results, IModel.rootSubjectId, child, "Pump");
      const { id: newParentId } = update("valve", { id: "1", checksum: "b" }, { classFullName: "Sample:Valve" });
      expect(detect(start(), child)).to.deep.equal({ id: results.element.id, state: ItemState.Unchanged });
      expect(imodel.elements.getElement(results.element.id).parent?.id).to.equal(newParentId);
    });

    it("says which element the iModel refuses", () => {
      const sync = start();
      const results = { element: element("bad", { category: Id64.invalid }), itemState: ItemState.New };
      expect(() => sync.updateIModel(results, IModel.rootSubjectId, { id: "1" }, "Pump")).to.throw(
        'Pump "1": Could not insert a Sample:Pump "bad"',
      );
    });
  });

  describe("parts", () => {
    const sync1 = (labels: string[], checksum: string, changes: (label: string) => object = () => ({})) => {
      const sync = start();
      const item = { id: "1", checksum };
      const { state } = detect(sync, item);
      const childElements = labels.map((label) => ({ element: element(label, changes(label)), itemState: state }));
      const results = { element: element("assembly"), itemState: state, childElements };
      sync.updateIModel(results, IModel.rootSubjectId, item, "Pump");
      return sync;
    };
    const parts = () => query(imodel, "SELECT ECInstanceId, UserLabel FROM s.Pump WHERE Parent.Id IS NOT NULL");
    const labels = () => parts().map((part) => part.userLabel);

    it("are matched in order, and deleted when they are gone", () => {
      sync1(["a", "b", "c"], "1");
      const ids = parts().map((part) => part.id);
      sync1(["A", "B"], "2");
      expect(parts()).to.deep.equal([
        { id: ids[0], userLabel: "A" },
        { id: ids[1], userLabel: "B" },
      ]);
      sync1(["A", "B", "C"], "3");
      expect(labels()).to.deep.equal(["A", "B", "C"]);
      sync1([], "4");
      expect(parts()).to.deep.equal([]);
    });

    it("are matched by their codes wherever they stand", () => {
      const spec = imodel.codeSpecs.getById("0x1").id;
      const coded = (label: string) => ({ code: new Code({ spec, scope: "0x1", value: label }) });
      sync1(["a", "b", "c"], "1", coded);
      const before = new Map(parts().map((part) => [part.userLabel, part.id]));
      sync1(["c", "a", "d"], "2", coded);
      const after = new Map(parts().map((part) => [part.userLabel, part.id]));
      expect([...after.keys()]).to.have.members(["a", "c", "d"]);
      expect(after.get("a")).to.equal(before.get("a"));
      expect(after.get("c")).to.equal(before.get("c"));
    });

    it("are not rewritten where they are known to be unchanged", () => {
      sync1(["a", "b"], "1");
      const ids = parts().map((part) => part.id as Id64String);
      const sync = start();
      const item = { id: "1", checksum: "2" };
      detect(sync, item);
      const childElements = ["a", "B"].map((label, index) => ({
        element: element(label, { id: ids[index] }),
        itemState: label === "a" ? ItemState.Unchanged : ItemState.Changed,
      }));
      sync.updateIModel(
        { element: element("assembly"), itemState: ItemState.Changed, childElements },
        IModel.rootSubjectId,
        item,
        "Pump",
      );
      expect(sync.statistics).to.include({ elementsUpdated: 2, elementsInserted: 0, elementsDeleted: 0 });
      expect(labels()).to.deep.equal(["a", "B"]);
    });

    it("are replaced when their class changed", () => {
      sync1(["a", "b"], "1");
      sync1(["a", "b"], "2", (label) => (label === "a" ? { classFullName: "Sample:Valve" } : {}));
      expect(labels()).to.deep.equal(["b"]);
      expect(query(imodel, "SELECT UserLabel FROM s.Valve")).to.deep.equal([{ userLabel: "a" }]);
      sync1(["a", "b"], "3");
      expect(labels()).to.have.members(["a", "b"]);
      expect(query(imodel, "SELECT UserLabel FROM s.Valve")).to.deep.equal([]);
    });

    it("have provenance below their parent", () => {
      sync1(["a", "b"], "1");
      const [parent] = query(imodel, "SELECT ECInstanceId FROM s.Pump WHERE Parent.Id IS NULL");
      const ecsql = "SELECT Scope.Id FROM bis.ExternalSourceAspect WHERE Kind='itwin-connector-framework:part'";
      expect(query(imodel, ecsql)).to.deep.equal([{ "scope.id": parent!.id }, { "scope.id": parent!.id }]);
    });

    it("stay with a parent that is unchanged", () => {
      sync1(["a", "b"], "1");
      const sync = start();
      detect(sync, { id: "1", checksum: "1" });
      sync.detectDeletedElements();
      expect(labels()).to.deep.equal(["a", "b"]);
    });
  });

  describe("insertResultsIntoIModel and updateResultsInIModel", () => {
    it("write trees without provenance of the top", () => {
      const sync = start();
      const results = {
        element: element("top"),
        itemState: ItemState.New,
        childElements: [{ element: element("part"), itemState: ItemState.New }],
      };
      expect(sync.insertResultsIntoIModel(results)).to.equal(IModelStatus.Success);
      expect(Id64.isValid(results.element.id)).to.equal(true);
      const changed = { ...results, element: element("TOP", { id: results.element.id }), itemState: ItemState.Changed };
      expect(sync.updateResultsInIModel(changed)).to.equal(IModelStatus.Success);
      const rows = query(imodel, "SELECT UserLabel FROM s.Pump ORDER BY ECInstanceId");
      expect(rows.map((row) => row.userLabel)).to.deep.equal(["TOP", "part"]);
    });
  });

  describe("recordDocument", () => {
    const record = (item: SourceItem, knownUrn?: string, properties = {}) =>
      start().recordDocument(IModel.rootSubjectId, item, undefined, knownUrn, properties);

    it("tells whether a document is new, unchanged or changed", () => {
      expect(record({ id: "a.csv", checksum: "1" }).itemState).to.equal(ItemState.New);
      expect(record({ id: "a.csv", checksum: "1" }).itemState).to.equal(ItemState.Unchanged);
      expect(record({ id: "a.csv", checksum: "2" }).itemState).to.equal(ItemState.Changed);
      expect(record({ id: "a.csv", checksum: "2" }).itemState).to.equal(ItemState.Unchanged);
      expect(query(imodel, "SELECT ECInstanceId FROM bis.RepositoryLink")).to.have.length(1);
      expect(query(imodel, "SELECT ECInstanceId FROM bis.ExternalSource")).to.have.length(1);
    });

    it("computes no checksum of a document whose version tells that it is unchanged", () => {
      let computed = 0;
      const item = { id: "a.csv", version: "1", checksum: () => `${++computed}` };
      record(item);
      expect(computed).to.equal(1);
      expect(record(item).itemState).to.equal(ItemState.Unchanged);
      expect(computed).to.equal(1);
      expect(record({ ...item, version: "2", checksum: "1" }).itemState).to.equal(ItemState.Unchanged);
    });

    it("says the same again within a run", () => {
      const sync = start();
      const item = { id: "a.csv", checksum: "1" };
      const first = sync.recordDocument(IModel.rootSubjectId, item);
      expect(sync.recordDocument(IModel.rootSubjectId, item)).to.equal(first);
    });

    it("keeps the state of a document, and what lies in it, for each connector apart", () => {
      const run = (connectorName: string, checksum: string) => {
        const sync = new Synchronizer(imodel, false, undefined, { connectorName });
        const { element: link, itemState } = sync.recordDocument(IModel.rootSubjectId, { id: "a.csv", checksum });
        const item = { id: "1", checksum };
        const { state } = sync.detectChanges(link.id, "Pump", item);
        const results = { element: element(connectorName), itemState: state };
        if (state !== ItemState.Unchanged) sync.updateIModel(results, link.id, item, "Pump");
        return [itemState, state];
      };
      const { New, Changed, Unchanged } = ItemState;
      expect(run("A", "1")).to.deep.equal([New, New]);
      expect(run("B", "1")).to.deep.equal([New, New]);
      expect(run("A", "2")).to.deep.equal([Changed, Changed]);
      expect(run("B", "2")).to.deep.equal([Changed, Changed]);
      for (const name of ["A", "B"]) expect(run(name, "2")).to.deep.equal([Unchanged, Unchanged]);
      expect(query(imodel, "SELECT UserLabel FROM s.Pump ORDER BY UserLabel")).to.deep.equal([
        { userLabel: "A" },
        { userLabel: "B" },
      ]);
      expect(query(imodel, "SELECT ECInstanceId FROM bis.RepositoryLink")).to.have.length(1);
      expect(query(imodel, "SELECT ECInstanceId FROM bis.ExternalSource")).to.have.length(2);
    });

    it("keeps the document's properties on its RepositoryLink", () => {
      const docGuid = "8f7a1a5e-3f0c-4d9a-9d5a-0f4f1a2b3c4d";
      const properties = { docGuid, desktopURN: "pw://a.csv", attributesJson: "{}" };
      const { element: link } = record({ id: "a.csv" }, "", properties);
      const props = () => imodel.elements.getElementProps<RepositoryLinkProps>(link.id);
      expect(props()).to.include({ repositoryGuid: docGuid, url: "pw://a.csv" });
      expect(props().jsonProperties).to.deep.equal({ DocumentProperties: properties });

      record({ id: "a.csv" }, "https://example.com/a.csv", properties);
      expect(props().url).to.equal("https://example.com/a.csv");
    });

    it("is the source of what lies in the document's scope", () => {
      const sync = start();
      const { element: link } = sync.recordDocument(IModel.rootSubjectId, { id: "a.csv", checksum: "1" });
      const results = { element: element("p"), itemState: ItemState.New };
      sync.updateIModel(results, link.id, { id: "1" }, "Pump");
      const rows = query(
        imodel,
        `SELECT a.Identifier FROM bis.ExternalSourceAspect a JOIN bis.ExternalSource s ON s.ECInstanceId=a.Source.Id
         WHERE s.Repository.Id=${link.id} ORDER BY a.Identifier`,
      );
      expect(rows.map((row) => row.identifier)).to.deep.equal(["1", "a.csv"]);
    });
  });

  describe("detectDeletedElements without a run", () => {
    const labels = (db: IModelDb = imodel) => query(db, "SELECT UserLabel FROM s.Pump").map((row) => row.userLabel);

    it("looks at the scopes that were used", () => {
      insert(start(), { id: "1", checksum: "a" });
      insert(start(), { id: "2", checksum: "a" });
      const other = { element: element("other"), itemState: ItemState.New };
      start().updateIModel(other, model, { id: "3" }, "Pump");
      const sync = start();
      detect(sync, { id: "1", checksum: "a" });
      sync.detectDeletedElements();
      expect(labels()).to.have.members(["1", "other"]);
    });

    it("keeps what onElementSeen was called for", () => {
      const id = insert(start(), { id: "1", checksum: "a" });
      const sync = start();
      detect(sync, { id: "2" });
      sync.onElementSeen(id);
      sync.detectDeletedElements();
      expect(labels()).to.deep.equal(["1"]);
    });

    it("never touches elements without provenance", () => {
      imodel.elements.insertElement(element("by hand").toJSON());
      const sync = start();
      detect(sync, { id: "1" });
      sync.detectDeletedElements();
      expect(labels()).to.deep.equal(["by hand"]);
    });
  });
});
