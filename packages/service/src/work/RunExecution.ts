import { setTimeout as delay } from "node:timers/promises";
import type { Transaction } from "kysely";
import { messageOf } from "itwin-connector-framework/internal";
import type { IModelBank } from "itwin-connector-framework/internal";
import { DatabaseUnavailable } from "../platform/database/DatabaseUnavailable.js";
import type { RunRow, Tables } from "../platform/database/tables.js";
import { chunksOf } from "../platform/chunks.js";
import { divideSettings, settingsOfRun, type RunSettings } from "../runs/settings/settingsOfRun.js";
import { longestTimer } from "../platform/longestTimer.js";
import { withoutSecrets } from "../platform/config/withoutSecrets.js";
import type { RunJob, RunPhaseName, RunTask } from "../platform/database/columns/RunState.js";
import { ConnectorProcess } from "./process/ConnectorProcess.js";
import { describeError } from "./process/describeError.js";
import { Heartbeat } from "./Heartbeat.js";
import type { ConnectorOutcome, ConnectorReport, ConnectorTask } from "./process/messages.js";
import { LeaseLost, type RunLease, type RunOutcome } from "./RunLeases.js";
import { RunJobs } from "./RunJobs.js";
import { RunStop, type StopKind } from "./RunStop.js";
import type { RunSurroundings } from "./RunSurroundings.js";
import { FetchProcess } from "./sources/FetchProcess.js";
import { ManifestSources } from "./sources/ManifestSources.js";
import { StorageSources } from "./sources/StorageSources.js";
import type { TaskSource, TaskSources } from "./sources/TaskSources.js";
import { isDiskFull, WorkFolder } from "./sources/WorkFolder.js";
import { withoutFolder } from "./taskErrors.js";
import { toJson } from "./toJson.js";
import { whenAvailable } from "./whenAvailable.js";
import type { WorkerContext } from "./WorkerContext.js";
import type { WorkerTimes } from "./WorkerTimes.js";

/** What an execution works with. */
export interface ExecutionArgs {
  context: WorkerContext;
  surroundings: RunSurroundings;
  times: WorkerTimes;
  /** The run as it was taken up. */
  run: RunRow;
  lease: RunLease;
}

/**
 * One attempt at a run: brings its files into a folder, lets a connector bring each of them into a copy of the iModel, and
 * publishes what that has gained, in the transaction that ends the run. Whatever happens before leaves no trace but in
 * the record of the run.
 */
export class RunExecution {
  private readonly _log: WorkerContext["log"];
  private readonly _jobs: RunJobs;
  private readonly _sources: TaskSources;
  private readonly _stopper = new AbortController();
  private readonly _heartbeat: Heartbeat;
  private readonly _folder: WorkFolder;
  private readonly _brought = new Map<string, TaskSource>();
  private readonly _reports = new Map<string, ConnectorReport>();
  private _state: "WaitingToExecute" | "Executing" | "Finalizing" = "WaitingToExecute";
  private _phase: RunPhaseName;
  private _bank?: IModelBank;
  private _process?: ConnectorProcess;

  public constructor(private readonly _args: ExecutionArgs) {
    const { context, surroundings, run, lease, times } = _args;
    this._log = context.log.child({ runId: run.id });
    this._jobs = new RunJobs(run.jobs);
    this._phase = run.phase;
    this._folder = WorkFolder.of(context.config.dataDirectory, lease.leaseId);
    this._sources =
      run.manifest === null
        ? new StorageSources(surroundings.files)
        : new ManifestSources(run.manifest, run.imodel_id, new FetchProcess(context.config, this._log));
    this._heartbeat = new Heartbeat(lease, times, (kind) => this.stop(kind));
  }

  /** Executes the run. Does not throw. */
  public async execute(): Promise<void> {
    const { runSeconds } = this._args.context.config.limits;
    const deadline = setTimeout(() => this.stop("timedOut"), Math.min(runSeconds * 1000, longestTimer));
    if (this._args.run.cancel_requested) this.stop("cancelled");
    const isOver = this._args.context.ongoing.add(() => ({ runId: this._args.run.id }));
    try {
      await this._run();
    } catch (error) {
      await this._endAttempt(error);
    } finally {
      clearTimeout(deadline);
      this._heartbeat.stop();
      await this._tidyUp();
      isOver();
    }
  }

  /** Stops it before its end. The first reason counts. */
  public stop(kind: StopKind): void {
    if (!this._stopper.signal.aborted) this._stopper.abort(new RunStop(kind));
  }

