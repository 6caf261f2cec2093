import type { ChildProcess } from "node:child_process";
import { constants } from "node:os";
import type { Logger } from "pino";
import type { TaskProgress } from "../../platform/database/columns/RunState.js";
import { programBeside, startProgram } from "../../platform/process/startProgram.js";
import { watchMemory } from "../../platform/process/watchMemory.js";
import type { ConnectorMessage, ConnectorOutcome, ConnectorTask, ErrorDescription, WorkerMessage } from "./messages.js";

/** What the process of a connector may take. */
export interface ProcessLimits {
  /** Of memory; more of it, and the process is killed. */
  megabytes: number;
  /** How long a connector that was told to end may take for that, in seconds, before it is killed. */
  graceSeconds: number;
}

/** The order to end a task early, as the process of the connector receives it. */
export interface AbortOrder {
  /** The code of the `ConnectorError` that the connector ends with. */
  code: string;
  message: string;
  /** Whether the process is killed at once. */
  isUrgent: boolean;
}

/** How a task is followed. */
export interface TaskFollower {
  onProgress: (progress: TaskProgress) => void;
  /** Aborted with an `AbortOrder`. */
  signal: AbortSignal;
}

/** A process in which connectors bring documents into an iModel, one after the other. */
export class ConnectorProcess {
  private readonly _child: ChildProcess;
  private readonly _death: Promise<ConnectorOutcome>;
  private _isAlive = true;
  private _isSpoilt = false;
  /** Why it was killed. */
  private _fault?: ErrorDescription;

  public constructor(
    private readonly _limits: ProcessLimits,
    environment: NodeJS.ProcessEnv,
    log: Logger,
  ) {
    const { megabytes } = _limits;
    this._child = startProgram(programBeside(import.meta.url, "runConnectors"), [], { environment, megabytes, log });
    this._death = new Promise((resolve) => {
      const end = (what: string, exitCode?: number) => {
        this._isAlive = false;
        resolve({ error: { ...(this._fault ?? died(what)), exitCode } });
      };
      this._child.once("exit", (code, signal) => end(howItEnded(code, signal), code ?? exitCodeOf(signal)));
      this._child.on("error", (error) => end(`failed: ${error.message}`)); // it could not be started
    });
    watchMemory(this._child, megabytes, () => (this._fault = outOfMemory(megabytes)));
  }

  /** Whether it can take another task. */
  public get isUsable(): boolean {
    return this._isAlive && !this._isSpoilt;
  }

  /** Carries out a task. Does not throw: an error is a part of the outcome, also when the process dies. */
  public async run(task: ConnectorTask, { onProgress, signal }: TaskFollower): Promise<ConnectorOutcome> {
    const answer = new Promise<ConnectorOutcome>((resolve) => {
      this._child.removeAllListeners("message").on("message", (message: ConnectorMessage) => {
        if (message.kind === "progress") onProgress(message.progress);
        else resolve(message);
      });
    });
    let grace: NodeJS.Timeout | undefined;
    const abort = () => (grace = this._abort(signal.reason as AbortOrder));
    signal.addEventListener("abort", abort);
    this._send({ kind: "start", task });
    try {
      return await Promise.race([answer, this._death]);
    } finally {
      signal.removeEventListener("abort", abort);
      clearTimeout(grace);
    }
  }

  /** Ends it at once. */
  public async kill(): Promise<void> {
    this._child.kill("SIGKILL");
    await this._death;
  }

  /** @returns the timer that kills it, should it not end by itself */
  private _abort(order: AbortOrder): NodeJS.Timeout {
    this._isSpoilt = true; // whatever the connector was waiting for may still be going on
    const patience = order.isUrgent ? 0 : this._limits.graceSeconds;
    this._send({ kind: "abort", code: order.code, reason: order.message });
    return setTimeout(() => this._child.kill("SIGKILL"), patience * 1000);
  }

  private _send(message: WorkerMessage): void {
    this._child.send(message, () => {}); // what cannot be told to a dead process, its death tells
  }
}

function outOfMemory(megabytes: number): ErrorDescription {
  return {
    code: "service/out-of-memory",
    message: `The connector took more than ${megabytes} MB of memory, and was ended.`,
    advice: "Divide the file, or ask the administrator to raise limits.runMegabytes.",
    isRetriable: false,
  };
}

function died(what: string): ErrorDescription {
  return {
    code: "service/connector-died",
    message: `The process of the connector ${what}.`,
    advice: "This is a fault of the connector: the log of the service shows its output; tell its author.",
    isRetriable: false,
  };
}

function howItEnded(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === null) return `ended with exit code ${code}`;
  return `was ended by ${signal}${signal === "SIGABRT" ? ", as happens when memory runs out" : ""}`;
}

/** What a shell would say of a process that a signal has ended. */
function exitCodeOf(signal: NodeJS.Signals | null): number | undefined {
  return signal === null ? undefined : 128 + constants.signals[signal];
}
