import type { GuidString } from "@itwin/core-bentley";
import type { ChangesetProps } from "@itwin/core-common";
import type { IModelBank } from "./IModelBank.js";

/**
 * A version of an iModel by its index, its name, or the id of its changeset. Nothing at all is the latest one.
 * @throws ConnectorError `bank/unknown-version`
 */
export function findVersion(bank: IModelBank, iModelId: GuidString, version?: string): ChangesetProps {
  if (version === undefined || version === "latest") return bank.latest(iModelId);
  const named = bank.namedVersions(iModelId).find(({ name }) => name === version);
  if (named !== undefined) return bank.changeset(iModelId, { index: named.changesetIndex });
  return bank.changeset(iModelId, /^\d{1,9}$/.test(version) ? { index: Number(version) } : { id: version });
}
