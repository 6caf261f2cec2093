import type { StorageItem } from "../../platform/database/tables.js";
import { pageLinks } from "../../platform/http/paging.js";
import { failures, NoContent } from "../../platform/http/schemas.js";
import type { Server } from "../../platform/http/server.js";
import { invalidStorageCode, itemNotFound } from "./errors.js";
import { ItemsAnswer, ITwinQuery } from "./itemSchemas.js";
import { loadsBinned, loadsITwinOfQuery } from "./loadsItem.js";
import { presentItem } from "./presentItem.js";
import { modifyScopes, ofItem, readScopes, tags } from "./routeConfig.js";
import type { StorageParts } from "./StorageParts.js";

const reads = { scopes: readScopes, invalidCode: invalidStorageCode };
const modifies = { scopes: modifyScopes, invalidCode: invalidStorageCode };

/** How the operation ids call what can be in the bin. */
const names = { file: "File", folder: "Folder" };

/** What can be done with what was deleted. */
export function recycleBinRoutes(server: Server, parts: StorageParts): void {
  listRecycleBin(server, parts);
  for (const kind of ["file", "folder"] as const) for (const add of [restore, purge]) add(server, parts, kind);
}

function listRecycleBin(server: Server, { context, storage: { items, bin } }: StorageParts): void {
  const schema = {
    operationId: "listRecycleBin",
    summary: "List what was deleted in an iTwin",
    tags,
    querystring: ITwinQuery,
    response: { 200: ItemsAnswer, ...failures(404, 422) },
  };
  const options = { config: reads, preValidation: loadsITwinOfQuery(context), schema };
  server.get("/storage/recyclebin", options, async ({ iTwin: { id }, query, origin }) => {
    const found = await bin.list(id, query);
    const pathOf = await items.pathsOf(found);
    return {
      items: found.map((item) => presentItem(item, pathOf(item), origin)),
      _links: pageLinks(`${origin}/storage/recyclebin`, query, { iTwinId: id }),
    };
  });
}

function restore(server: Server, parts: StorageParts, kind: StorageItem["kind"]): void {
  const schema = {
    ...ofItem,
    operationId: `restore${names[kind]}`,
    summary: `Bring a ${kind} back from the recycle bin`,
    response: { 204: NoContent, ...failures(404) },
  };
  const options = { config: modifies, preValidation: loadsBinned(parts, kind), schema };
  server.post(`/storage/recyclebin/${kind}s/:id/restore`, options, async ({ storageItem }, reply) => {
    if (!(await parts.storage.bin.restore(storageItem))) throw itemNotFound(kind);
    return reply.code(204).send();
  });
}

function purge(server: Server, parts: StorageParts, kind: StorageItem["kind"]): void {
  const schema = {
    ...ofItem,
    operationId: `purge${names[kind]}`,
    summary: `Remove a ${kind} from the recycle bin for good`,
    response: { 204: NoContent, ...failures(404) },
  };
  const options = { config: modifies, preValidation: loadsBinned(parts, kind), schema };
  server.delete(`/storage/recyclebin/${kind}s/:id`, options, async ({ storageItem }, reply) => {
    await parts.storage.bin.purge(storageItem);
    return reply.code(204).send();
  });
}
