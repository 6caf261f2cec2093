import type { ChildProcess } from "node:child_process";
import type { Logger } from "pino";
import type { ServiceConfig } from "../../platform/config/ServiceConfig.js";
import { withoutSecrets } from "../../platform/config/withoutSecrets.js";
import { programBeside, startProgram } from "../../platform/process/startProgram.js";
import type { OutgoingEvent, SendingOutcome } from "./sendEvents.js";

/** What the heap of the process that sends may take, in megabytes. */
const megabytes = 256;

/** The process that sends events. It starts with the first event, and again after it has died. */
export class EventSender {
  private readonly _waiting = new Map<string, (outcome: SendingOutcome) => void>();
  private _child?: ChildProcess;

  public constructor(
    private readonly _config: ServiceConfig,
    private readonly _log: Logger,
  ) {}

  /** Sends an event. Does not throw: that the process died is an outcome as well. */
  public async send(event: OutgoingEvent): Promise<SendingOutcome> {
    const child = (this._child ??= this._start());
    return new Promise((resolve) => {
      this._waiting.set(event.messageId, resolve);
      child.send(event, () => {}); // what cannot be told to a dead process, its death tells
    });
  }

  /** Ends the process. */
  public close(): void {
    this._child?.kill("SIGKILL");
  }

  private _start(): ChildProcess {
    const hosts = JSON.stringify(this._config.webhooks.allowedPrivateHosts);
    const environment = withoutSecrets(this._config);
    const child = startProgram(programBeside(import.meta.url, "sendEvents"), [hosts], {
      environment,
      megabytes,
      log: this._log,
    });
    child.on("message", (outcome: SendingOutcome) => this._end(outcome));
    const end = () => {
      if (this._child === child) this._child = undefined;
      for (const messageId of this._waiting.keys()) this._end({ messageId, fault: "the process that sends has died" });
    };
    child.once("exit", end);
    child.on("error", end); // it could not be started
    return child;
  }

  private _end(outcome: SendingOutcome): void {
    this._waiting.get(outcome.messageId)?.(outcome);
    this._waiting.delete(outcome.messageId);
  }
}
