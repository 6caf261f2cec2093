import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that the stub got. */
export interface StubRequest {
  method: string;
  /** Path and query. */
  path: string;
  authorization: string | undefined;
  body: unknown;
}

/** What the stub answers: a status, and a body that is sent as JSON. */
export type StubAnswer = [status: number, body: unknown];

/** A server on this computer that takes the place of the iTwin Platform, and notes what it is asked. */
export class StubHub {
  public readonly requests: StubRequest[] = [];
  private readonly _server: Server;

  /** @param answer - what to answer to a request; the number of requests before it comes with it */
  public constructor(answer: (request: StubRequest, index: number) => StubAnswer) {
    this._server = createServer((incoming, response) => {
      void readBody(incoming).then((body) => {
        const { method = "", url: path = "", headers } = incoming;
        const request = { method, path, authorization: headers.authorization, body };
        const [status, answerBody] = answer(request, this.requests.length);
        this.requests.push(request);
        response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(answerBody));
      });
    });
  }

  /** Where it listens, once it is started. */
  public get url(): string {
    return `http://127.0.0.1:${(this._server.address() as AddressInfo).port}`;
  }

  public async start(): Promise<void> {
    await new Promise<void>((resolve) => this._server.listen(0, "127.0.0.1", resolve));
  }

  public async stop(): Promise<void> {
    this._server.closeAllConnections();
    await new Promise((resolve) => this._server.close(resolve));
  }
}

async function readBody(incoming: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const chunk of incoming) text += String(chunk);
  return text === "" ? undefined : JSON.parse(text);
}
