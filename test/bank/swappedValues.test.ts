import { join } from "node:path";
import { BriefcaseDb } from "@itwin/core-backend";
import { Guid } from "@itwin/core-bentley";
import { Code, type ElementProps } from "@itwin/core-common";
import { compareIModels, type RunResult } from "itwin-connector-framework";
import { expect } from "chai";
import { IModelBank } from "../../src/bank/IModelBank.js";
import { BankedIModel } from "../../src/imodel/BankedIModel.js";
import { hubRouter } from "../../src/imodel/native.js";
import { verifyIModel } from "../../src/imodel/verifyIModel.js";
import type { KitOptions } from "../kit/KitConnector.js";
import { writeKit, type KitPart } from "../kit/kitSource.js";
import { connectorRunner } from "../support/commandLine.js";
import { query, queryFile } from "../support/iModels.js";
import { BankTimeline } from "./BankTimeline.js";

const [guid1, guid2] = [Guid.createValue(), Guid.createValue()];

/** A bank whose kit has parts with codes. */
class CodedTimeline extends BankTimeline {
  public write(parts: KitPart[]): void {
    this.kit.write({ categories: ["Steel"], parts });
  }

  /** Where `a` and `b` change codes, and the second push fails. */
  public static async cutOff(): Promise<CodedTimeline> {
    const timeline = new CodedTimeline();
    await timeline.syncCodes({ a: "P-1", b: "P-2" });
    timeline.write([
      { id: "a", code: "P-2" },
      { id: "b", code: "P-1" },
    ]);
    const restore = failPush(3);
    const { error } = await timeline.run().finally(restore);
    expect(error?.message).to.contain("the line is cut");
    expect(timeline.latest).to.equal(2);
    return timeline;
  }

  /** Writes parts with these codes, and runs the connector. */
  public async syncCodes(codes: Record<string, string>, options: KitOptions = {}): Promise<void> {
    this.write(Object.entries(codes).map(([id, code]) => ({ id, code })));
    await this.sync(options);
  }

  /** The codes in a checkout, and in the briefcase of the run. */
  public async codes(version?: number): Promise<Record<string, unknown>> {
    return codesIn(await this.checkOut(version));
  }

  public codesInBriefcase(): Record<string, unknown> {
    return codesIn(`${this.cacheDirectory}/briefcases/${this.iModelId}/2.bim`);
  }
}

function codesIn(path: string): Record<string, unknown> {
  const rows = queryFile(path, "SELECT UserLabel, CodeValue FROM Kit.Block");
  return Object.fromEntries(rows.map((row): [string, unknown] => [row.userLabel as string, row.codeValue]));
}

