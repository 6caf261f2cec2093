import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GuidString } from "@itwin/core-bentley";
import type { ChangesetIndex } from "@itwin/core-common";
import { messageOf } from "../ConnectorError.js";
import { findFaultyFiles, reachableWithout } from "../hub/bankHealth.js";
import type { BankHubAccess } from "../hub/BankHubAccess.js";
import type { FaultyFile } from "../hub/lostFiles.js";
import { bringTo, checkOut } from "./checkpoints.js";

/** What was found of one iModel of a bank. */
export interface Verification {
  /** Files that are lost or not what was put into the bank. */
  faulty: FaultyFile[];
  /** Changesets that do not apply, and why not. */
  failures: { changesetIndex: ChangesetIndex; message: string }[];
  /** The versions that can be checked out, as ranges. */
  reachable: [first: ChangesetIndex, last: ChangesetIndex][];
}

/** Checks that every file of an iModel is what was put into the bank, and that every changeset applies. */
export async function verifyIModel(hub: BankHubAccess, iModelId: GuidString): Promise<Verification> {
  const { bank } = hub;
  const faulty = await findFaultyFiles(bank, iModelId);
  const verification: Verification = { faulty, failures: [], reachable: [] };
  for (const [first, last] of reachableWithout(bank, iModelId, faulty)) {
    const failure = await tryApply(hub, iModelId, first, last);
    verification.reachable.push([first, failure === undefined ? last : failure.changesetIndex - 1]);
    if (failure !== undefined) verification.failures.push(failure);
  }
  return verification;
}

/** Applies all changesets of a range to its first version, and says which one fails. */
async function tryApply(
  hub: BankHubAccess,
  iModelId: GuidString,
  first: ChangesetIndex,
  last: ChangesetIndex,
): Promise<Verification["failures"][number] | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "itwin-connector-framework-"));
  const file = join(folder, "verified.bim");
  let changesetIndex = first;
  try {
    await checkOut(hub, iModelId, first, file);
    for (changesetIndex = first + 1; changesetIndex <= last; changesetIndex++)
      await bringTo(hub, iModelId, changesetIndex, file);
    return undefined;
  } catch (error) {
    return { changesetIndex, message: messageOf(error) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
