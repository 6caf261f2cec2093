import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { compareIModels, ConnectorJobDefArgs, ConnectorRunner } from "itwin-connector-framework";
import { commandLine } from "../support/commandLine.js";
import { isLongTest } from "../support/long.js";
import { contentOf, temporaryFolder } from "../support/temporary.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const killPoints = fileURLToPath(new URL("./killPoints.mjs", import.meta.url));
const csvConnector = join(root, "connectors", "csv", "lib", "index.js");

/** When to kill a run: at one of its points, or after a time. */
type Moment = { point: number } | { milliseconds: number };

/** The demo on files of its own: a source, and the same source after an edit, with the iModels that they should give. */
class Demo {
  public readonly out: string;
  public readonly iModelPath: string;
  private readonly _folder = temporaryFolder();
  private readonly _source = join(this._folder, "plant.csv");
  private readonly _before: string;
  private readonly _after: string;

  private constructor(private readonly _isSnapshot: boolean) {
    this.out = join(this._folder, "out");
    this.iModelPath = join(this.out, "plant.bim");
    this._before = join(this._folder, "before.bim");
    this._after = join(this._folder, "after.bim");
  }

  /** @param isIncremental - whether there is an iModel of the source before the edit when a run is killed */
  public static async create(isSnapshot: boolean, isIncremental: boolean): Promise<Demo> {
    const demo = new Demo(isSnapshot);
    cpSync(join(root, "assets", "plant.csv"), demo._source);
    if (isIncremental) {
      await demo.finish();
      cpSync(demo.iModelPath, demo._before);
      demo._edit();
    }
    await demo.finish();
    cpSync(demo.iModelPath, demo._after);
    return demo;
  }

  /** Puts everything back to the moment before the run. */
  public reset(): void {
    rmSync(this.out, { recursive: true, force: true });
    mkdirSync(this.out);
    if (existsSync(this._before)) cpSync(this._before, this.iModelPath);
  }

  /** Runs the demo to its end, here. */
  public async finish(): Promise<void> {
    const args = Object.assign(new ConnectorJobDefArgs(), {
      connectorModule: csvConnector,
      sourcePath: this._source,
      outputDir: this.out,
      isSnapshot: this._isSnapshot,
    });
    const runner = new ConnectorRunner(args);
    await runner.synchronize();
    expect(runner.result.error, String(runner.result.error?.stack)).to.equal(undefined);
  }

  /** Runs the demo in a process of its own and kills it. */
  public async kill(moment: Moment): Promise<void> {
    const child = this._start("point" in moment ? { KILL_AT: String(moment.point) } : {});
    if ("milliseconds" in moment) setTimeout(() => child.kill("SIGKILL"), moment.milliseconds);
    await new Promise((resolve) => child.on("close", resolve));
  }

  /** How many points a run has, and how long it takes. */
  public async measure(): Promise<{ points: number; milliseconds: number }> {
    this.reset();
    const file = join(this._folder, "points.txt");
    const start = performance.now();
    const child = this._start({ KILL_COUNT_FILE: file });
    expect(await new Promise((resolve) => child.on("close", resolve))).to.equal(0);
    return { points: Number(readFileSync(file, "utf8")), milliseconds: performance.now() - start };
  }

  /** Expects the iModel as it was, byte for byte, or the whole new one where the run had got that far. */
  public async expectWhole(): Promise<void> {
    const isThere = existsSync(this.iModelPath);
    if (isThere === existsSync(this._before) && (!isThere || contentOf(this.iModelPath) === contentOf(this._before)))
      return;
    await this.expectFinished();
  }

  /** Expects the iModel that a run gives that was never killed. */
  public async expectFinished(): Promise<void> {
    const comparison = await compareIModels(this._after, this.iModelPath);
    expect(comparison.isEqual, JSON.stringify(comparison, undefined, 1)).to.equal(true);
  }

  private _start(environment: NodeJS.ProcessEnv) {
    const flags = [
      "--connectorModule",
      csvConnector,
      "--sourcePath",
      this._source,
      "--outputDir",
      this.out,
      "--verbose",
    ];
    if (this._isSnapshot) flags.push("--isSnapshot");
    const env = { ...process.env, KILL_FOLDER: this.out, ...environment };
    return spawn(process.execPath, ["--import", killPoints, commandLine, ...flags], { env, stdio: "ignore" });
  }

  private _edit(): void {
    const [header, first, , ...rest] = readFileSync(this._source, "utf8").trimEnd().split("\n");
    const edited = first!.replace(/[^,]*$/, "edited");
    const added = rest.at(-1)!.replace(/^[^,]*/, "ADDED-1");
    writeFileSync(this._source, `${[header, edited, ...rest, added].join("\n")}\n`);
  }
}

/** All points and as many random moments as make at least sixty; in the short form a few of each. */
function chooseMoments({ points, milliseconds }: { points: number; milliseconds: number }): Moment[] {
  const atPoints = Array.from({ length: points }, (_, index) => ({ point: index + 1 }));
  const random = (count: number) =>
    Array.from({ length: count }, () => ({ milliseconds: Math.random() * milliseconds }));
  if (isLongTest) return [...atPoints, ...random(Math.max(20, 60 - points))];
  const step = Math.ceil(points / 4);
  return [...atPoints.filter(({ point }) => point % step === step - 1), ...random(1)];
}

for (const isSnapshot of [true, false])
  for (const isIncremental of [true, false]) {
    const kind = isSnapshot ? "a snapshot" : "a standalone iModel";
    it(`A run on ${kind} that is ${isIncremental ? "there" : "new"} can be killed anywhere`, async function () {
      this.timeout(isLongTest ? 3_600_000 : 120_000);
      const demo = await Demo.create(isSnapshot, isIncremental);
      const moments = chooseMoments(await demo.measure());
      for (const moment of moments) {
        demo.reset();
        await demo.kill(moment);
        await demo.expectWhole();
        await demo.finish();
        await demo.expectFinished();
        expect(readdirSync(demo.out), JSON.stringify(moment)).to.deep.equal(["plant.bim"]);
      }
    });
  }
