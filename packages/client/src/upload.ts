import { Readable } from "node:stream";
import type { CallOptions } from "./http/api.js";
import { ApiError } from "./http/errors.js";
import { withRetries } from "./http/retry.js";
import { fetchWhole, Patience } from "./http/sending.js";
import { timeoutOf, type TransportOptions } from "./http/Transport.js";
import type { SourceFileOnDisk } from "./SourceFileOnDisk.js";

/** How a file is uploaded. */
export interface UploadOptions extends CallOptions {
  /** Is told how many bytes of how many are on their way; fewer than before where a part has to be sent again. */
  onProgress?: (bytes: number, totalBytes: number) => void;
  /** Files up to this size go in one piece, larger ones in blocks of a quarter of it. In bytes. Default: 256 MiB. */
  wholeBytes?: number;
}

/** The most that Azure's storage takes in one piece, as the platform documents it. */
const defaultWholeBytes = 256 * 1024 ** 2;

/**
 * Uploads a file to a pre-signed URL, from the disk to the wire, never whole in memory.
 * @throws ClientError `client/file-changed`; ApiError; NoAnswerError
 */
export async function uploadFile(
  url: string,
  file: SourceFileOnDisk,
  transport: TransportOptions,
  options: UploadOptions = {},
): Promise<void> {
  const { wholeBytes = defaultWholeBytes } = options;
  const upload = new Upload(file, transport, options);
  if (file.size <= wholeBytes || isSignedForS3(url)) await upload.whole(url);
  else await upload.inBlocks(url, Math.ceil(wholeBytes / 4));
}

/** S3 knows no blocks in such a URL, and takes larger files in one piece. */
function isSignedForS3(url: string): boolean {
  return new URL(url).searchParams.has("X-Amz-Signature");
}

/** A part of a file on its way. */
interface Part {
  start: number;
  end: number;
}

class Upload {
  private readonly _timeout: number;

  public constructor(
    private readonly _file: SourceFileOnDisk,
    private readonly _transport: TransportOptions,
    private readonly _options: UploadOptions,
  ) {
    this._timeout = timeoutOf(_transport);
  }

  public async whole(url: string): Promise<void> {
    await this._sendPart(url, { start: 0, end: this._file.size }, { "x-ms-blob-type": "BlockBlob" });
  }

  /** As Azure takes large files: blocks, then the list of their ids. */
  public async inBlocks(url: string, blockBytes: number): Promise<void> {
    const ids: string[] = [];
    for (let start = 0; start < this._file.size; start += blockBytes) {
      const id = Buffer.from(String(ids.length).padStart(6, "0")).toString("base64");
      ids.push(id);
      const part = { start, end: Math.min(start + blockBytes, this._file.size) };
      await this._sendPart(withQuery(url, { comp: "block", blockid: id }), part, {});
    }
    await this._file.ensureUnchanged();
    await this._commit(withQuery(url, { comp: "blocklist" }), ids);
  }

  private async _sendPart(url: string, part: Part, headers: Record<string, string>): Promise<void> {
    await this._repeat(async () => {
      let fault: unknown;
      const patience = new Patience(this._timeout);
      const bytes = Readable.from(this._track(part, patience, (error) => (fault = error)));
      const length = { "content-length": String(part.end - part.start) };
      try {
        await this._put(url, { headers: { ...headers, ...length }, body: Readable.toWeb(bytes) }, patience);
      } catch (error) {
        throw fault ?? error; // fetch says of a source that fails only that it fails
      } finally {
        bytes.destroy(); // fetch leaves the rest of it, and so the open file, where the connection fails
      }
    });
  }

  private async _commit(url: string, ids: string[]): Promise<void> {
    const list = ids.map((id) => `<Latest>${id}</Latest>`).join("");
    const body = `<?xml version="1.0" encoding="utf-8"?><BlockList>${list}</BlockList>`;
    await this._repeat(async () =>
      this._put(url, { headers: { "content-type": "application/xml" }, body }, new Patience(this._timeout)),
    );
  }

  /** The bytes of a part; each sign that the other side takes them makes the wait for it begin anew. */
  private async *_track({ start, end }: Part, patience: Patience, onFault: (error: unknown) => void) {
    let sent = start;
    try {
      for await (const chunk of this._file.read(start, end)) {
        patience.renew();
        yield chunk;
        this._options.onProgress?.((sent += chunk.length), this._file.size);
      }
    } catch (error) {
      onFault(error);
      throw error;
    }
  }

  private async _repeat(attempt: () => Promise<void>): Promise<void> {
    await withRetries(attempt, true, this._transport, this._options.signal);
  }

  private async _put(url: string, init: RequestInit, patience: Patience): Promise<void> {
    const { signal } = this._options;
    const request = new Request(url, { ...init, method: "PUT", signal, duplex: "half" });
    const { response, body } = await fetchWhole(request, patience);
    // The signature in the query is as good as a password until it runs out.
    if (!response.ok) throw ApiError.from(`PUT ${url.split("?")[0]}`, response, body);
  }
}

function withQuery(url: string, query: Record<string, string>): string {
  const extended = new URL(url);
  for (const [name, value] of Object.entries(query)) extended.searchParams.set(name, value);
  return extended.href;
}
