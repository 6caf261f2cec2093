import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { expectDefined } from "@itwin/core-bentley";
import { describeLocation, type ConnectorError } from "../../ConnectorError.js";
import { ConnectorJobDefArgs } from "../../connector/ConnectorJobDefArgs.js";
import { makeTemporaryFolder } from "../../files/temporaryFolder.js";
import { LocalTarget } from "../../imodel/LocalTarget.js";
import { ConnectorRunner } from "../../run/ConnectorRunner.js";
import type { RunOptions } from "../../run/RunOptions.js";
import type { RunResult } from "../../run/RunResult.js";
import { BreakingRunner, type BreakPoint } from "./BreakingRunner.js";
import { Finding } from "./Finding.js";
import { IModelState } from "./IModelState.js";

/** How a run differs from a plain one. */
export interface BenchRun extends RunOptions {
  /** Where it is made to fail. */
  breakPoint?: BreakPoint;
  /** So many entities are written before that, if it fails halfway. */
  writesBefore?: number;
  /** Other arguments of the job. */
  job?: Partial<ConnectorJobDefArgs>;
  /** Makes the runner. Default: a plain one, or one that breaks. */
  makeRunner?: (args: ConnectorJobDefArgs, options: RunOptions) => ConnectorRunner;
  /** Gets the runner before it runs. */
  watch?: (runner: ConnectorRunner) => void;
}

/** A temporary folder with a source and one iModel, on which a connector is run. */
export class Workbench {
  private readonly _temporary = makeTemporaryFolder();
  /** Removed by `dispose`. */
  public readonly folder = this._temporary.path;
  private readonly _outputDir = join(this.folder, "out");
  private readonly _keptDir = join(this.folder, "kept");
  private _iModelPath?: string;
  private _copies = 0;

  public constructor(
    private readonly _connectorModule: string,
    private readonly _argsJson: unknown,
  ) {
    mkdirSync(this._outputDir);
  }

  /** Where sources are put. */
  public get sourceFolder(): string {
    return join(this.folder, "source");
  }

  /** The iModel, once a run has made it. */
  public get iModelPath(): string | undefined {
    return this._iModelPath !== undefined && existsSync(this._iModelPath) ? this._iModelPath : undefined;
  }

  /** What is in the folder of the iModel. */
  public get outputNames(): string[] {
    return readdirSync(this._outputDir);
  }

  /** The state that the iModel is in. */
  public state(): IModelState {
    return IModelState.of(expectDefined(this._iModelPath), join(this.folder, `state-${++this._copies}.bim`));
  }

  /** Runs the connector on a source file. */
  public async run(sourcePath: string, options: BenchRun = {}): Promise<RunResult> {
    const { breakPoint, writesBefore = 0, job, watch, makeRunner, ...more } = options;
    const runOptions: RunOptions = { maxDeletions: "none", ...more }; // a sample may delete most of its entities
    this._nameIModelAfter(sourcePath);
    const args = Object.assign(new ConnectorJobDefArgs(), this._args(sourcePath), job);
    const plain = () => new ConnectorRunner(args, undefined, runOptions);
    const breaking = () => Object.assign(new BreakingRunner(args, undefined, runOptions), { breakPoint, writesBefore });
    const runner = makeRunner?.(args, runOptions) ?? (breakPoint === undefined ? plain() : breaking());
    watch?.(runner);
    await runner.synchronize();
    return runner.result;
  }

  /** The same for a source that must be accepted. */
  public async sync(sourcePath: string, options?: BenchRun): Promise<RunResult> {
    const result = await this.run(sourcePath, options);
    if (result.error !== undefined)
      throw new Finding(`a run on ${basename(sourcePath)} to succeed`, describeError(result.error));
    return result;
  }

  /** Keeps the iModel as it is, for `restore`. */
  public keep(): void {
    cpSync(this._outputDir, this._keptDir, { recursive: true });
  }

  /** Makes the iModel what it was when it was kept. */
  public restore(): void {
    rmSync(this._outputDir, { recursive: true });
    cpSync(this._keptDir, this._outputDir, { recursive: true });
  }

  /** Removes the folder. */
  public dispose(): void {
    this._temporary.remove();
  }

  private _args(sourcePath: string): Partial<ConnectorJobDefArgs> {
    return {
      connectorModule: this._connectorModule,
      sourcePath,
      outputDir: this._outputDir,
      argsJson: this._argsJson,
      isSnapshot: true,
    };
  }

  /** An iModel has the name of its source, so that several documents go into one only under the name of each. */
  private _nameIModelAfter(sourcePath: string): void {
    const path = LocalTarget.pathFor(sourcePath, this._outputDir);
    const before = this.iModelPath;
    if (before !== undefined && before !== path) renameSync(before, path);
    this._iModelPath = path;
  }
}

/** An error in one line. */
export function describeError(error: ConnectorError): string {
  const location = describeLocation(error.source);
  return `error [${error.code}] ${location && `${location}: `}${error.message}`;
}