  /** Why it is stopped, if it is. */
  private _whyStopped(): RunStop | undefined {
    return this._stopper.signal.reason as RunStop | undefined;
  }

  private async _run(): Promise<void> {
    await this._folder.make();
    for (const { job, task } of this._jobs.inOrder) await this._bring(job, task);
    this._state = "Executing";
    for (const { job, task } of this._jobs.inOrder) await this._execute(job, task);
    await this._process?.kill();
    await this._finish();
  }

  /** Brings the file of a task. A task whose file cannot be brought is over. */
  private async _bring(job: RunJob, task: RunTask): Promise<void> {
    const bring = async (): Promise<ConnectorOutcome> => {
      try {
        const { signal } = this._stopper;
        const source = await whenAvailable(signal, () => this._sources.bring(task, this._folder, signal));
        this._brought.set(task.id, source);
        return {};
      } catch (error) {
        // The file may be there, and another worker have room for it.
        if (error instanceof DatabaseUnavailable || isDiskFull(error)) throw error;
        return { error: describeError(error, "fetch", "service/source-unavailable") };
      }
    };
    const outcome = await this._withRetries(task, bring);
    if (outcome?.error !== undefined) await this._end(job, task, outcome);
  }

  private async _execute(job: RunJob, task: RunTask): Promise<void> {
    const source = this._brought.get(task.id);
    if (source === undefined || task.state === "Completed" || this._whyStopped() !== undefined) return;
    this._jobs.start(job, task);
    this._phase = task.phase;
    await this._save();
    const outcome = await this._withRetries(task, () => this._runConnector(job, task, source));
    if (outcome !== undefined) await this._end(job, task, outcome);
  }

  private async _end(job: RunJob, task: RunTask, outcome: ConnectorOutcome): Promise<void> {
    const shown = withoutFolder(outcome, this._folder.path);
    if (shown.report !== undefined) this._reports.set(task.id, shown.report);
    this._jobs.end(job, task, shown.error === undefined ? "Success" : "Error", shown);
    await this._save();
  }

  /** @returns undefined where the run was stopped meanwhile, so that nothing is to be said of the task itself */
  private async _withRetries(
    task: RunTask,
    attempt: () => Promise<ConnectorOutcome>,
  ): Promise<ConnectorOutcome | undefined> {
    const { signal } = this._stopper;
    for (const seconds of [...this._args.times.taskRetries, undefined]) {
      if (this._whyStopped() !== undefined) return undefined;
      const outcome = await attempt();
      if (this._whyStopped() !== undefined && outcome.error !== undefined) return undefined;
      if (outcome.error?.isRetriable !== true || seconds === undefined) return outcome;
      this._jobs.retry(task);
      await this._save();
      await delay(seconds * 1000, undefined, { signal }).catch(() => {}); // the next turn sees that it was stopped
      if (this._state === "Executing") task.state = "Executing";
    }
    return undefined;
  }

  private async _runConnector(job: RunJob, task: RunTask, source: TaskSource): Promise<ConnectorOutcome> {
    const connector = source.document.unmap ? {} : this._connectorFor(job);
    if (connector === undefined) return { error: unknownType(job.connectorType) };
    const { imodel_id: iModelId } = this._args.run;
    const { histories } = this._args.surroundings;
    const connectorProcess = this._usableProcess(); // it starts while the iModel is brought
    const bank = (this._bank ??= await this._whenAvailable(() => histories.bring(iModelId)));
    const connectorTask: ConnectorTask = {
      ...source,
      ...connector,
      ...(await this._settings()),
      bankUrl: bank.layout.folder,
      iModelId,
      cacheDirectory: histories.cacheDirectory,
    };
    const onProgress = (progress: RunTask["progress"]) => {
      task.progress = progress;
      this._heartbeat.saveWithNext(() => this._save());
    };
    return connectorProcess.run(connectorTask, { onProgress, signal: this._stopper.signal });
  }

  /** The same for all tasks and attempts. A run that an older version has created takes them now. */
  private async _settings(): Promise<RunSettings> {
    const { context, run } = this._args;
    const found = run.settings ?? (await this._whenAvailable(() => settingsOfRun(context.db, run.connection_id)));
    return divideSettings(found);
  }

  private _connectorFor({ connectorType }: RunJob): Pick<ConnectorTask, "connectorModule" | "argsJson"> | undefined {
    const { connectors } = this._args.context.config;
    const connector = Object.hasOwn(connectors, connectorType) ? connectors[connectorType] : undefined;
    return connector && { connectorModule: connector.module, argsJson: connector.argsJson };
  }

