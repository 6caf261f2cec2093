import { pageLinks } from "../../platform/http/paging.js";
import { NoContent, failures } from "../../platform/http/schemas.js";
import type { Server } from "../../platform/http/server.js";
import { ItemParams } from "./itemSchemas.js";
import { ITwinQuery } from "./listRoutes.js";
import { invalidStorageCode, itemNotFound, Loading, type StorageRoutesOptions } from "./loadsItem.js";
import { ItemsAnswer, toItem } from "./presentItem.js";

/** What can be done with what was deleted. */
export async function recycleBinRoutes(server: Server, options: StorageRoutesOptions): Promise<void> {
  const { items, bin } = options.storage;
  const loading = new Loading(options);
  const tags = ["Storage"];
  const config = { scopes: ["storage:modify"], invalidCode: invalidStorageCode };
  const kinds = [
    { kind: "file", Kind: "File", preValidation: loading.binnedFile },
    { kind: "folder", Kind: "Folder", preValidation: loading.binnedFolder },
  ] as const;

  server.get(
    "/storage/recyclebin",
    {
      config: { ...config, scopes: ["storage:read", "storage:modify"] },
      preValidation: loading.iTwin,
      schema: {
        operationId: "listRecycleBin",
        summary: "List what was deleted in an iTwin",
        tags,
        querystring: ITwinQuery,
        response: { 200: ItemsAnswer, ...failures(404, 422) },
      },
    },
    async ({ storageItem: { id }, query, origin }) => {
      const found = await bin.list(id, query);
      const paths = await items.pathsOf(found);
      return {
        items: found.map((item) => toItem(item, paths.get(item.id)!, origin)),
        _links: pageLinks(`${origin}/storage/recyclebin`, query, { iTwinId: id }),
      };
    },
  );

  for (const { kind, Kind, preValidation } of kinds) {
    const schema = { tags, params: ItemParams, response: { 204: NoContent, ...failures(404) } };

    server.post(
      `/storage/recyclebin/${kind}s/:id/restore`,
      {
        config,
        preValidation,
        schema: { ...schema, operationId: `restore${Kind}`, summary: `Bring a ${kind} back from the recycle bin` },
      },
      async ({ storageItem }, reply) => {
        if (!(await bin.restore(storageItem))) throw itemNotFound(kind);
        return reply.code(204).send();
      },
    );

    server.delete(
      `/storage/recyclebin/${kind}s/:id`,
      {
        config,
        preValidation,
        schema: { ...schema, operationId: `purge${Kind}`, summary: `Remove a ${kind} from the recycle bin for good` },
      },
      async ({ storageItem }, reply) => {
        await bin.purge(storageItem);
        return reply.code(204).send();
      },
    );
  }
}
