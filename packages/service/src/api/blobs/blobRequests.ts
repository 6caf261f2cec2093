import type { FastifyRequest } from "fastify";
import type { BlobStatus } from "../../platform/blobs/BlobStore.js";
import type { BlobParams, SignedQuery } from "./blobSchemas.js";

/** A request that reads or writes a blob. */
export interface BlobRequest extends Pick<FastifyRequest, "id" | "raw" | "headers"> {
  params: BlobParams;
  query: SignedQuery;
}

/** The key of the blob that a request is for. */
export function keyOf(request: BlobRequest): string {
  return request.params["*"];
}

/** The headers of every answer about a blob. */
export function headersOf(request: BlobRequest, { size, modifiedAt }: BlobStatus): Record<string, string> {
  return {
    etag: `"${modifiedAt.getTime().toString(16)}-${size.toString(16)}"`,
    "last-modified": modifiedAt.toUTCString(),
    "x-ms-request-id": request.id,
  };
}
