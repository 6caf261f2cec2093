import { join } from "node:path";
import { Readable } from "node:stream";
import type { Kysely, Transaction } from "kysely";
import type { IModelBank } from "../../../../src/bank/IModelBank.js";
import { notFound } from "../../src/platform/errors.js";
import type { Tables } from "../../src/platform/database/tables.js";
import type { Publisher } from "../../src/histories/historyRecords.js";
import type { Histories } from "../../src/work/RunSurroundings.js";
import type { Files, StoredContent } from "../../src/work/sources/Files.js";

/** The iModels of a bank that needs not be brought from anywhere. */
export class PlainHistories implements Histories {
  /** Makes the next publications fail. */
  public failures = 0;

  public constructor(
    private readonly _bank: IModelBank,
    private readonly _db: Kysely<Tables>,
  ) {}

  public get cacheDirectory(): string {
    return join(this._bank.layout.folder, "cache");
  }

  public async bring(): Promise<IModelBank> {
    return this._bank;
  }

  public async publish(
    iModelId: string,
    { runId, userName }: Publisher,
    alsoInTransaction: (transaction: Transaction<Tables>) => Promise<void>,
  ): Promise<void> {
    if (this.failures-- > 0) throw new Error("another worker was quicker");
    await this._db.transaction().execute(async (transaction) => {
      const recorded = await transaction
        .selectFrom("changesets")
        .select("index")
        .where("imodel_id", "=", iModelId)
        .execute();
      const known = new Set(recorded.map(({ index }) => index));
      for (const gained of this._bank.changesets(iModelId).filter(({ index }) => !known.has(index)))
        await transaction
          .insertInto("changesets")
          .values({
            imodel_id: iModelId,
            index: gained.index,
            id: gained.id,
            parent_id: gained.parentId,
            changes_type: gained.changesType,
            briefcase_id: gained.briefcaseId,
            description: gained.description,
            size: gained.size,
            checksum: "",
            pushed_at: new Date(),
            pushed_by: userName,
            run_id: runId,
          })
          .execute();
      await alsoInTransaction(transaction);
    });
  }
}

/** Files in memory, by id. */
export class PlainFiles implements Files {
  public readonly contents = new Map<string, { path: string; text: string }>();

  public async openContent(itemId: string): Promise<StoredContent> {
    const found = this.contents.get(itemId);
    if (found === undefined) throw notFound("File");
    return { path: found.path, content: Readable.from([Buffer.from(found.text)]) };
  }
}
