import type { FastifyReply, FastifyRequest } from "fastify";
import { Type, type Static } from "typebox";
import { forbidden, HttpError, notFound } from "../../platform/errors.js";
import { NoContent, ErrorAnswer } from "../../platform/http/schemas.js";
import type { Server } from "../../platform/http/server.js";
import type { ServiceContext } from "../../ServiceContext.js";
import { isServed, type BlobStatus, type ServedBlobStore } from "../../platform/blobs/BlobStore.js";
import { BlockUploads, readBlockList, writeBlockList } from "../../platform/blobs/BlockUploads.js";
import { readRange } from "./byteRange.js";
import { attachmentNamed } from "../../platform/contentDisposition.js";
import { uploadStream } from "../../platform/blobs/uploadStream.js";
import type { SignedAction } from "../../platform/blobs/UrlSigner.js";

/** Who keeps account of uploads. */
export interface UploadAccount {
  /** Whether there still is something that an upload can belong to. */
  isExpected(key: string): Promise<boolean>;
  /** Is told of each upload that has arrived whole, before the client is. */
  arrived(key: string, status: BlobStatus): Promise<void>;
}

/** What the routes need. */
export interface BlobRoutesOptions {
  context: ServiceContext;
  account: UploadAccount;
}

const BlobParams = Type.Object({ "*": Type.String() });

const SignedQuery = Type.Object({
  action: Type.Optional(Type.String()),
  expires: Type.Optional(Type.String()),
  signature: Type.Optional(Type.String()),
  name: Type.Optional(Type.String()),
  comp: Type.Optional(Type.String()),
  blockid: Type.Optional(Type.String()),
});

type BlobRequest = FastifyRequest<{ Params: Static<typeof BlobParams>; Querystring: Static<typeof SignedQuery> }>;

/** What is sent as it is. */
const Bytes = Type.Unsafe<unknown>({ type: "string", format: "binary" });

const writeAnswers = { 201: NoContent, 400: ErrorAnswer, 403: ErrorAnswer, 404: ErrorAnswer, 413: ErrorAnswer };
const readAnswers = { 200: Bytes, 206: Bytes, 403: ErrorAnswer, 404: ErrorAnswer, 416: ErrorAnswer };

/** A list of 50,000 blocks, the most that Azure takes, has about this much. */
const maxBlockListBytes = 8 * 1024 ** 2;

/**
 * Where the clients of a service read and write blobs, if its store is not one that they reach themselves. What a client
 * may do is in its URL, which the service has signed. It answers as Azure Blob Storage does, so that clients made for it
 * work with either: PUT of a whole blob, or of its blocks and then of the list of their ids.
 */
export async function blobRoutes(server: Server, { context, account }: BlobRoutesOptions): Promise<void> {
  const { blobs, config, metrics } = context;
  if (!isServed(blobs)) return;
  const maxBytes = config.limits.uploadBytes;
  const blocks = new BlockUploads(blobs, maxBytes);

  // Bodies are left on the wire until a store takes them.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", (_request, _body, done) => done(null));

  const upload = (request: BlobRequest) => uploadStream(request.raw, maxBytes, metrics.uploadedBytes);

  const finish = async (request: BlobRequest, reply: FastifyReply, status: BlobStatus) => {
    await account.arrived(keyOf(request), status);
    return reply.code(201).headers(headersOf(request, status)).send();
  };

  const write = async (request: BlobRequest, reply: FastifyReply) => {
    const key = keyOf(request);
    if (!(await account.isExpected(key))) throw notFound("File", "file");
    switch (request.query.comp) {
      case undefined:
        return finish(request, reply, await blobs.put(key, upload(request)));
      case "block":
        await blocks.put(key, request.query.blockid ?? "", upload(request));
        return reply.code(201).header("x-ms-request-id", request.id).send();
      case "blocklist":
        return finish(request, reply, await blocks.commit(key, await readIds(request)));
      default:
        throw new HttpError(400, "InvalidQueryParameterValue", "This operation is not supported.", { target: "comp" });
    }
  };

  const read = async (request: BlobRequest, reply: FastifyReply) => {
    if (request.query.comp !== "blocklist") return sendBlob(blobs, request, reply);
    return reply.type("application/xml").send(writeBlockList(await blocks.list(keyOf(request))));
  };

  const readIds = async (request: BlobRequest) => {
    const body: Buffer[] = [];
    for await (const chunk of uploadStream(request.raw, maxBlockListBytes, metrics.uploadedBytes))
      body.push(chunk as Buffer);
    return readBlockList(Buffer.concat(body).toString("utf8"));
  };

  const schema = { params: BlobParams, querystring: SignedQuery, tags: ["Blobs"] };
  const open = { isOpen: true };

  server.put(
    "/blobs/*",
    {
      config: open,
      schema: { ...schema, operationId: "writeBlob", summary: "Upload the content of a file", response: writeAnswers },
      preValidation: async (request) => ensureSigned(request as BlobRequest, blobs, "upload"),
    },
    write,
  );

  server.get(
    "/blobs/*",
    {
      config: open,
      exposeHeadRoute: false,
      schema: { ...schema, operationId: "readBlob", summary: "Download the content of a file", response: readAnswers },
      preValidation: async (request) => ensureSigned(request as BlobRequest, blobs, readingAction(request.query)),
    },
    read,
  );
}

/** Who uploads asks which blocks have arrived; who downloads has no business with them. */
function readingAction(query: unknown): SignedAction {
  return (query as Static<typeof SignedQuery>).comp === "blocklist" ? "upload" : "download";
}

function ensureSigned(request: BlobRequest, { signer }: ServedBlobStore, action: SignedAction): void {
  const { expires = "", signature = "", name } = request.query;
  if (!signer.isValid({ key: keyOf(request), action, fileName: name }, expires, signature)) throw forbidden();
}

function keyOf(request: BlobRequest): string {
  return request.params["*"];
}

function headersOf(request: BlobRequest, { size, modifiedAt }: BlobStatus): Record<string, string> {
  return {
    etag: `"${modifiedAt.getTime().toString(16)}-${size.toString(16)}"`,
    "last-modified": modifiedAt.toUTCString(),
    "x-ms-request-id": request.id,
  };
}

async function sendBlob(blobs: ServedBlobStore, request: BlobRequest, reply: FastifyReply): Promise<FastifyReply> {
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
      "content-disposition": attachmentNamed(request.query.name ?? key.split("/").at(-1)!),
      "x-content-type-options": "nosniff",
    })
    .send(await blobs.get(key, range));
}
