import { rollUp, type ExecutionResult, type RunJob, type RunTask } from "../platform/database/columns/RunState.js";
import type { ConnectorOutcome, ErrorDescription } from "./process/messages.js";
import { summarize, toFault, toTaskError } from "./taskErrors.js";

/** The jobs of a run while it is executed. What changes here is written by whoever holds the lease. */
export class RunJobs {
  public readonly jobs: RunJob[];

  public constructor(jobs: readonly RunJob[]) {
    this.jobs = structuredClone(jobs) as RunJob[];
  }

  /** The tasks in the order in which they are executed: named files before those that they refer to. */
  public get inOrder(): { job: RunJob; task: RunTask }[] {
    const all = this.jobs.flatMap((job) => job.tasks.map((task) => ({ job, task })));
    const isReference = ({ task }: { task: RunTask }) => task.phase === "ReferenceFile";
    return [...all.filter((entry) => !isReference(entry)), ...all.filter(isReference)];
  }

  /** What the tasks come to together. */
  public get result(): ExecutionResult {
    return rollUp(this.inOrder.map(({ task }) => task.result));
  }

  public start(job: RunJob, task: RunTask): void {
    const startDateTime = new Date().toISOString();
    Object.assign(task, { state: "Executing", startDateTime: task.startDateTime ?? startDateTime });
    Object.assign(job, { state: "Executing", startDateTime: job.startDateTime ?? startDateTime });
  }

  public end(job: RunJob, task: RunTask, result: ExecutionResult, outcome: ConnectorOutcome): void {
    const endDateTime = new Date().toISOString();
    const startDateTime = task.startDateTime ?? endDateTime;
    Object.assign(task, { state: "Completed", result, startDateTime, endDateTime, progress: undefined });
    const { error } = outcome;
    Object.assign(task, { error: error && toTaskError(error), fault: error && toFault(error) });
    task.report = summarize(outcome);
    job.startDateTime ??= startDateTime;
    if (job.tasks.every(({ state }) => state === "Completed"))
      Object.assign(job, { state: "Completed", result: rollUp(job.tasks.map((own) => own.result)), endDateTime });
  }

  /** Ends what is not over yet. */
  public endRest(result: ExecutionResult, error: ErrorDescription): void {
    for (const { job, task } of this.inOrder) if (task.state !== "Completed") this.end(job, task, result, { error });
  }

  /** Ends all tasks of a run that recorded nothing, finished ones too. Tasks that had failed keep their errors. */
  public failAll(error: ErrorDescription): void {
    for (const { job, task } of this.inOrder) {
      if (task.result !== "Error") this.end(job, task, "Error", { error });
      else task.report = summarize({ error: task.fault });
    }
  }

  /** Lets a task wait for its next attempt. */
  public retry(task: RunTask): void {
    task.state = "WaitingToRetry";
    task.retryAttempts++;
    task.progress = undefined;
  }

  /**
   * Lets all that was begun wait for the next attempt. Tasks that were done are done again: nothing of a run is recorded
   * before its end.
   * @param counts - whether this was an attempt
   */
  public retryAll({ counts }: { counts: boolean }): void {
    for (const { job, task } of this.inOrder) {
      if (task.startDateTime === undefined) continue;
      if (counts) this.retry(task);
      else Object.assign(task, { state: "Queued", progress: undefined });
      const nothing = { error: undefined, fault: undefined, report: undefined, endDateTime: undefined };
      Object.assign(task, { result: "Undetermined", ...nothing });
      Object.assign(job, { state: task.state, result: "Undetermined", endDateTime: undefined });
    }
  }
}
