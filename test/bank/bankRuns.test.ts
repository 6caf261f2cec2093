import { join } from "node:path";
import { compareIModels } from "itwin-connector-framework";
import { expect } from "chai";
import type { KitSource } from "../kit/kitSource.js";
import { BankTimeline } from "./BankTimeline.js";

const first: KitSource = {
  categories: ["Steel"],
  groups: [{ id: "g1", label: "Frame" }],
  parts: [
    { id: "p1", size: 1 },
    { id: "p2", material: "oak", pieces: [{ material: "glue" }] },
  ],
};
const second: KitSource = { ...first, parts: [{ id: "p2", material: "ash" }, { id: "p3" }] };

describe("A run on an iModel of a bank", () => {
  it("pushes one changeset, with a description", async () => {
    const timeline = new BankTimeline();
    timeline.kit.write(first);
    const result = await timeline.sync({}, { revisionComments: "Nightly" });
    expect(result.version).to.include({ changesetIndex: 1, isPushed: true });
    expect(result.iModelIsNew).to.equal(true);
    expect(result.iModelPath).to.equal(join(timeline.cacheDirectory, "briefcases", timeline.iModelId, "2.bim"));
    const [changeset, ...others] = timeline.bank.changesets(timeline.iModelId);
    expect(others).to.be.empty;
    expect(changeset).to.include({ index: 1, description: "Nightly - Kit of parts", briefcaseId: 2 });
    expect(await timeline.partLabels()).to.deep.equal(["p1", "p2"]);
    expect(timeline.bank.locks(timeline.iModelId)).to.be.empty;
  });

  it("creates no iModel in a dry run, and says so", async () => {
    const timeline = new BankTimeline();
    timeline.kit.write(first);
    const { error } = await timeline.run({}, {}, { dryRun: true });
    expect(error).to.include({ code: "run/dry-run-creates" });
    expect(timeline.bank.iModels).to.be.empty;
    await timeline.sync();
    expect((await timeline.run({}, {}, { dryRun: true })).error).to.equal(undefined);
    expect(timeline.latest).to.equal(1);
  });

  it("pushes only what changed, into the same briefcase, and every version can be checked out", async () => {
    const timeline = new BankTimeline();
    timeline.kit.write(first);
    await timeline.sync();
    timeline.kit.write(second);
    const { version, elements } = await timeline.sync();
    expect(version).to.include({ changesetIndex: 2, isPushed: true });
    expect(elements).to.include({ inserted: 1, updated: 1 });
    expect(timeline.bank.changesets(timeline.iModelId).map(({ briefcaseId }) => briefcaseId)).to.deep.equal([2, 2]);
    expect(await timeline.partLabels(0)).to.be.empty;
    expect(await timeline.partLabels(1)).to.deep.equal(["p1", "p2"]);
    expect(await timeline.partLabels(2)).to.deep.equal(["p2", "p3"]);
  });

  it("pushes nothing where nothing changed", async () => {
    const timeline = new BankTimeline();
    timeline.kit.write(first);
    await timeline.sync();
    const { version } = await timeline.sync({ readUnchanged: true });
    expect(version).to.include({ changesetIndex: 1, isPushed: false });
    expect(timeline.latest).to.equal(1);
  });

  it("gives the iModel that a snapshot and a standalone run give", async () => {
    const timeline = new BankTimeline();
    for (const source of [first, second]) {
      timeline.kit.write(source);
      await timeline.sync();
      const versioned = await timeline.checkOut();
      for (const isSnapshot of [true, false]) {
        const outputDir = `${timeline.kit.folder}/${isSnapshot ? "snapshot" : "standalone"}`;
        await timeline.kit.resync({}, { isSnapshot, outputDir });
        const comparison = await compareIModels(`${outputDir}/kit.bim`, versioned);
        expect(comparison.isEqual, JSON.stringify(comparison, undefined, 1)).to.equal(true);
      }
    }
  });
});
