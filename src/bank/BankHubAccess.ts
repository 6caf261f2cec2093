import { randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type {
  AcquireNewBriefcaseIdArg,
  BackendHubAccess,
  BriefcaseDbArg,
  BriefcaseIdArg,
  ChangesetArg,
  ChangesetRangeArg,
  CreateNewIModelProps,
  DownloadChangesetArg,
  DownloadChangesetRangeArg,
  IModelIdArg,
  IModelNameArg,
  LockMap,
  LockProps,
  V2CheckpointAccessProps,
} from "@itwin/core-backend";
import { expectDefined, BriefcaseStatus, type GuidString } from "@itwin/core-bentley";
import {
  IModelError,
  type BriefcaseId,
  type ChangesetFileProps,
  type ChangesetIndex,
  type ChangesetProps,
  type IModelVersion,
  type LocalFileName,
} from "@itwin/core-common";
import type { BankIModel } from "./bankIModels.js";
import type { LockTaker } from "./bankLocks.js";
import { copyChangeset } from "./bankHealth.js";
import type { IModelBank } from "./IModelBank.js";
import { thisUser } from "../files/thisUser.js";

/** How version 0 of a new iModel is to be written. */
export interface VersionZeroOptions {
  /** An iModel to begin with. Default: an empty one. */
  version0?: LocalFileName;
  /** Whether `version0` is an empty iModel, whose root Subject gets the name of the new one. */
  isEmpty?: boolean;
  /** Whether briefcases of the iModel can do without locks. */
  noLocks?: boolean;
}

/** Writes version 0 of a new iModel to a path. */
export type VersionZeroWriter = (path: string, imodel: BankIModel, options: VersionZeroOptions) => void;

/**
 * A bank as core-backend asks for it, so that briefcases of core-backend work with it as they do with iModelHub. Access
 * tokens are ignored: who may read and write the folder may use the bank.
 */
export class BankHubAccess implements BackendHubAccess {
  public constructor(
    public readonly bank: IModelBank,
    private readonly _writeVersionZero: VersionZeroWriter,
  ) {}

  public async downloadChangesets(arg: DownloadChangesetRangeArg): Promise<ChangesetFileProps[]> {
    const changesets = this.bank.changesets(arg.iModelId, arg.range);
    const total = changesets.reduce((sum, { size }) => sum + size, 0);
    const files: ChangesetFileProps[] = [];
    let loaded = 0;
    await mkdir(arg.targetDir, { recursive: true });
    for (const changeset of changesets) {
      const pathname = join(arg.targetDir, fileNameOf(changeset));
      await copyChangeset(this.bank, arg.iModelId, changeset, pathname);
      files.push({ ...changeset, pathname });
      loaded += changeset.size;
      if (arg.progressCallback?.(loaded, total)) return cancel(files);
    }
    return files;
  }

  public async downloadChangeset(arg: DownloadChangesetArg): Promise<ChangesetFileProps> {
    const { index } = this.bank.changeset(arg.iModelId, arg.changeset);
    const [file] = await this.downloadChangesets({ ...arg, range: { first: index, end: index } });
    return expectDefined(file);
  }

  public async queryChangeset(arg: ChangesetArg): Promise<ChangesetProps> {
    return this.bank.changeset(arg.iModelId, arg.changeset);
  }

  public async queryChangesets(arg: ChangesetRangeArg): Promise<ChangesetProps[]> {
    return this.bank.changesets(arg.iModelId, arg.range);
  }

  public async pushChangeset(arg: IModelIdArg & { changesetProps: ChangesetFileProps }): Promise<ChangesetIndex> {
    return this.bank.push(arg.iModelId, arg.changesetProps);
  }

  public async getLatestChangeset(arg: IModelIdArg): Promise<ChangesetProps> {
    return this.bank.latest(arg.iModelId);
  }

  public async getChangesetFromVersion(arg: IModelIdArg & { version: IModelVersion }): Promise<ChangesetProps> {
    const { version, iModelId } = arg;
    if (version.isFirst) return this.bank.changeset(iModelId, { index: 0 });
    const [id, versionName] = [version.getAsOfChangeSet(), version.getName()];
    if (id !== undefined) return this.bank.changeset(iModelId, { id });
    return versionName === undefined
      ? this.bank.latest(iModelId)
      : this.getChangesetFromNamedVersion({ iModelId, versionName });
  }

  public async getChangesetFromNamedVersion(arg: IModelIdArg & { versionName: string }): Promise<ChangesetProps> {
    return this.bank.changesetOfName(arg.iModelId, arg.versionName);
  }

  public async acquireNewBriefcaseId(arg: AcquireNewBriefcaseIdArg): Promise<BriefcaseId> {
    return this.bank.acquireBriefcase(arg.iModelId, { alias: arg.briefcaseAlias, device: arg.deviceName });
  }

  public async releaseBriefcase(arg: BriefcaseIdArg): Promise<void> {
    this.bank.releaseBriefcase(arg.iModelId, arg.briefcaseId);
  }

  public async getMyBriefcaseIds(arg: IModelIdArg): Promise<BriefcaseId[]> {
    const me = thisUser();
    const mine = this.bank.briefcases(arg.iModelId).filter(({ user }) => user === me);
    return mine.map(({ id }) => id);
  }

  /** A bank has no checkpoints in the cloud; `checkOut` in src/imodel knows how to use its own. */
  public async queryV2Checkpoint(): Promise<V2CheckpointAccessProps | undefined> {
    return undefined;
  }

  public async acquireLocks(arg: BriefcaseDbArg, locks: LockMap): Promise<void> {
    this.bank.acquireLocks(this._takerOf(arg), locks);
  }

  public async queryAllLocks(arg: BriefcaseDbArg): Promise<LockProps[]> {
    const held = this.bank.locks(arg.iModelId, arg.briefcaseId);
    return held.map(({ elementId, state }) => ({ id: elementId, state }));
  }

  public async releaseAllLocks(arg: BriefcaseDbArg): Promise<void> {
    this.bank.releaseLocks(this._takerOf(arg));
  }

  public async queryIModelByName(arg: IModelNameArg): Promise<GuidString | undefined> {
    const iTwinId = arg.iTwinId.toLowerCase();
    return this.bank.iModels.find((imodel) => imodel.iTwinId === iTwinId && imodel.name === arg.iModelName)?.id;
  }

  public async createNewIModel(arg: CreateNewIModelProps): Promise<GuidString> {
    const { iModelName: name, iTwinId, description, version0, noLocks } = arg;
    const imodel = await this.bank.createIModel({ name, iTwinId, description }, (path, created) =>
      this._writeVersionZero(path, created, { version0, noLocks }),
    );
    return imodel.id;
  }

  public async deleteIModel(arg: IModelIdArg): Promise<void> {
    await this.bank.deleteIModel(arg.iModelId);
  }

  private _takerOf({ iModelId, briefcaseId, changeset }: BriefcaseDbArg): LockTaker {
    const changesetIndex = changeset.index ?? this.bank.changeset(iModelId, { id: changeset.id }).index;
    return { iModelId, briefcaseId, changesetIndex };
  }
}

/** Several processes may share the folder, and who has applied a changeset deletes its file. */
function fileNameOf({ index, id }: ChangesetProps): string {
  return `${index}-${id.slice(0, 8)}-${randomUUID()}.changeset`;
}

async function cancel(files: ChangesetFileProps[]): Promise<never> {
  for (const { pathname } of files) await rm(pathname, { force: true });
  throw new IModelError(BriefcaseStatus.DownloadCancelled, "the download was cancelled");
}
