import { copyFileSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { SpatialCategory, StandaloneDb, type IModelDb } from "@itwin/core-backend";
import { Code, IModel } from "@itwin/core-common";
import { expect } from "chai";
import {
  compareIModels,
  ConnectorRunner,
  type ConnectorJobDefArgs,
  type ITwinConnector,
  type RunOptions,
  type RunResult,
} from "itwin-connector-framework";
import { BankTimeline } from "../bank/BankTimeline.js";
import type { KitOptions } from "../kit/KitConnector.js";
import { KitTimeline } from "../kit/KitTimeline.js";
import type { KitSource } from "../kit/kitSource.js";
import { contentOf } from "../support/temporary.js";

const first: KitSource = {
  categories: ["Steel"],
  groups: [{ id: "g1", label: "first" }],
  parts: [
    { id: "a", size: 1 },
    { id: "b", pieces: [{ material: "oak" }] },
  ],
};
const second: KitSource = {
  categories: ["Wood"],
  groups: [{ id: "g2", label: "second" }],
  parts: [{ id: "c", material: "pine" }, { id: "d" }],
};
const guid = "8f7a1a5e-3f0c-4d9a-9d5a-0f4f1a2b3c4d";
const nothing = { inserted: 0, updated: 0, deleted: 0 };

/** Documents in folders of their own, which go into one iModel. */
class Documents {
  public readonly timeline: KitTimeline;

  public constructor(isSnapshot = true) {
    this.timeline = new KitTimeline({ isSnapshot });
  }

  public get iModel(): string {
    return this.timeline.iModelPath;
  }

  /** Writes a document. @returns the path of its file */
  public write(name: string, source: KitSource): string {
    mkdirSync(join(this.timeline.folder, name), { recursive: true });
    this.timeline.write(source, join(name, "kit.json"));
    return join(this.timeline.folder, name, "kit.json");
  }

  public async sync(
    name: string,
    source: KitSource,
    changes: Partial<ConnectorJobDefArgs> = {},
    kit: KitOptions = {},
  ): Promise<RunResult> {
    return this.timeline.resync(kit, { sourcePath: this.write(name, source), ...changes });
  }

  /** Unmaps a document whose file is gone. */
  public async unmap(
    name: string,
    changes: Partial<ConnectorJobDefArgs> = {},
    options: RunOptions = {},
  ): Promise<RunResult> {
    rmSync(join(this.timeline.folder, name), { recursive: true, force: true });
    const sourcePath = join(this.timeline.folder, name, "kit.json");
    return this.timeline.resync({}, { sourcePath, ...changes }, { unmap: true, ...options });
  }

  /** Keeps the iModel as it is. @returns the path of the copy */
  public keep(): string {
    const copy = join(this.timeline.folder, "kept.bim");
    copyFileSync(this.iModel, copy);
    return copy;
  }

  /** Changes the iModel as another program would. */
  public edit(change: (imodel: IModelDb) => void): void {
    const imodel = StandaloneDb.openFile(this.iModel);
    try {
      imodel.channels.addAllowedChannel("shared");
      change(imodel);
      imodel.saveChanges();
    } finally {
      imodel.close();
    }
  }

  public count(className: string): number {
    return this.timeline.query(`SELECT COUNT(*) n FROM ${className}`)[0]!.n as number;
  }

  public idOf(className: string, condition: string): string {
    return this.timeline.query(`SELECT ECInstanceId FROM ${className} WHERE ${condition}`)[0]!.id as string;
  }
}

async function expectEqual(left: string, right: string): Promise<void> {
  const comparison = await compareIModels(left, right);
  expect(comparison.isEqual, JSON.stringify(comparison, undefined, 1)).to.equal(true);
}

for (const isSnapshot of [true, false])
  describe(`Unmapping from a ${isSnapshot ? "snapshot" : "standalone"} iModel`, () => {
    const start = async () => {
      const documents = new Documents(isSnapshot);
      await documents.sync("second", second);
      const before = documents.keep();
      await documents.sync("first", first, { documentGuid: guid });
      return { documents, before };
    };

    it("removes all of a document and its job, and nothing of another one", async () => {
      const { documents, before } = await start();
      const removed = await documents.unmap("first", { documentGuid: guid });
      expect(removed.counts).to.deep.equal({ new: 0, changed: 0, unchanged: 0, deleted: 4, replaced: 0 });
      expect(removed.issues).to.deep.equal([]);
      expect(removed.phases.map(({ phase }) => phase)).to.deep.equal([
        "arguments",
        "load",
        "initialize",
        "open",
        "deletion",
        "finish",
      ]);
      expect(removed.description).to.equal("Document removed");
      await expectEqual(before, documents.iModel);
      expect((await documents.sync("second", second)).elements).to.deep.equal(nothing);
    });

    it("writes nothing when the iModel does not know the document, and says so", async () => {
      const { documents } = await start();
      await documents.unmap("first", { documentGuid: guid });
      const content = contentOf(documents.iModel);
      for (const changes of [{ documentGuid: guid }, {}]) {
        const again = await documents.unmap("first", changes);
        expect(again.elements).to.deep.equal(nothing);
        expect(again.issues.map(({ code }) => code)).to.deep.equal(["run/unknown-document"]);
      }
      expect(contentOf(documents.iModel)).to.equal(content);
    });

    it("lets the document come back as a new one", async () => {
      const { documents } = await start();
      const full = join(documents.timeline.folder, "full.bim");
      copyFileSync(documents.iModel, full);
      await documents.unmap("first", { documentGuid: guid });
      const again = await documents.sync("first", first, { documentGuid: guid });
      expect(again.counts).to.deep.equal({ new: 4, changed: 0, unchanged: 0, deleted: 0, replaced: 0 });
      expect(again.documents.new).to.equal(1);
      await expectEqual(full, documents.iModel);
    });

    it("leaves the iModel as it was in a dry run, and says what would go", async () => {
      const { documents } = await start();
      const content = contentOf(documents.iModel);
      const { counts } = await documents.unmap("first", { documentGuid: guid }, { dryRun: true });
      expect(counts.deleted).to.equal(4);
      expect(contentOf(documents.iModel)).to.equal(content);
    });
  });

describe("Unmapping", () => {
  it("finds a document by its name, and by its GUID alone", async () => {
    const documents = new Documents();
    await documents.sync("second", second);
    const before = documents.keep();
    const documentName = "storage/first.json";
    const sync = async () =>
      documents.timeline.resync({}, { sourcePath: documents.write("x", first), documentGuid: guid }, { documentName });
    await sync();
    await documents.unmap("gone", {}, { documentName });
    await expectEqual(before, documents.iModel);

    await sync();
    await documents.timeline.resync({ job: "!" }, { sourcePath: documents.write("x", first), documentGuid: guid });
    await documents.unmap("gone", { connectorModule: undefined, documentGuid: guid.toUpperCase() });
    await expectEqual(before, documents.iModel);
  });

  it("takes along what the document refers to", async () => {
    const documents = new Documents();
    await documents.sync("second", second);
    const before = documents.keep();
    documents.timeline.write({ parts: [{ id: "e" }] }, "more.json");
    await documents.sync("first", { ...first, references: ["../more.json"] });
    expect(documents.count("bis.RepositoryLink")).to.equal(3);
    await documents.unmap("first");
    await expectEqual(before, documents.iModel);
  });

  it("takes relationships of other jobs to what goes along", async () => {
    const documents = new Documents();
    await documents.sync("second", second);
    await documents.sync("first", first);
    documents.edit((imodel) =>
      imodel.relationships.insertInstance({
        classFullName: "BisCore:ElementGroupsMembers",
        sourceId: documents.idOf("generic.[Group]", "UserLabel='second'"),
        targetId: documents.idOf("bis.PhysicalElement", "UserLabel='a'"),
      }),
    );
    const { issues } = await documents.unmap("first");
    expect(issues).to.deep.equal([]);
    expect(documents.timeline.partLabels()).to.deep.equal(["c", "d"]);
    expect(documents.count("bis.ElementGroupsMembers")).to.equal(0);
  });

  it("reports what another program has added in the models of the job before it goes", async () => {
    const documents = new Documents();
    await documents.sync("second", second);
    await documents.sync("first", first);
    const noteIds: string[] = [];
    documents.edit((imodel) => {
      const { model } = imodel.elements.getElementProps(documents.idOf("bis.PhysicalElement", "UserLabel='a'"));
      const category = SpatialCategory.insert(imodel, IModel.dictionaryId, "Notes", {});
      const note = { classFullName: "Generic:PhysicalObject", model, category, code: Code.createEmpty() };
      const add = (userLabel: string) => imodel.elements.insertElement({ ...note, userLabel });
      noteIds.push(add("note"), add("other note"));
    });
    const { issues, counts } = await documents.unmap("first");
    expect(counts.deleted).to.equal(4);
    expect(issues.map(({ code, elementId }) => [code, elementId])).to.deep.equal([
      ["sync/added-element-deleted", noteIds[0]],
    ]);
    expect(issues[0]!.message).to.contain('"note" and 1 more go with the job');
    expect(documents.timeline.partLabels()).to.deep.equal(["c", "d"]);
  });

  it("leaves a definition that another job uses, and removes it when that has ended", async () => {
    const documents = new Documents();
    await documents.sync("second", second);
    const before = documents.keep();
    await documents.sync("first", first);
    const setCategory = (name: string) =>
      documents.edit((imodel) => {
        const id = documents.idOf("bis.PhysicalElement", "UserLabel='c'");
        const category = documents.idOf("bis.SpatialCategory", `CodeValue='${name}'`);
        imodel.elements.updateElement({ id, category } as Parameters<typeof imodel.elements.updateElement>[0]);
      });
    setCategory("Steel");
    const { issues, counts } = await documents.unmap("first");
    expect(issues.map(({ code }) => code)).to.deep.equal(["sync/definition-in-use"]);
    expect(counts.deleted).to.equal(3);
    expect(documents.timeline.partLabels()).to.deep.equal(["c", "d"]);

    const back = await documents.sync("first", first);
    expect(back.counts).to.include({ new: 3, deleted: 0 });
    await documents.unmap("first");
    setCategory("Wood");
    expect((await documents.unmap("first")).issues).to.deep.equal([]);
    await expectEqual(before, documents.iModel);
  });

  it("leaves a job that has another document", async () => {
    /** All of its documents are in one job. */
    class OneJobRunner extends ConnectorRunner {
      protected override async makeConnector(): Promise<ITwinConnector> {
        const connector = await super.makeConnector();
        connector.getJobSubjectName = () => "Kits";
        return connector;
      }
    }
    const documents = new Documents();
    const run = async (name: string, source: KitSource, options: RunOptions = {}) => {
      const sourcePath = documents.write(name, source);
      const args = documents.timeline.args({ severalFiles: true }, { sourcePath });
      const runner = new OneJobRunner(args, undefined, options);
      await runner.synchronize();
      expect(runner.result.error).to.equal(undefined);
    };
    await run("second", second);
    const before = documents.keep();
    await run("first", first);
    expect(documents.count("bis.SynchronizationConfigLink")).to.equal(1);
    await run("first", first, { unmap: true });
    await expectEqual(before, documents.iModel);
  });

  it("leaves a document that another job reads to that job", async () => {
    const documents = new Documents();
    const sourcePath = documents.write("x", { ...first, categories: ["Steel"] });
    await documents.timeline.resync({}, { sourcePath });
    await documents.timeline.resync({ job: "!", readUnchanged: true }, { sourcePath });
    await documents.timeline.resync({ job: "!" }, { sourcePath }, { unmap: true });
    expect(documents.count("bis.RepositoryLink")).to.equal(1);
    expect(documents.count("bis.ExternalSource")).to.equal(1);
    expect(documents.count("bis.SynchronizationConfigLink")).to.equal(1);
    expect(documents.timeline.partLabels()).to.deep.equal(["a", "b"]);
  });

  it("works in the channel of the job", async () => {
    const documents = new Documents();
    await documents.sync("second", second);
    const before = documents.keep();
    await documents.sync("first", first, {}, { channel: "kit-of-parts" });
    await documents.unmap("first");
    await expectEqual(before, documents.iModel);
  });

  it("needs something that tells the document, and an iModel", async () => {
    const documents = new Documents();
    const run = async (changes: Partial<ConnectorJobDefArgs>) =>
      (await documents.timeline.run({}, changes, { unmap: true })).error;
    expect(await run({ connectorModule: undefined })).to.include({ code: "usage/missing-argument" });
    expect(await run({ sourcePath: undefined })).to.include({ code: "usage/missing-argument" });
    expect(await run({})).to.include({ code: "imodel/missing" });
    expect(existsSync(documents.iModel)).to.equal(false);
  });
});

describe("Unmapping from an iModel of a bank", () => {
  it("pushes one changeset, and none where there is nothing to remove", async () => {
    const timeline = new BankTimeline();
    const write = (source: KitSource, name: string) => {
      timeline.kit.write(source, name);
      return { sourcePath: join(timeline.kit.folder, name), documentGuid: name === "first.json" ? guid : undefined };
    };
    await timeline.sync({}, write(second, "second.json"));
    const before = await timeline.checkOut();
    const changes = write(first, "first.json");
    await timeline.sync({}, changes);
    rmSync(changes.sourcePath);

    const dry = await timeline.run({}, changes, { unmap: true, dryRun: true });
    expect(dry.counts.deleted).to.equal(4);
    expect(timeline.latest).to.equal(2);
    const removed = await timeline.run({}, { documentGuid: guid, connectorModule: undefined }, { unmap: true });
    expect(removed.error, String(removed.error?.stack)).to.equal(undefined);
    expect(removed.version).to.include({ changesetIndex: 3, isPushed: true });
    await expectEqual(before, await timeline.checkOut());
    const again = await timeline.run({}, changes, { unmap: true });
    expect(again.version).to.include({ changesetIndex: 3, isPushed: false });
    expect(again.issues.map(({ code }) => code)).to.deep.equal(["run/unknown-document"]);
    expect(timeline.bank.locks(timeline.iModelId)).to.be.empty;
  });
});
