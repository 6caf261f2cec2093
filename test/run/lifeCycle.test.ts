import { existsSync, readdirSync } from "node:fs";
import { SnapshotDb, StandaloneDb, Subject } from "@itwin/core-backend";
import { BentleyStatus } from "@itwin/core-bentley";
import { IModel } from "@itwin/core-common";
import { expect } from "chai";
import { ConnectorRunner } from "itwin-connector-framework";
import { KitTimeline } from "../kit/KitTimeline.js";
import type { KitSource } from "../kit/kitSource.js";
import { readIModel } from "../support/iModels.js";
import { contentOf } from "../support/temporary.js";

const kit: KitSource = {
  categories: ["Steel"],
  groups: [{ id: "g1", label: "first" }],
  parts: [
    { id: "a", size: 1, material: "iron" },
    { id: "b", size: 2, pieces: [{ material: "oak" }, { material: "ash" }] },
    { id: "c" },
  ],
};

const [partA, partB, partC] = kit.parts!;

for (const kind of ["snapshot", "standalone"] as const)
  describe(`ConnectorRunner on a ${kind} iModel`, () => {
    const start = () => new KitTimeline({ isSnapshot: kind === "snapshot" });

    it("creates the iModel, and then writes only what changed", async () => {
      const timeline = start();
      const first = await timeline.sync(kit);
      expect(first.iModelIsNew).to.equal(true);
      expect(first.iModelPath).to.equal(timeline.iModelPath);
      expect(first.counts).to.deep.equal({ new: 5, changed: 0, unchanged: 0, deleted: 0, replaced: 0 });
      expect(first.elements).to.deep.equal({ inserted: 7, updated: 0, deleted: 0 });

      const unchanged = await timeline.sync(kit, { readUnchanged: true });
      expect(unchanged.iModelIsNew).to.equal(false);
      expect(unchanged.counts).to.deep.equal({ new: 0, changed: 0, unchanged: 5, deleted: 0, replaced: 0 });
      expect(unchanged.elements).to.deep.equal({ inserted: 0, updated: 0, deleted: 0 });

      const changed = await timeline.sync({ ...kit, parts: [{ ...partA!, material: "gold" }, partB!, partC!] });
      expect(changed.counts).to.deep.equal({ new: 0, changed: 1, unchanged: 4, deleted: 0, replaced: 0 });
      expect(changed.changes.map(({ change, identifier }) => [change, identifier])).to.deep.equal([["updated", "a"]]);
      expect(timeline.query("SELECT Material FROM kit.Block WHERE UserLabel='a'")).to.deep.equal([
        { material: "gold" },
      ]);

      const deleted = await timeline.sync({ ...kit, parts: [partC!] });
      expect(deleted.counts).to.include({ unchanged: 3, deleted: 2 });
      expect(deleted.elements).to.deep.equal({ inserted: 0, updated: 0, deleted: 4 });
      expect(timeline.partLabels()).to.deep.equal(["c"]);

      const again = await timeline.sync(kit);
      expect(again.counts).to.include({ new: 2, unchanged: 3 });
      expect(timeline.partLabels()).to.deep.equal(["a", "b", "c"]);
    });

    it("loses nothing of a document that is unchanged and therefore skipped", async () => {
      const timeline = start();
      await timeline.sync(kit);
      const result = await timeline.sync(kit);
      expect(result.documents).to.deep.equal({ new: 0, changed: 0, unchanged: 1 });
      expect(result.counts.deleted).to.equal(0);
      expect(timeline.partLabels()).to.deep.equal(["a", "b", "c"]);
    });

    it("leaves nothing beside the iModel", async () => {
      const timeline = start();
      await timeline.sync(kit);
      await timeline.sync({ ...kit, parts: [] });
      expect(readdirSync(`${timeline.folder}/out`)).to.deep.equal(["kit.bim"]);
    });

    it("keeps the id of the iModel", async () => {
      const timeline = start();
      await timeline.sync(kit);
      const id = readIModel(timeline.iModelPath, (imodel) => imodel.iModelId);
      await timeline.sync({ ...kit, parts: [] });
      expect(readIModel(timeline.iModelPath, (imodel) => imodel.iModelId)).to.equal(id);
    });

    it("changes nothing in a dry run, and says what would change", async () => {
      const timeline = start();
      timeline.write(kit);
      const first = await timeline.run({}, {}, { dryRun: true });
      expect(first.status).to.equal(BentleyStatus.SUCCESS);
      expect(first.counts.new).to.equal(5);
      expect(existsSync(timeline.iModelPath)).to.equal(false);

      await timeline.sync(kit);
      const before = contentOf(timeline.iModelPath);
      timeline.write({ ...kit, parts: [{ ...partA!, material: "gold" }] });
      const second = await timeline.run({}, {}, { dryRun: true });
      expect(second.counts).to.include({ changed: 1, deleted: 2 });
      expect(contentOf(timeline.iModelPath)).to.equal(before);
      expect(readdirSync(`${timeline.folder}/out`)).to.deep.equal(["kit.bim"]);
    });

    it("keeps what vanished where deletions are not asked for", async () => {
      const timeline = start();
      await timeline.sync(kit);
      timeline.write({ ...kit, parts: [] });
      await timeline.resync({}, { doDetectDeletedElements: false });
      expect(timeline.partLabels()).to.deep.equal(["a", "b", "c"]);
    });

    it("fits the project extents", async () => {
      const timeline = start();
      await timeline.sync({ ...kit, parts: [{ id: "a", size: 100 }] });
      const extents = () => readIModel(timeline.iModelPath, (imodel) => imodel.projectExtents);
      expect(extents().high.x).to.be.closeTo(100, 1e-3);

      await timeline.sync({ ...kit, parts: [{ id: "a", size: 10 }] });
      expect(extents().high.x, "more documents may come").to.be.closeTo(100, 1e-3);

      await timeline.resync({}, { allDocsProcessed: true });
      expect(extents().high.x).to.be.closeTo(10, 1e-3);
    });

    it("keeps the project extents within the height of mountains where that is asked for", async () => {
      const timeline = start();
      await timeline.sync({ ...kit, parts: [{ id: "a", size: 20_000 }] });
      const extents = () => readIModel(timeline.iModelPath, (imodel) => imodel.projectExtents);
      expect(extents().high.z).to.be.closeTo(20_000, 1e-3);

      await timeline.resync({}, { allDocsProcessed: true }, { clampZExtent: true });
      expect(extents().high.toArray().map(Math.round)).to.deep.equal([20_000, 20_000, 8849]);
    });

    it("does only what needs the finished iModel where that is all it is asked for", async () => {
      const timeline = start();
      await timeline.sync({ ...kit, parts: [{ id: "a", size: 100 }] });
      await timeline.sync({ ...kit, parts: [{ id: "a", size: 10 }] });
      const result = await timeline.resync({}, { allDocsProcessed: true, connectorModule: undefined });
      expect(result.phases.map(({ phase }) => phase)).to.deep.equal(["arguments", "open", "finish"]);
      expect(readIModel(timeline.iModelPath, (imodel) => imodel.projectExtents.high.x)).to.be.closeTo(10, 1e-3);
    });

    it("describes the job on its Subject", async () => {
      const timeline = start();
      await timeline.sync(kit);
      await timeline.resync({ version: "2.0.0" });
      readIModel(timeline.iModelPath, (imodel) => {
        const code = Subject.createCode(imodel, IModel.rootSubjectId, `Kit:${timeline.sourcePath}`);
        const subject = imodel.elements.getElement<Subject>(imodel.elements.queryElementIdByCode(code)!);
        expect(subject.parent?.id).to.equal(IModel.rootSubjectId);
        expect(subject.jsonProperties).to.deep.equal({
          Subject: { Job: { Bridge: "Kit", Properties: { BridgeVersion: "2.0.0", BridgeType: "JSConnector" } } },
        });
      });
    });

    it("records each success with the sources that were processed", async () => {
      const timeline = start();
      const lastRun = () => timeline.query("SELECT LastSuccessfulRun FROM bis.SynchronizationConfigLink");
      timeline.write({ references: ["more.json"], ...kit });
      timeline.write({ parts: [{ id: "d" }] }, "more.json");
      const before = new Date().toISOString();
      await timeline.resync();
      const first = lastRun();
      expect(first).to.have.length(1);
      expect(`${String(first[0]!.lastSuccessfulRun)}Z` >= before).to.equal(true);
      await timeline.run({ failIn: "data" });
      expect(lastRun(), "a failed run is no success").to.deep.equal(first);
      await timeline.resync();
      expect(lastRun()).not.to.deep.equal(first);

      const count = (relationship: string) =>
        timeline.query(`SELECT COUNT(*) n FROM ONLY bis.${relationship}`)[0]!.n as number;
      expect(count("SynchronizationConfigProcessesSources")).to.equal(2);
      expect(count("SynchronizationConfigSpecifiesRootSources")).to.equal(1);
    });
  });

