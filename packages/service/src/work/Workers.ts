import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { RunRow } from "../platform/database/tables.js";
import { Repetition } from "./Repetition.js";
import { RunExecution } from "./RunExecution.js";
import { RunLease } from "./RunLeases.js";
import type { RunSurroundings } from "./RunSurroundings.js";
import { AbandonedRuns } from "./AbandonedRuns.js";
import type { WorkerContext } from "./WorkerContext.js";
import { defaultTimes, type WorkerTimes } from "./WorkerTimes.js";

/**
 * The workers of a process: take runs out of the queue, as many at a time as `config.workers` says, and execute them. Also
 * in a process that executes none, they look after runs whose worker has died.
 */
export class Workers {
  private readonly _times: WorkerTimes;
  private readonly _watch: AbandonedRuns;
  private readonly _executions = new Map<RunExecution, Promise<void>>();
  private _isClosing = false;
  private _looking?: Repetition;
  private _taking?: Repetition;
  private _stopListening?: () => void;

  public constructor(
    private readonly _context: WorkerContext,
    private readonly _surroundings: RunSurroundings,
    times: Partial<WorkerTimes> = {},
  ) {
    this._times = { ...defaultTimes, ...times };
    this._watch = new AbandonedRuns(_context);
  }

  /** Begins to take up runs. */
  public start(): void {
    const onError = (error: unknown) => this._context.log.error({ err: error }, "the queue of runs cannot be read");
    const taking = new Repetition(this._times.polling, () => this._takeUp(), onError);
    this._taking = taking;
    this._looking = new Repetition(this._times.watch, () => this._watch.look(), onError);
    this._stopListening = this._context.queue.onWaiting.addListener(() => taking.wake());
  }

  /** Takes up no more runs, waits a while for those that are executed, and hands the others on. */
  public async close(): Promise<void> {
    this._isClosing = true;
    this._stopListening?.();
    await Promise.all([this._taking?.close(), this._looking?.close()]);
    const patience = new AbortController();
    const wait = delay(this._times.closing * 1000, undefined, { signal: patience.signal }).catch(() => {});
    await Promise.race([wait, this._ended()]);
    patience.abort();
    for (const execution of this._executions.keys()) execution.stop("closing");
    await this._ended();
  }

  private async _ended(): Promise<void> {
    await Promise.all(this._executions.values());
  }

  /** Takes up runs while there are some, and workers for them. */
  private async _takeUp(): Promise<void> {
    while (!this._isClosing && this._executions.size < this._context.config.workers) {
      const leaseId = `${hostname()}-${process.pid}-${randomUUID()}`;
      const run = await this._context.queue.take(leaseId, this._times.lease);
      if (run === undefined) return;
      this._execute(run, new RunLease(this._context.db, run.id, leaseId, this._times.lease));
    }
  }

  private _execute(run: RunRow, lease: RunLease): void {
    const { metrics } = this._context;
    const execution = new RunExecution({
      context: this._context,
      surroundings: this._surroundings,
      times: this._times,
      run,
      lease,
    });
    metrics.executing.inc();
    const ended = execution.execute().finally(() => {
      metrics.executing.dec();
      this._executions.delete(execution);
      this._taking?.wake();
    });
    this._executions.set(execution, ended);
  }
}
