import type { CallOptions } from "../http/api.js";
import { ApiError } from "../http/errors.js";
import { withRetries } from "../http/retry.js";
import { fetchWhole, Patience } from "../http/sending.js";
import { timeoutOf, type TransportOptions } from "../http/Transport.js";
import { toStream } from "./toStream.js";
import type { UploadSource } from "./UploadSource.js";

/** How a file is uploaded. */
export interface UploadOptions extends CallOptions {
  /**
   * Called as the upload proceeds, with the number of bytes sent and the size of the file. The first number decreases when
   * a part is sent again. A `File` of a browser is counted part by part.
   */
  onProgress?: (bytes: number, totalBytes: number) => void;
  /**
   * Files up to this size are sent in one request, larger files in blocks of a quarter of it. In bytes. Default: 256 MiB;
   * 16 MiB for a `File`, so that `onProgress` is called often enough.
   */
  wholeBytes?: number;
}

/** Sizes of the requests of an upload, in bytes. */
interface Sizes {
  whole: number;
  block: number;
}

/** The most that Azure's storage takes in one request, as the platform documents it. */
const wholeBytesOfStreams = 256 * 1024 ** 2;

const wholeBytesOfBlobs = 16 * 1024 ** 2;

/** A `Blob` shows nothing while it is sent, so it gets the time limit of a request once for each of these many bytes. */
const blobBytesPerTimeout = 4 * 1024 ** 2;

/**
 * Uploads a file to a pre-signed URL, part by part, so that it is never whole in memory.
 * @throws ClientError `client/file-changed`; ApiError; NoAnswerError
 */
export async function uploadFile(
  url: string,
  file: UploadSource,
  transport: TransportOptions,
  options: UploadOptions = {},
): Promise<void> {
  const { whole, block } = sizesFor(file, options);
  const upload = new Upload(file, transport, options);
  if (file.size <= whole || isSignedForS3(url)) await upload.whole(url);
  else await upload.inBlocks(url, block);
}

function sizesFor(file: UploadSource, { wholeBytes }: UploadOptions): Sizes {
  const isBlob = file.read(0, 0) instanceof Blob;
  const whole = wholeBytes ?? (isBlob ? wholeBytesOfBlobs : wholeBytesOfStreams);
  return { whole, block: Math.ceil(whole / 4) };
}

/** S3 knows no blocks in such a URL, and takes larger files in one request. */
function isSignedForS3(url: string): boolean {
  return new URL(url).searchParams.has("X-Amz-Signature");
}

/** A part of a file: from the byte at `start` to the one before `end`. */
interface Part {
  start: number;
  end: number;
}

class Upload {
  private readonly _timeout: number;

  public constructor(
    private readonly _file: UploadSource,
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
      const id = btoa(String(ids.length).padStart(6, "0"));
      ids.push(id);
      const part = { start, end: Math.min(start + blockBytes, this._file.size) };
      await this._sendPart(withQuery(url, { comp: "block", blockid: id }), part, {});
    }
    await this._file.ensureUnchanged();
    await this._commit(withQuery(url, { comp: "blocklist" }), ids);
  }

  private async _sendPart(url: string, part: Part, headers: Record<string, string>): Promise<void> {
    await this._repeat(async () => {
      const content = this._file.read(part.start, part.end);
      if (content instanceof Blob) await this._sendBlob(url, content, part, headers);
      else await this._sendChunks(url, content, part, headers);
    });
  }

  /** Browsers say only that a request failed, also where they could not read the file. */
  private async _sendBlob(url: string, body: Blob, { end }: Part, headers: Record<string, string>): Promise<void> {
    const timeouts = Math.max(1, Math.ceil(body.size / blobBytesPerTimeout));
    try {
      await this._put(url, { headers, body }, new Patience(this._timeout * timeouts));
    } catch (error) {
      await this._file.ensureUnchanged();
      throw error;
    }
    this._options.onProgress?.(end, this._file.size);
  }

  private async _sendChunks(
    url: string,
    content: AsyncIterable<Uint8Array>,
    part: Part,
    headers: Record<string, string>,
  ): Promise<void> {
    let fault: unknown;
    const patience = new Patience(this._timeout);
    const chunks = this._track(content, part, patience, (error) => (fault = error));
    const length = { "content-length": String(part.end - part.start) };
    try {
      await this._put(url, { headers: { ...headers, ...length }, body: toStream(chunks) }, patience);
    } catch (error) {
      throw fault ?? error; // of a body that fails, fetch says only that it failed
    } finally {
      chunks.return(undefined).catch(() => {}); // when the connection fails, fetch does not close the file
    }
  }

  private async _commit(url: string, ids: string[]): Promise<void> {
    const list = ids.map((id) => `<Latest>${id}</Latest>`).join("");
    const body = `<?xml version="1.0" encoding="utf-8"?><BlockList>${list}</BlockList>`;
    await this._repeat(async () =>
      this._put(url, { headers: { "content-type": "application/xml" }, body }, new Patience(this._timeout)),
    );
  }

  /** The chunks of a part. Each chunk that is taken restarts the time limit. */
  private async *_track(
    content: AsyncIterable<Uint8Array>,
    { start }: Part,
    patience: Patience,
    onFault: (error: unknown) => void,
  ): AsyncGenerator<Uint8Array, undefined, undefined> {
    let sent = start;
    try {
      for await (const chunk of content) {
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
    const streaming = { duplex: "half" as const }; // required with a stream, ignored without
    const request = new Request(url, { ...init, ...streaming, method: "PUT", signal });
    const { response, body } = await fetchWhole(request, patience);
    // The signature in the query is as good as a password until it expires.
    if (!response.ok) throw ApiError.from(`PUT ${url.split("?")[0]}`, response, body);
  }
}

function withQuery(url: string, query: Record<string, string>): string {
  const extended = new URL(url);
  for (const [name, value] of Object.entries(query)) extended.searchParams.set(name, value);
  return extended.href;
}
