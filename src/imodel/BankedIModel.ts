import type { BriefcaseDb } from "@itwin/core-backend";
import { expectDefined, type GuidString } from "@itwin/core-bentley";
import type { BriefcaseId, ChangesetIdWithIndex, ChangesetIndex } from "@itwin/core-common";
import { BankHubAccess } from "../bank/BankHubAccess.js";
import { copyCheckpoint } from "../bank/bankHealth.js";
import type { BankIModel } from "../bank/bankIModels.js";
import { IModelBank } from "../bank/IModelBank.js";
import { ConnectorError } from "../ConnectorError.js";
import { addCheckpoint } from "./checkpoints.js";
import { makeBriefcase, readAcquiredAt, writeVersionZero } from "./native.js";
import { VersionedIModel } from "./VersionedIModel.js";

/** After so many changesets a bank makes a checkpoint, so that a fresh checkout need not apply more. */
export const changesetsPerCheckpoint = 50;

/** Which iModel of a bank. */
export interface BankedIModelArgs {
  /** Path or `file:` URL of the folder of the bank. */
  url: string;
  iModelId?: GuidString;
  iModelName?: string;
}

/** An iModel of a bank. */
export class BankedIModel extends VersionedIModel {
  public override readonly hub: BankHubAccess;

  private constructor(
    private readonly _bank: IModelBank,
    imodel: BankIModel,
  ) {
    super(imodel);
    this.hub = new BankHubAccess(_bank, writeVersionZero);
  }

  /**
   * Opens an iModel of a bank.
   * @param create - whether one that is not there is created
   * @throws ConnectorError `bank/...`
   */
  public static async open({ url, iModelId, iModelName }: BankedIModelArgs, create: boolean): Promise<BankedIModel> {
    const bank = IModelBank.open(url);
    try {
      return new BankedIModel(bank, bank.find(expectDefined(iModelId ?? iModelName)));
    } catch (error) {
      const isMissing = error instanceof ConnectorError && error.code === "bank/unknown-imodel";
      if (!isMissing || !create || iModelName === undefined || iModelId !== undefined) throw error;
    }
    return BankedIModel.create(bank, iModelName);
  }

  /** Creates an empty iModel in a bank, or finds the one that another process has just created. */
  public static async create(bank: IModelBank, name: string, description?: string): Promise<BankedIModel> {
    try {
      const imodel = await bank.createIModel({ name, description }, (path, created) =>
        writeVersionZero(path, created, {}),
      );
      return new BankedIModel(bank, imodel);
    } catch (error) {
      if (error instanceof ConnectorError && error.code === "bank/name-in-use")
        return new BankedIModel(bank, bank.find(name));
      throw error;
    }
  }

  public override get place(): string {
    return `${this.name} in ${this._bank.layout.folder}`;
  }

  public override releaseAdvice(briefcaseId: BriefcaseId): string {
    const names = [this._bank.layout.folder, this.name].map((name) => (/\s/.test(name) ? `"${name}"` : name));
    return `connector-runner bank release ${names.join(" ")} ${briefcaseId} gives its locks back`;
  }

  public override async knows({ id, index = 0 }: ChangesetIdWithIndex): Promise<boolean> {
    return id === "" || this._bank.changesets(this.iModelId, { first: index, end: index })[0]?.id === id;
  }

  /** A bank that was restored from a backup gives out ids again that it has given out since. */
  public override async gaveOut(briefcase: BriefcaseDb): Promise<boolean> {
    const acquiredAt = this._acquiredAt(briefcase.briefcaseId);
    return acquiredAt !== undefined && (readAcquiredAt(briefcase) ?? acquiredAt) === acquiredAt;
  }

  public override async writeBriefcase(path: string, briefcaseId: BriefcaseId): Promise<void> {
    await copyCheckpoint(this._bank, this.iModelId, path);
    makeBriefcase(path, briefcaseId, this._acquiredAt(briefcaseId));
  }

  public override async afterPush(changesetIndex: ChangesetIndex): Promise<void> {
    const { changesetIndex: last } = expectDefined(this._bank.checkpoints(this.iModelId).at(-1));
    if (changesetIndex - last >= changesetsPerCheckpoint) await addCheckpoint(this.hub, this.iModelId, changesetIndex);
  }

  private _acquiredAt(briefcaseId: BriefcaseId): string | undefined {
    return this._bank.briefcases(this.iModelId).find(({ id }) => id === briefcaseId)?.acquiredAt;
  }
}
