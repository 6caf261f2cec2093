import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import type { Readable } from "node:stream";
import type { IModelDb } from "@itwin/core-backend";
import { ConnectorError } from "itwin-connector-framework";
import { openForReading, startHost } from "itwin-connector-framework/internal";
import { EcsqlBox } from "../elements/EcsqlBox.js";
import { elementIndexJson } from "../elements/elementIndex.js";
import { ModelContents } from "../elements/ModelContents.js";
import { jsonType, send, sendError, sendJson } from "./answers.js";
import { Guard } from "./guard.js";
import { HttpError } from "./HttpError.js";
import { sendPageFile } from "./pageFiles.js";
import type { Timeline } from "./Timeline.js";
import { routeNames, routes, type RouteContext } from "./routes.js";

/**
 * A tile, or another file of graphics.
 * @public
 */
export interface TileFile {
  /** The content. */
  readonly body: string | Uint8Array | Readable;
  /** Such as `model/gltf-binary`. */
  readonly contentType: string;
}

/**
 * Makes the graphics that the page shows.
 * @public
 */
export interface TileProvider {
  /**
   * Reads a file below `/tiles/`, such as `tileset.json`. Undefined where there is none.
   * @param signal - aborted when nobody waits for the file any more
   */
  read(path: string, signal: AbortSignal): Promise<TileFile | undefined>;
  /** Whether there is anything to show. Default: whether the iModel has elements with geometry. */
  readonly hasGraphics?: boolean;
  /** Frees what the provider holds. */
  close?(): void | Promise<void>;
}

/**
 * What is served, and how.
 * @public
 */
export interface IModelServerOptions {
  /** The path of an iModel of any kind. It is opened for reading. */
  readonly file: string;
  /** How the page names the iModel. Default: as its root Subject does. */
  readonly name?: string;
  /** What changed since an earlier iModel. Default: the page shows no changes. */
  readonly changes?: () => Promise<unknown>;
  /** The folder with the files of the page. Default: no page, only data. */
  readonly page?: string;
  /** Makes what provides the graphics. Default: no graphics. */
  readonly createTiles?: (imodel: IModelDb) => TileProvider | Promise<TileProvider>;
  /** Seconds that a query of the user may take. Default: 10. */
  readonly querySeconds?: number;
  /** Default: any free port. */
  readonly port?: number;
}

/**
 * A server that runs.
 * @public
 */
export interface IModelServer {
  /** The address of the page, with the token. */
  readonly url: string;
  /** Ends all connections and closes the iModel. */
  close(): Promise<void>;
}

/**
 * Serves an iModel to a page on this machine. It listens on 127.0.0.1 only, and answers only who knows the token.
 * @throws ConnectorError `usage/missing-imodel`, `usage/not-an-imodel`, `usage/port-in-use`
 * @public
 */
export async function serveIModel(options: IModelServerOptions): Promise<IModelServer> {
  return servePage(options);
}

/** What only the pages of this package show. */
export interface PageOptions extends IModelServerOptions {
  /** Where else the page leads. Default: nowhere. */
  readonly timeline?: Timeline;
}

