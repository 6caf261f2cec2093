import { join } from "node:path";
import type { GuidString } from "@itwin/core-bentley";
import type { ChangesetId, ChangesetIndex } from "@itwin/core-common";

/** Where a bank keeps what. */
export class BankLayout {
  public constructor(public readonly folder: string) {}

  public get state(): string {
    return join(this.folder, "bank.db");
  }

  public get iModels(): string {
    return join(this.folder, "imodels");
  }

  public iModel(iModelId: GuidString): string {
    return join(this.iModels, iModelId);
  }

  public changesets(iModelId: GuidString): string {
    return join(this.iModel(iModelId), "changesets");
  }

  public changeset(iModelId: GuidString, id: ChangesetId): string {
    return join(this.changesets(iModelId), `${id}.changeset`);
  }

  public checkpoints(iModelId: GuidString): string {
    return join(this.iModel(iModelId), "checkpoints");
  }

  public checkpoint(iModelId: GuidString, index: ChangesetIndex): string {
    return join(this.checkpoints(iModelId), `${index}.bim`);
  }
}
