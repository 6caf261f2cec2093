import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { compareIModels } from "itwin-connector-framework";
import { temporaryFolder } from "../../../test/support/temporary.js";
import { meshThreads } from "../src/worker/meshThreads.js";
import { houseText, renumber } from "./house.js";
import { IfcTimeline } from "./support.js";

const [script, house] = ["../scripts/repeat-storeys.js", "../sample/1-first/house.ifc"].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
) as [string, string];

/** In MB: several batches of entities, each of which is a slice of its own. */
const towerSize = 0.7;

/** Storeys in which bodies have faults: web-ifc has a message for some, and makes nothing of others. */
function makeTower(): string {
  const tower = join(temporaryFolder(), "tower.ifc");
  execFileSync(process.execPath, [script, house, tower, String(towerSize)]);
  let solid = 0;
  return readFileSync(tower, "utf8").replace(
    /IFCEXTRUDEDAREASOLID\(#\d+,(#\d+),(#\d+),[^)]*\)/g,
    (all, at, direction) => {
      solid++;
      if (solid % 50 === 0) return all.replace(/#\d+/, "$");
      return solid % 70 === 0 ? `IFCEXTRUDEDAREASOLID($,${at},${direction},0.)` : all;
    },
  );
}

async function runOf(text: string, threads: number): Promise<{ timeline: IfcTimeline; issues: unknown }> {
  const timeline = new IfcTimeline();
  timeline.args = { threads };
  const { issues, elements } = await timeline.result(text);
  expect(elements.inserted).to.be.above(700);
  return { timeline, issues };
}

/** What differs, but for the options, which are part of the state of the document. */
async function differencesOf(a: IfcTimeline, b: IfcTimeline): Promise<unknown[]> {
  const { elements, relationships } = await compareIModels(a.iModel, b.iModel);
  const all = [elements, relationships].flatMap(({ onlyInA, onlyInB, changed }) => [
    ...onlyInA,
    ...onlyInB,
    ...changed,
  ]);
  return all.filter(({ className }) => className !== "BisCore:RepositoryLink");
}

describe("the threads that mesh an IFC file", () => {
  const provenance =
    "SELECT Element.Id e, Identifier i, Checksum c FROM bis.ExternalSourceAspect ORDER BY ECInstanceId";
  let tower: string;
  before(() => {
    tower = makeTower();
  });

  it("make the same iModel with the same issues, however many there are", async function () {
    this.timeout(120_000);
    const one = await runOf(tower, 1);
    const three = await runOf(tower, 3);
    expect(one.issues).to.be.an("array").with.length.above(5);
    expect(three.issues).to.deep.equal(one.issues);
    expect(await differencesOf(one.timeline, three.timeline)).to.deep.equal([]);
    const items = (timeline: IfcTimeline) => timeline.query(provenance).filter(({ i }) => i !== "house.ifc");
    expect(items(three.timeline)).to.deep.equal(items(one.timeline));

    three.timeline.args = { threads: 2 };
    expect(await three.timeline.sync(renumber(tower)), "inserted, updated, deleted").to.deep.equal([0, 0, 0]);
  });

  it("mesh what changed in a later run", async () => {
    const timeline = new IfcTimeline();
    timeline.args = { threads: 3 };
    await timeline.sync(houseText);
    const moved = houseText.replace(/(IFCEXTRUDEDAREASOLID\([^)]*,)3\.\)/, "$14.)");
    expect(moved).not.to.equal(houseText);
    await timeline.sync(moved);
    const fresh = new IfcTimeline();
    await fresh.sync(moved);
    expect(await differencesOf(timeline, fresh)).to.deep.equal([]);
  });

  it("are as many as cores and memory allow, one at least and four at most", () => {
    const gigabyte = 2 ** 30;
    const counts = [1, 2, 3, 4, 5, 64].map((cores) => meshThreads({ cores, memory: 32 * gigabyte }));
    expect(counts).to.deep.equal([1, 1, 1, 2, 3, 4]);
    expect([0.2, 1, 2.5, 16].map((memory) => meshThreads({ cores: 64, memory: memory * gigabyte }))).to.deep.equal([
      1, 1, 2, 4,
    ]);
    expect(meshThreads()).to.be.within(1, 4);
  });
});
