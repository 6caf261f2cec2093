import type { StorageItem } from "../../platform/database/tables.js";
import { invalidValue, unprocessable } from "../../platform/errors.js";
import { failures, NoContent } from "../../platform/http/schemas.js";
import type { Server } from "../../platform/http/server.js";
import { fromLongId } from "../../platform/ids.js";
import { invalidItemCodes, itemNotFound } from "./errors.js";
import { CreateBody, FolderAnswer, MoveBody, UpdateBody, type FolderModel } from "./itemSchemas.js";
import { loadsFolder } from "./loadsItem.js";
import { ensureFields } from "./names.js";
import { presentFolder } from "./presentItem.js";
import { modifyScopes, ofItem, readScopes } from "./routeConfig.js";
import type { StorageFiles } from "./StorageFiles.js";
import type { StorageParts } from "./StorageParts.js";

const reads = { scopes: readScopes };
const modifies = { scopes: modifyScopes, invalidCode: invalidItemCodes.folder };

/** What can be done with a folder. */
export function folderRoutes(server: Server, parts: StorageParts): void {
  for (const add of [getFolder, createFolder, updateFolder, deleteFolder, moveFolder]) add(server, parts);
}

function getFolder(server: Server, parts: StorageParts): void {
  const schema = {
    ...ofItem,
    operationId: "getFolder",
    summary: "Get a folder",
    response: { 200: FolderAnswer, ...failures(404) },
  };
  const options = { config: reads, preValidation: loadsFolder(parts), schema };
  server.get("/storage/folders/:id", options, async ({ storageItem, origin }) =>
    showFolder(parts.storage, storageItem, origin),
  );
}

function createFolder(server: Server, parts: StorageParts): void {
  const { storage } = parts;
  const schema = {
    ...ofItem,
    body: CreateBody,
    operationId: "createFolder",
    summary: "Create a folder in a folder",
    response: { 201: FolderAnswer, ...failures(404, 422) },
  };
  const options = { config: modifies, preValidation: loadsFolder(parts), schema };
  server.post("/storage/folders/:id/folders", options, async (request, reply) => {
    const { storageItem: parent, body, principal, origin } = request;
    ensureFields("folder", body);
    const created = await storage.items.create("folder", parent, body, principal);
    return reply.code(201).send(await showFolder(storage, created, origin));
  });
}

function updateFolder(server: Server, parts: StorageParts): void {
  const { storage } = parts;
  const schema = {
    ...ofItem,
    body: UpdateBody,
    operationId: "updateFolder",
    summary: "Change the name or description of a folder",
    response: { 200: FolderAnswer, ...failures(404, 422) },
  };
  const options = { config: modifies, preValidation: loadsFolder(parts), schema };
  server.patch("/storage/folders/:id", options, async ({ storageItem, body, principal, origin }) => {
    ensureNoRoot(storageItem);
    ensureFields("folder", body);
    return showFolder(storage, await storage.items.update(storageItem, body, principal), origin);
  });
}

function deleteFolder(server: Server, parts: StorageParts): void {
  const schema = {
    ...ofItem,
    operationId: "deleteFolder",
    summary: "Put a folder, with all that is below it, into the recycle bin",
    response: { 204: NoContent, ...failures(404, 422) },
  };
  const options = { config: modifies, preValidation: loadsFolder(parts), schema };
  server.delete("/storage/folders/:id", options, async ({ storageItem }, reply) => {
    ensureNoRoot(storageItem);
    if (!(await parts.storage.bin.add(storageItem))) throw itemNotFound("folder");
    return reply.code(204).send();
  });
}

function moveFolder(server: Server, parts: StorageParts): void {
  const { storage } = parts;
  const schema = {
    ...ofItem,
    body: MoveBody,
    operationId: "moveFolder",
    summary: "Move a folder into another one of the same iTwin",
    response: { 200: FolderAnswer, ...failures(404, 422) },
  };
  const options = { config: modifies, preValidation: loadsFolder(parts), schema };
  server.post("/storage/folders/:id/move", options, async ({ storageItem, body, principal, origin }) => {
    ensureNoRoot(storageItem);
    const target = fromLongId(body.parentFolderId);
    if (target?.ownerId !== storageItem.itwin_id) throw badTarget("Provided parentFolderId value is not valid.");
    const moved = await storage.items.move(storageItem, target.itemId, principal);
    if (moved === "noSuchFolder") throw badTarget("There is no folder parentFolderId.");
    if (moved === "isBelow") throw badTarget("A folder cannot be moved into itself, or into a folder below it.");
    return showFolder(storage, moved, origin);
  });
}

/** A folder as it is after the operation, with its path. */
async function showFolder(
  storage: StorageFiles,
  folder: StorageItem | undefined,
  origin: string,
): Promise<{ folder: FolderModel }> {
  if (folder === undefined) throw itemNotFound("folder");
  return { folder: presentFolder(folder, await storage.pathOf(folder), origin) };
}

/** The root folder belongs to its iTwin, and stays as it is. */
function ensureNoRoot({ id, itwin_id }: StorageItem): void {
  if (id === itwin_id)
    throw unprocessable(invalidItemCodes.folder, [invalidValue("id", "The root folder cannot be changed.")]);
}

function badTarget(message: string) {
  return unprocessable(invalidItemCodes.folder, [invalidValue("parentFolderId", message)]);
}
