import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";
import { FileOnDisk } from "./FileOnDisk.js";

/**
 * Serves the files that it is given, on 127.0.0.1. Each has a URL that nobody can guess, since other users of the machine can
 * reach the port too.
 */
export class LocalFileServer {
  private readonly _files = new Map<string, string>();

  private constructor(private readonly _server: Server) {
    _server.on("request", ({ url = "" }, response) => void this._answer(url, response));
  }

  public static async start(): Promise<LocalFileServer> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return new LocalFileServer(server);
  }

  /** Makes a file available until the server is closed. @returns its URL */
  public serve(path: string): string {
    const place = `/${randomUUID()}/${encodeURIComponent(basename(path))}`;
    this._files.set(place, path);
    return `http://127.0.0.1:${(this._server.address() as AddressInfo).port}${place}`;
  }

  public async close(): Promise<void> {
    const closed = once(this._server, "close");
    this._server.close();
    this._server.closeAllConnections();
    await closed;
  }

  private async _answer(url: string, response: ServerResponse): Promise<void> {
    const path = this._files.get(url);
    try {
      if (path === undefined) response.writeHead(404).end();
      else {
        const file = await FileOnDisk.open(path);
        response.writeHead(200, { "content-length": file.size });
        await pipeline(file.read(), response);
      }
    } catch {
      response.destroy(); // the service notices and reports that the file is incomplete
    }
  }
}
