import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import type { Logger } from "pino";
import { ConnectorError } from "itwin-connector-framework";
import type { ServiceConfig } from "../platform/config/ServiceConfig.js";
import { HttpError } from "../platform/errors.js";
import { sendRequest } from "../platform/http/sendRequest.js";
import { programBeside, startProgram } from "../platform/process/startProgram.js";
import { watchMemory } from "../platform/process/watchMemory.js";
import { withoutSecrets } from "../platform/config/withoutSecrets.js";
import type { ViewArgs, ViewMessage } from "./serveView.js";

/** A version that is not open after so long, in milliseconds, is given up. */
const openingTime = 5 * 60_000;

/** What the page asks of a view. */
export interface ViewRequest {
  method: "GET" | "POST";
  /** The path with the query, such as `search?text=pump`. */
  path: string;
  /** JSON. */
  body?: string;
  /** Aborted when nobody waits for the answer any more. */
  signal: AbortSignal;
}

/** What a view answers. */
export interface ViewAnswer {
  status: number;
  contentType: string;
  body: Readable;
}

/** A version of an iModel that a process of its own has open. */
export class View {
  private constructor(
    private readonly _child: ChildProcess,
    /** Below it are the data; with the token. */
    private readonly _url: URL,
  ) {}

  /**
   * Opens an iModel.
   * @throws ConnectorError `usage/missing-package`, `service/view-failed` and others
   */
  public static async open(args: ViewArgs, config: ServiceConfig, log: Logger): Promise<View> {
    const megabytes = config.limits.viewMegabytes;
    const program = programBeside(import.meta.url, "serveView");
    const child = startProgram(program, [JSON.stringify(args)], {
      environment: withoutSecrets(config),
      megabytes,
      log,
    });
    watchMemory(child, megabytes, () => log.warn({ megabytes }, "a view took too much memory, and was ended"));
    const death = once(child, "exit").then((): [ViewMessage] => {
      return [{ code: "service/view-failed", message: "The process that shows the version has died." }];
    });
    const deadline = setTimeout(() => child.kill("SIGKILL"), openingTime);
    const [message] = await Promise.race([once(child, "message") as Promise<[ViewMessage]>, death]);
    clearTimeout(deadline);
    if ("url" in message) return new View(child, new URL(message.url));
    child.kill("SIGKILL");
    throw new ConnectorError(message.code, message.message);
  }

  /** Called when the process has ended, for whatever reason. */
  public onEnd(listener: () => void): void {
    if (this._child.exitCode !== null || this._child.signalCode !== null) listener();
    else this._child.once("exit", listener);
  }

  /** Asks for data. @throws HttpError 503 where the process ends meanwhile */
  public async ask({ method, path, body, signal }: ViewRequest): Promise<ViewAnswer> {
    const headers: Record<string, string> = { authorization: `Bearer ${this._url.searchParams.get("token") ?? ""}` };
    if (body !== undefined) headers["content-type"] = "application/json";
    const url = new URL(`/api/${path}`, this._url);
    const answer = await sendRequest(url, { method, headers, signal }, body).catch((error: unknown) => {
      throw signal.aborted ? error : ended();
    });
    const contentType = answer.headers["content-type"] ?? "application/json";
    return { status: answer.statusCode ?? 502, contentType, body: answer };
  }

  /** Ends the process. */
  public close(): void {
    this._child.kill("SIGKILL");
  }
}

function ended(): HttpError {
  const message = "The process that shows the version has ended, as it does when it takes too much memory. Ask again.";
  return new HttpError(503, "ViewEnded", message, { headers: { "retry-after": "5" } });
}
