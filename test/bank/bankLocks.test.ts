import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { IModel, LockState } from "@itwin/core-common";
import { expect } from "chai";
import type { RunPhase } from "itwin-connector-framework";
import { connectorRunner } from "../support/commandLine.js";
import { BankTimeline } from "./BankTimeline.js";

const impatient = { lockRetries: 2, lockRetryDelay: 10 };
const source = { categories: ["Steel"], parts: [{ id: "p1", size: 1 }] };

async function timelineWithRun(): Promise<BankTimeline> {
  const timeline = new BankTimeline();
  timeline.kit.write(source);
  await timeline.sync();
  return timeline;
}

/** A briefcase of somebody else that holds a lock. */
function holdLock(timeline: BankTimeline, elementId: string, state = LockState.Exclusive): number {
  const { bank, iModelId } = timeline;
  const briefcaseId = bank.acquireBriefcase(iModelId, { alias: "Ada's computer" });
  bank.acquireLocks({ iModelId, briefcaseId, changesetIndex: timeline.latest }, new Map([[elementId, state]]));
  return briefcaseId;
}

describe("The locks of a run on a bank", () => {
  it("keep it from an iModel that somebody else holds, who is named, and it can wait", async () => {
    const timeline = await timelineWithRun();
    const briefcaseId = holdLock(timeline, IModel.repositoryModelId);
    timeline.kit.write({ ...source, parts: [] });
    const { error } = await timeline.run({}, {}, impatient);
    expect(error).to.include({ code: "imodel/locked", recovery: "retriable" });
    expect(error!.message).to.contain(`is in use by Ada's computer (briefcase ${briefcaseId})`);
    const command = `connector-runner bank release ${timeline.bankFolder} kit ${briefcaseId}`;
    expect(error!.advice).to.contain(command);
    expect(timeline.latest).to.equal(1);

    setTimeout(() => timeline.bank.releaseBriefcase(timeline.iModelId, briefcaseId), 300);
    const { version } = await timeline.run({}, {}, { lockRetries: 1000, lockRetryDelay: 20 });
    expect(version).to.include({ changesetIndex: 2, isPushed: true });
  });

  it("leave other jobs alone: a job that is known needs only its own part", async () => {
    const timeline = await timelineWithRun();
    holdLock(timeline, IModel.repositoryModelId, LockState.Shared);
    timeline.kit.write({ ...source, parts: [] });
    expect((await timeline.run({}, {}, impatient)).version).to.include({ isPushed: true });
    const newJob = await timeline.run({ job: "another" }, {}, impatient);
    expect(newJob.error).to.include({ code: "imodel/locked" });
  });

  it("are free after a run that has seen more than the bank, which was restored meanwhile", async () => {
    const timeline = await timelineWithRun();
    const briefcaseId = holdLock(timeline, IModel.repositoryModelId);
    timeline.bank.releaseLocks({ iModelId: timeline.iModelId, briefcaseId, changesetIndex: 7 });
    timeline.kit.write({ ...source, parts: [] });
    expect((await timeline.run({ job: "another" }, {}, impatient)).version).to.include({ isPushed: true });
  });

  it("become those of the whole iModel where the job turns out to write elsewhere", async () => {
    const timeline = await timelineWithRun();
    timeline.kit.write({ ...source, parts: [] });
    const { error, version } = await timeline.run({ touchForeign: true }, {}, impatient);
    expect(error, String(error?.stack)).to.equal(undefined);
    expect(version).to.include({ changesetIndex: 2, isPushed: true });
  });

  for (const failIn of ["source", "schemas", "job", "definitions", "data"] as RunPhase[])
    it(`are given back when the run fails in ${failIn}, and its changes are gone`, async () => {
      const timeline = new BankTimeline();
      timeline.kit.write(source);
      expect((await timeline.run({ failIn })).error!.message).to.contain("told to fail");
      expect(timeline.bank.locks(timeline.iModelId)).to.be.empty;
      expect(timeline.latest).to.equal(0);
      expect((await timeline.sync()).version).to.include({ changesetIndex: 1 });
      expect(timeline.bank.briefcases(timeline.iModelId)).to.have.length(1);
      expect(await timeline.partLabels()).to.deep.equal(["p1"]);
    });

  it("are given back by a dry run, which pushes nothing", async () => {
    const timeline = await timelineWithRun();
    timeline.kit.write({ ...source, parts: [] });
    const { version, counts } = await timeline.run({}, {}, { dryRun: true });
    expect(counts.deleted).to.equal(1);
    expect([timeline.latest, version!.isPushed]).to.deep.equal([1, false]);
    expect(timeline.bank.locks(timeline.iModelId)).to.be.empty;
  });

  it("of a run that died in a briefcase of the same cache are given back by the next one", async () => {
    const timeline = await timelineWithRun();
    const { bank, iModelId } = timeline;
    const taker = { iModelId, briefcaseId: bank.briefcases(iModelId)[0]!.id, changesetIndex: 1 };
    bank.acquireLocks(taker, new Map([[IModel.repositoryModelId, LockState.Exclusive]]));
    timeline.kit.write({ ...source, parts: [] });
    expect((await timeline.run({}, {}, impatient)).version).to.include({ isPushed: true });
  });

  it("of a run that died elsewhere are listed and released from the command line", async () => {
    const timeline = await timelineWithRun();
    const briefcaseId = holdLock(timeline, IModel.repositoryModelId);
    const listed = await connectorRunner(["bank", "locks", timeline.bankFolder, "kit"]);
    expect(listed.stdout).to.contain("Ada's computer").and.contain(String(briefcaseId));
    const released = await connectorRunner(["bank", "release", timeline.bankFolder, "kit", String(briefcaseId)]);
    expect(released.stdout).to.contain(`Released briefcase ${briefcaseId} and 1 lock.`);
    timeline.kit.write({ ...source, parts: [] });
    expect((await timeline.run({}, {}, impatient)).version).to.include({ isPushed: true });
  });

  it("make way for another briefcase where the one in the cache was released or damaged", async () => {
    const timeline = await timelineWithRun();
    const folder = join(timeline.cacheDirectory, "briefcases", timeline.iModelId);
    timeline.bank.releaseBriefcase(timeline.iModelId, 2);
    timeline.kit.write({ ...source, parts: [] });
    expect((await timeline.sync()).version).to.include({ changesetIndex: 2 });
    expect(readdirSync(folder).filter((name) => name.endsWith(".bim"))).to.deep.equal(["3.bim"]);
    expect(existsSync(join(folder, "2.bim"))).to.equal(false);
  });
});
