import { PhysicalModel, SnapshotDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { expect } from "chai";
import type { Synchronizer } from "itwin-connector-framework";
import { addElement, createScene, idOf, labelsOf, type Job, type Item } from "./Job.js";

describe("What another program has added below an item", () => {
  let imodel: SnapshotDb;
  let job: Job;

  beforeEach(async () => {
    ({ imodel, job } = await createScene());
  });

  afterEach(() => imodel.close());

  const add = (label: string, parent: Id64String | undefined, model = job.model) =>
    addElement(imodel, job, label, { parent, model });
  const messages = ({ statistics }: Synchronizer) =>
    statistics.issues.map(({ code, message, elementId }) => [code, elementId, message]);
  const labels = () => labelsOf(imodel);

  it("is reported before it goes with the item", () => {
    job.run([{ id: "p" }, { id: "q" }]);
    const id = add("note", idOf(imodel, "p"));
    expect(messages(job.run([{ id: "q" }]))).to.deep.equal([
      [
        "sync/added-element-deleted",
        id,
        `Element ${id} "note" goes with Item "p", below which another program has added it.`,
      ],
    ]);
    expect(labels()).to.deep.equal(["q"]);
  });

  it("is reported for each item once, parts of it left out", () => {
    job.run([{ id: "p", parts: ["x"] }, { id: "q" }]);
    const id = add("note", idOf(imodel, "x"));
    add("other note", idOf(imodel, "p"));
    add("below the note", id);
    add("note", idOf(imodel, "q"));
    const found = messages(job.run([]));
    expect(found.map(([code]) => code)).to.deep.equal(["sync/added-element-deleted", "sync/added-element-deleted"]);
    expect(found.map(([, , message]) => message).join())
      .to.contain('and 2 more goes with Item "p"')
      .and.to.contain('goes with Item "q"');
  });

  it("is reported before it goes with a part", () => {
    job.run([{ id: "p", parts: ["x"] }]);
    add("note", idOf(imodel, "x"));
    expect(messages(job.run([{ id: "p", parts: [] }]))[0]![2]).to.contain('"note" goes with a part of an element');
  });

  it("is reported before it goes with the model of the item", () => {
    const partition: Item = {
      id: "m",
      props: {
        classFullName: "BisCore:PhysicalPartition",
        model: "0x1",
        category: undefined,
        code: { spec: "0x1", scope: "0x1" },
      },
    };
    const props = {
      ...partition.props,
      parent: { id: job.subjectId, relClassName: "BisCore:SubjectOwnsPartitionElements" },
    };
    job.run([{ ...partition, props }]);
    const id = idOf(imodel, "m")!;
    imodel.models.insertModel({ classFullName: PhysicalModel.classFullName, modeledElement: { id } });
    add("note", undefined, id);
    expect(messages(job.run([]))[0]![2]).to.contain('"note" goes with Item "m"');
  });

  it("is not what comes with an item by itself", () => {
    const props = {
      classFullName: "BisCore:SpatialCategory",
      model: job.definitions,
      code: { spec: "0x1", scope: "0x1", value: "c" },
    };
    job.run([{ id: "c", props }]);
    expect(messages(job.run([]))).to.deep.equal([]);
  });
});
