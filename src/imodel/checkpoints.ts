import { join } from "node:path";
import { BriefcaseDb } from "@itwin/core-backend";
import type { GuidString } from "@itwin/core-bentley";
import type { ChangesetIndex } from "@itwin/core-common";
import { copyCheckpoint } from "../bank/bankHealth.js";
import type { BankHubAccess } from "../bank/BankHubAccess.js";
import { inTemporaryFolder } from "../files/temporaryFolder.js";
import { hubRouter } from "./native.js";

/**
 * Writes an iModel as it was at a version to a file: a copy of the nearest checkpoint before it, brought there by
 * changesets. The file is a checkpoint, and so a snapshot.
 * @throws ConnectorError `bank/...-missing` or `bank/...-altered` where a file of the bank is not what was put there
 */
export async function checkOut(
  hub: BankHubAccess,
  iModelId: GuidString,
  version: ChangesetIndex,
  path: string,
): Promise<void> {
  const { changesetIndex } = await copyCheckpoint(hub.bank, iModelId, path, version);
  if (changesetIndex < version) await bringTo(hub, iModelId, version, path);
}

/** Makes a checkpoint of a version. */
export async function addCheckpoint(hub: BankHubAccess, iModelId: GuidString, version: ChangesetIndex): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const file = join(folder, `${version}.bim`);
    await checkOut(hub, iModelId, version, file);
    await hub.bank.addCheckpoint(iModelId, version, file);
  });
}

/** Applies changesets to a file until it is at a version. */
export async function bringTo(
  hub: BankHubAccess,
  iModelId: GuidString,
  version: ChangesetIndex,
  path: string,
): Promise<void> {
  const unroute = hubRouter().add(iModelId, hub);
  try {
    const db = await BriefcaseDb.open({ fileName: path });
    try {
      await db.pullChanges({ toIndex: version });
    } finally {
      db.close();
    }
  } finally {
    unroute();
  }
}
