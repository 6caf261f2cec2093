import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

/** A server of files, such as manifests lead to. */
export class FileServer {
  /** What it serves, by path. A promise lets whoever asks wait. */
  public readonly files = new Map<string, string | Buffer | Promise<string>>();
  /** The URLs that were asked for, and the headers that came with them. */
  public readonly requests: { url: string; headers: IncomingHttpHeaders }[] = [];

  private constructor(private readonly _server: Server) {
    _server.on("request", (request, response) => void this._answer(request, response));
  }

  public static async start(): Promise<FileServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new FileServer(server);
  }

  public get port(): number {
    return (this._server.address() as AddressInfo).port;
  }

  /** A pre-authenticated URL of a file. */
  public urlOf(path: string): string {
    return `http://127.0.0.1:${this.port}${path}?signature=abc`;
  }

  public async close(): Promise<void> {
    this._server.closeAllConnections();
    await new Promise((resolve) => this._server.close(resolve));
  }

  private async _answer({ url = "", headers }: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests.push({ url, headers });
    const content = await this.files.get(url.split("?")[0]!);
    if (content === undefined) response.writeHead(404).end();
    else response.end(content);
  }
}
