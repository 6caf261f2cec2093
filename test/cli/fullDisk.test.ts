import { randomBytes } from "node:crypto";
import { createWriteStream, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { expect } from "chai";
import { connectorRunner, execute, treeConnector, type Outcome } from "../support/commandLine.js";
import { contentOf } from "../support/temporary.js";
import { expectFailure, trees, Workplace } from "../support/Workplace.js";

/** A workplace whose output goes to a file system of a given size. */
class SmallDisk extends Workplace {
  /** Needs the right to mount; where it is missing, the test is skipped. */
  public static async mount(test: Mocha.Context, megabytes: number): Promise<SmallDisk> {
    const disk = new SmallDisk();
    mkdirSync(disk.outputDir);
    const args = ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", disk.outputDir];
    const outcome = await execute("mount", args).catch(() => undefined);
    if (outcome?.exitCode !== 0) test.skip();
    mounted.push(disk);
    return disk;
  }

  /**
   * Writes a source that takes about eight megabytes for each thousand trees. From five thousand on SQLite writes to the
   * disk before the commit, and the platform ends the process if it cannot.
   */
  public writeTrees(count: number): void {
    const large = { ...trees[0], species: "x".repeat(1000) };
    this.write(Array.from({ length: count }, (_, index) => ({ ...large, id: `m${index}` })));
  }

  /** The same with what cannot be compressed, as changesets are: about four megabytes of them for each thousand trees. */
  public writeDifferentTrees(count: number): void {
    const species = () => randomBytes(2000).toString("hex");
    this.write(Array.from({ length: count }, (_, index) => ({ ...trees[0], species: species(), id: `m${index}` })));
  }

  /** Runs on a standalone iModel, which also has to keep what is needed to undo the run. */
  public async runStandalone(...more: string[]): Promise<Outcome> {
    return connectorRunner([...this.args, ...more]);
  }

  /** Gives the disk another size. */
  public async resize(megabytes: number): Promise<void> {
    const outcome = await execute("mount", ["-o", `remount,size=${megabytes}m`, this.outputDir]);
    expect(outcome.exitCode, outcome.stderr).to.equal(0);
  }

  /** Lets a run die, and fills what is left with its remains. */
  public async leaveBehind(): Promise<void> {
    const deadly = join(this.folder, "deadly.mjs");
    writeFileSync(
      deadly,
      `import TreeConnector from ${JSON.stringify(treeConnector)};
       export default class DeadlyConnector extends TreeConnector {
         async openSourceData() { process.kill(process.pid, "SIGKILL"); }
       }`,
    );
    const args = ["--connectorModule", deadly, ...this.args.slice(2)];
    await connectorRunner(args);
    const zeros = function* () {
      for (;;) yield Buffer.alloc(1024 * 1024);
    };
    await pipeline(zeros, createWriteStream(`${this.iModelPath}.working`, { flags: "a" })).catch(() => {});
  }
}

const mounted: SmallDisk[] = [];

describe("connector-runner on a small disk", function () {
  afterEach(async () => {
    for (const { outputDir } of mounted.splice(0)) await execute("umount", [outputDir]);
  });

  it("refuses one that is full from the beginning", async function () {
    const disk = await SmallDisk.mount(this, 1);
    expectFailure(await disk.run(), 1, "error [imodel/disk-full] The disk is full");
    expect(readdirSync(disk.outputDir)).to.deep.equal([]);
  });

  for (const megabytes of [12, 28])
    it(`fails when ${megabytes} MB fill during the run, leaves the iModel as it was, and goes on with more room${megabytes === 12 ? "" : " @all"}`, async function () {
      const disk = await SmallDisk.mount(this, megabytes);
      const first = await disk.runStandalone();
      expect(first.exitCode, first.stderr).to.equal(0);
      const before = contentOf(disk.iModelPath);
      disk.writeTrees(6_000);
      expectFailure(await disk.runStandalone(), 1, "error [imodel/disk-full] The disk is full", "Free some space");
      expect(contentOf(disk.iModelPath)).to.equal(before);
      expect(readdirSync(disk.outputDir)).to.deep.equal(["trees.bim"]);
      await disk.resize(200);
      expect((await disk.runStandalone()).exitCode).to.equal(0);
    });

  it("leaves no part of a report that has no room, and keeps the run", async function () {
    const disk = await SmallDisk.mount(this, 1);
    writeFileSync(join(disk.outputDir, "other"), Buffer.alloc(500_000));
    const report = ["--report", join(disk.outputDir, "report.html")];
    const { exitCode, stdout, stderr } = await disk.run("--outputDir", join(disk.folder, "elsewhere"), ...report);
    expect(exitCode).to.equal(1);
    expect(stdout).to.contain("Created ").and.not.to.contain("Report:");
    expect(stderr).to.contain("error [viewer/disk-full] The disk is full").and.to.contain("Free some space");
    expect(readdirSync(disk.outputDir)).to.deep.equal(["other"]);
  });

  it("fails when the disk fills by deletion, and leaves the iModel as it was @all", async function () {
    const disk = await SmallDisk.mount(this, 100);
    disk.writeTrees(2_000);
    expect((await disk.runStandalone()).exitCode).to.equal(0);
    const before = contentOf(disk.iModelPath);
    disk.write([]);
    for (const megabytes of [36, 44, 52]) {
      await disk.resize(megabytes);
      expectFailure(
        await disk.runStandalone("--max-deletions", "none"),
        1,
        "error [imodel/disk-full] The disk is full",
      );
      expect(contentOf(disk.iModelPath)).to.equal(before);
      expect(readdirSync(disk.outputDir)).to.deep.equal(["trees.bim"]);
    }
    await disk.resize(200);
    expect((await disk.runStandalone("--max-deletions", "none")).exitCode).to.equal(0);
  });

  it("says which one is full where it is that of a bank, and goes on with more room @all", async function () {
    const disk = await SmallDisk.mount(this, 4);
    const bank = ["--iModelBankUrl", disk.outputDir, "--iModelName", "Trees", "--createiModel"];
    const run = () =>
      connectorRunner([...disk.args.slice(0, 4), ...bank, "--cacheDirectory", join(disk.folder, "cache")]);
    await connectorRunner(["bank", "create", disk.outputDir]);
    expect((await run()).exitCode).to.equal(0);
    disk.writeDifferentTrees(1000);
    expectFailure(await run(), 1, "error [bank/disk-full]", disk.outputDir, "Free some space");
    await disk.resize(50);
    const outcome = await run();
    expect(outcome.exitCode, outcome.stderr).to.equal(0);
    expect(outcome.stdout).to.contain("Pushed version 2 of Trees");
  });

  it("first removes what a run that died has left on it @all", async function () {
    const disk = await SmallDisk.mount(this, 16);
    expect((await disk.run()).exitCode).to.equal(0);
    await disk.leaveBehind();
    expect(readdirSync(disk.outputDir)).to.include.members(["trees.bim.lock", "trees.bim.working"]);
    const outcome = await disk.run();
    expect(outcome.exitCode, outcome.stderr).to.equal(0);
    expect(readdirSync(disk.outputDir)).to.deep.equal(["trees.bim"]);
  });
});
