import type { FastifyRequest } from "fastify";
import type { StorageItem } from "../../platform/database/tables.js";
import { invalidValue, notFound, unprocessable, type HttpError } from "../../platform/errors.js";
import { fromLongId, isUuid } from "../../platform/ids.js";
import type { ServiceContext } from "../../ServiceContext.js";
import type { StorageFiles } from "./StorageFiles.js";

declare module "fastify" {
  interface FastifyRequest {
    /** What the request is about. Set on the routes of the storage. */
    storageItem: StorageItem;
  }
}

/** What routes of the storage share. */
export interface StorageRoutesOptions {
  context: ServiceContext;
  storage: StorageFiles;
}

/** The code of 422 answers where the platform's documents name none. */
export const invalidStorageCode = "InvalidStorageRequest";

/** Finds what requests are about, and checks that whoever sends them may know of it. For `preValidation`. */
export class Loading {
  public constructor(private readonly _options: StorageRoutesOptions) {}

  /** The root folder of the iTwin that the query names. */
  public readonly iTwin = async (request: FastifyRequest): Promise<void> => {
    const { iTwinId, projectId } = request.query as Record<string, string | undefined>;
    const id = (iTwinId ?? projectId)?.toLowerCase();
    if (id === undefined) throw unprocessable(invalidStorageCode, [missingITwin]);
    if (!isUuid(id))
      throw unprocessable(invalidStorageCode, [invalidValue(iTwinId === undefined ? "projectId" : "iTwinId")]);
    request.storageItem = await this._root(request, id, notFound("iTwin"));
  };

  public readonly folder = this._loader("folder", (id) => this._options.storage.items.find(id));
  public readonly file = this._loader("file", (id) => this._options.storage.find(id));
  public readonly binnedFolder = this._loader("folder", (id) => this._options.storage.bin.find(id));
  public readonly binnedFile = this._loader("file", (id) => this._options.storage.bin.find(id));

  private _loader(kind: StorageItem["kind"], find: (id: string) => Promise<StorageItem | undefined>) {
    return async (request: FastifyRequest): Promise<void> => {
      const ids = fromLongId((request.params as { id: string }).id);
      if (ids === undefined) throw itemNotFound(kind);
      await this._root(request, ids.ownerId, itemNotFound(kind));
      const item = await find(ids.itemId);
      if (item?.kind !== kind || item.itwin_id !== ids.ownerId) throw itemNotFound(kind);
      request.storageItem = item;
    };
  }

  private async _root(request: FastifyRequest, iTwinId: string, missing: HttpError): Promise<StorageItem> {
    const root = await this._options.storage.items.rootOf(iTwinId);
    if (root === undefined) throw missing;
    await this._options.context.access.ensureMember(request.principal, iTwinId);
    return root;
  }
}

/** There is no such file or folder, or it is in the recycle bin. */
export function itemNotFound(kind: StorageItem["kind"]): HttpError {
  return notFound(kind === "file" ? "File" : "Folder", kind);
}

const missingITwin = {
  code: "MissingRequiredParameter",
  message: "Required parameter iTwinId is missing.",
  target: "iTwinId",
};
