import type { GuidString } from "@itwin/core-bentley";
import type { ChangesetProps } from "@itwin/core-common";
import type { IModelBank } from "./IModelBank.js";
import { formOf } from "./versionForms.js";

/**
 * A version of an iModel by its index, its name, or the id of its changeset.
 * @param version - default: `latest`
 * @throws ConnectorError `bank/unknown-version`
 */
export function findVersion(bank: IModelBank, iModelId: GuidString, version = "latest"): ChangesetProps {
  switch (formOf(version)) {
    case "latest":
      return bank.latest(iModelId);
    case "changeset":
      return bank.changeset(iModelId, { id: version.toLowerCase() });
    case "index":
      return bank.changeset(iModelId, { index: Number(version) });
    case "name":
      return bank.changesetOfName(iModelId, version);
  }
}
