import type { StorageItem } from "../../platform/database/tables.js";
import { invalidValue, unprocessable } from "../../platform/errors.js";
import { pageLinks, PagingQuery } from "../../platform/http/paging.js";
import { failures } from "../../platform/http/schemas.js";
import type { Server } from "../../platform/http/server.js";
import { invalidStorageCode } from "./errors.js";
import { FilesAnswer, FoldersAnswer, ITwinQuery, ItemsAnswer, SearchQuery, TopLevelAnswer } from "./itemSchemas.js";
import { loadsFolder, loadsITwinOfQuery } from "./loadsItem.js";
import { folderUrl, presentFile, presentFolder, presentItem } from "./presentItem.js";
import { ofItem, readScopes, tags } from "./routeConfig.js";
import { rootFolderOf } from "./StorageItems.js";
import type { StorageFiles } from "./StorageFiles.js";
import type { StorageParts } from "./StorageParts.js";

const config = { scopes: readScopes, invalidCode: invalidStorageCode };

/** The lists of what is in a folder. */
export function listRoutes(server: Server, parts: StorageParts): void {
  for (const add of [getTopLevel, listFolder, listFiles, listFolders, searchFolder]) add(server, parts);
}

function getTopLevel(server: Server, { context, storage }: StorageParts): void {
  const schema = {
    operationId: "getTopLevel",
    summary: "List the top level of an iTwin",
    tags,
    querystring: ITwinQuery,
    response: { 200: TopLevelAnswer, ...failures(404, 422) },
  };
  const options = { config, preValidation: loadsITwinOfQuery(context), schema };
  server.get("/storage", options, async ({ iTwin, query, origin }) => {
    const folder = rootFolderOf(iTwin);
    await storage.uploads.takeIn("parent_id", folder.id);
    const found = await storage.items.list(folder, query);
    const links = pageLinks(`${origin}/storage`, query, { iTwinId: iTwin.id });
    return {
      items: await presentContent(storage, folder, found, presentItem, origin),
      _links: { ...links, folder: { href: folderUrl(origin, folder) } },
    };
  });
}

function listFolder(server: Server, parts: StorageParts): void {
  const { items, uploads } = parts.storage;
  const schema = {
    ...ofItem,
    querystring: PagingQuery,
    operationId: "listFolder",
    summary: "List the folders and files in a folder",
    response: { 200: ItemsAnswer, ...failures(404, 422) },
  };
  const options = { config, preValidation: loadsFolder(parts), schema };
  server.get("/storage/folders/:id/list", options, async ({ storageItem: folder, query, origin }) => {
    await uploads.takeIn("parent_id", folder.id);
    const found = await items.list(folder, query);
    return {
      items: await presentContent(parts.storage, folder, found, presentItem, origin),
      _links: pageLinks(`${folderUrl(origin, folder)}/list`, query),
    };
  });
}

function listFiles(server: Server, parts: StorageParts): void {
  const { items, uploads } = parts.storage;
  const schema = {
    ...ofItem,
    querystring: PagingQuery,
    operationId: "listFiles",
    summary: "List the files in a folder",
    response: { 200: FilesAnswer, ...failures(404, 422) },
  };
  const options = { config, preValidation: loadsFolder(parts), schema };
  server.get("/storage/folders/:id/files", options, async ({ storageItem: folder, query, origin }) => {
    await uploads.takeIn("parent_id", folder.id);
    const found = await items.list(folder, query, "file");
    return {
      files: await presentContent(parts.storage, folder, found, presentFile, origin),
      _links: pageLinks(`${folderUrl(origin, folder)}/files`, query),
    };
  });
}

function listFolders(server: Server, parts: StorageParts): void {
  const schema = {
    ...ofItem,
    querystring: PagingQuery,
    operationId: "listFolders",
    summary: "List the folders in a folder",
    response: { 200: FoldersAnswer, ...failures(404, 422) },
  };
  const options = { config, preValidation: loadsFolder(parts), schema };
  server.get("/storage/folders/:id/folders", options, async ({ storageItem: folder, query, origin }) => {
    const found = await parts.storage.items.list(folder, query, "folder");
    return {
      folders: await presentContent(parts.storage, folder, found, presentFolder, origin),
      _links: pageLinks(`${folderUrl(origin, folder)}/folders`, query),
    };
  });
}

function searchFolder(server: Server, parts: StorageParts): void {
  const { items, uploads } = parts.storage;
  const schema = {
    ...ofItem,
    querystring: SearchQuery,
    operationId: "searchFolder",
    summary: "Search a folder, and all below it, by name",
    response: { 200: ItemsAnswer, ...failures(404, 422) },
  };
  const options = { config, preValidation: loadsFolder(parts), schema };
  server.get("/storage/folders/:id/search", options, async ({ storageItem: folder, query, origin }) => {
    if (query.name.includes("\u0000")) throw unprocessable(invalidStorageCode, [invalidValue("name")]);
    await uploads.takeIn("itwin_id", folder.itwin_id);
    const found = await items.search(folder, query.name, query);
    const pathOf = await items.pathsOf(found);
    return {
      items: found.map((item) => presentItem(item, pathOf(item), origin)),
      _links: pageLinks(`${folderUrl(origin, folder)}/search`, query, { name: query.name }),
    };
  });
}

/** The items of one folder: the path above them is the same. */
async function presentContent<T>(
  storage: StorageFiles,
  folder: StorageItem,
  items: StorageItem[],
  present: (item: StorageItem, path: string, origin: string) => T,
  origin: string,
): Promise<T[]> {
  const above = await storage.pathOf(folder);
  return items.map((item) => present(item, above === "" ? item.display_name : `${above}/${item.display_name}`, origin));
}
