import {
  createServer,
  request as sendRequest,
  type IncomingMessage,
  type RequestOptions,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

/** What goes wrong with a request, in the order in which it is on its way. */
export const moments = [
  "unheard", // the connection is cut before anything was read
  "half-heard", // and after a part of the body has come to the service
  "unavailable", // what stands between answers 503, and the service hears nothing
  "unanswered", // the service has done it, and the connection is cut before its answer
  "half-answered", // and in the middle of its answer
  "failed", // the service has done it, and what stands between answers 502
  "silent", // the service has done it, and no answer ever comes
] as const;

export type Moment = (typeof moments)[number];

/** Which requests something goes wrong with, and what. */
export interface Fault {
  method: string;
  path: RegExp;
  moment: Moment;
  /** Once, or until it is mended. */
  lasts: "once" | "on";
}

/** A proxy in front of a service that lets requests go wrong. Clients take it for the service. */
export class FaultyProxy {
  /** The faults that requests have met, in order. */
  public readonly hits: Fault[] = [];
  private _faults: Fault[] = [];

  private constructor(
    private readonly _server: Server,
    private readonly _target: URL,
  ) {
    _server.on("request", (request, response) => void this._handle(request, response));
  }

  public static async start(target: string): Promise<FaultyProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new FaultyProxy(server, new URL(target));
  }

  public get url(): string {
    return `http://127.0.0.1:${(this._server.address() as AddressInfo).port}`;
  }

  public break(...faults: Fault[]): void {
    this._faults = faults;
    this.hits.length = 0;
  }

  public mend(): void {
    this._faults = [];
  }

  public async close(): Promise<void> {
    this._server.closeAllConnections();
    await new Promise((resolve) => this._server.close(resolve));
  }

  private async _handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "" } = request;
    const fault = this._faults.find((one) => one.method === method && one.path.test(url));
    if (fault === undefined) return this._forward(request, response);
    this.hits.push(fault);
    if (fault.lasts === "once") this._faults = this._faults.filter((other) => other !== fault);
    return this._fail(fault.moment, request, response);
  }

  private async _fail(moment: Moment, request: IncomingMessage, response: ServerResponse): Promise<void> {
    switch (moment) {
      case "unheard":
        request.socket.destroy();
        return;
      case "half-heard":
        return this._forwardHalf(request);
      case "unavailable":
        request.resume();
        response.writeHead(503, { "content-type": "text/html" }).end("<h1>Service Unavailable</h1>");
        return;
      default:
        return this._failAfter(moment, request, response);
    }
  }

  /** The service has done what it was asked for. */
  private async _failAfter(moment: Moment, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await this._send(request, await bodyOf(request));
    const body = await bodyOf(answer);
    if (moment === "failed") response.writeHead(502).end();
    if (moment === "unanswered") request.socket.destroy();
    if (moment !== "half-answered") return;
    response.writeHead(answer.statusCode!, { ...answer.headers, "content-length": body.length + 1 });
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => request.socket.destroy());
  }

  private async _forwardHalf(request: IncomingMessage): Promise<void> {
    const body = await bodyOf(request);
    const half = this._open(request);
    half.on("error", () => {}); // it is cut
    half.write(body.subarray(0, Math.floor(body.length / 2)), () => {
      half.destroy();
      request.socket.destroy();
    });
  }

  private async _forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const answer = await this._send(request, await bodyOf(request));
      response.writeHead(answer.statusCode!, answer.headers).end(await bodyOf(answer));
    } catch {
      request.socket.destroy();
    }
  }

  private async _send(request: IncomingMessage, body: Buffer): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      this._open(request).on("response", resolve).on("error", reject).end(body);
    });
  }

  /** The Host header stays what it was, so that the links in answers lead here. */
  private _open({ method, url, headers }: IncomingMessage) {
    const { hostname, port } = this._target;
    const options: RequestOptions = { hostname, port, method, path: url, headers, agent: false };
    return sendRequest(options);
  }
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
