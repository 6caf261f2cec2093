import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { compareIModels, ConnectorJobDefArgs, ConnectorRunner } from "itwin-connector-framework";
import { commandLine } from "../support/commandLine.js";
import { isLongTest } from "../support/long.js";
import { makeRandom } from "../support/random.js";
import { contentOf, temporaryFolder } from "../support/temporary.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const killPoints = fileURLToPath(new URL("./killPoints.mjs", import.meta.url));
const csvConnector = join(root, "connectors", "csv", "lib", "index.js");

/** Rows of the source in the short form; the long form takes the whole demo. */
const fewRows = 100;

/** What a run passes through. */
interface Course {
  /** Steps of the run that others can see, in their order. */
  points: string[];
  /** From the first point to the end. */
  milliseconds: number;
}

/** When to kill a run: at one of its points, counted from 1, or so long after the first. */
type Moment = { point: number; what: string } | { milliseconds: number };

/** The demo on files of its own: a source, and the same source after an edit, with the iModels that they should give. */
class Demo {
  private readonly _folder = temporaryFolder();
  private readonly _source = join(this._folder, "plant.csv");
  private readonly _before = join(this._folder, "before.bim");
  private readonly _after = join(this._folder, "after.bim");
  private _outputs = 0;

  private constructor(private readonly _isSnapshot: boolean) {}

  /** @param isIncremental - whether there is an iModel of the source before the edit when a run is killed */
  public static async create(isSnapshot: boolean, isIncremental: boolean): Promise<Demo> {
    const demo = new Demo(isSnapshot);
    demo._writeSource();
    const out = demo.prepare();
    if (isIncremental) {
      await demo.finish(out);
      cpSync(iModelIn(out), demo._before);
      demo._edit();
    }
    await demo.finish(out);
    cpSync(iModelIn(out), demo._after);
    return demo;
  }

  /** Makes an output folder as it is before a run. */
  public prepare(): string {
    const out = join(this._folder, `out-${this._outputs++}`);
    mkdirSync(out);
    if (existsSync(this._before)) cpSync(this._before, iModelIn(out));
    return out;
  }

  /** Runs the demo to its end, here. */
  public async finish(out: string): Promise<void> {
    const args = Object.assign(new ConnectorJobDefArgs(), {
      connectorModule: csvConnector,
      sourcePath: this._source,
      outputDir: out,
      isSnapshot: this._isSnapshot,
    });
    const runner = new ConnectorRunner(args);
    await runner.synchronize();
    expect(runner.result.error, String(runner.result.error?.stack)).to.equal(undefined);
  }

  /** Runs the demo in a process of its own and kills it. */
  public async kill(moment: Moment): Promise<string> {
    const out = this.prepare();
    await this._runChild(
      out,
      "point" in moment ? { KILL_AT: String(moment.point) } : { KILL_AFTER: String(moment.milliseconds) },
    );
    return out;
  }

  public async measure(): Promise<Course> {
    const file = join(this._folder, "points.json");
    expect(await this._runChild(this.prepare(), { KILL_POINTS_FILE: file })).to.equal(0);
    return JSON.parse(readFileSync(file, "utf8")) as Course;
  }

  /** Expects that the next run after one that was killed ends as if nothing had happened. */
  public async expectRecovery(out: string): Promise<void> {
    await this._expectWhole(out);
    await this.finish(out);
    await this._expectFinished(out);
    expect(readdirSync(out)).to.deep.equal(["plant.bim"]);
  }

  /** Expects the iModel as it was, byte for byte, or the whole new one where the run had got that far. */
  private async _expectWhole(out: string): Promise<void> {
    const isThere = existsSync(iModelIn(out));
    if (isThere === existsSync(this._before) && (!isThere || contentOf(iModelIn(out)) === contentOf(this._before)))
      return;
    await this._expectFinished(out);
  }

  /** Expects the iModel that a run gives that was never killed. */
  private async _expectFinished(out: string): Promise<void> {
    const comparison = await compareIModels(this._after, iModelIn(out));
    expect(comparison.isEqual, JSON.stringify(comparison, undefined, 1)).to.equal(true);
  }

  private async _runChild(out: string, environment: NodeJS.ProcessEnv): Promise<number | null> {
    const paths = ["--connectorModule", csvConnector, "--sourcePath", this._source, "--outputDir", out];
    const flags = [...paths, "--verbose", ...(this._isSnapshot ? ["--isSnapshot"] : [])];
    const env = { ...process.env, KILL_FOLDER: out, ...environment };
    const child = spawn(process.execPath, ["--import", killPoints, commandLine, ...flags], { env, stdio: "ignore" });
    return new Promise((resolve) => child.on("close", resolve));
  }

  private _writeSource(): void {
    const lines = readFileSync(join(root, "assets", "plant.csv"), "utf8").split("\n");
    writeFileSync(this._source, lines.slice(0, isLongTest ? undefined : fewRows + 1).join("\n"));
  }

  private _edit(): void {
    const [header, first, , ...rest] = readFileSync(this._source, "utf8").trimEnd().split("\n");
    const edited = first!.replace(/[^,]*$/, "edited");
    const added = rest.at(-1)!.replace(/^[^,]*/, "ADDED-1");
    writeFileSync(this._source, `${[header, edited, ...rest, added].join("\n")}\n`);
  }
}

function iModelIn(out: string): string {
  return join(out, "plant.bim");
}

/** In the long form all points and as many random moments as make at least sixty; in the short form some of both. */
function chooseMoments({ points, milliseconds }: Course, random: () => number, everyPhase: boolean): Moment[] {
  const atPoints = points.map((what, index) => ({ point: index + 1, what }));
  const atRandom = (count: number) =>
    Array.from({ length: count }, () => ({ milliseconds: Math.round(random() * milliseconds) }));
  if (isLongTest) return [...atPoints, ...atRandom(Math.max(20, 60 - points.length))];
  if (everyPhase) return [...atPoints.filter(({ what }) => / phase \w+$/.test(what)), ...atRandom(3)];
  const step = Math.ceil(points.length / 4);
  return [...atPoints.filter(({ point }) => point % step === step - 1), ...atRandom(1)];
}

/** Kills a run at each moment. One run starts and is killed while the last one is recovered from, to save time. */
async function killAll(demo: Demo, moments: readonly Moment[]): Promise<void> {
  let killed = demo.kill(moments[0]!);
  for (const [index, moment] of moments.entries()) {
    const out = await killed;
    const next = moments[index + 1];
    if (next !== undefined) killed = demo.kill(next);
    await demo.expectRecovery(out).catch(async (error: unknown) => {
      await killed;
      throw new Error(`Killed at ${JSON.stringify(moment)}`, { cause: error });
    });
  }
}

/** Makes the random moments of a test that failed again: the seed is in its name. */
const seed = Number(process.env.KILL_SEED ?? Date.now() % 1_000_000);

for (const isSnapshot of [true, false])
  for (const isIncremental of [true, false]) {
    const kind = `${isSnapshot ? "a snapshot" : "a standalone iModel"} that is ${isIncremental ? "there" : "new"}`;
    const tag = isIncremental && !isSnapshot ? "" : " @all";
    it(`A run on ${kind} can be killed anywhere (KILL_SEED=${seed})${tag}`, async function () {
      if (isLongTest) this.timeout(3_600_000);
      const demo = await Demo.create(isSnapshot, isIncremental);
      const everyPhase = isSnapshot && isIncremental;
      const moments = chooseMoments(await demo.measure(), makeRandom(seed), everyPhase);
      await killAll(demo, moments);
    });
  }