  /** One process for all tasks, unless it dies. */
  private _usableProcess(): ConnectorProcess {
    if (this._process?.isUsable) return this._process;
    const { context, times } = this._args;
    const limits = { megabytes: context.config.limits.runMegabytes, graceSeconds: times.grace };
    return (this._process = new ConnectorProcess(limits, withoutSecrets(context.config), this._log));
  }

  private async _save(): Promise<void> {
    const { lease } = this._args;
    await this._whenAvailable(() => lease.save({ state: this._state, phase: this._phase, jobs: this._jobs.jobs }));
  }

  /** A database that is away for a moment does not cost the attempt. The lease ends the patience. */
  private async _whenAvailable<T>(work: () => Promise<T>): Promise<T> {
    return whenAvailable(this._stopper.signal, work);
  }

  /** Publishes what is done, and ends the run with it. */
  private async _finish(): Promise<void> {
    const stop = this._whyStopped();
    if (stop !== undefined) {
      if (stop.result === undefined) throw stop;
      this._jobs.endRest(stop.result, describeError(stop, "data", stop.code));
    }
    this._state = "Finalizing";
    await this._save();
    const error = stop && { errorKey: stop.code, description: stop.message };
    const outcome: RunOutcome = { result: stop?.result ?? this._jobs.result, jobs: this._jobs.jobs, error };
    // Where the answer to the commit was lost, the second time finds that the lease is over, as is the run.
    await this._whenAvailable(() => this._publish((transaction) => this._record(transaction, outcome)));
    this._args.context.metrics.runs.inc({ result: outcome.result });
    this._log.info({ result: outcome.result }, "run completed");
  }

  private async _publish(alsoInTransaction: (transaction: Transaction<Tables>) => Promise<void>): Promise<void> {
    const { context, surroundings, run } = this._args;
    if (this._bank === undefined) return context.db.transaction().execute(alsoInTransaction);
    const by = { runId: run.id, userName: run.requested_by };
    await surroundings.histories.publish(run.imodel_id, by, alsoInTransaction);
  }

  private async _record(transaction: Transaction<Tables>, outcome: RunOutcome): Promise<void> {
    await this._args.lease.finish(transaction, outcome);
    const runId = this._args.run.id;
    const reports = [...this._reports].map(([taskId, report]) => ({
      run_id: runId,
      task_id: taskId,
      report: toJson(report),
    }));
    for (const chunk of chunksOf(reports, 100)) await transaction.insertInto("task_reports").values(chunk).execute();
  }

  /** What is to become of a run that could not be brought to its end here. */
  private async _endAttempt(error: unknown): Promise<void> {
    if (error instanceof LeaseLost || this._whyStopped()?.kind === "leaseLost") {
      this._log.warn("the run was lost to another worker");
      return;
    }
    try {
      if (error instanceof RunStop || error instanceof DatabaseUnavailable) await this._giveBack({ counts: false });
      else await this._retryOrFail(error);
    } catch (failure) {
      this._log.error({ err: failure }, "the run could not be given back; it will be when its lease is over");
    }
  }

  private async _retryOrFail(error: unknown): Promise<void> {
    this._log.error({ err: error }, "the run failed");
    const { context, run, lease } = this._args;
    if (run.attempts < context.config.limits.runAttempts) return this._giveBack({ counts: true });
    const failure = { errorKey: "service/run-failed", description: `The service failed: ${messageOf(error)}` };
    this._jobs.failAll({ code: failure.errorKey, message: failure.description, isRetriable: false });
    const outcome: RunOutcome = { result: "Error", jobs: this._jobs.jobs, error: failure };
    await context.db.transaction().execute((transaction) => lease.finish(transaction, outcome));
    context.metrics.runs.inc({ result: "Error" });
  }

  private async _giveBack({ counts }: { counts: boolean }): Promise<void> {
    const { run, lease, times } = this._args;
    this._jobs.retryAll({ counts });
    await lease.giveBack(this._jobs.jobs, { counts, delaySeconds: counts ? times.runRetry * run.attempts : 0 });
  }

  private async _tidyUp(): Promise<void> {
    try {
      await this._process?.kill();
      await this._sources.close();
      await this._folder.remove();
    } catch (error) {
      this._log.warn({ err: error }, "the folder of the run is left behind");
    }
  }
}

function unknownType(connectorType: string): ConnectorOutcome["error"] {
  return {
    code: "service/unknown-connector-type",
    message: `This service has no connector for files of the type ${connectorType}.`,
    advice: `Ask the administrator to name a module for ${connectorType} under connectors in the configuration.`,
    isRetriable: false,
  };
}
