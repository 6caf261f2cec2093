import { randomUUID } from "node:crypto";
import { chunksOf } from "../../platform/chunks.js";
import type { IModelRow, StorageItem } from "../../platform/database/tables.js";
import { isUniqueViolation } from "../../platform/database/violations.js";
import { HttpError, invalidValue, unprocessable, type ErrorDetail } from "../../platform/errors.js";
import { fromLongId, toLongId } from "../../platform/ids.js";
import type { ServiceContext } from "../../ServiceContext.js";
import type { NewSourceFile } from "./ConnectionStore.js";
import { platformConnectorTypes } from "./connectorTypes.js";
import type { ManifestSourceFileBody, StorageSourceFileBody } from "./sourceFileSchemas.js";

/** Something of an iTwin. */
type OfITwin = Pick<IModelRow, "itwin_id">;

/** The row of a file, and what is wrong with what was said of it; such a row is not to be used. */
interface DescribedFile {
  row: NewSourceFile;
  faults: ErrorDetail[];
}

/** The row of a document that a manifest connection is to have. */
export function manifestSourceFile({ sourceFileId }: ManifestSourceFileBody): NewSourceFile {
  return {
    id: randomUUID(),
    source_file_id: sourceFileId,
    storage_file_id: null,
    connector_type: null,
    last_known_file_name: null,
  };
}

/** Looks up the files of the storage that a connection is to have. */
export class StorageSourceFiles {
  public constructor(private readonly _context: ServiceContext) {}

  /**
   * The row of a file.
   * @param code - of the error
   * @throws HttpError 422
   */
  public async describe(imodel: OfITwin, body: StorageSourceFileBody, code: string): Promise<NewSourceFile> {
    const items = await this._findAll(imodel, [body]);
    const { row, faults } = this._describe(items, body, (property) => property);
    if (faults.length > 0) throw unprocessable(code, faults);
    return row;
  }

  /**
   * The rows of the files of a new connection.
   * @param code - of the error
   * @throws HttpError 422 with all that is wrong
   */
  public async describeAll(imodel: OfITwin, bodies: StorageSourceFileBody[], code: string): Promise<NewSourceFile[]> {
    const items = await this._findAll(imodel, bodies);
    const described = bodies.map((body, index) =>
      this._describe(items, body, (property) => `sourceFiles[${index}].${property}`),
    );
    const faults = described.flatMap((file) => file.faults);
    if (faults.length > 0) throw unprocessable(code, faults);
    return described.map(({ row }) => row);
  }

  /** @param targetOf - what an error calls a property of the body */
  private _describe(
    items: ReadonlyMap<string, StorageItem>,
    { storageFileId, connectorType }: StorageSourceFileBody,
    targetOf: (property: string) => string,
  ): DescribedFile {
    const item = items.get(storageFileId);
    const faults: ErrorDetail[] = [];
    if (item === undefined) faults.push(invalidValue(targetOf("storageFileId")));
    if (!this.isConnectorType(connectorType)) faults.push(invalidValue(targetOf("connectorType")));
    const row = {
      id: randomUUID(),
      storage_file_id: item?.id ?? null,
      connector_type: connectorType,
      last_known_file_name: item?.display_name ?? null,
      source_file_id: null,
    };
    return { row, faults };
  }

  /** Whether a type is one of the platform's, or one that this service has a module for. */
  public isConnectorType(type: string): boolean {
    return this.connectorTypes.includes(type);
  }

  /** The types of the platform, and those that this service has a module for. */
  public get connectorTypes(): string[] {
    return [...platformConnectorTypes, ...Object.keys(this._context.config.connectors)];
  }

  /**
   * The files that are there, by their ids. A file is one of the iTwin of the iModel: what belongs to one tenant does not get
   * into the iModels of another.
   */
  private async _findAll(
    { itwin_id: iTwinId }: OfITwin,
    bodies: readonly StorageSourceFileBody[],
  ): Promise<Map<string, StorageItem>> {
    const found = new Map<string, StorageItem>();
    const ids = bodies.map(({ storageFileId }) => fromLongId(storageFileId));
    const itemIds = ids.filter((id) => id?.ownerId === iTwinId).map((id) => id?.itemId ?? "");
    for (const chunk of chunksOf(itemIds)) {
      const items = await this._context.db
        .selectFrom("storage_items")
        .selectAll()
        .where("id", "in", chunk)
        .where("itwin_id", "=", iTwinId)
        .where("kind", "=", "file")
        .where("deleted_at", "is", null)
        .execute();
      for (const item of items) found.set(toLongId(iTwinId, item.id), item);
    }
    return found;
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
