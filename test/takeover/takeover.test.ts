import { SpatialCategory } from "@itwin/core-backend";
import { IModel } from "@itwin/core-common";
import { expect } from "chai";
import type { RunResult } from "itwin-connector-framework";
import type { Machine } from "./OtherIModel.js";
import { Takeover } from "./Takeover.js";

const first: Machine[] = [
  { id: "M1", bolts: ["A", "B"] },
  { id: "M2", bolts: ["C"] },
  { id: "M3", bolts: [] },
];
const [m1, m2, m3] = first as [Machine, Machine, Machine];
const all = ["M1", "M1/A", "M1/B", "M2", "M2/C", "M3"];

const countsOf = ({ counts }: RunResult) => [counts.new, counts.changed, counts.unchanged, counts.deleted];
const codesOf = ({ issues }: RunResult) => issues.map(({ code }) => code);

describe("An iModel of @itwin/connector-framework 2.x", () => {
  let takeover: Takeover;
  beforeEach(() => (takeover = new Takeover()));

  it("is continued without a change where nothing changed", async () => {
    await takeover.write(takeover.style(), first);
    const written = () => takeover.query("SELECT ECInstanceId, LastMod FROM bis.Subject WHERE ECInstanceId<>1");
    const before = written();
    const skipped = await takeover.run("1", first);
    expect(written()).to.deep.equal(before);
    expect(skipped.documents).to.deep.equal({ new: 0, changed: 0, unchanged: 1 });
    const read = await takeover.run("2", first);
    expect(countsOf(read)).to.deep.equal([0, 0, 3, 0]);
    for (const { elements } of [skipped, read]) expect(elements).to.deep.equal({ inserted: 0, updated: 0, deleted: 0 });
    expect(takeover.tree).to.deep.equal(all);
    expect([takeover.count("bis.ExternalSource"), takeover.count("bis.RepositoryLink")]).to.deep.equal([1, 1]);
    expect(takeover.count("bis.Subject")).to.equal(2);
  });

  it("has its ExternalSource adopted, and its own SynchronizationConfigLink left standing", async () => {
    await takeover.write(takeover.style(), first);
    await takeover.run("1", first);
    expect(takeover.query("SELECT ConnectorName, ConnectorVersion FROM bis.ExternalSource")).to.deep.equal([
      { connectorName: "Machines", connectorVersion: "1.0.0" },
    ]);
    const configs = takeover.query(
      `SELECT c.CodeValue FROM bis.SynchronizationConfigSpecifiesRootSources r
       JOIN bis.SynchronizationConfigLink c ON c.ECInstanceId=r.SourceECInstanceId ORDER BY c.CodeValue`,
    );
    expect(configs.map(({ codeValue }) => codeValue)).to.deep.equal([`Machines:${takeover.sourcePath}`, "SynchConfig"]);
  });

  for (const severalFiles of [false, true])
    for (const scope of ["link", "partition", "subject"] as const)
      for (const itemSource of ["source", "link", "none"] as const) {
        const files = severalFiles ? "several files" : "one file";
        const named = { source: "their ExternalSource", link: "the RepositoryLink", none: "no source" }[itemSource];
        const isTold = !severalFiles || scope === "link" || itemSource !== "none";
        describe(`with ${files} per channel, items within the ${scope} and aspects that name ${named}`, () => {
          beforeEach(async () => {
            takeover.options = { severalFiles, scope };
            await takeover.write(takeover.style({ scope, itemSource }), first);
          });

          it("loses nothing when the document is unchanged", async () => {
            expect(countsOf(await takeover.run("1", first))).to.deep.equal([0, 0, 0, 0]);
            expect(takeover.tree).to.deep.equal(all);
          });

          it("takes changes of parts, and what vanished", async () => {
            const result = await takeover.run("2", [{ ...m1, bolts: ["A", "B2", "D"] }, m3]);
            expect(codesOf(result)).to.deep.equal(isTold ? [] : ["sync/unknown-origin"]);
            const kept = isTold ? [] : ["M2", "M2/C"];
            expect(takeover.tree).to.deep.equal(["M1", "M1/A", "M1/B2", "M1/D", ...kept, "M3"]);
            const again = await takeover.run("3", [{ ...m1, bolts: ["B2"] }, m3]);
            expect(countsOf(again)).to.deep.equal([0, 1, 1, 0]);
            expect(takeover.tree).to.deep.equal(["M1", "M1/B2", ...kept, "M3"]);
          });

          it("loses all when the source is empty", async () => {
            await takeover.run("2", []);
            expect(takeover.tree).to.deep.equal(isTold ? [] : all);
          });
        });
      }

  describe("has parts that", () => {
    const deep: Machine[] = [{ id: "M1", bolts: [{ label: "A", nuts: ["A1", "A2"] }, "B"] }];

    it("are parts at any depth", async () => {
      await takeover.write(takeover.style(), deep);
      await takeover.run("2", [{ id: "M1", bolts: [{ label: "A", nuts: ["A2"] }, "B", "C"] }]);
      expect(takeover.tree).to.deep.equal(["A/A2", "M1", "M1/A", "M1/B", "M1/C"]);
      const kinds = takeover.query("SELECT Kind, count(*) n FROM bis.ExternalSourceAspect GROUP BY Kind ORDER BY Kind");
      expect(kinds).to.deep.equal([
        { kind: "DocumentWithBeGuid", n: 1 },
        { kind: "Machine", n: 1 },
        { kind: "itwin-connector-framework:part", n: 4 },
      ]);
      await takeover.run("3", []);
      expect(takeover.tree).to.deep.equal([]);
    });

    it("go with an item that vanished", async () => {
      await takeover.write(takeover.style(), [...deep, m3]);
      const result = await takeover.run("2", [m3]);
      expect(countsOf(result)).to.deep.equal([0, 0, 1, 1]);
      expect(codesOf(result)).to.deep.equal([]);
      expect(takeover.tree).to.deep.equal(["M3"]);
    });

    it("are matched by their codes and GUIDs", async () => {
      const guid = "8f7a1a5e-3f0c-4d9a-9d5a-0f4f1a2b3c4d";
      const [coded, identified] = [
        { label: "A", code: "A-1" },
        { label: "B", guid },
      ];
      await takeover.write(takeover.style(), [{ id: "M1", bolts: [coded, identified] }]);
      const ids = () =>
        new Map(
          takeover
            .query("SELECT UserLabel, ECInstanceId FROM bis.PhysicalElement")
            .map((row) => [row.userLabel, row.id]),
        );
      const before = ids();
      const renamed = [{ ...identified, label: "B!" }, "C", { ...coded, label: "A!" }];
      await takeover.run("2", [{ id: "M1", bolts: renamed }]);
      expect(takeover.tree).to.deep.equal(["M1", "M1/A!", "M1/B!", "M1/C"]);
      expect([ids().get("A!"), ids().get("B!")]).to.deep.equal([before.get("A"), before.get("B")]);
      await takeover.run("3", [{ id: "M1", bolts: [{ ...coded, label: "A?" }, "D"] }]);
      expect(takeover.tree).to.deep.equal(["M1", "M1/A?", "M1/D"]);
      expect(ids().get("A?")).to.equal(before.get("A"));
    });

    it("are told from an item that is written below the item in a lower briefcase", async () => {
      await takeover.write(takeover.style(), [m3], (imodel, job, ids) => {
        // The aspect of the part is older than that of its parent.
        const parent = imodel.addPlain(job, "M4");
        const part = imodel.addPlain(job, "D", parent);
        const aspect = { scope: { id: job.linkId }, kind: "Machine", identifier: "M4", checksum: "old" };
        for (const id of [part, parent]) imodel.addAspect(id, { ...aspect, source: { id: job.sourceId! } });
        expect(ids.size).to.equal(1);
      });
      await takeover.run("2", [m3, { id: "M4", bolts: ["D2"] }]);
      expect(takeover.tree).to.deep.equal(["M3", "M4", "M4/D2"]);
    });
  });

  describe("has a document that is found", () => {
    const expectContinued = async (version = "2") => {
      const result = await takeover.run(version, [{ ...m1, bolts: ["A", "B2"] }, m2]);
      expect(takeover.tree).to.deep.equal(["M1", "M1/A", "M1/B2", "M2", "M2/C"]);
      expect([takeover.count("bis.RepositoryLink"), takeover.count("bis.ExternalSource")]).to.deep.equal([1, 1]);
      return result;
    };

    it("by its code alone", async () => {
      await takeover.write(takeover.style({ hasDocumentAspect: false }), first);
      expect((await expectContinued()).documents.new).to.equal(1);
      expect((await takeover.run("2", first)).documents.unchanged).to.equal(1);
    });

    it("in another case", async () => {
      await takeover.write(takeover.style({ documentId: takeover.sourcePath.toUpperCase() }), first);
      expect((await expectContinued()).documents.changed).to.equal(1);
      expect((await takeover.run("2", first)).documents.unchanged).to.equal(1);
    });

    it("after an interrupted run, as changed", async () => {
      await takeover.write(takeover.style({ documentVersion: undefined }), first);
      expect((await expectContinued("1")).documents.changed).to.equal(1);
    });

    it("when it gets a GUID", async () => {
      await takeover.write(takeover.style(), first);
      const documentGuid = "8f7a1a5e-3f0c-4d9a-9d5a-0f4f1a2b3c4d";
      const result = await takeover.run("1", first, { documentGuid });
      expect(result.documents.unchanged).to.equal(1);
      expect([takeover.count("bis.RepositoryLink"), takeover.count("bis.Subject")]).to.deep.equal([1, 2]);
    });
  });

  it("has only its items counted by the guard on deletions, not the parts that carry their aspects", async () => {
    const machines = (count: number): Machine[] =>
      Array.from({ length: count }, (_, index) => ({ id: `M${index}`, bolts: ["A", "B"] }));
    await takeover.write(takeover.style(), machines(120));
    const error = await takeover.run("2", machines(59)).catch((reason: unknown) => reason);
    expect((error as Error).message)
      .to.contain("would delete 61 of the 120 entities")
      .and.contain(": 61 Machine.");
    expect(countsOf(await takeover.run("3", machines(60)))).to.deep.equal([0, 0, 60, 60]);
  });

  it("has items of an empty kind and an empty identifier", async () => {
    const odd = [
      { id: "M1", kind: "", bolts: ["A"] },
      { id: "", kind: "", bolts: ["B"] },
    ];
    await takeover.write(takeover.style(), odd);
    expect(countsOf(await takeover.run("2", odd))).to.deep.equal([0, 0, 2, 0]);
    expect(countsOf(await takeover.run("3", odd.slice(1)))).to.deep.equal([0, 0, 1, 1]);
  });

  it("has definitions in models that all jobs share, which go when they vanish", async () => {
    await takeover.write(takeover.style(), first, ({ db, addAspect }, { linkId, sourceId }) => {
      const id = SpatialCategory.insert(db, IModel.dictionaryId, "Old", {});
      const origin = { scope: { id: linkId }, source: { id: sourceId! } };
      addAspect(id, { ...origin, kind: "Category", identifier: "Old" });
    });
    await takeover.run("2", first);
    expect(takeover.query("SELECT CodeValue FROM bis.SpatialCategory")).to.deep.equal([{ codeValue: "Machine" }]);
  });

  it("leaves alone what another connector made of the same document", async () => {
    const other = { jobName: "Other", connectorName: "Other", documentId: takeover.sourcePath, documentVersion: "1" };
    await takeover.write(takeover.style(), first, (imodel) => {
      imodel.addMachines(imodel.addJob(other), other, [m1, { id: "X", bolts: ["Y"] }]);
    });
    await takeover.run("2", [{ ...m1, bolts: ["A2"] }]);
    expect(takeover.tree).to.deep.equal(["M1", "M1", "M1/A", "M1/A2", "M1/B", "X", "X/Y"]);
    takeover.options = { name: "Other", job: "Other" };
    await takeover.run("3", [{ id: "X", bolts: ["Z"] }]);
    expect(takeover.tree).to.deep.equal(["M1", "M1/A2", "X", "X/Z"]);
    expect(takeover.count("bis.RepositoryLink")).to.equal(1);
  });

  describe("that is not continued", () => {
    for (const marksParts of [true, false])
      it(`can be unmapped, ${marksParts ? "with" : "without"} sources and marks of parts`, async () => {
        await takeover.write(takeover.style({ marksParts, hasSources: marksParts }), first);
        const result = await takeover.run("1", first, { unmap: true });
        expect(result.counts.deleted).to.equal(3);
        expect(takeover.tree).to.deep.equal([]);
        for (const name of ["RepositoryLink", "ExternalSource", "ExternalSourceAspect"])
          expect(takeover.count(`bis.${name}`), name).to.equal(0);
        expect(takeover.count("bis.Subject")).to.equal(1);
      });

    it("keeps what another connector made of the same document when it is unmapped", async () => {
      const other = { jobName: "Other", connectorName: "Other", documentId: takeover.sourcePath, documentVersion: "1" };
      await takeover.write(takeover.style(), first, (imodel) => {
        imodel.addMachines(imodel.addJob(other), other, [m1]);
      });
      await takeover.run("1", first, { unmap: true });
      expect(takeover.tree).to.deep.equal(["M1", "M1/A", "M1/B"]);
      takeover.options = { name: "Other", job: "Other" };
      expect((await takeover.run("2", [m1])).counts).to.include({ new: 0, changed: 0, unchanged: 1 });
    });
  });
});
