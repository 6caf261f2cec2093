import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BentleyStatus } from "@itwin/core-bentley";
import { expect } from "chai";
import type { RunResult } from "itwin-connector-framework";
import { flagsOfJob } from "../../src/run/jobFlags.js";
import { commandLine, connectorRunner, treeConnector } from "../support/commandLine.js";
import { queryFile } from "../support/iModels.js";
import { contentOf, temporaryFolder } from "../support/temporary.js";
import { expectFailure, trees, Workplace } from "../support/Workplace.js";

/** A user without rights, under whom a test can see what root never does. */
const nobody = 65534;
const unknownUser = 54321;

describe("connector-runner", () => {
  it("makes an iModel, and prints what was done and where it is", async () => {
    const workplace = new Workplace();
    const first = await workplace.run();
    expect(first.exitCode, first.stderr).to.equal(0);
    expect(first.stdout).to.match(/new .* changed .* unchanged .* deleted .* elements written/);
    expect(first.stdout).to.match(/2 .* 0 .* 0 .* 0 .* 2 /);
    expect(first.stdout).to.contain(`Created ${workplace.iModelPath} in `);
    expect(first.stderr.split("\n")).to.include.members(["opening the iModel", "synchronizing", "finishing"]);
    expect(queryFile(workplace.iModelPath, "SELECT UserLabel FROM generic.PhysicalObject")).to.have.length(2);

    const second = await workplace.run();
    expect(second.stdout)
      .to.match(/0 .* 0 .* 2 .* 0 .* 0 /)
      .and.to.contain(`Synchronized ${workplace.iModelPath} in `);
  });

  it("takes flags in kebab case", async () => {
    const { iModelPath, sourcePath, outputDir } = new Workplace();
    const args = ["--connector-module", treeConnector, "--source-path", sourcePath, "--output-dir", outputDir];
    const outcome = await connectorRunner([...args, "--is-snapshot", "--dry-run"]);
    expect(outcome.exitCode, outcome.stderr).to.equal(0);
    expect(outcome.stdout).to.contain("elements to write").and.to.contain(`Dry run`).and.to.contain("was not created");
    expect(existsSync(iModelPath)).to.equal(false);
  });

  it("prints one JSON object with --json", async () => {
    const outcome = await new Workplace().run("--json");
    expect(outcome.stderr).to.equal("");
    const result = JSON.parse(outcome.stdout) as { status: number; counts: { new: number } };
    expect(result).to.deep.include({ status: 0, iModelIsNew: true });
    expect(result.counts.new).to.equal(2);
  });

  it("prints the error as JSON too with --json", async () => {
    const workplace = new Workplace();
    workplace.write(null);
    const outcome = await workplace.run("--json");
    expect(outcome.exitCode).to.equal(1);
    const result = JSON.parse(outcome.stdout) as { error: { code: string } };
    expect(result.error.code).to.equal("run/data-failed");
  });

  it("prints the errors of wrong usage as JSON too with --json, in the form of those of a run", async () => {
    const path = join(new Workplace().folder, "job.txt");
    writeFileSync(path, "--json\n--bogus");
    for (const args of [["--json", "--bogus"], [`@${path}`], ["diff", "none.bim", "none.bim", "--json"]]) {
      const outcome = await connectorRunner(args);
      expect(outcome.exitCode).to.equal(2);
      const { status, error } = JSON.parse(outcome.stdout) as RunResult;
      expect(status).to.equal(BentleyStatus.ERROR);
      expect(error!.code).to.match(/^usage\//);
      expect(outcome.stderr).to.contain(`error [${error!.code}] ${error!.message}`);
    }
  });

  it("prints the errors of commands on banks as JSON too with --json", async () => {
    for (const args of [
      ["bank", "list", "none"],
      ["changes", "none", "Plant"],
    ]) {
      const outcome = await connectorRunner([...args, "--json"]);
      expect(outcome.exitCode).to.equal(1);
      const { status, error } = JSON.parse(outcome.stdout) as RunResult;
      expect([status, error!.code]).to.deep.equal([BentleyStatus.ERROR, "bank/missing"]);
      expect(outcome.stderr).to.contain(`error [bank/missing] ${error!.message}`);
    }
  });

  it("prints nothing with --quiet", async () => {
    const outcome = await new Workplace().run("--quiet");
    expect(outcome).to.deep.equal({ exitCode: 0, stdout: "", stderr: "" });
  });

  it("prints the log and each change with --verbose", async () => {
    const outcome = await new Workplace().run("--verbose");
    expect(outcome.stdout).to.contain('inserted Tree "t1"').and.to.contain('inserted Tree "t2"');
    expect(outcome.stderr).to.contain("info itwin-connector.Framework phase open");
  });

  it("prints help with examples, and its version", async () => {
    const help = await connectorRunner(["--help"]);
    expect(help.exitCode).to.equal(0);
    expect(help.stdout).to.contain("--connectorModule").and.to.contain("Examples:").and.to.contain("Exit codes:");
    expect((await connectorRunner(["--version"])).stdout).to.match(/^\d+\.\d+\.\d+\n$/);
  });

  it("wraps its help between words where the output is no terminal", async () => {
    const { stdout } = await connectorRunner(["--help"]);
    const words = new Set(stdout.split(/\s+/));
    for (const { describe } of Object.values(flagsOfJob)) expect([...words]).to.include.members(describe.split(" "));
    for (const line of stdout.split("\n")) expect(line).to.have.lengthOf.at.most(80);
  });

  it("reads arguments from a file", async () => {
    const workplace = new Workplace();
    const path = join(workplace.folder, "job.txt");
    writeFileSync(path, ["--snapshot", ...workplace.args.join("\n").split("\n")].join("\n"));
    expect((await connectorRunner([`@${path}`])).exitCode).to.equal(0);
  });

  it("takes of a flag that is given twice the last one", async () => {
    const workplace = new Workplace();
    const other = join(workplace.folder, "other");
    expect((await workplace.run("--outputDir", other)).exitCode).to.equal(0);
    expect(readdirSync(other)).to.deep.equal(["trees.bim"]);
    const verify = ["verify", "--connectorModule", "none.js", "--sample", "x", "--connectorModule", "other.js"];
    expectFailure(await connectorRunner(verify), 2, "There is no connector module other.js.");
  });

  it("works for a user whom the computer does not know, as in a container @all", async function () {
    if (process.getuid?.() !== 0) return this.skip(); // only root can run a program as somebody else
    const workplace = new Workplace();
    const home = temporaryFolder();
    for (const folder of [workplace.folder, home]) chmodSync(folder, 0o777);
    const env = { ...process.env, HOME: home, XDG_CACHE_HOME: home, USER: "", LOGNAME: "" };
    const run = (...args: string[]) => connectorRunner(args, { uid: unknownUser, gid: unknownUser, env });
    const local = await run(...workplace.args);
    expect(local.exitCode, local.stderr).to.equal(0);
    const bank = join(workplace.folder, "bank");
    await run("bank", "create", bank, "Trees");
    const versioned = await run(...workplace.args.slice(0, 4), "--iModelBankUrl", bank, "--iModelName", "Trees");
    expect(versioned.exitCode, versioned.stderr).to.equal(0);
    const versions = await run("bank", "versions", bank, "Trees", "--json");
    const [, pushed] = JSON.parse(versions.stdout) as { pushedBy: string }[];
    expect(pushed!.pushedBy).to.equal(`user ${unknownUser}`);
  });

  describe("fails with one or two lines", () => {
    it("and exit code 2 for wrong usage", async () => {
      expectFailure(await connectorRunner(["--bogus"]), 2, "Unknown argument: bogus", "--help");
      expectFailure(await connectorRunner([]), 2, "connectorModule is missing.");
      expectFailure(await connectorRunner(["--argsJson", "{"]), 2, "argsJson is not JSON");
      expectFailure(await connectorRunner(["--dryRun=maybe"]), 2, '--dryRun is true or false, not "maybe".', "--help");
      expectFailure(await connectorRunner(["verify", "--json=yes"]), 2, '--json is true or false, not "yes".');
    });

    it("and exit code 2 for numbers that are none, or less than nothing, whatever the command @all", async () => {
      const refused: [flag: string, ...args: string[]][] = [
        ["lockRetries", "--lockRetries", "abc"],
        ["lockRetryDelay", "--lock-retry-delay=-1"],
        ["lockRetries", "--lockRetries", "Infinity"],
        ["olderThan", "bank", "gc", "none", "--olderThan", "-1"],
        ["briefcase", "bank", "release", "none", "Plant", "two"],
      ];
      for (const [flag, ...args] of refused)
        expectFailure(await connectorRunner(args), 2, `${flag} is a number, and not less than 0.`, "--help");
    });

    const misused: [help: string, ...args: string[]][] = [
      ["connector-runner --help", "bogus"],
      ["connector-runner --help", "--json=yes"],
      ["connector-runner diff --help", "diff", "a.bim"],
      ["connector-runner diff --help", "diff", "a.bim", "b.bim", "--json=yes"],
      ["connector-runner init --help", "init", "site-survey", "--from", "ifc"],
      ["connector-runner manifest run --help", "manifest", "run", "id"],
      ["connector-runner bank --help", "bank", "bogus"],
      ["connector-runner bank gc --help", "bank", "gc", "none", "--olderThan", "-1"],
      ["connector-runner bank gc --help", "bank", "gc", "none", "--verbose=1"],
    ];
    for (const [help, ...args] of misused)
      it(`and points to ${help} after ${args.join(" ")}`, async () => {
        expectFailure(await connectorRunner(args), 2, `See ${help}.`);
      });

    it("and exit code 2 for a versioned iModel without a name", async () => {
      const args = ["--connectorModule", "x.js", "--imodel-bank-url=file:///bank"];
      expectFailure(await connectorRunner([...args, `--sourcePath=${treeConnector}`]), 2, "iModelName is missing.");
    });

    it("for a source that is missing", async () => {
      const workplace = new Workplace();
      const args = [...workplace.args, "--sourcePath"];
      expectFailure(
        await connectorRunner([...args.slice(0, 3), "none.json", ...args.slice(4, 6)]),
        1,
        "There is no source file",
      );
    });

    it("for a module that is missing, broken or without a connector", async () => {
      const { folder, args } = new Workplace();
      const broken = join(folder, "broken.mjs");
      writeFileSync(broken, "throw new Error('broken inside');");
      const empty = join(folder, "empty.mjs");
      writeFileSync(empty, "export const answer = 42;");
      const withModule = (path: string) => connectorRunner(["--connectorModule", path, ...args.slice(2)]);
      expectFailure(await withModule("none.js"), 1, "There is no connector module none.js.");
      expectFailure(await withModule(broken), 1, "cannot be loaded: broken inside");
      expectFailure(await withModule(empty), 1, "exports answer (a number)", "extends ITwinConnector");
    });

    it("for a connector that throws, and leaves the iModel as it was", async () => {
      const workplace = new Workplace();
      await workplace.run();
      const before = contentOf(workplace.iModelPath);
      workplace.write([{ ...trees[0], radius: 4 }, null]);
      const outcome = await workplace.run();
      expectFailure(outcome, 1, "error [run/data-failed]");
      expect(contentOf(workplace.iModelPath)).to.equal(before);
      expect(readdirSync(workplace.outputDir)).to.deep.equal(["trees.bim"]);
    });

    it("and a stack with --verbose", async () => {
      const workplace = new Workplace();
      workplace.write([null]);
      const { stderr } = await workplace.run("--verbose");
      expect(stderr)
        .to.contain("error [run/data-failed]")
        .and.to.match(/\n +at /);
    });

    it("for a source or folder without the right to use it", async function () {
      if (process.getuid?.() !== 0) return this.skip(); // only root can run a program as somebody else
      const workplace = new Workplace();
      const env = { ...process.env, HOME: temporaryFolder(), XDG_CACHE_HOME: temporaryFolder() };
      for (const folder of [env.HOME, env.XDG_CACHE_HOME]) chmodSync(folder, 0o777);
      const run = () => connectorRunner(workplace.args, { uid: nobody, gid: nobody, env });
      chmodSync(workplace.folder, 0o755);
      chmodSync(workplace.sourcePath, 0o600);
      expectFailure(await run(), 1, "cannot be read: EACCES");
      chmodSync(workplace.sourcePath, 0o644);
      expectFailure(await run(), 1, "Cannot write to", "--outputDir");
      mkdirSync(workplace.outputDir);
      expectFailure(await run(), 1, "Cannot write to", "--outputDir");
      chmodSync(workplace.outputDir, 0o777);
      expect((await run()).exitCode).to.equal(0);
    });

    it("for an iModel in use by another run, with who and since when", async () => {
      const workplace = new Workplace();
      const slow = join(workplace.folder, "slow.mjs");
      writeFileSync(
        slow,
        `import TreeConnector from ${JSON.stringify(treeConnector)};
         export default class SlowConnector extends TreeConnector {
           async updateExistingData() { console.log("working"); await new Promise((go) => process.stdin.once("data", go)); process.stdin.destroy(); }
         }`,
      );
      const args = [commandLine, ...workplace.args.slice(2), "--connectorModule", slow, "--quiet"];
      const first = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
      await new Promise((resolve) => first.stdout.once("data", resolve));
      expectFailure(await workplace.run(), 1, `in use by another run: process ${first.pid} of `, ", since 2");
      const ended = new Promise((resolve) => first.once("close", resolve));
      first.stdin.end("go\n");
      expect(await ended).to.equal(0);
      expect((await workplace.run()).exitCode).to.equal(0);
    });

    it("not at all after a run that was killed", async () => {
      const workplace = new Workplace();
      const deadly = join(workplace.folder, "deadly.mjs");
      writeFileSync(
        deadly,
        `import TreeConnector from ${JSON.stringify(treeConnector)};
         export default class DeadlyConnector extends TreeConnector {
           async updateExistingData() { await super.updateExistingData(); process.kill(process.pid, "SIGKILL"); }
         }`,
      );
      await connectorRunner([...workplace.args.slice(2), "--connectorModule", deadly]);
      expect(readdirSync(workplace.outputDir)).to.include.members(["trees.bim.working", "trees.bim.lock"]);
      expect((await workplace.run()).exitCode).to.equal(0);
      expect(readdirSync(workplace.outputDir)).to.deep.equal(["trees.bim"]);
    });
  });
});
