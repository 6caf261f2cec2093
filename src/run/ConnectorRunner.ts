import { BentleyStatus, Logger, type BeEvent } from "@itwin/core-bentley";
import envPaths from "env-paths";
import { ConnectorError } from "../ConnectorError.js";
import { ConnectorLoggerCategory } from "../ConnectorLoggerCategory.js";
import { ConnectorJobDefArgs } from "../connector/ConnectorJobDefArgs.js";
import type { ITwinConnector } from "../connector/ITwinConnector.js";
import { loadConnector } from "../connector/loadConnector.js";
import { abortable } from "./abortable.js";
import { checkArguments, isWrapUpOnly } from "./checkArguments.js";
import { parseJobArguments } from "./jobArguments.js";
import { OpenedResources } from "./OpenedResources.js";
import { RunAttempt, type AttemptOptions, type RunContext } from "./RunAttempt.js";
import type { RunOptions } from "./RunOptions.js";
import { ProgressReporter, type RunProgress } from "./RunProgress.js";
import type { RunResult } from "./RunResult.js";
import type { IModelBankArgs, ServerArgs } from "./ServerArgs.js";
import { synchronizeSource } from "./synchronizeSource.js";
import { unmapDocument } from "./unmapDocument.js";
import { wrapUp } from "./wrapUp.js";

/**
 * Runs one job: synchronizes a source with an iModel, through a connector.
 *
 * The phases, in order; docs/life-cycle.md says which methods of the connector each one calls:
 * 1. `arguments` are checked, the connector module is `load`ed, the source is `fetch`ed if it is remote, and the connector
 *    is `initialize`d;
 * 2. `open`: the host is started and the iModel opened, or created, through a target;
 * 3. `source`: the connector opens its source and looks at the iModel;
 * 4. `schemas` are imported; the `job`'s Subject is found or inserted; `definitions` are imported;
 * 5. `data`: the connector reports every entity of the source; `deletion`: elements that were not seen are deleted;
 * 6. `finish`: project extents, document states, the record of success, and the commit.
 *
 * A run is all or nothing: before the commit no reader sees any of it, and after a failure at any point the iModel is
 * the one that was there.
 * @public
 */
export class ConnectorRunner {
  private readonly _run: RunContext;
  /** The latest attempt. */
  private _attempt: RunAttempt;
  /** Ends what the run waits for now. Each abort ends the present waits, so that a second one ends a hanging close. */
  private _abort = new AbortController();
  private _isDone = false;
  private _error?: ConnectorError;

  /**
   * @param jobDefArgs - what to do; copied, so that later changes have no effect
   * @param serverArgs - the versioned iModel to write to, instead of a local one
   * @param options - how to run it
   */
  public constructor(
    jobDefArgs: ConnectorJobDefArgs,
    serverArgs?: ServerArgs | IModelBankArgs,
    options: RunOptions = {},
  ) {
    const { signal } = this._abort;
    this._run = {
      args: Object.assign(new ConnectorJobDefArgs(), jobDefArgs),
      serverArgs,
      options,
      cacheDirectory: options.cacheDirectory ?? envPaths("itwin-connector-framework", { suffix: "" }).cache,
      progress: new ProgressReporter(),
      opened: new OpenedResources(signal, (closing) => abortable(closing, this._abort.signal)),
      signal,
      makeConnector: () => this.makeConnector(),
    };
    this._attempt = new RunAttempt(this._run, { locksAll: false, trustsFindings: true });
  }

  /**
   * A runner for command line arguments: the flags of `connector-runner`, their older spellings (`--fwk-input=` and
   * so on), and `@file` for a file with one argument a line.
   * @throws ConnectorError `usage/...` for arguments that cannot be understood
   */
  public static fromArgs(args: string[]): ConnectorRunner {
    const { jobDefArgs, serverArgs, options } = parseJobArguments(args);
    return new ConnectorRunner(jobDefArgs, serverArgs, options);
  }

