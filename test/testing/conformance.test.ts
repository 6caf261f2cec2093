import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { ConnectorError } from "itwin-connector-framework";
import {
  checkConnector,
  conformanceChecks,
  runCheck,
  type CheckResult,
  type SampleDescription,
} from "itwin-connector-framework/testing";
import { connectorRunner, treeConnector } from "../support/commandLine.js";
import { temporaryFolder } from "../support/temporary.js";
import type { Fault } from "./LinesConnector.js";

const connectorModule = fileURLToPath(new URL("./LinesConnector.ts", import.meta.url));
const bound = { entities: 100, bytesPerEntity: 1000, bytesForAll: 30_000_000 };

interface SampleOptions {
  without?: string[];
  file: string;
  description?: SampleDescription;
}

/** A sample of lines, without the versions that are left out. */
function lineSample({ without = [], description = { memory: bound } }: Omit<SampleOptions, "file"> = {}): string {
  const versions: Record<string, string> = {
    "1-first": "a 1\nb 2\nc 3\n",
    "2-changed": "a 1\nb 2\nc 4\n",
    "3-deleted": "a 1\nc 3\n",
    "4-reordered": "c 3\na 1\nb 2\n",
  };
  return writeSample(versions, { without, file: "lines.txt", description });
}

function writeSample(
  versions: Record<string, string>,
  { without = [], file, description = {} }: SampleOptions,
): string {
  const folder = temporaryFolder();
  for (const [version, content] of Object.entries(versions)) {
    if (without.includes(version)) continue;
    mkdirSync(join(folder, version));
    writeFileSync(join(folder, version, file), content);
  }
  writeFileSync(join(folder, "sample.json"), JSON.stringify(description));
  return folder;
}

function generate(path: string, entities: number): undefined {
  const lines = Array.from({ length: entities }, (_, index) => `${index} ${"x".repeat(400_000)}${index}\n`);
  writeFileSync(path, lines.join(""));
}

const check = (name: string, fault?: Fault): Promise<CheckResult> =>
  runCheck(name, { connectorModule, sampleDir: lineSample(), argsJson: { fault }, generate });

describe("The conformance suite", function () {
  it("passes for a connector that does what it must @all", async () => {
    const results = await checkConnector({ connectorModule, sampleDir: lineSample(), generate });
    expect(results.map(({ name }) => name)).to.deep.equal(conformanceChecks.map(({ name }) => name));
    for (const { name, state, message } of results) expect(state, `${name}: ${message}`).to.equal("passed");
  });

  /** For each fault, which checks find it, and what they say. */
  const findings: Record<Fault, Record<string, string>> = {
    "random-state": {
      unchanged: "expected the run to count 0 new, 0 changed, 0 deleted, 0 replaced; found 0 new, 3 changed",
      "one-change": "1 changed, 0 deleted; found 0 new, 3 changed",
      reordered: "3 changed",
    },
    "known-by-place": { reordered: "3 changed", deletion: "1 changed, 1 deleted" },
    "forgets-deletions": { deletion: "0 new, 0 changed, 1 deleted; found 0 new, 0 changed, 0 deleted" },
    "same-document": { "two-documents": "new entities in the other document" },
    "writes-behind": {
      unchanged:
        "expected nothing to be written by reading the same source again; found 0 inserted, 1 updated, 0 deleted",
      "one-change": "expected 1 updated elements, as counted; found 2",
    },
    "file-beside": {
      "first-run": "expected nothing beside the iModel; found lines.bim, log.txt",
      "dry-run": "nothing beside",
      failure: "log.txt",
    },
    "always-fails": {
      "first-run": "expected a run on lines.txt to succeed; found error [run/source-failed] The connector Lines failed",
    },
    "broken-geometry": {
      "read-back": 'found Line "a": its geometry is not in the iModel; Line "b": its geometry',
    },
    "holds-all": { memory: "expected the heap to grow by 30.1 MB at most; found" },
  };
  for (const [fault, expected] of Object.entries(findings))
    it(`finds the fault ${fault}`, async () => {
      for (const [name, expectedMessage] of Object.entries(expected)) {
        const { state, message } = await check(name, fault as Fault);
        expect(state, message).to.equal("failed");
        expect(message, message).to.include(expectedMessage);
      }
    });

  it("fails without a changed version, and skips what a sample need not have", async () => {
    const sampleDir = lineSample({ without: ["2-changed", "4-reordered"] });
    const change = await runCheck("one-change", { connectorModule, sampleDir });
    expect(change).to.include({ state: "failed", message: 'expected a folder "changed" in the sample; found none' });
    expect(await runCheck("reordered", { connectorModule, sampleDir })).to.include({ state: "skipped" });
    expect(await runCheck("memory", { connectorModule, sampleDir })).to.include({ state: "skipped" });
  });

  it("expects what the sample says", async () => {
    const sampleDir = lineSample({ description: { expected: { first: { new: 4 }, deleted: { deleted: 2 } } } });
    const first = await runCheck("first-run", { connectorModule, sampleDir });
    expect(first.message).to.equal(
      "expected the first run to count 0 changed, 0 deleted, 4 new; found 0 changed, 0 deleted, 3 new",
    );
    expect((await runCheck("deletion", { connectorModule, sampleDir })).message).to.include("2 deleted; found");
  });

  it("skips the memory where the source is too small to tell", async () => {
    const sampleDir = lineSample();
    const small = (path: string): number => (writeFileSync(path, "a 1\n"), 4);
    const { state, message } = await runCheck("memory", { connectorModule, sampleDir, generate: small });
    expect(state).to.equal("skipped");
    expect(message).to.include("tells nothing below 30.1 MB");
  });

  it("refuses a sample that is none", async () => {
    const refused = async (sampleDir: string): Promise<string> => {
      const error: unknown = await runCheck("first-run", { connectorModule, sampleDir }).catch((e: unknown) => e);
      expect(error).to.be.instanceOf(ConnectorError);
      expect(error).to.include({ code: "usage/sample" });
      return (error as ConnectorError).message;
    };
    expect(await refused("nowhere")).to.match(/^There is no folder /);
    expect(await refused(temporaryFolder())).to.match(/has no folder 1-first/);
    const several = lineSample();
    writeFileSync(join(several, "1-first", "more.txt"), "");
    expect(await refused(several)).to.match(/holds lines.txt, more.txt: which one is the source/);
  });
});

