import { join } from "node:path";
import { GenericSchema, SnapshotDb, type Element } from "@itwin/core-backend";
import { Guid, type Id64String } from "@itwin/core-bentley";
import { Code, IModel, type ExternalSourceAspectProps } from "@itwin/core-common";
import { expect } from "chai";
import { compareIModels, ItemState, type ConnectorError, type Synchronizer } from "itwin-connector-framework";
import { query } from "../support/iModels.js";
import { temporaryFolder } from "../support/temporary.js";
import { Job, type Item } from "./Job.js";

const [v1, v2] = [Guid.createValue(), Guid.createValue()];

describe("A federation GUID that an item gave up in an earlier run", () => {
  let imodel: SnapshotDb;
  let job: Job;

  beforeEach(async () => {
    imodel = await createIModel();
    job = new Job(imodel, "one");
  });
  afterEach(() => imodel.close());

  const item = (id: string, federationGuid?: string, more: Partial<Item> = {}): Item => ({
    id,
    ...more,
    ...(federationGuid && { props: { federationGuid } }),
  });
  const guidOf = (label: string, of = imodel) =>
    query(of, `SELECT FederationGuid g FROM bis.Element WHERE UserLabel='${label}'`)[0]?.g as string;
  const failureOf = (work: () => unknown): ConnectorError => {
    try {
      work();
    } catch (error) {
      imodel.abandonChanges();
      return error as ConnectorError;
    }
    throw new Error("it succeeded");
  };
  /** As version 0.1 leaves an iModel. */
  const forgetGuids = () => {
    for (const { id, j } of query(imodel, "SELECT ECInstanceId, JsonProperties j FROM bis.ExternalSourceAspect")) {
      if (j === undefined) continue;
      const aspect = imodel.elements.getAspect(id as Id64String).toJSON() as ExternalSourceAspectProps;
      imodel.elements.updateAspect({ ...aspect, jsonProperties: undefined });
    }
    imodel.saveChanges();
  };

  it("goes to another item that wants it, and the next run writes nothing", () => {
    job.run([item("a", v1), item("b")]);
    job.run([item("a"), item("b")]);
    expect(guidOf("a"), "it stays as long as nobody wants it").to.equal(v1);
    const source = [item("a"), item("b", v1)];
    expect(job.run(source).statistics).to.include({ changed: 1, unchanged: 1 });
    expect(guidOf("b")).to.equal(v1);
    expect(Guid.isV4Guid(guidOf("a"))).to.equal(true);
    expect(job.run(source).statistics).to.include({ unchanged: 2, elementsWritten: 0 });
  });

  it("goes to a new item while its former one gets another one", () => {
    job.run([item("a", v1)]);
    job.run([item("a", v2)]);
    job.run([item("a")]);
    job.run([item("a"), item("b", v2), item("c", v1)]);
    expect([guidOf("b"), guidOf("c")]).to.deep.equal([v2, v1]);
  });

  it("comes back when the item wants it again, and is a conflict if both do", () => {
    job.run([item("a", v1)]);
    job.run([item("a")]);
    job.run([item("a"), item("b", v1)]);
    for (const run of [1, 2])
      expect(failureOf(() => job.run([item("a", v1), item("b", v1)])).message, `${run}`).to.contain(
        `Item "a" cannot have the federation GUID ${v1}, because Item "b" has it.`,
      );
    job.run([item("a", v1), item("b")]);
    expect(guidOf("a")).to.equal(v1);
  });

  it("stays with an item that still gives it, in a new iModel after any number of runs", () => {
    job.run([item("a", v1)]);
    job.run([item("a", v1, { kind: "Item", parts: ["p"] })]);
    job.run([item("a", v1, { kind: "Item", parts: ["p"] })]);
    const { code, message } = failureOf(() => job.run([item("a", v1, { parts: ["p"] }), item("b", v1)]));
    expect(code).to.equal("sync/federation-guid-in-use");
    expect(message).to.contain('Item "b"').and.contain('Item "a"');
  });

  it("is given up by an item that never gave it, which is written once more", () => {
    job.run([item("a")]);
    const own = guidOf("a");
    const source = [item("a"), item("b", own)];
    job.run(source);
    expect(guidOf("b")).to.equal(own);
    expect(job.run(source).statistics).to.include({ changed: 1, unchanged: 1 });
    expect(job.run(source).statistics).to.include({ unchanged: 2, elementsWritten: 0 });
    expect(guidOf("b")).to.equal(own);
  });

  it("is a conflict in the second run where version 0.1 has not recorded that the holder gives it", () => {
    job.run([item("a", v1)]);
    forgetGuids();
    const source = [item("a", v1), item("b", v1)];
    job.run(source);
    for (const run of ["second", "third"])
      expect(failureOf(() => job.run(source)).code, run).to.equal("sync/federation-guid-in-use");
    job.run([item("a"), item("b", v1)]);
    expect(guidOf("b")).to.equal(v1);
  });

  it("is not taken from an item of another job", () => {
    const other = new Job(imodel, "two");
    other.run([item("a", v1)]);
    other.run([item("a")]);
    expect(failureOf(() => job.run([item("b", v1)])).message).to.contain('because Item "a" has it');
    expect(guidOf("a")).to.equal(v1);
  });

  it("is taken from an item of a document that was skipped", () => {
    const run = (documents: Record<string, Item[]>) => {
      const sync = job.start();
      for (const [id, items] of Object.entries(documents)) {
        const document = { id, checksum: JSON.stringify(items) };
        const { element, itemState } = sync.recordDocument(IModel.rootSubjectId, document);
        if (itemState !== ItemState.Unchanged)
          for (const each of items) job.process(sync, { ...each, scope: element.id });
      }
      sync.detectDeletedElements();
      sync.settleDocuments();
      imodel.saveChanges();
      return sync;
    };
    run({ one: [item("a", v1)], two: [item("b")] });
    run({ one: [item("a")], two: [item("b")] });
    const source = { one: [item("a")], two: [item("b", v1)] };
    run(source);
    expect(guidOf("b")).to.equal(v1);
    expect(run(source).statistics).to.include({ items: 0, elementsWritten: 0 });

    forgetGuids();
    const both = { one: [item("a", v2)], two: [item("b", v1)], three: [item("c", v2)] };
    run({ one: both.one, two: both.two });
    forgetGuids();
    run(both);
    expect(failureOf(() => run(both)).message).to.contain(`Item "a" cannot have the federation GUID ${v2}`);
  });

  it("is taken from an item that the run has not met", () => {
    job.run([item("a", v1)]);
    job.run([item("a")]);
    const sync = job.start();
    job.process(sync, item("b", v1));
    sync.settleDocuments();
    expect(guidOf("b")).to.equal(v1);
    forgetGuids();
    const another = job.start();
    job.process(another, item("c", guidOf("a")));
    another.settleUniqueValues();
    another.detectDeletedElements();
    expect(query(imodel, "SELECT UserLabel FROM bis.PhysicalElement")).to.deep.equal([{ userLabel: "c" }]);
  });

  it("is taken from a part, which keeps its own where the source gives it", () => {
    const construct = (props: object): Element =>
      imodel.constructEntity<Element>({
        classFullName: "Generic:PhysicalObject",
        model: job.model,
        category: job.category,
        code: Code.createEmpty(),
        ...props,
      } as never);
    const whole = (sync: Synchronizer, checksum: string, ...parts: object[]) => {
      const { state: itemState } = sync.detectChanges(job.subjectId, "Item", { id: "w", checksum });
      if (itemState === ItemState.Unchanged) return;
      const childElements = parts.map((props) => ({ element: construct(props), itemState }));
      const results = { element: construct({ userLabel: "w" }), itemState, childElements };
      sync.updateIModel(results, job.subjectId, { id: "w", checksum }, "Item");
    };
    const run = (checksum: string, parts: object[], ...items: Item[]) => {
      const sync = job.start();
      whole(sync, checksum, ...parts);
      for (const each of items) job.process(sync, each);
      sync.detectDeletedElements();
      imodel.saveChanges();
    };
    run("1", [{ userLabel: "p", federationGuid: v1 }]);
    const [part] = query(imodel, "SELECT ECInstanceId FROM bis.PhysicalElement WHERE UserLabel='p'");
    const known = { userLabel: "p", id: part?.id };
    expect(failureOf(() => run("1", [], item("b", v1))).message).to.contain("because the part");
    run("2", [known]);
    run("2", [], item("b", v1));
    expect(guidOf("b")).to.equal(v1);
    run("3", [{ ...known, federationGuid: v2 }], item("b", v1));
    expect(guidOf("p")).to.equal(v2);
    expect(failureOf(() => run("3", [], item("b", v1), item("c", v2))).message).to.contain("because the part");
  });

  it("makes no difference between two iModels", async () => {
    job.run([item("a", v1), item("b")]);
    job.run([item("a"), item("b", v2)]);
    const fresh = await createIModel();
    try {
      new Job(fresh, "one").run([item("a"), item("b", v2)]);
      const comparison = await compareIModels(imodel, fresh);
      expect(comparison.isEqual, JSON.stringify(comparison)).to.equal(true);
    } finally {
      fresh.close();
    }
  });
});

async function createIModel(): Promise<SnapshotDb> {
  const imodel = SnapshotDb.createEmpty(join(temporaryFolder(), "x.bim"), { rootSubject: { name: "x" } });
  imodel.channels.addAllowedChannel("shared");
  await imodel.importSchemas([GenericSchema.schemaFilePath]);
  imodel.saveChanges();
  return imodel;
}