describe("A changeset in which codes or GUIDs change places", () => {
  it("is pushed in two, and a checkout is what the run has written", async () => {
    const timeline = new CodedTimeline();
    await timeline.syncCodes({ a: "P-1", b: "P-2", c: "P-3" });
    await timeline.syncCodes({ a: "P-2", b: "P-1", c: "P-3" });
    const swapped = { a: "P-2", b: "P-1", c: "P-3" };
    expect(timeline.codesInBriefcase()).to.deep.equal(swapped);
    expect(await timeline.codes()).to.deep.equal(swapped);
    expect(timeline.latest).to.equal(3);
    const [, , last] = timeline.bank.changesets(timeline.iModelId);
    expect(last!.description).to.equal("Kit of parts (codes and GUIDs that changed places)");
    await timeline.syncCodes({ a: "P-3", b: "P-2", c: "P-1" });
    expect(await timeline.codes()).to.deep.equal({ a: "P-3", b: "P-2", c: "P-1" });
    expect(await verifyIModel(timeline.hub, timeline.iModelId)).to.deep.include({ failures: [], differing: [] });
  });

  it("gives the iModel that a snapshot run gives, with GUIDs and replaced elements too", async () => {
    const timeline = new CodedTimeline();
    const states: KitPart[][] = [
      [
        { id: "a", code: "P-1", guid: guid1 },
        { id: "b", guid: guid2, code: "P-2" },
        { id: "c", code: "P-3" },
      ],
      [
        { id: "a", code: "P-2", guid: guid2 },
        { id: "b", guid: guid1, code: "P-3" },
        { id: "c", code: "P-1" },
      ],
      [
        { id: "a", code: "P-3", type: "Rod", guid: guid1 },
        { id: "c", code: "P-2", guid: guid2 },
        { id: "d", code: "P-1" },
      ],
    ];
    for (const parts of states) {
      timeline.write(parts);
      await timeline.sync();
      await timeline.kit.resync({}, { isSnapshot: true });
      const comparison = await compareIModels(timeline.kit.iModelPath, await timeline.checkOut());
      expect(comparison.isEqual, JSON.stringify(comparison, undefined, 1)).to.equal(true);
    }
    expect(await verifyIModel(timeline.hub, timeline.iModelId)).to.deep.include({ failures: [], differing: [] });
  });

  it("is noticed where the connector has written it by itself", async () => {
    const timeline = new CodedTimeline();
    await timeline.syncCodes({ a: "P-1", b: "P-2" });
    await timeline.sync({ swap: ["a", "b"], readUnchanged: true });
    expect(timeline.codesInBriefcase()).to.deep.equal({ a: "P-2", b: "P-1" });
    expect(await timeline.codes()).to.deep.equal({ a: "P-2", b: "P-1" });
  });

  it("is one where they only move along", async () => {
    const timeline = new CodedTimeline();
    await timeline.syncCodes({ a: "P-1", b: "P-2", c: "P-3" });
    await timeline.syncCodes({ a: "P-2", b: "P-3", c: "P-4", d: "P-1" });
    await timeline.syncCodes({ a: "p-2", b: "P-4", e: "P-3" });
    expect(timeline.latest).to.equal(3);
    expect(await timeline.codes(2)).to.deep.equal({ a: "P-2", b: "P-3", c: "P-4", d: "P-1" });
    expect(await timeline.codes()).to.deep.equal({ a: "p-2", b: "P-4", e: "P-3" });
    expect(await verifyIModel(timeline.hub, timeline.iModelId)).to.deep.include({ failures: [], differing: [] });
  });

  for (const channel of ["shared", "kit"])
    it(`is finished by the next run where the second push fails, in the channel ${channel}`, async () => {
      const timeline = new CodedTimeline();
      await timeline.syncCodes({ a: "P-1", b: "P-2" }, { channel });
      timeline.write([
        { id: "a", code: "P-2" },
        { id: "b", code: "P-1" },
        { id: "c", code: "P-3" },
      ]);
      const restore = failPush(3);
      const { error } = await timeline.run({ channel }).finally(restore);
      expect(error?.message).to.contain("the line is cut");
      expect(timeline.latest).to.equal(2);
      const between = await timeline.codes();
      expect(between.c).to.equal("P-3");
      expect(Object.values(between)).not.to.include.members(["P-1", "P-2"]);
      await timeline.sync({ channel });
      expect(await timeline.codes()).to.deep.equal({ a: "P-2", b: "P-1", c: "P-3" });
      expect(timeline.latest).to.equal(3);
      await timeline.sync({ channel });
      expect(timeline.latest).to.equal(3);
    });

  for (const index of [2, 3])
    it(`is pushed right where another job pushes version ${index} meanwhile`, async () => {
      const timeline = new CodedTimeline();
      const other = join(timeline.kit.folder, "other.json");
      const pushOther = () => timeline.run({ job: "other" }, { sourcePath: other });
      writeKit(other, { groups: [{ id: "g" }] });
      await pushOther();
      await timeline.syncCodes({ a: "P-1", b: "P-2" });
      writeKit(other, { groups: [{ id: "h" }] });
      timeline.write([
        { id: "a", code: "P-2" },
        { id: "b", code: "P-1" },
      ]);
      let result: RunResult | undefined;
      const restore = beforePush(index + 1, async () => (result = await pushOther()));
      await timeline.sync().finally(restore);
      expect(result?.version).to.include({ changesetIndex: index + 1, isPushed: true });
      expect(timeline.latest).to.equal(5);
      expect(await timeline.codes()).to.deep.equal({ a: "P-2", b: "P-1" });
      expect(await verifyIModel(timeline.hub, timeline.iModelId)).to.deep.include({ failures: [], differing: [] });
    });

  it("is finished by a run of another job", async () => {
    const timeline = await CodedTimeline.cutOff();
    timeline.kit.write({ groups: [{ id: "g" }] });
    await timeline.sync({ job: "other" });
    expect(timeline.latest).to.equal(3);
    expect(await timeline.codes()).to.deep.equal({ a: "P-2", b: "P-1" });
  });

  it("is finished except for what somebody has changed since", async () => {
    const timeline = await CodedTimeline.cutOff();
    await pushEdit(timeline, (db, [a]) => {
      db.elements.updateElement({ id: a!.id!, code: new Code({ ...a!.code, value: "P-9" }) });
    });
    await timeline.sync();
    expect(timeline.latest).to.equal(4);
    expect(await timeline.codes()).to.deep.equal({ a: "P-9", b: "P-1" });
  });
});

