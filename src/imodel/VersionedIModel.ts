import type { BackendHubAccess, BriefcaseDb } from "@itwin/core-backend";
import type { GuidString } from "@itwin/core-bentley";
import type { BriefcaseId, ChangesetIdWithIndex, ChangesetIndex } from "@itwin/core-common";

/** A versioned iModel, wherever it is kept: what a bank and iModelHub do in different ways. */
export abstract class VersionedIModel {
  public readonly iModelId: GuidString;
  public readonly iTwinId: GuidString;
  public readonly name: string;

  protected constructor({ id, iTwinId, name }: { id: GuidString; iTwinId: GuidString; name: string }) {
    this.iModelId = id;
    this.iTwinId = iTwinId;
    this.name = name;
  }

  public abstract readonly hub: BackendHubAccess;
  /** Where it is, as a person calls it. */
  public abstract get place(): string;
  /** How to give back the locks of a briefcase whose run has died, as the rest of a sentence. */
  public abstract releaseAdvice(briefcaseId: BriefcaseId): string;
  /** Whether its history has a changeset, at its index. One that was restored from a backup lacks the later ones. */
  public abstract knows(changeset: ChangesetIdWithIndex): Promise<boolean>;
  /** Whether the id of a briefcase is its own. */
  public abstract gaveOut(briefcase: BriefcaseDb): Promise<boolean>;
  /** Writes a file that is a briefcase with this id, not necessarily at the latest changeset. */
  public abstract writeBriefcase(path: string, briefcaseId: BriefcaseId): Promise<void>;
  /** Does what is due now and then after a push, and may fail without harm. */
  public abstract afterPush(changesetIndex: ChangesetIndex): Promise<void>;
}

/** Finds a versioned iModel, or creates it. */
export type OpenVersionedIModel = (create: boolean) => Promise<VersionedIModel>;
