import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { credentialsFile } from "../src/platform/auth/ownClient.js";
import { commandLine } from "../../../test/support/commandLine.js";

/** How a process of the service is started. */
export interface ProcessOptions {
  dataDirectory: string;
  /** The path of the configuration. */
  config?: string;
  /** The URL of a Postgres server. */
  databaseUrl?: string;
  workers?: number;
  /** Whether the process is started again when it ends. */
  restart?: boolean;
  /** Preloaded modules. */
  imports?: string[];
}

/** What a process prints when it is ready. */
const readyLine = /The service listens on (\S+)|Waiting for runs/;

/** A process of the service as it is used: the built command line, `serve` or `work`. */
export class ServiceProcess {
  private _output = "";
  private readonly _ended: Promise<unknown>;

  private constructor(
    private readonly _child: ChildProcess,
    private readonly _dataDirectory: string,
  ) {
    for (const stream of [_child.stdout!, _child.stderr!]) stream.on("data", (data) => (this._output += String(data)));
    this._ended = once(_child, "exit");
  }

  /** Starts a process, and waits until it is ready. */
  public static async start(command: "serve" | "work", options: ProcessOptions): Promise<ServiceProcess> {
    const { dataDirectory, config, databaseUrl, workers, restart = false, imports = [] } = options;
    const args = [command, "--data", dataDirectory];
    if (command === "serve") args.push("--port", "0");
    if (config !== undefined) args.push("--config", config);
    if (workers !== undefined) args.push("--workers", String(workers));
    if (restart) args.push("--restart");
    const env = { ...process.env, DATABASE_URL: databaseUrl };
    const flags = imports.map((path) => `--import=${path}`);
    const child = spawn(process.execPath, [...flags, commandLine, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
    const started = new ServiceProcess(child, dataDirectory);
    await started._untilReady();
    return started;
  }

  /** Where it listens. */
  public get url(): string {
    return [...this._output.matchAll(new RegExp(readyLine, "g"))].at(-1)![1]!;
  }

  public get pid(): number {
    return this._child.pid!;
  }

  /** What it has printed: its log, and what it says to who started it. */
  public get output(): string {
    return this._output;
  }

  /** The file that tells how to sign in. */
  public get credentialsPath(): string {
    return join(this._dataDirectory, credentialsFile);
  }

  /** Waits until it has printed something. */
  public async untilPrinted(text: string | RegExp): Promise<void> {
    while (this._output.search(text) === -1) await delay(50);
  }

  /** Ends it as an administrator does. */
  public async end(): Promise<void> {
    await this._kill("SIGTERM");
  }

  /** Ends it as a power cut does. */
  public async kill(): Promise<void> {
    await this._kill("SIGKILL");
  }

  private async _kill(signal: NodeJS.Signals): Promise<void> {
    this._child.kill(signal);
    await this._ended;
  }

  private async _untilReady(): Promise<void> {
    while (!readyLine.test(this._output)) {
      if (this._child.exitCode !== null) throw new Error(`the service did not start:\n${this._output}`);
      await Promise.race([once(this._child.stderr!, "data"), this._ended]);
    }
  }
}
