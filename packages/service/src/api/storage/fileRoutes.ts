import type { Principal } from "../../platform/auth/Principal.js";
import type { StorageItem } from "../../platform/database/tables.js";
import { unprocessable } from "../../platform/errors.js";
import { NoContent, failures } from "../../platform/http/schemas.js";
import type { Server } from "../../platform/http/server.js";
import { CreateBody, ensureFields, invalidItemCodes, ItemParams, UpdateBody } from "./itemSchemas.js";
import { itemNotFound, Loading, type StorageRoutesOptions } from "./loadsItem.js";
import { FileAnswer, longIdOf, toFile, UploadAnswer } from "./presentItem.js";

/** What can be done with a file. */
export async function fileRoutes(server: Server, options: StorageRoutesOptions): Promise<void> {
  const { context, storage } = options;
  const { items, bin, uploads } = storage;
  const loading = new Loading(options);
  const preValidation = loading.file;
  const reading = { config: { scopes: ["storage:read", "storage:modify"] }, preValidation };
  const changing = { config: { scopes: ["storage:modify"], invalidCode: invalidItemCodes.file }, preValidation };
  const schema = { tags: ["Storage"], params: ItemParams };

  const answer = async (file: StorageItem | undefined, origin: string) => {
    if (file === undefined) throw itemNotFound("file");
    return { file: toFile(file, await storage.pathOf(file), origin) };
  };

  const beginUpload = async (file: StorageItem, principal: Principal, origin: string) => {
    const uploadUrl = await uploads.begin(file, principal, origin);
    const completeUrl = `${origin}/storage/files/${longIdOf(file)}/complete`;
    return { _links: { uploadUrl: { href: uploadUrl }, completeUrl: { href: completeUrl } } };
  };

  server.post(
    "/storage/folders/:id/files",
    {
      ...changing,
      preValidation: loading.folder,
      schema: {
        ...schema,
        body: CreateBody,
        operationId: "createFile",
        summary: "Create a file in a folder, and get a URL for its content",
        response: { 202: UploadAnswer, ...failures(404, 422) },
      },
    },
    async ({ storageItem: parent, body, principal, origin }, reply) => {
      ensureFields("file", body);
      const file = await items.create("file", parent, body, principal);
      if (file === undefined) throw itemNotFound("folder");
      return reply.code(202).send(await beginUpload(file, principal, origin));
    },
  );

  server.get(
    "/storage/files/:id",
    {
      ...reading,
      schema: {
        ...schema,
        operationId: "getFile",
        summary: "Get a file",
        response: { 200: FileAnswer, ...failures(404) },
      },
    },
    async ({ storageItem, origin }) => answer(storageItem, origin),
  );

  server.patch(
    "/storage/files/:id",
    {
      ...changing,
      schema: {
        ...schema,
        body: UpdateBody,
        operationId: "updateFile",
        summary: "Change the name or description of a file",
        response: { 200: FileAnswer, ...failures(404, 422) },
      },
    },
    async ({ storageItem, body, principal, origin }) => {
      ensureFields("file", body);
      return answer(await items.update(storageItem, body, principal), origin);
    },
  );

  server.delete(
    "/storage/files/:id",
    {
      ...changing,
      schema: {
        ...schema,
        operationId: "deleteFile",
        summary: "Put a file into the recycle bin",
        response: { 204: NoContent, ...failures(404) },
      },
    },
    async ({ storageItem }, reply) => {
      if (!(await bin.add(storageItem))) throw itemNotFound("file");
      return reply.code(204).send();
    },
  );

  server.post(
    "/storage/files/:id/updateContent",
    {
      ...changing,
      schema: {
        ...schema,
        operationId: "updateContent",
        summary: "Get a URL for new content of a file",
        response: { 202: UploadAnswer, ...failures(404) },
      },
    },
    async ({ storageItem, principal, origin }, reply) =>
      reply.code(202).send(await beginUpload(storageItem, principal, origin)),
  );

  server.post(
    "/storage/files/:id/complete",
    {
      ...changing,
      schema: {
        ...schema,
        operationId: "completeFile",
        summary: "Say that the content of a file has been uploaded",
        response: { 200: FileAnswer, ...failures(404, 422) },
      },
    },
    async ({ storageItem, origin }) => {
      if (storageItem.content_key === null) throw unprocessable(invalidItemCodes.file, [notUploaded]);
      return answer(storageItem, origin);
    },
  );

  server.get(
    "/storage/files/:id/download",
    {
      ...reading,
      schema: {
        ...schema,
        operationId: "downloadFile",
        summary: "Be sent to the content of a file",
        response: { 302: NoContent, ...failures(404) },
      },
    },
    async ({ storageItem: { content_key, display_name }, origin }, reply) => {
      if (content_key === null) throw itemNotFound("file");
      return reply.redirect(await context.blobs.downloadUrl(content_key, display_name, origin), 302);
    },
  );
}

const notUploaded = { code: "FileNotUploaded", message: "The content of the file has not arrived." };