/** Makes the bank refuse the changeset of an index. @returns what ends that */
function failPush(index: number): () => void {
  return beforePush(index, async () => {
    throw new Error("the line is cut");
  });
}

/** Does something, once, when the changeset of an index is pushed. @returns what ends that */
function beforePush(index: number, work: () => Promise<unknown>): () => void {
  const { prototype } = IModelBank;
  const push = Object.getOwnPropertyDescriptor(prototype, "push")!;
  const restore = () => void Object.defineProperty(prototype, "push", push);
  prototype.push = async function (iModelId, changeset) {
    if (this.latest(iModelId).index === index - 1) {
      restore();
      await work();
    }
    return (push.value as typeof prototype.push).call(this, iModelId, changeset);
  };
  return restore;
}

describe("bank verify", () => {
  it("notices a version whose checkout differs from what was pushed", async () => {
    const timeline = new CodedTimeline();
    await timeline.syncCodes({ a: "P-1", b: "P-2" });
    await pushEdit(timeline, (db, [a, b]) => {
      db.elements.updateElement({ id: a!.id!, code: Code.createEmpty() });
      db.elements.updateElement({ id: b!.id!, code: a!.code });
      db.elements.updateElement({ id: a!.id!, code: b!.code });
    });
    const { failures, differing, reachable } = await verifyIModel(timeline.hub, timeline.iModelId);
    expect(failures).to.be.empty;
    expect(differing.map(({ changesetIndex }) => changesetIndex)).to.deep.equal([2]);
    expect(differing[0]!.message).to.match(
      /^CodeValue of bis_Element 0x\w+ is "P-[12]", but "P-[12]" was pushed, and 1 more/,
    );
    expect(reachable).to.deep.equal([[0, 2]]);
    const { exitCode, stdout } = await connectorRunner(["bank", "verify", timeline.bankFolder]);
    expect(exitCode).to.equal(1);
    expect(stdout).to.contain("kit: a checkout of version 2 differs from what was pushed: CodeValue of bis_Element");
  });

  it("takes texts that look like ids for texts", async () => {
    const timeline = new CodedTimeline();
    const parts = (material: string) => [
      { id: "0x1f", material },
      { id: "0", material: "0x20" },
    ];
    for (const material of ["0x10", "0", "oak", "0x0"]) {
      timeline.write(parts(material));
      await timeline.sync();
    }
    const { differing, failures } = await verifyIModel(timeline.hub, timeline.iModelId);
    expect({ differing, failures }).to.deep.equal({ differing: [], failures: [] });
  });
});

/** Edits blocks and pushes that in one changeset, as a program would that does not know of this framework. */
async function pushEdit(
  timeline: CodedTimeline,
  edit: (db: BriefcaseDb, blocks: ElementProps[]) => void,
): Promise<void> {
  const imodel = await BankedIModel.open({ url: timeline.bankFolder, iModelName: "kit" }, false);
  const unroute = hubRouter().add(timeline.iModelId, imodel.hub);
  const path = `${timeline.kit.folder}/own.bim`;
  await imodel.writeBriefcase(path, await imodel.hub.acquireNewBriefcaseId({ iModelId: timeline.iModelId }));
  const db = await BriefcaseDb.open({ fileName: path });
  try {
    await db.pullChanges();
    db.channels.addAllowedChannel("shared");
    const rows = query(db, "SELECT ECInstanceId FROM Kit.Block ORDER BY ECInstanceId");
    const blocks = rows.map(({ id }) => db.elements.getElementProps(id as string));
    await db.locks.acquireLocks({ exclusive: blocks.map(({ id }) => id!) });
    edit(db, blocks);
    db.saveChanges();
    await db.pushChanges({ description: "edit" });
  } finally {
    db.close();
    unroute();
  }
}
