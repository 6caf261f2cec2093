import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { compareIModels } from "itwin-connector-framework";
import { BankHubAccess } from "../../src/bank/BankHubAccess.js";
import { stampOf } from "../../src/files/fileStamp.js";
import { collectGarbage } from "../../src/bank/collectGarbage.js";
import { exportIModel } from "../../src/bank/exportIModel.js";
import { IModelBank } from "../../src/bank/IModelBank.js";
import { addCheckpoint, checkOut } from "../../src/imodel/checkpoints.js";
import { writeVersionZero } from "../../src/imodel/native.js";
import { verifyIModel } from "../../src/imodel/verifyIModel.js";
import { execute } from "../support/sqlite.js";
import { temporaryFolder } from "../support/temporary.js";
import { BankTimeline } from "./BankTimeline.js";

const codeOf = (work: () => unknown) => {
  try {
    return work();
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe("A bank", () => {
  it("is refused where it is missing, no bank, or of a newer format, and is made only once", () => {
    const folder = temporaryFolder();
    expect(codeOf(() => IModelBank.open(folder))).to.equal("bank/missing");
    writeFileSync(join(folder, "bank.db"), "this is no database, but it is longer than a header".repeat(100));
    expect(codeOf(() => IModelBank.open(folder))).to.equal("bank/unreadable");
    const other = join(folder, "other");
    IModelBank.create(other);
    expect(codeOf(() => IModelBank.create(other))).to.equal("bank/exists");
    execute(join(other, "bank.db"), ["UPDATE bank SET format=99"]);
    expect(codeOf(() => IModelBank.open(other))).to.equal("bank/newer-format");
    execute(join(other, "bank.db"), ["DROP TABLE bank"]);
    expect(codeOf(() => IModelBank.open(other))).to.equal("bank/not-a-bank");
  });

  it("is refused where it cannot be written", function () {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "file"), "");
    expect(codeOf(() => IModelBank.create(join(folder, "file", "bank")))).to.equal("bank/not-writable");
    if (existsSync("/proc/self"))
      expect(codeOf(() => IModelBank.create("/proc/none/bank"))).to.equal("bank/not-writable");
    if (process.getuid?.() === 0) return this.skip(); // root may write everything
    const bank = IModelBank.create(join(folder, "bank"));
    chmodSync(bank.layout.state, 0o444);
    expect(codeOf(() => bank.releaseLocks({ iModelId: "", briefcaseId: 2, changesetIndex: 0 }))).to.equal(
      "bank/not-writable",
    );
  });

  it("is not of use where briefcases cannot be kept", async () => {
    const timeline = new BankTimeline();
    timeline.kit.write({ categories: ["Steel"] });
    const { error } = await timeline.run({}, {}, { cacheDirectory: timeline.kit.sourcePath });
    expect(error).to.include({ code: "imodel/cache-not-writable", phase: "open" });
    expect(error!.message).to.contain(timeline.kit.sourcePath);
  });

  it("can be named by a URL", () => {
    const folder = join(temporaryFolder(), "a bank");
    IModelBank.create(folder);
    expect(IModelBank.open(pathToFileURL(folder).href).layout.folder).to.equal(folder);
  });

  it("says which iModels it does not have, and creates one only where that is asked for", async () => {
    const timeline = new BankTimeline();
    timeline.kit.write({ categories: ["Steel"] });
    const { error } = await timeline.run({}, {}, {}, { createiModel: false });
    expect(error).to.include({ code: "bank/unknown-imodel", message: "The bank has no iModel kit." });
    expect(timeline.bank.iModels).to.be.empty;
  });

  describe("with a lost file", () => {
    let timeline: BankTimeline;
    before(async () => {
      timeline = new BankTimeline();
      for (const id of ["p1", "p2", "p3", "p4"]) {
        timeline.kit.write({ categories: ["Steel"], parts: [{ id }] });
        await timeline.sync();
      }
      await addCheckpoint(timeline.hub, timeline.iModelId, 3);
    });

    it("is sound before", async () => {
      const { faulty, failures, reachable } = await verifyIModel(timeline.hub, timeline.iModelId);
      expect([faulty, failures, reachable]).to.deep.equal([[], [], [[0, 4]]]);
    });

    it("names an altered changeset, and what can still be checked out", async () => {
      const { bank, iModelId } = timeline;
      const [changeset] = bank.changesets(iModelId, { first: 2, end: 2 });
      const path = bank.layout.changeset(iModelId, changeset!.id);
      appendFileSync(path, "x");
      const error = (await timeline.checkOut(2).catch((thrown: unknown) => thrown)) as Error & { advice: string };
      expect(error).to.include({ code: "bank/changeset-altered" });
      expect(error.message).to.equal(`Changeset 2 of kit is altered: ${path}.`);
      expect(error.advice).to.equal(
        "Bring the file back from a backup. Versions 0 to 1, 3 to 4 can still be checked out.",
      );
      expect(await timeline.partLabels(4)).to.deep.equal(["p4"]);
      const { faulty, reachable } = await verifyIModel(timeline.hub, iModelId);
      expect(faulty.map(({ fault, changesetIndex }) => [fault, changesetIndex])).to.deep.equal([["altered", 2]]);
      expect(reachable).to.deep.equal([
        [0, 1],
        [3, 4],
      ]);
    });

    it("falls back on an earlier checkpoint, and names a missing changeset", async () => {
      const { bank, iModelId } = timeline;
      rmSync(bank.layout.checkpoint(iModelId, 3));
      rmSync(bank.layout.changeset(iModelId, bank.changeset(iModelId, { index: 2 }).id));
      const error = await timeline.checkOut(4).catch((thrown: unknown) => thrown);
      expect(error).to.include({ code: "bank/changeset-missing" });
      const { reachable } = await verifyIModel(timeline.hub, iModelId);
      expect(reachable).to.deep.equal([[0, 1]]);
      expect(await timeline.partLabels(1)).to.deep.equal(["p1"]);
    });
  });

  describe("with a file that is what was put there, and no good all the same,", () => {
    let timeline: BankTimeline;

    /** Puts something else in the place of a file, and lets the bank take it for what was put there. */
    async function replace(table: "changesets" | "checkpoints", index: number): Promise<void> {
      const { layout } = timeline.bank;
      const { iModelId } = timeline;
      const path =
        table === "checkpoints"
          ? layout.checkpoint(iModelId, index)
          : layout.changeset(iModelId, timeline.bank.changeset(iModelId, { index }).id);
      writeFileSync(path, "no good".repeat(1000));
      const { size, checksum } = await stampOf(path);
      execute(layout.state, [`UPDATE ${table} SET size=${size}, checksum='${checksum}' WHERE changesetIndex=${index}`]);
    }

    beforeEach(async () => {
      timeline = new BankTimeline();
      for (const id of ["p1", "p2", "p3"]) {
        timeline.kit.write({ categories: ["Steel"], parts: [{ id }] });
        await timeline.sync();
      }
      await addCheckpoint(timeline.hub, timeline.iModelId, 2);
    });

    it("tells by verify what can be had from a checkpoint after it", async () => {
      await replace("changesets", 1);
      const { faulty, failures, reachable } = await verifyIModel(timeline.hub, timeline.iModelId);
      expect(faulty).to.be.empty;
      expect(failures.map(({ changesetIndex }) => changesetIndex)).to.deep.equal([1]);
      expect(reachable).to.deep.equal([
        [0, 0],
        [2, 3],
      ]);
      expect(await timeline.partLabels(3)).to.deep.equal(["p3"]);
    });

    it("tells by verify that nothing can be had from a checkpoint", async () => {
      await replace("checkpoints", 2);
      const { failures, reachable } = await verifyIModel(timeline.hub, timeline.iModelId);
      expect(failures.map(({ changesetIndex }) => changesetIndex)).to.deep.equal([2]);
      expect(reachable).to.deep.equal([[0, 1]]);
    });
  });

  it("loses by gc what nothing refers to, once it is old, and nothing else", async () => {
    const timeline = new BankTimeline();
    timeline.kit.write({ categories: ["Steel"], parts: [{ id: "p1" }] });
    await timeline.sync();
    const { layout } = timeline.bank;
    const stray = join(layout.changesets(timeline.iModelId), "dead.changeset.unfinished");
    const folder = join(layout.iModels, "dead");
    writeFileSync(stray, "");
    mkdirSync(folder);
    expect(await collectGarbage(timeline.bank, 3_600_000)).to.be.empty;
    for (const path of [stray, folder]) utimesSync(path, new Date(0), new Date(0));
    expect((await collectGarbage(timeline.bank, 3_600_000)).sort()).to.deep.equal([stray, folder].sort());
    expect([existsSync(stray), existsSync(folder)]).to.deep.equal([false, false]);
    expect(readdirSync(layout.changesets(timeline.iModelId))).to.have.length(1);
    expect(await timeline.partLabels()).to.deep.equal(["p1"]);
  });

  it("is exported with its history to another one, where runs go on", async () => {
    const timeline = new BankTimeline();
    timeline.kit.write({ categories: ["Steel"], parts: [{ id: "p1" }] });
    await timeline.sync();
    timeline.bank.nameVersion(timeline.iModelId, 1, "First");
    const folder = join(timeline.kit.folder, "copy");
    const copy = await exportIModel(timeline.bank, timeline.iModelId, folder);
    expect(copy.namedVersions(timeline.iModelId)).to.have.length(1);
    expect(codeOf(() => copy.nameVersion(timeline.iModelId, 1, "First"))).to.equal("bank/name-in-use");
    timeline.kit.write({ categories: ["Steel"], parts: [{ id: "p1" }, { id: "p2" }] });
    const { version } = await timeline.run({}, {}, { cacheDirectory: join(folder, "cache") }, { url: folder });
    expect(version).to.include({ changesetIndex: 2, isPushed: true });
    expect(timeline.latest).to.equal(1);
    const again = await exportIModel(timeline.bank, timeline.iModelId, folder).catch((thrown: unknown) => thrown);
    expect(again).to.include({ code: "bank/imodel-in-use" });
    const file = join(timeline.kit.folder, "first.bim");
    await checkOut(timeline.hub, timeline.iModelId, 1, file);
    expect((await compareIModels(file, await timeline.checkOut(1))).isEqual).to.equal(true);
  });

  it("is not exported to where its name is taken, and nothing is copied", async () => {
    const timeline = new BankTimeline();
    timeline.kit.write({ categories: ["Steel"] });
    await timeline.sync();
    const other = IModelBank.create(join(timeline.kit.folder, "other"));
    await new BankHubAccess(other, writeVersionZero).createNewIModel({
      iTwinId: timeline.bank.iTwinId,
      iModelName: "kit",
    });
    const error = await exportIModel(timeline.bank, timeline.iModelId, other.layout.folder).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).to.include({ code: "bank/name-in-use" });
    expect(existsSync(other.layout.iModel(timeline.iModelId))).to.equal(false);
  });
});
