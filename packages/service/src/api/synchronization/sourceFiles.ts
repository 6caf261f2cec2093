import { randomUUID } from "node:crypto";
import type { Static } from "typebox";
import type { ServiceContext } from "../../ServiceContext.js";
import { platformConnectorTypes } from "./connectorTypes.js";
import { isUniqueViolation } from "../../platform/database/violations.js";
import type { IModelRow, StorageItem } from "../../platform/database/tables.js";
import { HttpError, invalidValue, unprocessable, type ErrorDetail } from "../../platform/errors.js";
import { fromLongId } from "../../platform/ids.js";
import type { NewSourceFile } from "./ConnectionStore.js";
import type { ManifestSourceFileBody, StorageSourceFileBody } from "./connectionSchemas.js";

/** The rows of documents that a manifest connection is to have. */
export function manifestSourceFiles(bodies: Static<typeof ManifestSourceFileBody>[]): NewSourceFile[] {
  return bodies.map(({ sourceFileId }) => ({
    id: randomUUID(),
    source_file_id: sourceFileId,
    storage_file_id: null,
    connector_type: null,
    last_known_file_name: null,
  }));
}

/** Looks up the files of the storage that a connection is to have. */
export class StorageSourceFiles {
  public constructor(private readonly _context: ServiceContext) {}

  /**
   * The rows of files. A file is one of the iTwin of the iModel: what belongs to one tenant does not get into the iModels of
   * another.
   * @param code - of the error
   * @param targetOf - what the error calls a property of the body with the given index
   * @throws HttpError 422 with all that is wrong
   */
  public async describe(
    { itwin_id: iTwinId }: Pick<IModelRow, "itwin_id">,
    bodies: Static<typeof StorageSourceFileBody>[],
    code: string,
    targetOf: (index: number, property: string) => string = (_, property) => property,
  ): Promise<NewSourceFile[]> {
    const details: ErrorDetail[] = [];
    const rows: NewSourceFile[] = [];
    for (const [index, { storageFileId, connectorType }] of bodies.entries()) {
      const item = await this._find(storageFileId, iTwinId);
      if (item === undefined) details.push(invalidValue(targetOf(index, "storageFileId")));
      if (!this.isConnectorType(connectorType)) details.push(invalidValue(targetOf(index, "connectorType")));
      rows.push({
        id: randomUUID(),
        storage_file_id: item?.id ?? null,
        connector_type: connectorType,
        last_known_file_name: item?.display_name ?? null,
        source_file_id: null,
      });
    }
    if (details.length > 0) throw unprocessable(code, details);
    return rows;
  }

  /** Whether a type is one of the platform's, or one that this service has a module for. */
  public isConnectorType(type: string): boolean {
    return (
      (platformConnectorTypes as readonly string[]).includes(type) ||
      Object.hasOwn(this._context.config.connectors, type)
    );
  }

  private async _find(storageFileId: string, iTwinId: string): Promise<StorageItem | undefined> {
    const ids = fromLongId(storageFileId);
    if (ids?.ownerId !== iTwinId) return undefined;
    return this._context.db
      .selectFrom("storage_items")
      .selectAll()
      .where("id", "=", ids.itemId)
      .where("itwin_id", "=", iTwinId)
      .where("kind", "=", "file")
      .where("deleted_at", "is", null)
      .executeTakeFirst();
  }
}

/**
 * Writes what may be in conflict with what another connection of the iModel has.
 * @throws HttpError 409
 */
export async function unlessMapped<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new HttpError(409, "FileAlreadyMapped", "The file is already mapped to this iModel.");
  }
}
