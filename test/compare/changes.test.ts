import { join } from "node:path";
import { expect } from "chai";
import { readChanges } from "../../src/compare/changes/readChanges.js";
import type { ChangedElement } from "../../src/compare/changes/ElementChanges.js";
import { BankTimeline } from "../bank/BankTimeline.js";
import type { KitSource } from "../kit/kitSource.js";
import { connectorRunner } from "../support/commandLine.js";

const labels = (elements: ChangedElement[]) => elements.map(({ label }) => label);
const part = (id: string, material: string) => ({ id, material });

/** Version 1 is of job A, 2 of job B, 3 and 4 of job A again. */
class TwoJobs {
  public readonly bank = new BankTimeline();

  public async run(): Promise<void> {
    await this._sync("A", { parts: [part("p1", "oak"), part("p2", "oak")] });
    await this._sync("B", { parts: [part("q1", "oak")] });
    await this._sync("A", { parts: [part("p2", "ash"), part("p3", "oak")] });
    await this._sync("A", { parts: [part("p2", "oak"), part("p3", "oak")] });
  }

  public async read(from: number, to: number) {
    return readChanges(this.bank.hub, this.bank.iModelId, { from, to });
  }

  private async _sync(job: string, source: KitSource): Promise<void> {
    this.bank.kit.write({ categories: ["Steel"], ...source }, `${job}.json`);
    await this.bank.sync({}, { sourcePath: join(this.bank.kit.folder, `${job}.json`) });
  }
}

describe("The changes of a range of versions", () => {
  let timeline: TwoJobs;
  before(async () => {
    timeline = new TwoJobs();
    await timeline.run();
  });

  it("are inserted, updated and deleted elements, by job", async () => {
    const { jobs } = await timeline.read(2, 3);
    expect(jobs).to.have.length(1);
    const [{ job, inserted, updated, deleted }] = jobs as [(typeof jobs)[number]];
    expect(job).to.match(/^Kit:.*A\.json$/);
    expect(labels(inserted)).to.deep.equal(["p3"]);
    expect(labels(deleted)).to.deep.equal(["p1"]);
    expect(inserted[0]).to.include({ className: "Kit:Block" });
    expect(labels(updated)).to.deep.equal(["p2"]); // and not the job's own record of its success
    expect(updated[0]!.properties).to.deep.include({ property: "Material", a: "oak", b: "ash" });
  });

  it("count several changes of an element once, and none that was taken back", async () => {
    const { jobs } = await timeline.read(2, 4);
    const [{ updated }] = jobs as [(typeof jobs)[number]];
    const changed = updated.find(({ label }) => label === "p2"); // oak, ash, oak
    expect(changed?.properties.map(({ property }) => property) ?? []).not.to.include("Material");
  });

  it("keep jobs apart", async () => {
    const { jobs } = await timeline.read(0, 4);
    expect(jobs.map(({ job }) => job?.at(-6))).to.deep.equal(["A", "B"]);
    expect(labels(jobs[1]!.inserted)).to.include("q1");
    expect(labels(jobs[0]!.inserted)).not.to.include("q1");
  });

  it("are none where the versions are the same, and refused where they are the wrong way round", async () => {
    expect((await timeline.read(2, 2)).jobs).to.deep.equal([]);
    const error = await timeline.read(3, 2).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: "usage/version-range" });
  });

  it("are printed by connector-runner changes, for people and for programs", async () => {
    const { bankFolder } = timeline.bank;
    const text = await connectorRunner(["changes", bankFolder, "kit", "--from", "2", "--to", "3"]);
    expect(text.stdout).to.contain("deleted (1):").and.contain('Material: "oak" -> "ash"');
    const json = await connectorRunner(["changes", bankFolder, "kit", "--json"]);
    expect(JSON.parse(json.stdout)).to.include({ from: 3, to: 4 });
    const unknown = await connectorRunner(["changes", bankFolder, "kit", "--to", "9"]);
    expect([unknown.exitCode, unknown.stderr]).to.deep.equal([
      1,
      "error [bank/unknown-version] kit has no version 9.\nconnector-runner bank versions shows what there is.\n",
    ]);
  });
});
