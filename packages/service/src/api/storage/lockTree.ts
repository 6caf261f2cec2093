import type { Transaction } from "kysely";
import type { Tables } from "../../platform/database/tables.js";

/**
 * Keeps the tree of folders of an iTwin as it is until the transaction ends. Who adds an item shares the lock; who moves,
 * bins or restores a folder with all that is below it holds it alone, so that nothing is added there meanwhile.
 */
export async function lockTree(
  transaction: Transaction<Tables>,
  iTwinId: string,
  mode: "shared" | "exclusive",
): Promise<void> {
  const row = transaction.selectFrom("itwins").select("id").where("id", "=", iTwinId);
  // The shared one is what the foreign key of an insertion takes anyway.
  await (mode === "shared" ? row.forKeyShare() : row.forUpdate()).execute();
}
