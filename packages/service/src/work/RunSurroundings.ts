import type { Transaction } from "kysely";
import type { IModelBank } from "itwin-connector-framework/internal";
import type { Tables } from "../platform/database/tables.js";
import type { Publisher } from "../histories/historyRecords.js";
import type { Files } from "./sources/Files.js";

/** The versions of iModels, as a worker needs them: a part of `IModelHistories`. */
export interface Histories {
  /** Where the briefcases of iModels that were brought here are kept. */
  readonly cacheDirectory: string;
  /** A bank on this machine in which the iModel is as the database records it. */
  bring(iModelId: string): Promise<IModelBank>;
  /**
   * Records what the bank has gained of an iModel, if anything.
   * @param alsoInTransaction - carried out in the same transaction; where it throws, nothing is recorded
   */
  publish(
    iModelId: string,
    by: Publisher,
    alsoInTransaction: (transaction: Transaction<Tables>) => Promise<void>,
  ): Promise<unknown>;
}

/** What a run reads from and writes to. */
export interface RunSurroundings {
  histories: Histories;
  files: Files;
}
