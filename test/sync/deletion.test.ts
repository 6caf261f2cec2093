import { expect } from "chai";
import { KitTimeline } from "../kit/KitTimeline.js";
import type { KitSource } from "../kit/kitSource.js";

const master: KitSource = {
  categories: ["Steel"],
  references: ["left.json", "right.json"],
  parts: [{ id: "m1" }, { id: "m2" }],
};
const left: KitSource = { parts: [{ id: "l1" }, { id: "l2" }] };
const right: KitSource = { parts: [{ id: "r1" }, { id: "r2" }] };

function startSeveralFiles(): KitTimeline {
  const timeline = new KitTimeline();
  timeline.write(master);
  timeline.write(left, "left.json");
  timeline.write(right, "right.json");
  return timeline;
}

describe("Deletion in a job of several files", () => {
  it("keeps to the documents that changed", async () => {
    const timeline = startSeveralFiles();
    await timeline.resync({ severalFiles: true });
    timeline.write({ parts: [{ id: "l2" }] }, "left.json");
    const result = await timeline.resync({ severalFiles: true });
    expect(result.documents).to.deep.equal({ new: 0, changed: 1, unchanged: 2 });
    expect(timeline.partLabels()).to.deep.equal(["l2", "m1", "m2", "r1", "r2"]);
  });

  it("keeps a document that the run did not record", async () => {
    const timeline = startSeveralFiles();
    await timeline.resync({ severalFiles: true });
    timeline.write({ ...master, parts: [{ id: "m1" }] });
    const result = await timeline.resync({ severalFiles: true, leaveOut: ["right.json"] });
    expect(result.counts.deleted).to.equal(1);
    expect(timeline.partLabels()).to.deep.equal(["l1", "l2", "m1", "r1", "r2"]);
  });

  it("deletes a document that the run did not record if each run processes all files", async () => {
    const timeline = startSeveralFiles();
    await timeline.resync();
    timeline.write({ ...master, references: ["left.json"] });
    const result = await timeline.resync();
    expect(result.counts.deleted).to.equal(2);
    expect(timeline.partLabels()).to.deep.equal(["l1", "l2", "m1", "m2"]);
  });

  it("tells items with the same identifier in different documents apart", async () => {
    const timeline = startSeveralFiles();
    timeline.write({ parts: [{ id: "same", material: "a" }] }, "left.json");
    timeline.write({ parts: [{ id: "same", material: "b" }] }, "right.json");
    await timeline.resync();
    timeline.write({ parts: [] }, "left.json");
    const result = await timeline.resync();
    expect(result.counts).to.include({ deleted: 1, changed: 0 });
    expect(timeline.query("SELECT Material FROM kit.Block WHERE UserLabel='same'")).to.deep.equal([{ material: "b" }]);
  });
});

describe("Deletion with two jobs in one iModel", () => {
  const kit: KitSource = { categories: ["Steel"], parts: [{ id: "a" }, { id: "b" }] };

  it("never touches the elements of the other job", async () => {
    const timeline = new KitTimeline();
    timeline.write(kit);
    await timeline.resync({ job: " one" });
    timeline.write({ categories: ["Steel"], parts: [{ id: "c" }] }, "other.json");
    const other = { sourcePath: `${timeline.folder}/other.json`, outputDir: `${timeline.folder}/out` };
    const { copyFileSync, renameSync } = await import("node:fs");
    copyFileSync(timeline.iModelPath, `${timeline.folder}/out/other.bim`); // the path of the iModel follows the source's
    const second = await timeline.resync({ job: " two" }, other);
    expect(second.counts).to.include({ new: 2, deleted: 0 });
    renameSync(`${timeline.folder}/out/other.bim`, timeline.iModelPath);
    expect(timeline.partLabels()).to.deep.equal(["a", "b", "c"]);

    timeline.write({ categories: ["Steel"], parts: [{ id: "a" }] });
    const third = await timeline.resync({ job: " one" });
    expect(third.counts.deleted).to.equal(1);
    expect(timeline.partLabels()).to.deep.equal(["a", "c"]);
  });
});

describe("Deletion of definitions", () => {
  it("takes those that nothing uses", async () => {
    const timeline = new KitTimeline();
    await timeline.sync({ categories: ["Steel", "Wood"], parts: [{ id: "a" }, { id: "b", category: "Wood" }] });
    const result = await timeline.sync({ categories: ["Steel"], parts: [{ id: "a" }] });
    expect(result.counts.deleted).to.equal(2);
    expect(result.issues).to.deep.equal([]);
    expect(timeline.query("SELECT CodeValue FROM bis.SpatialCategory")).to.deep.equal([{ codeValue: "Steel" }]);
  });

  it("keeps those that are in use, and reports them", async () => {
    const timeline = new KitTimeline();
    await timeline.sync({ categories: ["Steel", "Wood"], parts: [{ id: "a" }, { id: "b", category: "Wood" }] });
    const kept: KitSource = { categories: ["Steel"], parts: [{ id: "a" }, { id: "b", category: "Wood" }] };
    const result = await timeline.sync(kept, { readUnchanged: true });
    expect(result.counts).to.include({ deleted: 0, unchanged: 3 });
    expect(result.issues.map(({ code }) => code)).to.deep.equal(["sync/definition-in-use"]);
    expect(result.issues[0]!.message).to.contain('Category "Wood"');
  });
});