/** Serves an iModel as {@link serveIModel} does. */
export async function servePage(options: PageOptions): Promise<IModelServer> {
  const steps = [await startHost()] as (() => unknown)[];
  const close = async () => {
    for (const step of steps.splice(0).reverse()) await step();
  };
  try {
    const opened = openForReading(options.file);
    const pending = new Set<Promise<void>>();
    steps.push(() => Promise.allSettled(pending), opened.close); // what is pending fails once the iModel is closed
    const box = new EcsqlBox(() => openForReading(options.file), options.querySeconds);
    steps.push(() => box.close());
    const tiles = await options.createTiles?.(opened.imodel);
    steps.push(() => tiles?.close?.());
    const contents = await ModelContents.read(opened.imodel);
    const { name, changes, timeline } = options;
    const context = {
      contents,
      box,
      file: resolve(options.file),
      name,
      changes,
      timeline,
      hasGraphics: tiles?.hasGraphics,
    };
    const service = new PageService(context, { tiles, page: options.page, pending });
    const url = await service.listen(options.port ?? 0);
    steps.push(() => service.end());
    return { url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Answers the requests of the page. */
class PageService {
  private readonly _server: Server;
  private readonly _catalogs = new Map<string, Promise<unknown>>();
  private _guard?: Guard;

  public constructor(
    private readonly _context: RouteContext,
    private readonly _parts: {
      readonly tiles?: TileProvider;
      readonly page?: string;
      /** The answers that are being made. */
      readonly pending: Set<Promise<void>>;
    },
  ) {
    this._server = createServer((message, response) => this._track(this._answer(message, response)));
  }

  public async listen(port: number): Promise<string> {
    this._server.listen({ port, host: "127.0.0.1" });
    try {
      await once(this._server, "listening");
    } catch (error) {
      throw new ConnectorError("usage/port-in-use", `Port ${port} cannot be used.`, {
        cause: error,
        advice: "Give another port, or none for any free one.",
      });
    }
    const { port: found } = this._server.address() as AddressInfo;
    this._guard = new Guard(found);
    return `http://127.0.0.1:${found}/?token=${this._guard.token}`;
  }

  /** Ends all connections. */
  public end(): void {
    this._server.close();
    this._server.closeAllConnections();
  }

  private _track(answer: Promise<void>): void {
    const { pending } = this._parts;
    pending.add(answer);
    void answer.finally(() => pending.delete(answer));
  }

  private async _answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this._route(message, response);
    } catch (error) {
      sendError(response, error);
    }
  }

  private async _route(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const guard = this._guard;
    if (guard === undefined) throw new Error("the server does not listen yet");
    guard.checkOrigin(message);
    const url = addressOf(message);
    const [, area = "", name = "", ...rest] = url.pathname.split("/");
    if (area === "api" || area === "tiles") guard.checkToken(message, url);
    if (area === "api") return this._answerApi(message, response, { url, name, rest: rest.join("/") });
    checkMethod(message, ["GET", "HEAD"]);
    if (area === "tiles") return this._answerTile(response, url.pathname.slice("/tiles/".length));
    return sendPageFile(response, this._parts.page, url.pathname);
  }

  private async _answerApi(
    message: IncomingMessage,
    response: ServerResponse,
    { url, name, rest }: { url: URL; name: string; rest: string },
  ): Promise<void> {
    if (name === "index") {
      checkMethod(message, ["GET"]);
      return send(response, elementIndexJson(this._context.contents), jsonType);
    }
    if (!routeNames.has(name)) throw new HttpError(404, "server/not-found", `There is nothing at ${url.pathname}.`);
    const methods = ["GET", "POST"].filter((method) => `${method} ${name}` in routes);
    checkMethod(message, methods);
    const route = routes[`${message.method} ${name}`];
    const request = { message, query: url.searchParams, rest: decodeURIComponent(rest) };
    const isCatalog = url.pathname === `/api/${name}` && catalogs.has(name);
    const run = async () => route?.(this._context, request);
    return sendJson(response, await (isCatalog ? this._remember(name, run) : run()));
  }

  /** What is the same for as long as the iModel is open is read once. */
  private async _remember(name: string, read: () => Promise<unknown>): Promise<unknown> {
    let known = this._catalogs.get(name);
    if (known === undefined) {
      this._catalogs.set(name, (known = read()));
      known.catch(() => this._catalogs.delete(name));
    }
    return known;
  }

  private async _answerTile(response: ServerResponse, path: string): Promise<void> {
    const aborted = new AbortController();
    response.once("close", () => aborted.abort());
    const tile = await this._parts.tiles?.read(decodeURIComponent(path), aborted.signal);
    if (tile === undefined) throw new HttpError(404, "server/not-found", "There is no such tile.");
    return send(response, tile.body, tile.contentType);
  }
}

const catalogs = new Set(["model", "categories", "models", "classes", "changes"]);

function checkMethod({ method = "" }: IncomingMessage, allowed: readonly string[]): void {
  if (allowed.includes(method)) return;
  throw new HttpError(405, "server/method", `${method} is not possible here.`, { Allow: allowed.join(", ") });
}

/** @throws HttpError 400 */
function addressOf({ url = "/" }: IncomingMessage): URL {
  try {
    const address = new URL(url.replace(/^\/+/, "/"), "http://127.0.0.1"); // `//x` would be a host
    decodeURIComponent(address.pathname);
    return address;
  } catch {
    throw new HttpError(400, "server/request", "The address is damaged.");
  }
}
