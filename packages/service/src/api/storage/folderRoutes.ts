import { Type } from "typebox";
import type { StorageItem } from "../../platform/database/tables.js";
import { invalidValue, unprocessable } from "../../platform/errors.js";
import { NoContent, failures } from "../../platform/http/schemas.js";
import type { Server } from "../../platform/http/server.js";
import { fromLongId } from "../../platform/ids.js";
import { CreateBody, ensureFields, invalidItemCodes, ItemParams, UpdateBody } from "./itemSchemas.js";
import { itemNotFound, Loading, type StorageRoutesOptions } from "./loadsItem.js";
import { FolderAnswer, toFolder } from "./presentItem.js";

const MoveBody = Type.Object({ parentFolderId: Type.String() });

/** What can be done with a folder. */
export async function folderRoutes(server: Server, options: StorageRoutesOptions): Promise<void> {
  const { storage } = options;
  const { items, bin } = storage;
  const { folder: preValidation } = new Loading(options);
  const reading = { config: { scopes: ["storage:read", "storage:modify"] }, preValidation };
  const changing = { config: { scopes: ["storage:modify"], invalidCode: invalidItemCodes.folder }, preValidation };
  const schema = { tags: ["Storage"], params: ItemParams };

  const answer = async (folder: StorageItem | undefined, origin: string) => {
    if (folder === undefined) throw itemNotFound("folder");
    return { folder: toFolder(folder, await storage.pathOf(folder), origin) };
  };

  server.get(
    "/storage/folders/:id",
    {
      ...reading,
      schema: {
        ...schema,
        operationId: "getFolder",
        summary: "Get a folder",
        response: { 200: FolderAnswer, ...failures(404) },
      },
    },
    async ({ storageItem, origin }) => answer(storageItem, origin),
  );

  server.post(
    "/storage/folders/:id/folders",
    {
      ...changing,
      schema: {
        ...schema,
        body: CreateBody,
        operationId: "createFolder",
        summary: "Create a folder in a folder",
        response: { 201: FolderAnswer, ...failures(404, 422) },
      },
    },
    async ({ storageItem: parent, body, principal, origin }, reply) => {
      ensureFields("folder", body);
      const created = await answer(await items.create("folder", parent, body, principal), origin);
      return reply.code(201).send(created);
    },
  );

  server.patch(
    "/storage/folders/:id",
    {
      ...changing,
      schema: {
        ...schema,
        body: UpdateBody,
        operationId: "updateFolder",
        summary: "Change the name or description of a folder",
        response: { 200: FolderAnswer, ...failures(404, 422) },
      },
    },
    async ({ storageItem, body, principal, origin }) => {
      ensureNoRoot(storageItem);
      ensureFields("folder", body);
      return answer(await items.update(storageItem, body, principal), origin);
    },
  );

  server.delete(
    "/storage/folders/:id",
    {
      ...changing,
      schema: {
        ...schema,
        operationId: "deleteFolder",
        summary: "Put a folder, with all that is below it, into the recycle bin",
        response: { 204: NoContent, ...failures(404, 422) },
      },
    },
    async ({ storageItem }, reply) => {
      ensureNoRoot(storageItem);
      if (!(await bin.add(storageItem))) throw itemNotFound("folder");
      return reply.code(204).send();
    },
  );

  server.post(
    "/storage/folders/:id/move",
    {
      ...changing,
      schema: {
        ...schema,
        body: MoveBody,
        operationId: "moveFolder",
        summary: "Move a folder into another one of the same iTwin",
        response: { 200: FolderAnswer, ...failures(404, 422) },
      },
    },
    async ({ storageItem, body, principal, origin }) => {
      ensureNoRoot(storageItem);
      const target = fromLongId(body.parentFolderId);
      if (target?.ownerId !== storageItem.itwin_id) throw badTarget("Provided parentFolderId value is not valid.");
      const moved = await items.move(storageItem, target.itemId, principal);
      if (moved === "noSuchFolder") throw badTarget("There is no folder parentFolderId.");
      if (moved === "isBelow") throw badTarget("A folder cannot be moved into itself, or into a folder below it.");
      return answer(moved, origin);
    },
  );
}

/** The root folder belongs to its iTwin, and stays as it is. */
function ensureNoRoot({ id, itwin_id }: StorageItem): void {
  if (id === itwin_id)
    throw unprocessable(invalidItemCodes.folder, [invalidValue("id", "The root folder cannot be changed.")]);
}

function badTarget(message: string) {
  return unprocessable(invalidItemCodes.folder, [invalidValue("parentFolderId", message)]);
}
