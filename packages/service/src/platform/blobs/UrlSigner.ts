import { createHmac, timingSafeEqual } from "node:crypto";

/** What a pre-signed URL lets its bearer do: with a blob, or with a diagnostic report. */
export type SignedAction = "upload" | "download" | "report";

/** What a pre-signed URL says. */
export interface SignedRequest {
  key: string;
  action: SignedAction;
  fileName?: string;
}

/** Makes and checks URLs with which one thing can be read or written without a token until they expire: below `/blobs`, a blob. */
export class UrlSigner {
  public constructor(
    private readonly _secret: Buffer,
    private readonly _seconds: number,
  ) {}

  /** An absolute URL: the key is its path below `/blobs`, and the query has the action, the end and the signature. */
  public sign(origin: string, key: string, action: SignedAction, fileName?: string): string {
    return `${origin}/blobs/${key}?${this.signedQuery({ key, action, fileName })}`;
  }

  /** The query of a URL: the action, the end and the signature. */
  public signedQuery({ key, action, fileName }: SignedRequest): string {
    const expires = Math.floor(Date.now() / 1000) + this._seconds;
    const query = new URLSearchParams({ action, expires: String(expires) });
    if (fileName !== undefined) query.set("name", fileName);
    query.set("signature", this._signature({ key, action, fileName }, String(expires)).toString("base64url"));
    return query.toString();
  }

  /** Whether a URL was signed here for an action, and has not run out. */
  public isValid(request: SignedRequest, expires: string, signature: string): boolean {
    const expected = this._signature(request, expires);
    const given = Buffer.from(signature, "base64url");
    const isSigned = given.length === expected.length && timingSafeEqual(given, expected);
    return isSigned && Number(expires) * 1000 > Date.now();
  }

  private _signature({ key, action, fileName = "" }: SignedRequest, expires: string): Buffer {
    const text = JSON.stringify([action, key, expires, fileName]);
    return createHmac("sha256", this._secret).update(text).digest();
  }
}
