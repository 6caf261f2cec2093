import type { Readable } from "node:stream";
import type { Transaction } from "kysely";
import type { IModelBank } from "../../hub/IModelBank.js";
import type { Tables } from "../database/tables.js";

/** On whose behalf changesets are published. */
export interface Publisher {
  runId: string;
  userName: string;
}

/** The iModels of the service, as a worker needs them. */
export interface IModelHistories {
  /** A bank on this machine in which the iModel is as the database records it. */
  bring(iModelId: string): Promise<IModelBank>;
  /**
   * Records what the bank has gained of an iModel.
   * @param alsoInTransaction - carried out in the same transaction; where it throws, nothing is recorded
   */
  publish(
    iModelId: string,
    by: Publisher,
    alsoInTransaction: (transaction: Transaction<Tables>) => Promise<void>,
  ): Promise<void>;
}

/** The current content of a file in the storage. */
export interface StoredContent {
  /** The path of the file in the storage, its name included. */
  path: string;
  content: Readable;
}

/** The files of the storage, as a worker needs them. */
export interface StorageFiles {
  /** @throws ConnectorError or HttpError where there is no such file, or nothing was uploaded */
  openContent(itemId: string): Promise<StoredContent>;
}

/** What a run reads from and writes to. */
export interface RunSurroundings {
  histories: IModelHistories;
  files: StorageFiles;
}
