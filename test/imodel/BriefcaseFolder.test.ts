import { readdirSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { IModel, LockState } from "@itwin/core-common";
import { expect } from "chai";
import { BankedIModel } from "../../src/imodel/BankedIModel.js";
import { BriefcaseFolder } from "../../src/imodel/BriefcaseFolder.js";
import { hubRouter } from "../../src/imodel/native.js";
import { RunLock } from "../../src/files/RunLock.js";
import { BankTimeline } from "../bank/BankTimeline.js";
import { execute } from "../support/sqlite.js";

/** A bank with one run, whose briefcase is in the cache folder. */
class CachedBriefcase extends BankTimeline {
  public static async make(): Promise<CachedBriefcase> {
    const timeline = new CachedBriefcase();
    await timeline.syncParts("p1");
    return timeline;
  }

  public get files(): string[] {
    return readdirSync(this._folder).filter((name) => /\.(bim|lock)$/.test(name));
  }

  public pathOf(briefcaseId: number): string {
    return join(this._folder, `${briefcaseId}.bim`);
  }

  public async syncParts(...ids: string[]): Promise<void> {
    this.writeParts(...ids);
    await this.sync();
  }

  public writeParts(...ids: string[]): void {
    this.kit.write({ categories: ["Steel"], parts: ids.map((id) => ({ id })) });
  }

  /** Lets a briefcase hold the lock on the whole iModel, as if its run had died. */
  public holdAll(briefcaseId: number): void {
    const taker = { iModelId: this.iModelId, briefcaseId, changesetIndex: this.latest };
    this.bank.acquireLocks(taker, new Map([[IModel.repositoryModelId, LockState.Exclusive]]));
  }

  /** Lets the bank refuse to give locks back, until the fault is over. */
  public refuseRelease(): void {
    const body = "BEGIN SELECT RAISE(ABORT, 'out of order'); END";
    execute(this.bank.layout.state, [`CREATE TRIGGER fault BEFORE DELETE ON locks ${body}`]);
  }

  public endFault(): void {
    execute(this.bank.layout.state, ["DROP TRIGGER fault"]);
  }

  private get _folder(): string {
    return join(this.cacheDirectory, "briefcases", this.iModelId);
  }
}

describe("The briefcases in the cache folder", () => {
  it("stay through a fault of the hub, and are free after it", async () => {
    const timeline = await CachedBriefcase.make();
    const imodel = await BankedIModel.open({ url: timeline.bankFolder, iModelName: "kit" }, false);
    const fault = new Error("the hub is overloaded");
    imodel.hub.releaseAllLocks = async () => Promise.reject(fault);
    const unroute = hubRouter().add(timeline.iModelId, imodel.hub);
    const opened = await new BriefcaseFolder(timeline.cacheDirectory, imodel).open().catch((error: unknown) => error);
    unroute();
    expect(opened).to.equal(fault);
    expect(timeline.files).to.deep.equal(["2.bim"]);
    await timeline.syncParts("p1", "p2");
    expect(timeline.files).to.deep.equal(["2.bim"]);
  });

  it("are free after a run failed to give back what one of a dead run holds", async () => {
    const timeline = await CachedBriefcase.make();
    const lock = RunLock.acquire(timeline.pathOf(2));
    await timeline.syncParts("p1", "p2");
    lock.release();
    timeline.holdAll(3);
    timeline.refuseRelease();
    timeline.writeParts("p1");
    expect((await timeline.run()).error).to.include({ code: "bank/failed" });
    expect(timeline.files).to.deep.equal(["2.bim", "3.bim"]);
    timeline.endFault();
    await timeline.sync();
  });

  it("are given up when they are damaged, and stay when even that fails", async () => {
    const timeline = await CachedBriefcase.make();
    truncateSync(timeline.pathOf(2), 100_000);
    timeline.holdAll(2);
    timeline.refuseRelease();
    timeline.writeParts("p1", "p2");
    expect((await timeline.run()).error).to.include({ code: "bank/failed" });
    expect(timeline.files).to.deep.equal(["2.bim"]);
    timeline.endFault();
    await timeline.sync();
    expect(timeline.files).to.deep.equal(["3.bim"]);
  });
});
