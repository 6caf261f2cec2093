import type { StorageItem } from "../../platform/database/tables.js";
import { unprocessable } from "../../platform/errors.js";
import { failures, NoContent } from "../../platform/http/schemas.js";
import type { Server } from "../../platform/http/server.js";
import { invalidItemCodes, itemNotFound } from "./errors.js";
import { CreateBody, FileAnswer, UpdateBody, UploadAnswer, type FileModel } from "./itemSchemas.js";
import { loadsFile, loadsFolder } from "./loadsItem.js";
import { ensureFields } from "./names.js";
import { longIdOf, presentFile } from "./presentItem.js";
import { modifyScopes, ofItem, readScopes } from "./routeConfig.js";
import type { StorageFiles } from "./StorageFiles.js";
import type { StorageParts } from "./StorageParts.js";

const reads = { scopes: readScopes };
const modifies = { scopes: modifyScopes, invalidCode: invalidItemCodes.file };

/** What can be done with a file. */
export function fileRoutes(server: Server, parts: StorageParts): void {
  const operations = [createFile, getFile, updateFile, deleteFile, updateContent, completeFile, downloadFile];
  for (const add of operations) add(server, parts);
}

function createFile(server: Server, parts: StorageParts): void {
  const { storage } = parts;
  const schema = {
    ...ofItem,
    body: CreateBody,
    operationId: "createFile",
    summary: "Create a file in a folder, and get a URL for its content",
    response: { 202: UploadAnswer, ...failures(404, 422) },
  };
  const options = { config: modifies, preValidation: loadsFolder(parts), schema };
  server.post("/storage/folders/:id/files", options, async (request, reply) => {
    const { storageItem: parent, body, principal, origin } = request;
    ensureFields("file", body);
    const file = await storage.items.create("file", parent, body, principal);
    if (file === undefined) throw itemNotFound("folder");
    const uploadUrl = await storage.uploads.begin(file, principal, origin);
    return reply.code(202).send(uploadLinks(file, uploadUrl, origin));
  });
}

function getFile(server: Server, parts: StorageParts): void {
  const schema = {
    ...ofItem,
    operationId: "getFile",
    summary: "Get a file",
    response: { 200: FileAnswer, ...failures(404) },
  };
  const options = { config: reads, preValidation: loadsFile(parts), schema };
  server.get("/storage/files/:id", options, async ({ storageItem, origin }) =>
    showFile(parts.storage, storageItem, origin),
  );
}

function updateFile(server: Server, parts: StorageParts): void {
  const { storage } = parts;
  const schema = {
    ...ofItem,
    body: UpdateBody,
    operationId: "updateFile",
    summary: "Change the name or description of a file",
    response: { 200: FileAnswer, ...failures(404, 422) },
  };
  const options = { config: modifies, preValidation: loadsFile(parts), schema };
  server.patch("/storage/files/:id", options, async ({ storageItem, body, principal, origin }) => {
    ensureFields("file", body);
    return showFile(storage, await storage.items.update(storageItem, body, principal), origin);
  });
}

function deleteFile(server: Server, parts: StorageParts): void {
  const schema = {
    ...ofItem,
    operationId: "deleteFile",
    summary: "Put a file into the recycle bin",
    response: { 204: NoContent, ...failures(404) },
  };
  const options = { config: modifies, preValidation: loadsFile(parts), schema };
  server.delete("/storage/files/:id", options, async ({ storageItem }, reply) => {
    if (!(await parts.storage.bin.add(storageItem))) throw itemNotFound("file");
    return reply.code(204).send();
  });
}

function updateContent(server: Server, parts: StorageParts): void {
  const schema = {
    ...ofItem,
    operationId: "updateContent",
    summary: "Get a URL for new content of a file",
    response: { 202: UploadAnswer, ...failures(404) },
  };
  const options = { config: modifies, preValidation: loadsFile(parts), schema };
  server.post("/storage/files/:id/updateContent", options, async ({ storageItem, principal, origin }, reply) => {
    const uploadUrl = await parts.storage.uploads.begin(storageItem, principal, origin);
    return reply.code(202).send(uploadLinks(storageItem, uploadUrl, origin));
  });
}

function completeFile(server: Server, parts: StorageParts): void {
  const schema = {
    ...ofItem,
    operationId: "completeFile",
    summary: "Say that the content of a file has been uploaded",
    response: { 200: FileAnswer, ...failures(404, 422) },
  };
  const options = { config: modifies, preValidation: loadsFile(parts), schema };
  server.post("/storage/files/:id/complete", options, async ({ storageItem, origin }) => {
    if (storageItem.content_key === null) throw unprocessable(invalidItemCodes.file, [notUploaded]);
    return showFile(parts.storage, storageItem, origin);
  });
}

function downloadFile(server: Server, parts: StorageParts): void {
  const schema = {
    ...ofItem,
    operationId: "downloadFile",
    summary: "Be sent to the content of a file",
    response: { 302: NoContent, ...failures(404) },
  };
  const options = { config: reads, preValidation: loadsFile(parts), schema };
  server.get("/storage/files/:id/download", options, async ({ storageItem, origin }, reply) => {
    const { content_key: key, display_name: fileName } = storageItem;
    if (key === null) throw itemNotFound("file");
    return reply.redirect(await parts.context.blobs.downloadUrl(key, fileName, origin), 302);
  });
}

/** A file as it is after the operation, with its path. */
async function showFile(
  storage: StorageFiles,
  file: StorageItem | undefined,
  origin: string,
): Promise<{ file: FileModel }> {
  if (file === undefined) throw itemNotFound("file");
  return { file: presentFile(file, await storage.pathOf(file), origin) };
}

function uploadLinks(file: StorageItem, uploadUrl: string, origin: string) {
  const completeUrl = `${origin}/storage/files/${longIdOf(file)}/complete`;
  return { _links: { uploadUrl: { href: uploadUrl }, completeUrl: { href: completeUrl } } };
}

const notUploaded = { code: "FileNotUploaded", message: "The content of the file has not arrived." };
