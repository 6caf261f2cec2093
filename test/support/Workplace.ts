import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { connectorRunner, treeConnector, type Outcome } from "./commandLine.js";
import { temporaryFolder } from "./temporary.js";

/** What a workplace has to begin with. */
export const trees = [
  { id: "t1", species: "Oak", position: [0, 0, 0], radius: 3 },
  { id: "t2", species: "Ash", position: [10, 0, 0], radius: 2 },
];

/** A source for the connector of the README, and the iModel that runs of the command line program make of it. */
export class Workplace {
  public readonly folder = temporaryFolder();
  public readonly sourcePath = join(this.folder, "trees.json");
  public readonly outputDir = join(this.folder, "out");
  public readonly iModelPath = join(this.outputDir, "trees.bim");

  public constructor() {
    this.write(trees);
  }

  public write(source: unknown): void {
    writeFileSync(this.sourcePath, JSON.stringify(source));
  }

  public get args(): string[] {
    return ["--connectorModule", treeConnector, "--sourcePath", this.sourcePath, "--outputDir", this.outputDir];
  }

  public async run(...more: string[]): Promise<Outcome> {
    return connectorRunner([...this.args, "--isSnapshot", ...more]);
  }
}

/** Expects that a program ended with nothing but an error of one or two lines. */
export function expectFailure(outcome: Outcome, exitCode: number, ...messages: string[]): void {
  expect(outcome.exitCode, outcome.stderr).to.equal(exitCode);
  const lines = outcome.stderr.trimEnd().split("\n");
  const start = lines.findIndex((line) => line.startsWith("error ["));
  expect(lines.slice(start), outcome.stderr).to.have.lengthOf.within(1, 2);
  for (const message of messages) expect(outcome.stderr).to.contain(message);
  expect(outcome.stdout).to.equal("");
}
