import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { connectorRunner, treeConnector, type Outcome } from "../support/commandLine.js";
import { expectFailure, Workplace } from "../support/Workplace.js";

const never = "new Promise(() => {})";
const waiting = "can never go on, because nothing is left to wait for";

/** Runs a connector that is made of the one of the README, with other members. */
class StrayWorkplace extends Workplace {
  public async runWith(members: string, ...more: string[]): Promise<Outcome> {
    const base = `import TreeConnector from ${JSON.stringify(treeConnector)};`;
    return this.runModule(`${base} export default class extends TreeConnector { ${members} }`, ...more);
  }

  public async runModule(code: string, ...more: string[]): Promise<Outcome> {
    const path = join(this.folder, "stray.mjs");
    writeFileSync(path, code);
    return connectorRunner(["--connectorModule", path, ...this.args.slice(2), ...more]);
  }

  public expectNothingLeft(): void {
    expect(readdirSync(this.outputDir)).to.deep.equal([]);
  }
}

describe("connector-runner with a connector", () => {
  let workplace: StrayWorkplace;

  beforeEach(() => (workplace = new StrayWorkplace()));

  it("that waits for ever says so, and leaves nothing", async () => {
    const outcome = await workplace.runWith(`updateExistingData() { return ${never}; }`);
    expectFailure(outcome, 1, "error [run/data-failed] The connector Trees failed while it synchronized its data: it");
    expect(outcome.stderr).to.contain(waiting).and.contain("tell its author");
    workplace.expectNothingLeft();
  });

  it("that waits for ever when it is to close its source, too", async () => {
    const members = `updateExistingData() { return ${never}; } closeSourceData() { return ${never}; }`;
    expectFailure(await workplace.runWith(members), 1, "error [run/data-failed]", waiting);
    workplace.expectNothingLeft();
  });

  it("that is never made says so", async () => {
    const code = `export const getConnectorInstance = () => ${never};`;
    expectFailure(await workplace.runModule(code), 1, "error [run/load-failed]", waiting);
  });

  for (const [what, code] of [
    ["rejects a promise that nobody awaits", "Promise.reject(new Error('gone astray'));"],
    ["throws in a timer", "setTimeout(() => { throw new Error('gone astray'); }, 1);"],
  ] as const)
    it(`that ${what} fails as others do, and does not keep the program from ending`, async () => {
      const members = `updateExistingData() { ${code} return new Promise((go) => setTimeout(go, 100_000)); }`;
      const outcome = await workplace.runWith(members);
      expectFailure(outcome, 1, "The connector Trees failed while it synchronized its data: gone astray");
      workplace.expectNothingLeft();
    });

  it("shows where an error that went astray comes from with --verbose", async () => {
    const members = `updateExistingData() { Promise.reject(new Error("gone astray")); return ${never}; }`;
    expect((await workplace.runWith(members, "--verbose")).stderr).to.contain("stray.mjs:1:");
  });

  it("that waits for ever cannot be verified", async () => {
    const path = join(workplace.folder, "stray.mjs");
    writeFileSync(path, `export const getConnectorInstance = () => ${never};`);
    const outcome = await connectorRunner(["verify", "--connectorModule", path, "--sample", workplace.folder]);
    expectFailure(outcome, 2, "error [usage/stray]", waiting);
  });
});
