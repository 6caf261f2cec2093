import { cpSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compareIModels } from "itwin-connector-framework";
import { expect } from "chai";
import { verifyIModel } from "../../src/imodel/verifyIModel.js";
import { isLongTest } from "../support/long.js";
import { runPushWorker } from "./bankProcesses.js";
import { BankTimeline } from "./BankTimeline.js";

const killPoints = fileURLToPath(new URL("./pushKillPoints.mjs", import.meta.url));

/** A bank before a run, and what the run gives when nothing kills it. */
class KilledPush {
  public readonly timeline = new BankTimeline();
  private readonly _saved = join(this.timeline.kit.folder, "saved");
  private readonly _source = join(this.timeline.kit.folder, "job.json");
  private _expected = "";

  /** Runs once in peace, and once more to learn what comes of it, and how many points it has. */
  public async prepare(): Promise<number> {
    await this._expectEnd(0, 1);
    for (const path of this._paths) cpSync(path, join(this._saved, path), { recursive: true });
    const countFile = join(this.timeline.kit.folder, "points.txt");
    await this._expectEnd(0, 2, { KILL_COUNT_FILE: countFile });
    this._expected = await this.timeline.checkOut();
    return Number(readFileSync(countFile, "utf8"));
  }

  /** Puts everything back to the moment before the second run. */
  public reset(): void {
    for (const path of this._paths) {
      rmSync(path, { recursive: true, force: true });
      cpSync(join(this._saved, path), path, { recursive: true });
    }
  }

  public async kill(point: number): Promise<void> {
    await this._expectEnd("SIGKILL", 2, { KILL_AT: String(point) });
  }

  public async finish(): Promise<void> {
    await this._expectEnd(0, 2);
  }

  public async expectSound(): Promise<void> {
    const { faulty, failures } = await verifyIModel(this.timeline.hub, this.timeline.iModelId);
    expect([faulty, failures]).to.deep.equal([[], []]);
  }

  /** Expects the run's changes once, no lock, and the iModel that a run gives that was never killed. */
  public async expectFinished(): Promise<void> {
    const { bank, iModelId } = this.timeline;
    expect(this.timeline.latest).to.equal(2);
    expect(bank.locks(iModelId)).to.be.empty;
    const comparison = await compareIModels(this._expected, await this.timeline.checkOut());
    expect(comparison.isEqual, JSON.stringify(comparison, undefined, 1)).to.equal(true);
  }

  private get _paths(): string[] {
    return [this.timeline.bankFolder, this.timeline.cacheDirectory, this._source];
  }

  /** Runs the job, which adds a part for each run to its source. */
  private async _expectEnd(expected: number | string, run: number, environment: NodeJS.ProcessEnv = {}): Promise<void> {
    const { bankFolder, cacheDirectory } = this.timeline;
    const args = { bank: bankFolder, cacheDirectory, sourcePath: this._source, name: "part", first: run, runs: 1 };
    const { ended, output } = await runPushWorker(args, environment, [killPoints]);
    expect(ended, output).to.equal(expected);
  }
}

it("A push can be killed anywhere: the bank is sound, the run can be repeated, and no lock stays @all", async function () {
  if (isLongTest) this.timeout(3_600_000);
  const push = new KilledPush();
  const points = await push.prepare();
  const kills = isLongTest ? 40 : 5;
  for (let kill = 1; kill <= kills; kill++) {
    const point = Math.ceil((points * kill) / (kills + 1));
    push.reset();
    await push.kill(point);
    await push.expectSound();
    await push.finish();
    await push.expectFinished();
  }
});
