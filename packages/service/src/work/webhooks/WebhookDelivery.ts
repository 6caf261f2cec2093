import { createHmac, randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { Deliveries, type Delivery } from "../../webhooks/Deliveries.js";
import { Repetition } from "../Repetition.js";
import type { WorkerContext } from "../WorkerContext.js";
import { EventSender } from "./EventSender.js";

/** How events are sent; all times in seconds. */
export interface DeliveryTimes {
  /** How often it is looked for events. */
  polling: number;
  /** How long an event is with this process: longer than a receiver may take. */
  lease: number;
  /** How long an event waits after each failure. Default: that of `Deliveries`. */
  retries?: readonly number[];
}

const defaultTimes: DeliveryTimes = { polling: 1, lease: 30 };

/** So many events are sent at a time, each to another webhook. */
const maxAtOnce = 16;

/** Sends the events that wait for webhooks. Each process of a service does; none gets into another's way. */
export class WebhookDelivery {
  private readonly _deliveries: Deliveries;
  private readonly _sender: EventSender;
  private readonly _times: DeliveryTimes;
  private readonly _sending = new Set<Promise<void>>();
  private _isClosing = false;
  private _taking?: Repetition;

  public constructor(
    private readonly _context: Pick<WorkerContext, "config" | "db" | "log">,
    times: Partial<DeliveryTimes> = {},
  ) {
    this._times = { ...defaultTimes, ...times };
    this._deliveries = new Deliveries(_context.db, this._times.retries);
    this._sender = new EventSender(_context.config, _context.log);
  }

  /** Begins to send. */
  public start(): void {
    const onError = (error: unknown) => this._context.log.error({ err: error }, "the events that wait cannot be read");
    this._taking = new Repetition(this._times.polling, () => this._takeUp(), onError);
  }

  /** Takes no more events, and waits for those that are being sent. */
  public async close(): Promise<void> {
    this._isClosing = true;
    await this._taking?.close();
    await Promise.all(this._sending);
    this._sender.close();
  }

  private async _takeUp(): Promise<void> {
    await this._deliveries.removeOld();
    while (!this._isClosing && this._sending.size < maxAtOnce) {
      const leaseId = `${hostname()}-${process.pid}-${randomUUID()}`;
      const delivery = await this._deliveries.take(leaseId, this._times.lease);
      if (delivery === undefined) return;
      const sending = this._send(delivery).finally(() => {
        this._sending.delete(sending);
        this._taking?.wake();
      });
      this._sending.add(sending);
    }
  }

  private async _send(delivery: Delivery): Promise<void> {
    const { message_id: messageId, webhook_id: webhookId, callback_url: url, body, secret } = delivery;
    const { log } = this._context;
    try {
      const outcome = await this._sender.send({ messageId, url, body, signature: signatureOf(body, secret) });
      const { status = 0 } = outcome;
      if (status >= 200 && status < 300) {
        await this._deliveries.succeed(delivery);
        return;
      }
      log.info({ webhookId, ...outcome, attempts: delivery.attempts }, "an event has not arrived at a webhook");
      await this._deliveries.fail(delivery, { isGone: status === 410 });
    } catch (error) {
      log.error({ err: error, webhookId, messageId }, "it could not be noted whether an event has arrived");
    }
  }
}

/** Of the bytes of the body, with the secret as it is: rest-api-more.md, section 4.2. */
function signatureOf(body: string, secret: string): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}