  /**
   * Keeps a copy of the iModel as it was before the run, to compare it with. If the run creates the iModel, there is none.
   * @param path - where there is nothing yet
   * @internal
   */
  public copyBeforeTo(path: string): void {
    this._run.copyBeforeTo = path;
  }

  /** Raised when a phase begins and whenever there is news. */
  public get onProgress(): BeEvent<(progress: RunProgress) => void> {
    return this._run.progress.onProgress;
  }

  /** What the run has done; complete when `synchronize` has resolved. */
  public get result(): RunResult {
    return {
      status: this._isDone && this._error === undefined ? BentleyStatus.SUCCESS : BentleyStatus.ERROR,
      dryRun: this._run.options.dryRun ?? false,
      ...this._attempt.result,
      phases: this._run.progress.phases,
      error: this._error,
    };
  }

  /** Where fetched sources and briefcases are kept. Always defined; the type is that of the required interface. */
  public getCacheDirectory(): string | undefined {
    return this._run.cacheDirectory;
  }

  /**
   * Runs the job. A runner runs once.
   * @returns SUCCESS, or ERROR for a run that failed; `result.error` says why
   */
  public async synchronize(): Promise<BentleyStatus> {
    if (this._run.progress.phases.length > 0) throw new Error("a ConnectorRunner runs once; make a new one");
    try {
      await abortable(this._attemptAll(), this._run.signal);
      this._isDone = true;
    } catch (error) {
      this._error = this._attempt.describeFailure(error);
    }
    await this._close();
    if (this._error !== undefined)
      Logger.logError(ConnectorLoggerCategory.Framework, `${this._error.code}: ${this._error.message}`);
    return this.result.status;
  }

  /**
   * Ends the run with an error whatever it is waiting for, so that `synchronize` resolves even where a connector never
   * does. The iModel is as it was then. Too late once the commit has begun.
   * @param reason - becomes the error of the run
   */
  public abort(reason: unknown): void {
    if (this._attempt.isCommitting) return;
    const current = this._abort;
    this._abort = new AbortController();
    current.abort(reason);
  }

  /**
   * Loads the connector. The conformance suite overrides it to make runs fail.
   * @internal
   */
  protected async makeConnector(): Promise<ITwinConnector> {
    return loadConnector(String(this._run.args.connectorModule));
  }

  /**
   * A run of a known job leaves the rest of a versioned iModel to other jobs, and relies on what the last run found out about
   * the source. If it turns out to need more than its own part, for a new schema for example, or if the findings no longer hold,
   * it is undone and attempted again. Each of the two happens at most once.
   */
  private async _attemptAll(): Promise<void> {
    for (let next = await this._tryAttempt(); next !== undefined; next = await this._tryAttempt()) {
      Logger.logInfo(ConnectorLoggerCategory.Framework, `starting again: ${JSON.stringify(next)}`);
      await this._close();
      if (this._error !== undefined) return;
      this._attempt = new RunAttempt(this._run, next);
    }
  }

  /** @returns how the run has to be attempted again; undefined when it is done */
  private async _tryAttempt(): Promise<AttemptOptions | undefined> {
    try {
      await this._runAttempt();
      return undefined;
    } catch (error) {
      const next = this._attempt.optionsAfter(error);
      if (next === undefined) throw error;
      return next;
    }
  }

  private async _runAttempt(): Promise<void> {
    const { args, serverArgs, options } = this._run;
    const attempt = this._attempt;
    await attempt.phase("arguments", async () => {
      checkArguments(args, serverArgs, options);
      await attempt.openRejects();
    });
    if (options.unmap) await unmapDocument(attempt);
    else if (isWrapUpOnly(args)) await wrapUp(attempt);
    else await synchronizeSource(attempt);
  }

  /** The first error of the run stays the one reported. */
  private async _close(): Promise<void> {
    for (const error of await this._run.opened.close())
      this._error ??= ConnectorError.from(error, this._run.progress.phase, "run/release-failed");
  }
}
