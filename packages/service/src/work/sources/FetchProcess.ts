import type { ChildProcess } from "node:child_process";
import type { Logger } from "pino";
import { ConnectorError } from "itwin-connector-framework";
import type { ServiceConfig } from "../../platform/config/ServiceConfig.js";
import { withoutSecrets } from "../../platform/config/withoutSecrets.js";
import { longestTimer } from "../../platform/longestTimer.js";
import { programBeside, startProgram } from "../../platform/process/startProgram.js";
import { watchMemory } from "../../platform/process/watchMemory.js";
import type { FetchFailure, FetchMessage, FetchOutcome } from "./fetchMessages.js";

/** What the fetching process may use of memory, in megabytes. */
const megabytes = 512;

/** How long the fetching process may take to keep a limit of time, in seconds, before it is killed. */
const graceSeconds = 10;

/** What is to be fetched, and into which new file. */
export interface FetchRequest {
  url: string;
  /** The path of the file. */
  path: string;
  /** Whether the content must be JSON. */
  isJson?: boolean;
}

/**
 * Fetches what strangers name in a process of its own, which starts with the first URL. If it dies, what it was fetching
 * fails, and the next URL starts another one.
 */
export class FetchProcess {
  private readonly _waiting = new Map<number, (failure?: FetchFailure) => void>();
  private _child?: ChildProcess;
  private _lastId = 0;

  public constructor(
    private readonly _config: Pick<ServiceConfig, "manifests" | "clients" | "storage">,
    private readonly _log: Logger,
  ) {}

  /** The id of the process, while it runs. */
  public get pid(): number | undefined {
    return this._child?.pid;
  }

  /**
   * Fetches a URL.
   * @throws ConnectorError `fetch/...`; an error of the file system, such as EEXIST; the reason of the signal
   */
  public async fetch({ url, path, isJson = false }: FetchRequest, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const id = ++this._lastId;
    const child = (this._child ??= this._start());
    const abort = () => this._send(child, { kind: "abort", id });
    const deadline = setTimeout(() => child.kill("SIGKILL"), this._deadline);
    signal.addEventListener("abort", abort);
    try {
      const failure = await new Promise<FetchFailure | undefined>((resolve) => {
        this._waiting.set(id, resolve);
        this._send(child, { kind: "fetch", id, url, path, isJson });
      });
      signal.throwIfAborted();
      if (failure !== undefined) throw toError(failure);
    } finally {
      clearTimeout(deadline);
      signal.removeEventListener("abort", abort);
      this._waiting.delete(id);
    }
  }

  /** Ends the process. */
  public close(): void {
    this._child?.kill("SIGKILL");
  }

  private get _deadline(): number {
    return Math.min((this._config.manifests.timeoutSeconds + graceSeconds) * 1000, longestTimer);
  }

  private _start(): ChildProcess {
    const environment = withoutSecrets(this._config);
    const args = [JSON.stringify(this._config.manifests)];
    const child = startProgram(programBeside(import.meta.url, "fetchUrls"), args, {
      environment,
      megabytes,
      log: this._log,
    });
    watchMemory(child, megabytes, () => this._log.warn({ megabytes }, "the fetching process took too much memory"));
    child.on("message", ({ id, failure }: FetchOutcome) => this._waiting.get(id)?.(failure));
    child.once("exit", (code, signal) => this._onEnd(child, `ended with ${signal ?? `exit code ${code}`}`));
    child.once("error", (error) => this._onEnd(child, `failed: ${error.message}`));
    return child;
  }

  private _onEnd(child: ChildProcess, what: string): void {
    if (this._child !== child) return;
    this._child = undefined;
    for (const end of this._waiting.values()) end(died(what));
  }

  private _send(child: ChildProcess, message: FetchMessage): void {
    if (child.connected) child.send(message, () => {}); // the end of the process says what cannot be sent
  }
}

function died(what: string): FetchFailure {
  return {
    code: "fetch/process-died",
    message: `The process that fetches URLs ${what}.`,
    advice: "The server at the URL may send what no client can read; the log of the service may tell more.",
    isRetriable: true,
  };
}

function toError({ code, message, advice, isRetriable, syscall }: FetchFailure): Error {
  if (syscall !== undefined) return Object.assign(new Error(message), { code, syscall });
  return new ConnectorError(code, message, { advice, recovery: isRetriable ? "retriable" : "fatal" });
}
