import { statSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { expectDefined } from "@itwin/core-bentley";
import { ConnectorError } from "itwin-connector-framework";
import type { ReportedIssue } from "../model/records.js";
import type { FaultDescription } from "./IfcFault.js";
import type { Reply, Request, Requests, WorkerData } from "./messages.js";
import { execArgv, stackSizeMb, threadModule } from "./threadModule.js";

/** The heap of the thread, in MB. The index of the file comes on top of it. */
const [smallestHeapMb, largestHeapMb] = [2000, 4096] as const;

/**
 * The heap that the thread may have for a file, in MB. Most files need far less; but the more V8 may have, the more garbage it
 * leaves: above 2 GB, up to four times what is in use.
 */
function heapMbFor(path: string): number {
  const megabytes = statSync(path).size / 2 ** 20;
  return Math.round(Math.min(Math.max(smallestHeapMb, 8 * megabytes), largestHeapMb));
}

interface PendingRequest {
  resolve(answer: never): void;
  reject(error: Error): void;
}

/** Who listens to a thread. */
export interface ThreadListener {
  onIssue(issue: ReportedIssue): void;
  onProgress(done: number, total: number): void;
}

/** The thread that reads a file, as the main thread has it. */
export class IfcThread {
  private readonly _worker: Worker;
  private readonly _pending = new Map<number, PendingRequest>();
  private _requests = 0;

  /**
   * Starts the thread, which opens the file at once.
   * @param _sourcePath - the file as the user knows it, for errors
   */
  public constructor(
    data: WorkerData,
    private readonly _sourcePath: string,
    private readonly _listener: ThreadListener,
  ) {
    const resourceLimits = { maxOldGenerationSizeMb: heapMbFor(data.path), stackSizeMb };
    this._worker = new Worker(threadModule("ifcWorker"), { workerData: data, resourceLimits, execArgv });
    this._worker.unref(); // a run that ends early must not keep the process
    this._worker.on("message", (reply: Reply) => this._take(reply));
    this._worker.on("error", (error) => this._fail(error));
    this._worker.on("exit", (code) => this._fail(new Error(`the thread ended with code ${code}`)));
  }

  /**
   * Asks the thread for something.
   * @throws ConnectorError for a fault of the file
   */
  public async ask<Name extends keyof Requests>(
    name: Name,
    ...args: Requests[Name]["args"]
  ): Promise<Requests[Name]["answer"]> {
    const number = this._requests++;
    const request: Request<Name> = { number, name, args };
    const answer = new Promise<Requests[Name]["answer"]>((resolve, reject) =>
      this._pending.set(number, { resolve, reject }),
    );
    this._worker.ref();
    this._worker.postMessage(request);
    return answer;
  }

  /** Ends the thread and those that mesh for it, which gives all of their memory back. */
  public async end(): Promise<void> {
    this._worker.removeAllListeners(); // a late answer must not release the process before the thread has ended
    await this._worker.terminate();
  }

  private _take(reply: Reply): void {
    if ("done" in reply) {
      this._listener.onProgress(reply.done, reply.total);
      return;
    }
    const pending = expectDefined(this._pending.get(reply.number));
    this._pending.delete(reply.number);
    if (this._pending.size === 0) this._worker.unref();
    if ("answer" in reply) {
      for (const issue of reply.issues) this._listener.onIssue(issue);
      pending.resolve(reply.answer as never);
    } else pending.reject("fault" in reply ? this._errorOf(reply.fault) : new Error(reply.failure));
  }

  private _fail(cause: Error): void {
    const error = new ConnectorError("ifc/reader-failed", `The file could not be read: ${cause.message}`, {
      source: { file: this._sourcePath },
      advice: "See whether the memory of this machine is enough; otherwise please report it.",
      cause,
    });
    for (const pending of this._pending.values()) pending.reject(error);
    this._pending.clear();
  }

  private _errorOf({ key, message, advice, line }: FaultDescription): ConnectorError {
    return new ConnectorError(`ifc/${key}`, message, { source: { file: this._sourcePath, line }, advice });
  }
}
