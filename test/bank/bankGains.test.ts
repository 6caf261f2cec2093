import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { LockState } from "@itwin/core-common";
import { expect } from "chai";
import { ConnectorError } from "../../src/ConnectorError.js";
import { copyIntoBank } from "../../src/bank/bankFiles.js";
import { exportIModel } from "../../src/bank/exportIModel.js";
import type { IModelBank } from "../../src/bank/IModelBank.js";
import { BankTimeline } from "./BankTimeline.js";

const source = (id: string) => ({ categories: ["Steel"], parts: [{ id }] });

/** A bank with an iModel of one changeset, and another bank to which that was copied before the bank had a second one. */
async function makeBanks(): Promise<{ timeline: BankTimeline; copy: IModelBank }> {
  const timeline = new BankTimeline();
  timeline.kit.write(source("p1"));
  await timeline.sync();
  const copy = await exportIModel(timeline.bank, timeline.iModelId, join(timeline.kit.folder, "copy"));
  timeline.kit.write(source("p2"));
  await timeline.sync();
  return { timeline, copy };
}

/** Copies the changesets after the first one. */
async function takeInGain({ bank, iModelId }: BankTimeline, copy: IModelBank): Promise<void> {
  const changesets = bank.changesets(iModelId, { first: 2 });
  await copy.takeInGain(iModelId, { changesets, checkpoints: [] }, async () => {
    for (const { id } of changesets)
      await copyIntoBank(bank.layout.changeset(iModelId, id), copy.layout.changeset(iModelId, id));
  });
}

describe("a bank that takes in what an iModel has gained in another one", () => {
  it("has the same versions then", async () => {
    const { timeline, copy } = await makeBanks();
    await takeInGain(timeline, copy);
    expect(copy.changesets(timeline.iModelId)).to.deep.equal(timeline.bank.changesets(timeline.iModelId));
  });

  it("takes a briefcase out of use that has the id of one that pushed there", async () => {
    const { timeline, copy } = await makeBanks();
    const { iModelId, bank } = timeline;
    const used = bank.latest(iModelId).briefcaseId;
    const briefcaseId = copy.acquireBriefcase(iModelId);
    // The export has handed on which ids were used; the other bank gives out more of them on its own.
    const gained = bank.changesets(iModelId, { first: 2 }).map((changeset) => ({ ...changeset, briefcaseId }));
    copy.acquireLocks({ iModelId, briefcaseId, changesetIndex: 1 }, new Map([["0x1", LockState.Exclusive]]));
    await copy.takeInGain(iModelId, { changesets: gained, checkpoints: [] }, async () => {});
    expect(used).to.be.lessThan(briefcaseId);
    expect(copy.briefcases(iModelId)).to.deep.equal([]);
    expect(copy.locks(iModelId)).to.deep.equal([]);
    expect(copy.acquireBriefcase(iModelId)).to.be.greaterThan(briefcaseId);
  });

  it("gives out no briefcase id that has pushed there", async () => {
    const { timeline, copy } = await makeBanks();
    const { iModelId, bank } = timeline;
    const gained = bank.changesets(iModelId, { first: 2 }).map((changeset) => ({ ...changeset, briefcaseId: 70 }));
    await copy.takeInGain(iModelId, { changesets: gained, checkpoints: [] }, async () => {});
    expect(copy.acquireBriefcase(iModelId)).to.equal(71);
  });

  it("refuses what does not follow its latest changeset", async () => {
    const { timeline, copy } = await makeBanks();
    await takeInGain(timeline, copy);
    const error = await takeInGain(timeline, copy).then(
      () => undefined,
      (reason: unknown) => reason as ConnectorError,
    );
    expect(error?.code).to.equal("bank/histories-differ");
    expect(copy.latest(timeline.iModelId).index).to.equal(2);
  });
});

describe("an iModel of a bank", () => {
  it("gets another name and description, unless the name is in use", async () => {
    const timeline = new BankTimeline();
    const { bank } = timeline;
    const create = (name: string) => bank.createIModel({ name }, (path) => writeFileSync(path, "version 0"));
    const [a] = [await create("a"), await create("b")];
    bank.describeIModel(a.id, { name: "c", description: "was a" });
    expect(bank.find("c")).to.include({ id: a.id, description: "was a" });
    bank.describeIModel(a.id, { name: "c" });
    expect(bank.find("c").description ?? undefined).to.equal(undefined);
    expect(() => bank.describeIModel(a.id, { name: "b" })).to.throw(ConnectorError, "has an iModel b already");
  });
});
