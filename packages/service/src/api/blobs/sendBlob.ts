import { posix } from "node:path";
import type { FastifyReply } from "fastify";
import { HttpError, notFound } from "../../platform/errors.js";
import { attachmentNamed } from "../../platform/contentDisposition.js";
import type { ServedBlobStore } from "../../platform/blobs/BlobStore.js";
import { headersOf, keyOf, type BlobRequest } from "./blobRequests.js";
import { readRange } from "./byteRange.js";

/** Answers a request with a blob, or with the part of it that the request asks for. */
export async function sendBlob(
  blobs: ServedBlobStore,
  request: BlobRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const key = keyOf(request);
  const status = await blobs.stat(key);
  if (status === undefined) throw notFound("File", "file");
  const { size } = status;
  const range = readRange(request.headers.range, size);
  if (range === "beyond")
    throw new HttpError(416, "InvalidRange", "The file has no such part.", {
      headers: { "content-range": `bytes */${size}` },
    });
  if (range !== undefined) reply.code(206).header("content-range", `bytes ${range.start}-${range.end}/${size}`);
  return reply
    .headers({
      ...headersOf(request, status),
      "accept-ranges": "bytes",
      "content-length": range === undefined ? size : range.end - range.start + 1,
      "content-type": "application/octet-stream",
      "content-disposition": attachmentNamed(request.query.name ?? posix.basename(key)),
      "x-content-type-options": "nosniff",
    })
    .send(await blobs.get(key, range));
}
