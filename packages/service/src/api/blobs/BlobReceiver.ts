import type { Readable } from "node:stream";
import type { FastifyReply } from "fastify";
import type { Metrics } from "../../platform/metrics.js";
import { HttpError, notFound } from "../../platform/errors.js";
import type { BlobStatus, ServedBlobStore } from "../../platform/blobs/BlobStore.js";
import { BlockUploads, readBlockList } from "../../platform/blobs/BlockUploads.js";
import { uploadStream } from "../../platform/blobs/uploadStream.js";
import { headersOf, keyOf, type BlobRequest } from "./blobRequests.js";
import type { UploadAccount } from "./UploadAccount.js";

/** A list of 50,000 blocks, the most that Azure takes, has about this much. */
const maxBlockListBytes = 8 * 1024 ** 2;

/** Takes uploads: a whole blob at once, or its blocks and then the list of their ids. */
export class BlobReceiver {
  public readonly blocks: BlockUploads;

  public constructor(
    private readonly _blobs: ServedBlobStore,
    private readonly _account: UploadAccount,
    private readonly _metrics: Metrics,
    private readonly _maxBytes: number,
  ) {
    this.blocks = new BlockUploads(_blobs, _maxBytes);
  }

  /** Takes what a request uploads, and answers it. */
  public async receive(request: BlobRequest, reply: FastifyReply): Promise<FastifyReply> {
    const key = keyOf(request);
    if (!(await this._account.isExpected(key))) throw notFound("File", "file");
    switch (request.query.comp) {
      case undefined:
        return this._finish(request, reply, await this._blobs.put(key, this._content(request, this._maxBytes)));
      case "block":
        await this.blocks.put(key, request.query.blockid ?? "", this._content(request, this._maxBytes));
        return reply.code(201).header("x-ms-request-id", request.id).send();
      case "blocklist":
        return this._finish(request, reply, await this.blocks.commit(key, await this._readIds(request)));
      default:
        throw new HttpError(400, "InvalidQueryParameterValue", "This operation is not supported.", { target: "comp" });
    }
  }

  private async _finish(request: BlobRequest, reply: FastifyReply, status: BlobStatus): Promise<FastifyReply> {
    await this._account.arrived(keyOf(request), status);
    return reply.code(201).headers(headersOf(request, status)).send();
  }

  private async _readIds(request: BlobRequest): Promise<string[]> {
    const body: Buffer[] = [];
    for await (const chunk of this._content(request, maxBlockListBytes)) body.push(chunk as Buffer);
    return readBlockList(Buffer.concat(body).toString("utf8"));
  }

  private _content(request: BlobRequest, maxBytes: number): Readable {
    return uploadStream(request.raw, maxBytes, this._metrics.uploadedBytes);
  }
}
