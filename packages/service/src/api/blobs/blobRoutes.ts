import { forbidden } from "../../platform/errors.js";
import { isServed, type ServedBlobStore } from "../../platform/blobs/BlobStore.js";
import { writeBlockList } from "../../platform/blobs/BlockUploads.js";
import type { SignedAction } from "../../platform/blobs/UrlSigner.js";
import { ErrorAnswer, NoContent } from "../../platform/http/schemas.js";
import type { Server } from "../../platform/http/server.js";
import type { ServiceContext } from "../../ServiceContext.js";
import { BlobReceiver } from "./BlobReceiver.js";
import { keyOf, type BlobRequest } from "./blobRequests.js";
import { BlobParams, Bytes, SignedQuery } from "./blobSchemas.js";
import { sendBlob } from "./sendBlob.js";
import type { UploadAccount } from "./UploadAccount.js";

/** What the routes need. */
export interface BlobRoutesOptions {
  context: ServiceContext;
  account: UploadAccount;
}

/** What the operations share. */
interface BlobParts {
  blobs: ServedBlobStore;
  receiver: BlobReceiver;
}

const config = { isOpen: true };
const common = { params: BlobParams, querystring: SignedQuery, tags: ["Blobs"] };

/**
 * Where the clients of a service read and write blobs, if its store is not one that they reach themselves. What a client
 * may do is in its URL, which the service has signed. It answers as Azure Blob Storage does, so that clients made for it
 * work with either: PUT of a whole blob, or of its blocks and then of the list of their ids.
 */
export async function blobRoutes(server: Server, { context, account }: BlobRoutesOptions): Promise<void> {
  const { blobs, config, metrics } = context;
  if (!isServed(blobs)) return;
  // Bodies are left on the wire until a store takes them.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", (_request, _body, done) => done(null));
  const parts: BlobParts = { blobs, receiver: new BlobReceiver(blobs, account, metrics, config.limits.uploadBytes) };
  for (const add of [writeBlob, readBlob]) add(server, parts);
}

function writeBlob(server: Server, { blobs, receiver }: BlobParts): void {
  const schema = {
    ...common,
    operationId: "writeBlob",
    summary: "Upload the content of a file",
    response: { 201: NoContent, 400: ErrorAnswer, 403: ErrorAnswer, 404: ErrorAnswer, 413: ErrorAnswer },
  };
  const preValidation = async (request: unknown) => ensureSigned(request as BlobRequest, blobs, "upload");
  server.put("/blobs/*", { config, preValidation, schema }, async (request, reply) => receiver.receive(request, reply));
}

function readBlob(server: Server, { blobs, receiver }: BlobParts): void {
  const schema = {
    ...common,
    operationId: "readBlob",
    summary: "Download the content of a file",
    response: { 200: Bytes, 206: Bytes, 403: ErrorAnswer, 404: ErrorAnswer, 416: ErrorAnswer },
  };
  // A client that uploads asks which blocks have arrived; one that downloads has no business with them.
  const actionOf = ({ query }: BlobRequest) => (query.comp === "blocklist" ? "upload" : "download");
  const preValidation = async (request: unknown) =>
    ensureSigned(request as BlobRequest, blobs, actionOf(request as BlobRequest));
  server.get("/blobs/*", { config, exposeHeadRoute: false, preValidation, schema }, async (request, reply) => {
    if (request.query.comp !== "blocklist") return sendBlob(blobs, request, reply);
    return reply.type("application/xml").send(writeBlockList(await receiver.blocks.list(keyOf(request))));
  });
}

function ensureSigned(request: BlobRequest, { signer }: ServedBlobStore, action: SignedAction): void {
  const { expires = "", signature = "", name } = request.query;
  if (!signer.isValid({ key: keyOf(request), action, fileName: name }, expires, signature)) throw forbidden();
}