describe("ConnectorRunner", () => {
  it("keeps the undo history of a standalone iModel, under the description of each run", async () => {
    const timeline = new KitTimeline({ isSnapshot: false });
    await timeline.sync(kit);
    timeline.write({ ...kit, parts: [] });
    const result = await timeline.resync({}, { revisionComments: "Tuesday" });
    expect(result.description).to.equal("Tuesday - Kit of parts");
    const imodel = StandaloneDb.openFile(timeline.iModelPath);
    try {
      expect(imodel.txns.hasPendingTxns).to.equal(true);
      const descriptions: string[] = [];
      for (let id = imodel.txns.queryFirstTxnId(); imodel.txns.isTxnIdValid(id); id = imodel.txns.queryNextTxnId(id))
        descriptions.push(imodel.txns.getTxnDescription(id));
      expect(descriptions).to.include.members(["Kit of parts", "Tuesday - Kit of parts"]);
    } finally {
      imodel.close();
    }
  });

  it("goes on with an iModel of the other kind, which keeps its kind", async () => {
    const timeline = new KitTimeline({ isSnapshot: true });
    await timeline.sync(kit);
    timeline.write({ ...kit, parts: [partA!] });
    const result = await timeline.resync({}, { isSnapshot: false });
    expect(result.counts.deleted).to.equal(2);
    const imodel = SnapshotDb.openFile(timeline.iModelPath);
    imodel.close();
  });

  it("does not touch the caller's arguments", async () => {
    const timeline = new KitTimeline();
    timeline.write(kit);
    const args = timeline.args();
    const before = JSON.stringify(args);
    await new ConnectorRunner(args).synchronize();
    expect(JSON.stringify(args)).to.equal(before);
  });

  it("runs once", async () => {
    const timeline = new KitTimeline();
    timeline.write(kit);
    const runner = new ConnectorRunner(timeline.args());
    await runner.synchronize();
    let message = "";
    await runner.synchronize().catch((error: unknown) => (message = String(error)));
    expect(message).to.contain("runs once");
  });

  it("tells where it is", async () => {
    const timeline = new KitTimeline();
    timeline.write(kit);
    const runner = new ConnectorRunner(timeline.args());
    const phases = new Set<string>();
    let last = { items: 0, done: 0 as number | undefined };
    runner.onProgress.addListener((progress) => {
      phases.add(progress.phase);
      if (progress.phase === "data") last = { items: progress.items, done: progress.done };
    });
    await runner.synchronize();
    expect([...phases]).to.deep.equal(runner.result.phases.map(({ phase }) => phase));
    expect(last).to.deep.equal({ items: 5, done: 1 });
  });

  it("finds a job again whose document was moved, by the document's GUID", async () => {
    const documentGuid = "8f7a1a5e-3f0c-4d9a-9d5a-0f4f1a2b3c4d";
    const timeline = new KitTimeline();
    timeline.write(kit);
    await timeline.resync({}, { documentGuid });
    timeline.write({ ...kit, parts: [partA!] }, "sub-kit.json");
    const { renameSync, mkdirSync } = await import("node:fs");
    mkdirSync(`${timeline.folder}/moved`);
    renameSync(`${timeline.folder}/sub-kit.json`, `${timeline.folder}/moved/kit.json`);
    const moved = { documentGuid: documentGuid.toUpperCase(), sourcePath: `${timeline.folder}/moved/kit.json` };
    const result = await timeline.resync({}, moved);
    expect(result.counts).to.deep.equal({ new: 0, changed: 0, unchanged: 3, deleted: 2, replaced: 0 });
    expect(timeline.query("SELECT ECInstanceId FROM bis.RepositoryLink")).to.have.length(1);
    expect(timeline.query("SELECT ECInstanceId FROM bis.SynchronizationConfigLink")).to.have.length(1);
    const [link] = timeline.query("SELECT RepositoryGuid FROM bis.RepositoryLink");
    expect(String(link!.repositoryGuid)).to.equal(documentGuid);
  });
});
