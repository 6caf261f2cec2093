import { cpSync, existsSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { IModel, LockState } from "@itwin/core-common";
import { expect } from "chai";
import { RunLock } from "../../src/files/RunLock.js";
import { IModelBank } from "../../src/bank/IModelBank.js";
import { BankedIModel } from "../../src/imodel/BankedIModel.js";
import { verifyIModel } from "../../src/imodel/verifyIModel.js";
import { BankTimeline } from "./BankTimeline.js";

/** A bank that is copied and restored. */
class RestoredTimeline extends BankTimeline {
  public async syncParts(...ids: string[]): Promise<number> {
    this.writeParts(...ids);
    const { version } = await this.sync();
    return version!.changesetIndex;
  }

  public writeParts(...ids: string[]): void {
    this.kit.write({ categories: ["Steel"], parts: ids.map((id) => ({ id })) });
  }

  /** Copies the bank as it is now. @returns what brings the copy back */
  public backUp(name = "backup"): () => void {
    const folder = join(this.kit.folder, name);
    cpSync(this.bankFolder, folder, { recursive: true });
    return () => {
      rmSync(this.bankFolder, { recursive: true });
      cpSync(folder, this.bankFolder, { recursive: true });
    };
  }

  public get briefcases(): string[] {
    return readdirSync(this._folder).filter((name) => name.endsWith(".bim"));
  }

  public briefcase(id: number): string {
    return join(this._folder, `${id}.bim`);
  }

  private get _folder(): string {
    return join(this.cacheDirectory, "briefcases", this.iModelId);
  }
}

describe("A bank that was restored from a backup", () => {
  it("gets what the source has, from a fresh briefcase, where the source is as in the last run", async () => {
    const timeline = new RestoredTimeline();
    await timeline.syncParts("a", "b");
    const restore = timeline.backUp();
    expect(await timeline.syncParts("a", "c")).to.equal(2);
    restore();
    expect(timeline.latest).to.equal(1);
    const { version, counts } = await timeline.sync();
    expect(version).to.include({ changesetIndex: 2, isPushed: true });
    expect(counts).to.include({ new: 1, deleted: 1 });
    expect(await timeline.partLabels()).to.deep.equal(["a", "c"]);
    expect(timeline.briefcases).to.have.length(1).and.not.to.include("2.bim");
    expect(await verifyIModel(timeline.hub, timeline.iModelId)).to.deep.include({
      faulty: [],
      failures: [],
      differing: [],
    });
  });

  it("gets it where the source has changed too", async () => {
    const timeline = new RestoredTimeline();
    await timeline.syncParts("a", "b");
    const restore = timeline.backUp();
    await timeline.syncParts("a", "c");
    restore();
    expect(await timeline.syncParts("a", "d")).to.equal(2);
    expect(await timeline.partLabels()).to.deep.equal(["a", "d"]);
  });

  it("gets it where another version has the same index by now", async () => {
    const timeline = new RestoredTimeline();
    await timeline.syncParts("a");
    const restore = timeline.backUp();
    await timeline.syncParts("a", "b");
    restore();
    timeline.writeParts("a", "c");
    expect((await timeline.run({}, {}, { cacheDirectory: join(timeline.kit.folder, "other") })).error).to.equal(
      undefined,
    );
    expect(timeline.latest).to.equal(2);
    expect(await timeline.syncParts("a", "d")).to.equal(3);
    expect(await timeline.partLabels()).to.deep.equal(["a", "d"]);
  });

  it("gets it where it is back at version 0", async () => {
    const timeline = new RestoredTimeline();
    await BankedIModel.create(timeline.bank, "kit");
    const restore = timeline.backUp();
    expect(await timeline.syncParts("a", "b")).to.equal(1);
    restore();
    expect(await timeline.syncParts("a")).to.equal(1);
    expect(await timeline.partLabels()).to.deep.equal(["a"]);
  });

  it("lets its locks go that the backup has", async () => {
    const timeline = new RestoredTimeline();
    await timeline.syncParts("a");
    const taker = { iModelId: timeline.iModelId, briefcaseId: 2, changesetIndex: 1 };
    timeline.bank.acquireLocks(taker, new Map([[IModel.repositoryModelId, LockState.Exclusive]]));
    const restore = timeline.backUp();
    timeline.bank.releaseLocks(taker);
    await timeline.syncParts("a", "b");
    restore();
    expect(await timeline.syncParts("a", "c")).to.equal(2);
    expect(timeline.bank.locks(timeline.iModelId)).to.be.empty;
    expect(await timeline.syncParts("a", "d")).to.equal(3);
  });

  it("gives out the id of a briefcase again, which is not used any more then", async () => {
    const timeline = new RestoredTimeline();
    const syncIn = async (cache: string, ...ids: string[]) => {
      timeline.writeParts(...ids);
      const { error } = await timeline.run({}, {}, { cacheDirectory: join(timeline.kit.folder, cache) });
      expect(error, String(error?.stack)).to.equal(undefined);
    };
    await syncIn("first", "a");
    const restore = timeline.backUp();
    await syncIn("second", "a");
    restore();
    await syncIn("third", "a", "b");
    await syncIn("second", "a", "b", "c");
    expect(timeline.bank.changesets(timeline.iModelId).map(({ briefcaseId }) => briefcaseId)).to.deep.equal([2, 3, 4]);
    expect(timeline.bank.briefcases(timeline.iModelId).map(({ id }) => id)).to.deep.equal([2, 3, 4]);
    await syncIn("third", "a", "d");
    expect(await timeline.partLabels()).to.deep.equal(["a", "d"]);
  });

  it("keeps a briefcase that is not newer than the backup", async () => {
    const timeline = new RestoredTimeline();
    await timeline.syncParts("a");
    timeline.backUp()();
    expect(await timeline.syncParts("a", "b")).to.equal(2);
    expect(timeline.briefcases).to.deep.equal(["2.bim"]);
  });

  it("ends a run at once that it happens to, and the next one goes on", async () => {
    const timeline = new RestoredTimeline();
    await timeline.syncParts("a");
    const restore = timeline.backUp();
    await timeline.syncParts("a", "b");
    timeline.writeParts("a", "c");
    const duringRun = onFirstPush(restore);
    const { error } = await timeline.run().finally(duringRun);
    expect(error).to.include({ code: "imodel/history-changed", recovery: "retriable" });
    expect(error?.message).to.contain("changeset 2");
    expect(await timeline.syncParts("a", "c")).to.equal(2);
    expect(await timeline.syncParts("a", "d")).to.equal(3);
    expect(await timeline.partLabels()).to.deep.equal(["a", "d"]);
  });
});

describe("A bank that was copied", () => {
  it("is used in turn with the copy, through one cache folder", async () => {
    const timeline = new RestoredTimeline();
    await timeline.syncParts("a");
    const copy = join(timeline.kit.folder, "copy");
    cpSync(timeline.bankFolder, copy, { recursive: true });
    const syncCopy = async (...ids: string[]) => {
      timeline.writeParts(...ids);
      const { error, version } = await timeline.run({}, {}, {}, { url: copy });
      expect(error, String(error?.stack)).to.equal(undefined);
      return version?.changesetIndex;
    };
    expect(await timeline.syncParts("a", "b")).to.equal(2);
    expect(await syncCopy("a", "c")).to.equal(2);
    expect(await timeline.syncParts("a", "d")).to.equal(3);
    expect(await syncCopy("a", "e")).to.equal(3);
    expect(await timeline.partLabels()).to.deep.equal(["a", "d"]);
  });

  it("does not take the briefcase that a run on the copy is using", async () => {
    const timeline = new RestoredTimeline();
    await timeline.syncParts("a");
    writeFileSync(timeline.briefcase(3), "");
    writeFileSync(`${timeline.briefcase(4)}-wal`, "what another briefcase has left");
    const locks = [2, 3].map((id) => RunLock.acquire(timeline.briefcase(id)));
    expect(await timeline.syncParts("a", "b")).to.equal(2);
    for (const lock of locks) lock.release();
    expect(timeline.briefcases).to.include("4.bim");
    expect(timeline.bank.briefcases(timeline.iModelId).map(({ id }) => id)).to.deep.equal([2, 4]);
  });

  it("takes the place of the bank, by another folder", async () => {
    const timeline = new RestoredTimeline();
    await timeline.syncParts("a");
    const old = join(timeline.kit.folder, "old");
    cpSync(timeline.bankFolder, old, { recursive: true });
    await timeline.syncParts("a", "b");
    rmSync(timeline.bankFolder, { recursive: true });
    renameSync(old, timeline.bankFolder);
    expect(await timeline.syncParts("a", "b")).to.equal(2);
    expect(await timeline.partLabels()).to.deep.equal(["a", "b"]);
    expect(existsSync(timeline.briefcase(2))).to.equal(false);
  });
});

/** Does something when a changeset is pushed next. @returns what ends that */
function onFirstPush(work: () => void): () => void {
  const { prototype } = IModelBank;
  const push = Object.getOwnPropertyDescriptor(prototype, "push")!;
  const restore = () => void Object.defineProperty(prototype, "push", push);
  prototype.push = async function (iModelId, changeset) {
    work();
    restore();
    return (push.value as typeof prototype.push).call(this, iModelId, changeset);
  };
  return restore;
}