describe("connector-runner verify", function () {
  const trees = (species: string, count: number) =>
    JSON.stringify(
      ["t1", "t2", "t3"]
        .slice(0, count)
        .map((id) => ({ id, species, position: [0, 0, 0], radius: id === "t1" ? 3 : 4 })),
    );
  const treeSample = (changed: string) =>
    writeSample(
      {
        "1-first": trees("Oak", 2),
        "2-changed": changed,
        "3-deleted": trees("Oak", 1),
      },
      { file: "trees.json" },
    );

  it("prints a line for each check, and says whether all hold @all", async () => {
    const sample = treeSample(trees("Oak", 2).replace('"radius":3', '"radius":5'));
    const args = ["verify", "--connectorModule", treeConnector, "--sample", sample];
    const { exitCode, stdout, stderr } = await connectorRunner(args);
    expect(exitCode, stdout + stderr).to.equal(0);
    expect(stdout).to.match(/^ok {6}first-run: makes an iModel of the source \(/);
    expect(stdout).to.match(/\nskipped reordered: .*\n +the sample has no folder "reordered"\n/);
    expect(stdout).to.match(/\n8 passed, 0 failed, 2 skipped.\n$/);
  });

  it("fails with what was expected and found @all", async () => {
    const sample = treeSample(trees("Elm", 2));
    const { exitCode, stdout } = await connectorRunner([
      "verify",
      "--connectorModule",
      treeConnector,
      "--sample",
      sample,
    ]);
    expect(exitCode).to.equal(1);
    expect(stdout).to.match(
      /FAILED {2}one-change: .*\n +expected the run on "changed" to count 0 new, 1 changed, 0 deleted; found 0 new, 2 changed/,
    );
  });

  it("prints JSON @all", async () => {
    const sample = treeSample(trees("Elm", 2));
    const { stdout } = await connectorRunner([
      "verify",
      "--connectorModule",
      treeConnector,
      "--sample",
      sample,
      "--json",
    ]);
    const results = JSON.parse(stdout) as CheckResult[];
    expect(results[0]).to.include({ name: "first-run", state: "passed" });
  });

  it("refuses what is no connector or no sample", async () => {
    const none = await connectorRunner(["verify", "--connectorModule", "nowhere.js", "--sample", treeSample("")]);
    expect(none).to.include({ exitCode: 2, stdout: "" });
    expect(none.stderr).to.match(/^error \[load\/module-not-found\]/);
    const empty = await connectorRunner(["verify", "--connectorModule", treeConnector, "--sample", "nowhere"]);
    expect(empty).to.include({ exitCode: 2, stdout: "" });
    expect(empty.stderr).to.match(/^error \[usage\/sample\]/);
  });
});
