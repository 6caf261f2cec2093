import { PhysicalModel, SnapshotDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { expect } from "chai";
import { ConnectorError } from "itwin-connector-framework";
import { query } from "../support/iModels.js";
import { createScene, idOf, labelsOf, parentOf, sampleSchema, Job, type Item } from "./Job.js";

const schema = sampleSchema(`
  <ECEntityClass typeName="Port"><BaseClass>bis:PhysicalElement</BaseClass><BaseClass>bis:ISubModeledElement</BaseClass>
    <ECNavigationProperty propertyName="Owner" relationshipName="PortRefersToOwner" direction="Forward"/></ECEntityClass>
  <ECRelationshipClass typeName="PortRefersToOwner" strength="referencing" modifier="None">
    <Source multiplicity="(0..*)" roleLabel="refers to" polymorphic="true"><Class class="Port"/></Source>
    <Target multiplicity="(0..1)" roleLabel="is referred to by" polymorphic="true"><Class class="bis:PhysicalElement"/></Target>
  </ECRelationshipClass>
`);

const asPump = { props: { classFullName: "Sample:Pump" } };

describe("What hangs on an element", () => {
  let imodel: SnapshotDb;
  let job: Job;
  let other: Job;

  beforeEach(async () => {
    ({ imodel, job } = await createScene(schema));
    other = new Job(imodel, "two");
  });

  afterEach(() => imodel.close());

  /** A child lies in the model of its parent, whoever has made it. */
  const below = (label: string, id: string): Item => ({ id, parent: label, props: { model: job.model } });

  const labels = () => labelsOf(imodel);
  const link = (sourceId: Id64String, targetId: Id64String) =>
    imodel.relationships.insertInstance({
      classFullName: "BisCore:ElementGroupsMembers",
      sourceId,
      targetId,
      memberPriority: 7,
    } as never);
  const links = () =>
    query(
      imodel,
      `SELECT s.UserLabel source, t.UserLabel target, r.MemberPriority FROM bis.ElementGroupsMembers r
       JOIN bis.Element s ON s.ECInstanceId=r.SourceECInstanceId JOIN bis.Element t ON t.ECInstanceId=r.TargetECInstanceId
       ORDER BY s.UserLabel`,
    );

  describe("that is replaced", () => {
    describe("and its federation GUID, with those of its parts,", () => {
      const [first, second] = ["8f7a1a5e-3f0c-4d9a-9d5a-0f4f1a2b3c4d", "0b6d1c52-6c50-4f4e-8d1e-6a2f9f0d7e11"];
      const guids = (): Record<string, unknown> => {
        const rows = query(imodel, "SELECT UserLabel, FederationGuid FROM bis.PhysicalElement");
        return Object.fromEntries(rows.map(({ userLabel, federationGuid }) => [userLabel as string, federationGuid]));
      };

      it("keeps them if the source gives none", () => {
        job.run([{ id: "p", parts: ["x", "y"] }]);
        const before = guids();
        job.run([{ id: "p", parts: ["x", "y"], ...asPump }]);
        expect(guids()).to.deep.equal(before);
        job.run([{ id: "p", parts: ["x"] }]);
        expect(guids()).to.deep.equal({ p: before.p, x: before.x });
      });

      it("gets the one that the source gives", () => {
        job.run([{ id: "p", props: { federationGuid: first } }]);
        job.run([{ id: "p", props: { ...asPump.props, federationGuid: second } }]);
        expect(guids()).to.deep.equal({ p: second });
      });

      for (const isFirst of [true, false])
        it(`gives it up to an item that wants it and comes ${isFirst ? "before" : "after"} it`, () => {
          job.run([{ id: "p", props: { federationGuid: first } }, { id: "q" }]);
          const taker: Item = { id: "q", props: { federationGuid: first } };
          const replaced: Item = { id: "p", ...asPump };
          job.run(isFirst ? [taker, replaced] : [replaced, taker]);
          expect(guids().q).to.equal(first);
          expect(guids().p).to.not.equal(first);
        });
    });

    it("keeps relationships of other jobs and of other items, with their properties", () => {
      job.run([{ id: "p" }, { id: "own" }]);
      other.run([{ id: "x" }]);
      const ids = [link(idOf(imodel, "x")!, idOf(imodel, "p")!), link(idOf(imodel, "p")!, idOf(imodel, "own")!)];
      const before = links();
      const sync = job.run([{ id: "p", ...asPump }, { id: "own" }]);
      expect(sync.statistics).to.include({ replaced: 1, unchanged: 1, relationshipsUpdated: 2 });
      expect(links()).to.deep.equal(before);
      expect([...sync.movedRelationships.keys()]).to.have.members(ids);
    });

    it("keeps those that lead to its parts", () => {
      job.run([{ id: "p", parts: ["part"] }]);
      other.run([{ id: "x" }]);
      link(idOf(imodel, "x")!, idOf(imodel, "part")!);
      const before = links();
      job.run([{ id: "p", parts: ["part"], ...asPump }]);
      expect(links()).to.deep.equal(before);
    });

    it("reports those that led to a part that is gone", () => {
      job.run([{ id: "p", parts: ["part"] }]);
      other.run([{ id: "x" }]);
      link(idOf(imodel, "x")!, idOf(imodel, "part")!);
      const sync = job.run([{ id: "p", parts: [], ...asPump }]);
      expect(sync.statistics.issues.map(({ code }) => code)).to.deep.equal(["sync/reference-lost"]);
    });

    it("keeps navigation properties that point to it", () => {
      job.run([{ id: "p" }]);
      const owner = { id: idOf(imodel, "p")! };
      other.run([{ id: "port", props: { classFullName: "Sample:Port", owner } as never }]);
      job.run([{ id: "p", ...asPump }]);
      expect(query(imodel, "SELECT Owner.Id FROM Sample.Port")).to.deep.equal([{ "owner.id": idOf(imodel, "p") }]);
    });

    for (const [whose, jobOf] of [
      ["the same job", () => job],
      ["another job", () => other],
    ] as const)
      // prettier-ignore
      it(`keeps an item of ${whose} below one of its parts`, () => {
        job.run([{ id: "p", parts: ["part"] }]);
        const item = below("part", "x");
        jobOf().run([{ id: "p", parts: ["part"] }, item].slice(jobOf() === job ? 0 : 1));
        const id = idOf(imodel, "x");
        const changed = { id: "p", parts: ["part"], ...asPump };
        job.run(jobOf() === job ? [item, changed] : [changed]);
        expect(labels()).to.deep.equal(["p", "part", "x"]);
        expect(idOf(imodel, "x")).to.equal(id);
        expect(parentOf(imodel, "x")).to.equal("part");
      });

    it("keeps what is known within it as a scope", () => {
      job.run([{ id: "p" }]);
      const within = () => ({ id: "i", scope: idOf(imodel, "p")! });
      job.run([{ id: "p" }, within()]);
      const id = idOf(imodel, "i");
      const sync = job.start();
      job.process(sync, { id: "p", ...asPump });
      expect(sync.findItem(idOf(imodel, "p")!, "Item", "i")?.elementId).to.equal(id);
      imodel.saveChanges();
      const scopes = query(imodel, "SELECT Scope.Id FROM bis.ExternalSourceAspect WHERE Identifier='i'");
      expect(scopes).to.deep.equal([{ "scope.id": idOf(imodel, "p") }]);
    });

    it("is not replaced where another job has elements in its model", () => {
      job.run([{ id: "p", props: { classFullName: "Sample:Port" } }]);
      const model = idOf(imodel, "p")!;
      const modeledElement = { id: model, relClassName: "BisCore:ModelModelsElement" };
      imodel.models.insertModel({ classFullName: PhysicalModel.classFullName, modeledElement });
      other.run([{ id: "x", props: { model } }]);
      expect(() => job.run([{ id: "p", ...asPump }]))
        .to.throw(ConnectorError, 'Item "x" in the model that it has would be lost')
        .with.property("code", "sync/modeled-element-replaced");
      imodel.abandonChanges();
      expect(labels()).to.deep.equal(["p", "x"]);
    });
  });

  describe("whose part is gone", () => {
    it("keeps the part while it holds an item of another job, and reports it", () => {
      job.run([{ id: "p", parts: ["part"] }]);
      other.run([below("part", "x")]);
      const sync = job.run([{ id: "p", parts: [] }]);
      expect(labels()).to.deep.equal(["p", "part", "x"]);
      expect(sync.statistics.issues.map(({ code }) => code)).to.deep.equal(["sync/kept-for-dependents"]);
    });

    it("keeps the part while another job refers to it, and reports it", () => {
      job.run([{ id: "p", parts: ["part"] }]);
      other.run([{ id: "x" }]);
      link(idOf(imodel, "x")!, idOf(imodel, "part")!);
      const sync = job.run([{ id: "p", parts: [] }]);
      expect(links()).to.have.length(1);
      expect(sync.statistics.issues.map(({ code }) => code)).to.deep.equal(["sync/kept-for-references"]);
    });

    it("deletes the part with an item below it that is gone too, in one run", () => {
      job.run([{ id: "p", parts: ["part"] }]);
      job.run([{ id: "p", parts: ["part"] }, below("part", "x")]);
      const sync = job.run([{ id: "p", parts: [] }]);
      expect(labels()).to.deep.equal(["p"]);
      expect(sync.statistics).to.include({ deleted: 1, elementsDeleted: 2 });
      expect(sync.statistics.issues).to.deep.equal([]);
    });

    it("deletes the part where other jobs are none of its business", () => {
      job.run([{ id: "p", parts: ["part", "rest"] }]);
      other.run([{ id: "x" }]);
      const sync = job.run([{ id: "p", parts: ["part"] }]);
      expect(labels()).to.deep.equal(["p", "part", "x"]);
      expect(sync.statistics).to.include({ deleted: 0, elementsDeleted: 1 });
    });
  });
});
