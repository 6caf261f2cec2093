import type { BackendHubAccess } from "@itwin/core-backend";
import type { GuidString } from "@itwin/core-bentley";
import type { BriefcaseId, ChangesetIndex } from "@itwin/core-common";

/** A versioned iModel, wherever it is kept: what a bank and iModelHub do in different ways. */
export interface VersionedIModel {
  readonly hub: BackendHubAccess;
  readonly iModelId: GuidString;
  readonly iTwinId: GuidString;
  readonly name: string;
  /** Where it is, as a person calls it. */
  readonly place: string;
  /** Writes a file that is a briefcase with this id, not necessarily at the latest changeset. */
  writeBriefcase(path: string, briefcaseId: BriefcaseId): Promise<void>;
  /** Does what is due now and then after a push, and may fail without harm. */
  afterPush(changesetIndex: ChangesetIndex): Promise<void>;
}

/** Finds a versioned iModel, or creates it. */
export type OpenVersionedIModel = (create: boolean) => Promise<VersionedIModel>;
