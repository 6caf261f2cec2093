import { mkdir } from "node:fs/promises";
import type { GuidString } from "@itwin/core-bentley";
import { copyChangeset, copyCheckpointOf } from "./bankHealth.js";
import { placeInBank } from "./bankFiles.js";
import { IModelBank } from "./IModelBank.js";

/**
 * Copies an iModel with its history into another bank, which is made where there is none: as a backup, or to go on
 * elsewhere. Pushes may go on meanwhile; the copy is of one moment. Briefcases and locks stay behind.
 * @param url - path or `file:` URL of the folder of the other bank
 * @throws ConnectorError `bank/imodel-in-use`, `bank/name-in-use`, or what is wrong with a file
 */
export async function exportIModel(bank: IModelBank, iModelId: GuidString, url: string): Promise<IModelBank> {
  const other = IModelBank.openOrCreate(url);
  const history = bank.history(iModelId);
  await other.takeIn(history, async () => {
    await mkdir(other.layout.changesets(iModelId), { recursive: true });
    for (const checkpoint of history.checkpoints)
      await placeInBank(other.layout.checkpoint(iModelId, checkpoint.changesetIndex), (path) =>
        copyCheckpointOf(bank, iModelId, checkpoint, path),
      );
    for (const changeset of history.changesets)
      await placeInBank(other.layout.changeset(iModelId, changeset.id), (path) =>
        copyChangeset(bank, iModelId, changeset, path),
      );
  });
  return other;
}
