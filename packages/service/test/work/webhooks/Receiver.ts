import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** A request that has arrived. */
export interface Received {
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** How the receiver answers; nothing for no answer at all. */
export type ReceiverAnswer = { status: number; headers?: Record<string, string> } | undefined;

/** The server of somebody who wants to be told of events. It checks signatures as the platform's samples do. */
export class Receiver {
  public readonly received: Received[] = [];
  /** What the next requests are answered with, one after the other; then 200. */
  public readonly answers: ReceiverAnswer[] = [];

  private constructor(
    private readonly _server: Server,
    private readonly _secret: string,
  ) {}

  public static async start(secret: string): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server, secret);
    server.on("request", (request, response) => {
      void (async () => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const body = Buffer.concat(chunks);
        const isRight = receiver._isSigned(body, request.headers.signature);
        receiver.received.push({ headers: request.headers, body });
        const answer = receiver.answers.length > 0 ? receiver.answers.shift() : { status: isRight ? 200 : 401 };
        if (answer !== undefined) response.writeHead(answer.status, answer.headers).end("{}");
      })();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return receiver;
  }

  public get url(): string {
    return `http://127.0.0.1:${(this._server.address() as AddressInfo).port}/events`;
  }

  /** Waits for so many requests. */
  public async got(count: number, seconds = 60): Promise<Received[]> {
    const end = Date.now() + seconds * 1000;
    while (this.received.length < count) {
      if (Date.now() > end) throw new Error(`${this.received.length} requests have arrived, not ${count}`);
      await delay(20);
    }
    return this.received;
  }

  public async close(): Promise<void> {
    this._server.close();
    this._server.closeAllConnections();
  }

  private _isSigned(body: Buffer, signature: string | string[] | undefined): boolean {
    return signature === `sha256=${createHmac("sha256", Buffer.from(this._secret, "utf8")).update(body).digest("hex")}`;
  }
}
