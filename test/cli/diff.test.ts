import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { IModelComparison } from "itwin-connector-framework";
import { blockProps, insertProvenance, TwoScenes } from "../compare/scene.js";
import { connectorRunner, type Outcome } from "../support/commandLine.js";

function expectRefusal(outcome: Outcome, ...messages: string[]): void {
  expect(outcome.exitCode, outcome.stderr).to.equal(2);
  expect(outcome.stdout).to.equal("");
  expect(outcome.stderr.trimEnd().split("\n")).to.have.length(2);
  for (const message of messages) expect(outcome.stderr).to.contain(message);
}

async function makeChanged(): Promise<TwoScenes> {
  const scenes = await TwoScenes.make();
  await scenes.change((imodel, ids) => {
    imodel.elements.updateElement({ id: ids.item, mass: 6, userLabel: "x".repeat(100) } as object);
    for (let index = 0; index < 25; index++)
      insertProvenance(imodel, imodel.elements.insertElement(blockProps(ids)), ids.model, `n-${index}`);
  });
  return scenes;
}

describe("connector-runner diff", () => {
  it("prints one line and ends with 0 where nothing differs", async () => {
    const { a, b } = await TwoScenes.make();
    const outcome = await connectorRunner(["diff", a, b]);
    expect(outcome.exitCode, outcome.stderr).to.equal(0);
    expect(outcome.stdout).to.match(/^Nothing differs: [\d,]+ elements on each side\.\n$/);
    expect(outcome.stderr).to.equal("");
  });

  it("prints what differs, shortened and with totals, and ends with 1", async () => {
    const { a, b } = await makeChanged();
    const outcome = await connectorRunner(["diff", a, b]);
    expect(outcome.exitCode, outcome.stderr).to.equal(1);
    const lines = outcome.stdout.split("\n");
    expect(lines).to.include.members([
      "elements only in B (25):",
      '  Part "n-0" (Scene:Block)',
      "  and 5 more; --verbose shows all",
      "elements changed (1):",
      '  Part "p-1" (Scene:Block)',
      "    Mass: 5 -> 6",
      `    UserLabel: "The item" -> "${"x".repeat(58)}…`,
    ]);
    expect(lines).not.to.include('  Part "n-24" (Scene:Block)');
    expect(lines.at(-2)).to.match(/^They differ\. elements: 0 only in A, 25 only in B, 1 changed; relationships: /);
  });

  it("prints all of it with --verbose", async () => {
    const { a, b } = await makeChanged();
    const { stdout } = await connectorRunner(["diff", a, b, "--verbose"]);
    expect(stdout)
      .to.contain('Part "n-24"')
      .and.to.contain(`"${"x".repeat(100)}"`)
      .and.not.to.contain("more;");
  });

  it("prints the differences as JSON with --json", async () => {
    const { a, b } = await makeChanged();
    const outcome = await connectorRunner(["diff", a, b, "--json"]);
    expect(outcome.exitCode).to.equal(1);
    const comparison = JSON.parse(outcome.stdout) as IModelComparison;
    expect(comparison.isEqual).to.equal(false);
    expect(comparison.elements.onlyInB).to.have.length(25);
    expect(comparison.elements.changed[0]!.properties[0]).to.deep.equal({ property: "Mass", a: 5, b: 6 });
  });

  it("refuses what cannot be compared, in two lines and with 2 @all", async () => {
    const { a, folder } = await TwoScenes.copy();
    const text = join(folder, "text.bim");
    writeFileSync(text, "This is no iModel. ".repeat(100));
    expectRefusal(await connectorRunner(["diff", a, join(folder, "none.bim")]), "usage/missing-imodel", "none.bim");
    expectRefusal(await connectorRunner(["diff", folder, a]), "usage/missing-imodel", folder);
    expectRefusal(await connectorRunner(["diff", a, text]), "usage/not-an-imodel", "text.bim");
    expectRefusal(await connectorRunner(["diff", a]), "usage/arguments", "--help");
    expectRefusal(await connectorRunner(["diff", a, a, "--bogus"]), "usage/arguments", "bogus");
    expectRefusal(await connectorRunner(["diff", a, a, "--isSnapshot"]), "usage/arguments", "isSnapshot");
    expect(existsSync(join(folder, "none.bim"))).to.equal(false);
  });

  it("is in the help", async () => {
    expect((await connectorRunner(["--help"])).stdout).to.contain("diff <a> <b>");
    const own = await connectorRunner(["diff", "--help"]);
    expect(own.exitCode).to.equal(0);
    expect(own.stdout).to.contain("diff A.bim B.bim").and.to.contain("--json").and.to.contain("Exit codes:");
    expect(own.stdout).not.to.contain("--connectorModule");
  });
});
