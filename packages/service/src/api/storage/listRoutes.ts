import { Type } from "typebox";
import type { StorageItem } from "../../platform/database/tables.js";
import { invalidValue, unprocessable } from "../../platform/errors.js";
import { pageLinks, PagingQuery } from "../../platform/http/paging.js";
import { failures } from "../../platform/http/schemas.js";
import type { Server } from "../../platform/http/server.js";
import { ItemParams } from "./itemSchemas.js";
import { invalidStorageCode, Loading, type StorageRoutesOptions } from "./loadsItem.js";
import {
  FilesAnswer,
  folderUrl,
  FoldersAnswer,
  ItemsAnswer,
  toFile,
  toFolder,
  toItem,
  TopLevelAnswer,
} from "./presentItem.js";

/** The query of lists of an iTwin. */
export const ITwinQuery = Type.Object({
  ...PagingQuery.properties,
  iTwinId: Type.Optional(Type.String({ description: "The iTwin. Required, here or as projectId." })),
  projectId: Type.Optional(Type.String({ description: "The former name of iTwinId." })),
});

const SearchQuery = Type.Object({
  ...PagingQuery.properties,
  name: Type.String({ description: "A name in which * stands for any characters, and ? for one." }),
});

/** The lists of what is in a folder. */
export async function listRoutes(server: Server, options: StorageRoutesOptions): Promise<void> {
  const { items, uploads } = options.storage;
  const loading = new Loading(options);
  const common = {
    config: { scopes: ["storage:read", "storage:modify"], invalidCode: invalidStorageCode },
    preValidation: loading.folder,
  };
  const schema = { tags: ["Storage"], params: ItemParams, querystring: PagingQuery };

  /** Items of one folder: the names above them are the same. */
  const show = async <T>(folder: StorageItem, found: StorageItem[], model: Model<T>, origin: string): Promise<T[]> => {
    const above = (await items.pathsOf([folder])).get(folder.id)!;
    return found.map((item) => model(item, above === "" ? item.display_name : `${above}/${item.display_name}`, origin));
  };

  server.get(
    "/storage",
    {
      ...common,
      preValidation: loading.iTwin,
      schema: {
        operationId: "getTopLevel",
        summary: "List the top level of an iTwin",
        tags: ["Storage"],
        querystring: ITwinQuery,
        response: { 200: TopLevelAnswer, ...failures(404, 422) },
      },
    },
    async ({ storageItem: folder, query, origin }) => {
      await uploads.takeIn("parent_id", folder.id);
      const found = await items.list(folder, query);
      const links = pageLinks(`${origin}/storage`, query, { iTwinId: folder.id });
      return {
        items: await show(folder, found, toItem, origin),
        _links: { ...links, folder: { href: folderUrl(origin, folder) } },
      };
    },
  );

  server.get(
    "/storage/folders/:id/list",
    {
      ...common,
      schema: {
        ...schema,
        operationId: "listFolder",
        summary: "List the folders and files in a folder",
        response: { 200: ItemsAnswer, ...failures(404, 422) },
      },
    },
    async ({ storageItem: folder, query, origin }) => {
      await uploads.takeIn("parent_id", folder.id);
      const found = await items.list(folder, query);
      return {
        items: await show(folder, found, toItem, origin),
        _links: pageLinks(`${folderUrl(origin, folder)}/list`, query),
      };
    },
  );

  server.get(
    "/storage/folders/:id/files",
    {
      ...common,
      schema: {
        ...schema,
        operationId: "listFiles",
        summary: "List the files in a folder",
        response: { 200: FilesAnswer, ...failures(404, 422) },
      },
    },
    async ({ storageItem: folder, query, origin }) => {
      await uploads.takeIn("parent_id", folder.id);
      const found = await items.list(folder, query, "file");
      return {
        files: await show(folder, found, toFile, origin),
        _links: pageLinks(`${folderUrl(origin, folder)}/files`, query),
      };
    },
  );

  server.get(
    "/storage/folders/:id/folders",
    {
      ...common,
      schema: {
        ...schema,
        operationId: "listFolders",
        summary: "List the folders in a folder",
        response: { 200: FoldersAnswer, ...failures(404, 422) },
      },
    },
    async ({ storageItem: folder, query, origin }) => {
      const found = await items.list(folder, query, "folder");
      return {
        folders: await show(folder, found, toFolder, origin),
        _links: pageLinks(`${folderUrl(origin, folder)}/folders`, query),
      };
    },
  );

  server.get(
    "/storage/folders/:id/search",
    {
      ...common,
      schema: {
        ...schema,
        querystring: SearchQuery,
        operationId: "searchFolder",
        summary: "Search a folder, and all below it, by name",
        response: { 200: ItemsAnswer, ...failures(404, 422) },
      },
    },
    async ({ storageItem: folder, query, origin }) => {
      if (query.name.includes("\u0000")) throw unprocessable(invalidStorageCode, [invalidValue("name")]);
      await uploads.takeIn("itwin_id", folder.itwin_id);
      const found = await items.search(folder, query.name, query);
      const paths = await items.pathsOf(found);
      return {
        items: found.map((item) => toItem(item, paths.get(item.id)!, origin)),
        _links: pageLinks(`${folderUrl(origin, folder)}/search`, query, { name: query.name }),
      };
    },
  );
}

type Model<T> = (item: StorageItem, path: string, origin: string) => T;
