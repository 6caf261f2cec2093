import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { HttpError } from "./HttpError.js";

/** Tells requests of the own page from those of anybody else: by a token, and by the headers that browsers send. */
export class Guard {
  /** Stands in the address of the page. */
  public readonly token = randomBytes(32).toString("base64url");
  private readonly _hosts: ReadonlySet<string>;
  private readonly _origins: ReadonlySet<string>;

  public constructor(port: number) {
    const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
    this._hosts = new Set(hosts);
    this._origins = new Set(hosts.map((host) => `http://${host}`));
  }

  /**
   * Refuses requests that come through another name, as after a name server was made to lie, or from a page of another
   * site.
   * @throws HttpError 403
   */
  public checkOrigin({ headers }: IncomingMessage): void {
    if (!this._hosts.has(headers.host ?? ""))
      throw new HttpError(403, "server/wrong-host", "The server answers only under its own address.");
    if (headers.origin !== undefined && !this._origins.has(headers.origin))
      throw new HttpError(403, "server/foreign-origin", "The server answers only its own page.");
  }

  /**
   * Refuses requests for data that have no token, or another one.
   * @throws HttpError 401, or 403 for a request that another site has started
   */
  public checkToken({ headers }: IncomingMessage, url: URL): void {
    if (headers["sec-fetch-site"] === "cross-site")
      throw new HttpError(403, "server/foreign-origin", "The server answers only its own page.");
    const [, bearer] = /^Bearer (\S+)$/i.exec(headers.authorization ?? "") ?? [];
    const given = bearer ?? url.searchParams.get("token") ?? "";
    if (timingSafeEqual(hash(given), hash(this.token))) return;
    throw new HttpError(401, "server/wrong-token", "The token is missing or wrong: open the address that was printed.");
  }
}

function hash(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
