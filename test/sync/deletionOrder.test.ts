import {
  GeometryPart,
  PhysicalModel,
  PhysicalPartition,
  SnapshotDb,
  SubjectOwnsPartitionElements,
} from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import {
  Code,
  GeometryStreamBuilder,
  IModel,
  type GeometricElement3dProps,
  type GeometryPartProps,
} from "@itwin/core-common";
import { Point3d, Sphere } from "@itwin/core-geometry";
import { expect } from "chai";
import { query } from "../support/iModels.js";
import { codesOf, createScene, idOf, labelsOf, Job, type Item } from "./Job.js";

describe("Deletion in the right order", () => {
  let imodel: SnapshotDb;
  let job: Job;

  beforeEach(async () => {
    ({ imodel, job } = await createScene());
  });

  afterEach(() => imodel.close());

  const labels = () => labelsOf(imodel, "bis.Element");
  const parentOf = (label: string) =>
    query(imodel, `SELECT Parent.Id FROM bis.Element WHERE UserLabel='${label}'`)[0]!["parent.id"];

  it("takes children before parents, however deep", () => {
    job.run([{ id: "a" }, { id: "b", parent: "a" }, { id: "c", parent: "b" }, { id: "d" }]);
    const sync = job.run([{ id: "d" }]);
    expect(sync.statistics).to.include({ deleted: 3, elementsDeleted: 3 });
    expect(labels()).to.deep.equal(["d"]);
  });

  it("takes the elements of a model before the element that it models", () => {
    const partition: Item = {
      id: "partition",
      props: {
        classFullName: PhysicalPartition.classFullName,
        model: IModel.repositoryModelId,
        parent: new SubjectOwnsPartitionElements(job.subjectId),
        code: PhysicalPartition.createCode(imodel, job.subjectId, "partition"),
      },
    };
    job.run([partition]);
    const model = idOf(imodel, "partition")!;
    imodel.models.insertModel({ classFullName: PhysicalModel.classFullName, modeledElement: { id: model } });
    const inside = [
      { id: "in", props: { model } },
      { id: "child", parent: "in", props: { model } },
    ];
    job.run([partition, inside[0]!]);
    job.run([partition, ...inside]);
    expect(job.run([{ id: "other" }]).statistics).to.include({ deleted: 3, elementsDeleted: 3 });
    expect(labels()).to.deep.equal(["other"]);
    expect(imodel.models.tryGetModelProps(model)).to.equal(undefined);
  });

  it("keeps a parent whose child is still there, and reports it", () => {
    job.run([{ id: "a" }, { id: "b", parent: "a" }]);
    const sync = job.run([{ id: "b", parent: "a" }]);
    expect(codesOf(sync)).to.deep.equal(["sync/kept-for-dependents"]);
    expect(labels()).to.deep.equal(["a", "b"]);
  });

  it("leaves an element in peace that moved to another parent before its old one vanished", () => {
    job.run([{ id: "a" }, { id: "b" }, { id: "c", parent: "a" }]);
    const id = idOf(imodel, "c");
    const sync = job.run([{ id: "b" }, { id: "c", parent: "b" }]);
    expect(sync.statistics).to.include({ changed: 1, deleted: 1 });
    expect(labels()).to.deep.equal(["b", "c"]);
    expect(idOf(imodel, "c")).to.equal(id);
    expect(parentOf("c")).to.equal(idOf(imodel, "b"));
  });

  it("leaves an element in peace that has no parent any more", () => {
    job.run([{ id: "a" }, { id: "c", parent: "a" }]);
    job.run([{ id: "c" }]);
    expect(labels()).to.deep.equal(["c"]);
    expect(parentOf("c")).to.equal(undefined);
  });

  describe("with nested scopes", () => {
    const group = { id: "group", kind: "Group" };
    const members = (...ids: string[]) => ids.map((id) => ({ id, scope: idOf(imodel, "group")! }));

    beforeEach(() => {
      job.run([group]);
      job.run([group, ...members("1", "2")]);
    });

    it("takes an item that vanished within a scope", () => {
      expect(job.run([group, ...members("1")]).statistics.deleted).to.equal(1);
      expect(labels()).to.deep.equal(["1", "group"]);
    });

    it("deletes all items of a scope if none of them was seen", () => {
      expect(job.run([group]).statistics.deleted).to.equal(2);
      expect(labels()).to.deep.equal(["group"]);
    });

    it("takes a scope after all that was known within it", () => {
      expect(job.run([{ id: "other" }]).statistics.deleted).to.equal(3);
      expect(labels()).to.deep.equal(["other"]);
    });

    it("keeps a scope within which something is still known", () => {
      const sync = job.run(members("1", "2"));
      expect(codesOf(sync)).to.deep.equal(["sync/kept-for-dependents"]);
      expect(labels()).to.deep.equal(["1", "2", "group"]);
    });
  });

  describe("with relationships", () => {
    const relate = (from: string, to: string) =>
      imodel.relationships.insertInstance({
        classFullName: "BisCore:GraphicalElement3dRepresentsElement",
        sourceId: idOf(imodel, from)!,
        targetId: idOf(imodel, to)!,
      });
    const relationships = () => query(imodel, "SELECT 1 FROM bis.GraphicalElement3dRepresentsElement").length;

    it("takes the link-table relationships of what goes", () => {
      job.run([{ id: "a" }, { id: "b" }, { id: "c" }]);
      relate("a", "b");
      relate("b", "c");
      relate("a", "c");
      expect(codesOf(job.run([{ id: "a" }, { id: "c" }]))).to.deep.equal([]);
      expect(labels()).to.deep.equal(["a", "c"]);
      expect(relationships()).to.equal(1);
    });

    it("keeps what another job's element refers to, until it does no more", () => {
      const other = new Job(imodel, "two");
      job.run([{ id: "pipe" }, { id: "valve" }]);
      other.run([{ id: "support" }]);
      relate("support", "pipe");
      relate("valve", "support");

      const sync = job.run([{ id: "x" }]);
      expect(codesOf(sync)).to.deep.equal(["sync/kept-for-references"]);
      expect(sync.statistics.issues[0]!.message).to.contain('Item "pipe" is gone from the source but stays');
      expect(labels()).to.deep.equal(["pipe", "support", "x"]);

      other.run([{ id: "y" }]);
      expect(codesOf(job.run([{ id: "x" }]))).to.deep.equal([]);
      expect(labels()).to.deep.equal(["x", "y"]);
    });

    it("keeps what has another job's element as its child", () => {
      const other = new Job(imodel, "two");
      job.run([{ id: "pipe" }]);
      other.run([{ id: "label", parent: "pipe", props: { model: job.model, category: job.category } }]);
      expect(codesOf(job.run([{ id: "x" }]))).to.deep.equal(["sync/kept-for-dependents"]);
      expect(labels()).to.include.members(["pipe", "label"]);
    });
  });

  describe("with type definitions", () => {
    const type = (id: string) => ({
      id,
      kind: "Type",
      props: { classFullName: "Generic:PhysicalType", model: job.definitions },
    });
    const typed = (id: string, typeLabel: string) => ({
      id,
      props: { typeDefinition: { id: idOf(imodel, typeLabel)!, relClassName: "BisCore:PhysicalElementIsOfType" } },
    });

    beforeEach(() => {
      job.run([type("t1"), type("t2"), type("t3")]);
      job.run([type("t1"), type("t2"), type("t3"), typed("a", "t1"), typed("b", "t2")]);
    });

    it("keeps the one that is in use, which core-backend would delete", () => {
      const sync = job.run([typed("a", "t1")]);
      expect(codesOf(sync)).to.deep.equal(["sync/definition-in-use"]);
      expect(labels()).to.deep.equal(["a", "t1"]);
    });
  });

  describe("with geometry parts", () => {
    const insertPart = (code = Code.createEmpty(), model = job.definitions) => {
      const builder = new GeometryStreamBuilder();
      builder.appendGeometry(Sphere.createCenterRadius(Point3d.createZero(), 1));
      const props: GeometryPartProps = {
        classFullName: GeometryPart.classFullName,
        model,
        code,
        geom: builder.geometryStream,
      };
      return imodel.elements.insertElement(props);
    };
    const using = (id: string, part: Id64String) => {
      const builder = new GeometryStreamBuilder();
      builder.appendGeometryPart3d(part);
      const props: Partial<GeometricElement3dProps> = {
        geom: builder.geometryStream,
        placement: { origin: [0, 0, 0], angles: {} },
      };
      return { id, props };
    };
    const parts = () => query(imodel, "SELECT ECInstanceId FROM bis.GeometryPart").map(({ id }) => id);

    it("takes one with the last element that used it", () => {
      const [shared, single] = [insertPart(), insertPart()];
      job.run([using("a", shared), using("b", shared), using("c", single)]);
      job.run([using("a", shared)]);
      expect(parts()).to.deep.equal([shared]);
      job.run([{ id: "x" }]);
      expect(parts()).to.deep.equal([]);
    });

    it("takes one from the dictionary, too", () => {
      job.run([using("a", insertPart(Code.createEmpty(), IModel.dictionaryId))]);
      job.run([{ id: "x" }]);
      expect(parts()).to.deep.equal([]);
    });

    it("takes one that an element has exchanged for another", () => {
      const [before, after] = [insertPart(), insertPart()];
      job.run([using("a", before)]);
      job.run([using("a", after)]);
      expect(parts()).to.deep.equal([after]);
    });

    it("leaves one that its connector can find by its code, and one that was never used", () => {
      const [named, unused] = [insertPart(GeometryPart.createCode(imodel, job.definitions, "Bolt")), insertPart()];
      job.run([using("a", named)]);
      job.run([{ id: "x" }]);
      expect(parts()).to.deep.equal([named, unused]);
    });
  });

  it("leaves the other job alone where both know the same identifiers", () => {
    const other = new Job(imodel, "two");
    const scope = IModel.rootSubjectId;
    job.run([
      { id: "same", kind: "One", scope },
      { id: "mine", kind: "One", scope },
    ]);
    other.run([
      { id: "same", kind: "Two", scope },
      { id: "theirs", kind: "Two", scope },
    ]);
    expect(job.run([{ id: "same", kind: "One", scope }]).statistics.deleted).to.equal(1);
    expect(labels()).to.deep.equal(["same", "same", "theirs"]);
  });
});
