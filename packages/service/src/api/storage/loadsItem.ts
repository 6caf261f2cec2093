import type { FastifyRequest } from "fastify";
import type { StorageItem } from "../../platform/database/tables.js";
import { unprocessable } from "../../platform/errors.js";
import { loads, textIn, uuidIn, type RequestHook } from "../../platform/http/loads.js";
import { fromLongId } from "../../platform/ids.js";
import type { ServiceContext } from "../../ServiceContext.js";
import { loadsITwin } from "../itwins/loadsITwin.js";
import { invalidStorageCode, itemNotFound } from "./errors.js";
import type { StorageParts } from "./StorageParts.js";

declare module "fastify" {
  interface FastifyRequest {
    /** The file or folder that the path names. Only on routes with one of the hooks below. */
    storageItem: StorageItem;
  }
}

/** Makes the hook that loads the iTwin whose storage the query names, for members of it. */
export function loadsITwinOfQuery(context: ServiceContext): RequestHook {
  return loadsITwin(context, (request) => {
    const name = ["iTwinId", "projectId"].find((name) => textIn(request, "query", name) !== undefined);
    if (name === undefined) throw unprocessable(invalidStorageCode, [missingITwin]);
    return uuidIn("query", name)(request);
  });
}

/** Makes the hooks that load the folder of the path. */
export function loadsFolder({ context, storage }: StorageParts): RequestHook[] {
  return loadsItem(context, "folder", (id) => storage.items.find(id));
}

/** Makes the hooks that load the file of the path, with what has been uploaded. */
export function loadsFile({ context, storage }: StorageParts): RequestHook[] {
  return loadsItem(context, "file", (id) => storage.find(id));
}

/** Makes the hooks that load the file or folder of the path from the recycle bin. */
export function loadsBinned({ context, storage }: StorageParts, kind: StorageItem["kind"]): RequestHook[] {
  return loadsItem(context, kind, (id) => storage.bin.find(id));
}

/** The iTwin comes first: only its members learn whether it has the item. */
function loadsItem(
  context: ServiceContext,
  kind: StorageItem["kind"],
  find: (id: string) => Promise<StorageItem | undefined>,
): RequestHook[] {
  const missing = () => itemNotFound(kind);
  const idsOf = (request: FastifyRequest) => {
    const ids = fromLongId(textIn(request, "params", "id") ?? "");
    if (ids === undefined) throw missing();
    return ids;
  };
  const findHere = async (id: string, { iTwin }: FastifyRequest) => {
    const item = await find(id);
    return item?.kind === kind && item.itwin_id === iTwin.id ? item : undefined;
  };
  return [
    loadsITwin(context, (request) => idsOf(request).ownerId, missing),
    loads("storageItem", { id: (request) => idsOf(request).itemId, find: findHere, missing }),
  ];
}

const missingITwin = {
  code: "MissingRequiredParameter",
  message: "Required parameter iTwinId is missing.",
  target: "iTwinId",
};
