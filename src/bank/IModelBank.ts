import { existsSync, rmSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expectDefined, Guid, IModelHubStatus, type GuidString } from "@itwin/core-bentley";
import {
  IModelError,
  type BriefcaseId,
  type ChangesetFileProps,
  type ChangesetIdWithIndex,
  type ChangesetIndex,
  type ChangesetProps,
  type ChangesetRange,
} from "@itwin/core-common";
import { ConnectorError, messageOf } from "../ConnectorError.js";
import * as changesets from "./bankChangesets.js";
import { recordGain, type HistoryGain } from "./bankGains.js";
import { copyIntoBank, placeInBank } from "./bankFiles.js";
import { BankLayout } from "./BankLayout.js";
import * as iModels from "./bankIModels.js";
import type { BankBriefcase, BankIModel, Checkpoint, NamedVersion } from "./bankIModels.js";
import * as locks from "./bankLocks.js";
import { BankState, type BankStatements } from "./BankState.js";
import { makeWritableFolder } from "../files/makeFolder.js";
import { thisUser } from "../files/thisUser.js";
import { orUndo } from "../files/undoAtExit.js";
import { refuseOtherThanName } from "./versionForms.js";

/** An iModel to be. */
export interface NewIModel {
  name: string;
  /** Default: the iTwin of the bank. */
  iTwinId?: GuidString;
  description?: string;
}

/** An iModel of a bank with its past. */
export interface IModelHistory {
  imodel: BankIModel;
  changesets: changesets.RecordedChangeset[];
  checkpoints: Checkpoint[];
  namedVersions: NamedVersion[];
  /** No briefcase has had this id, or a greater one. */
  nextBriefcaseId: BriefcaseId;
}

/** Writes version 0 of a new iModel, with the ids of the iModel in it, to a path. */
export type WriteVersionZero = (path: string, imodel: BankIModel) => void;

/**
 * Versioned iModels in a folder: for each one version 0, changesets, checkpoints, named versions, briefcase ids and locks.
 *
 * What is known of them is in one SQLite database; files are written whole, brought to the disk, and only then recorded,
 * so that what is recorded is there. A file that a dead process left unrecorded does no harm; `gc` removes it. Several
 * processes of one computer can use a bank at once.
 */
export class IModelBank {
  public readonly layout: BankLayout;
  /** The iTwin that iModels of this bank belong to, unless they are created in another one. */
  public readonly iTwinId: GuidString;
  private readonly _state: BankState;

  private constructor(layout: BankLayout) {
    this.layout = layout;
    this._state = new BankState(layout.state);
    this.iTwinId = this._state.read((sql) =>
      expectDefined(sql.row<{ iTwinId: GuidString }>("SELECT iTwinId FROM bank")),
    ).iTwinId;
  }

  /**
   * Makes a new bank.
   * @param url - path or `file:` URL of its folder, which is made if it is missing
   * @throws ConnectorError `bank/exists`, `bank/not-writable`
   */
  public static create(url: string): IModelBank {
    const layout = new BankLayout(folderOfBank(url));
    try {
      makeWritableFolder(layout.iModels);
      new BankState(layout.state).create(Guid.createValue());
    } catch (error) {
      if (error instanceof ConnectorError) throw error;
      throw new ConnectorError("bank/not-writable", `No bank can be made in ${layout.folder}: ${messageOf(error)}`, {
        cause: error,
        advice: "Choose another folder, or ask for the right to write to this one.",
      });
    }
    return new IModelBank(layout);
  }

  /**
   * Opens a bank.
   * @param url - path or `file:` URL of its folder
   * @throws ConnectorError `bank/missing`, `bank/not-a-bank`, `bank/newer-format`
   */
  public static open(url: string): IModelBank {
    const layout = new BankLayout(folderOfBank(url));
    if (existsSync(layout.state)) return new IModelBank(layout);
    throw new ConnectorError("bank/missing", `There is no bank in ${layout.folder}.`, {
      advice: "Check the path; connector-runner bank create makes a new bank.",
    });
  }

  /** Opens a bank, or makes it where there is none. */
  public static openOrCreate(url: string): IModelBank {
    return existsSync(new BankLayout(folderOfBank(url)).state) ? IModelBank.open(url) : IModelBank.create(url);
  }

  /** All iModels, by name. */
  public get iModels(): BankIModel[] {
    return this._state.read(iModels.readIModels);
  }

  /**
   * An iModel by its id or its name.
   * @throws ConnectorError `bank/unknown-imodel`, `bank/ambiguous-name`
   */
  public find(idOrName: string): BankIModel {
    return this._state.read((sql) => iModels.findIModel(sql, idOrName));
  }

  /**
   * Creates an iModel.
   * @param writeVersionZero - makes its version 0
   * @throws ConnectorError `bank/name-in-use`
   */
  public async createIModel(props: NewIModel, writeVersionZero: WriteVersionZero): Promise<BankIModel> {
    const imodel: BankIModel = {
      id: Guid.createValue(),
      iTwinId: (props.iTwinId ?? this.iTwinId).toLowerCase(),
      name: props.name,
      description: props.description,
      createdAt: new Date().toISOString(),
      createdBy: thisUser(),
    };
    const create = async () => {
      await mkdir(this.layout.changesets(imodel.id), { recursive: true });
      const file = this.layout.checkpoint(imodel.id, 0);
      const stamp = await placeInBank(file, async (path) => writeVersionZero(path, imodel));
      this._write((sql) => {
        iModels.recordIModel(sql, imodel);
        iModels.recordCheckpoint(sql, imodel.id, { changesetIndex: 0, ...stamp });
      });
    };
    await orUndo(create, () => rmSync(this.layout.iModel(imodel.id), { recursive: true, force: true }));
    return imodel;
  }

  /**
   * Gives an iModel another name, or another description.
   * @throws ConnectorError `bank/name-in-use`
   */
  public describeIModel(iModelId: GuidString, { name, description }: Pick<BankIModel, "name" | "description">): void {
    this._write((sql) => iModels.describeIModel(sql, { ...iModels.getIModel(sql, iModelId), name, description }));
  }

  /** Removes an iModel with its whole history. */
  public async deleteIModel(iModelId: GuidString): Promise<void> {
    this._write((sql) => iModels.forgetIModel(sql, iModels.getIModel(sql, iModelId).id));
    await rm(this.layout.iModel(iModelId), { recursive: true, force: true });
  }

  /** The changesets of an iModel, in order; of a range, both ends included, or all. */
  public changesets(iModelId: GuidString, range?: ChangesetRange): changesets.RecordedChangeset[] {
    return this._of(iModelId, (sql) => changesets.readChangesets(sql, iModelId, range));
  }

  /** The last changeset of an iModel, or version 0. */
  public latest(iModelId: GuidString): ChangesetProps {
    return this._of(iModelId, (sql, { createdAt, createdBy }) => {
      return changesets.lastChangeset(sql, iModelId) ?? changesets.versionZero(createdAt, createdBy);
    });
  }

  /**
   * A changeset by its index or its id, or version 0 by its index, 0, or its id, which is empty.
   * @throws ConnectorError `bank/unknown-version`
   */
  public changeset(iModelId: GuidString, wanted: Partial<ChangesetIdWithIndex>): ChangesetProps {
    return this._of(iModelId, (sql, { name, createdAt, createdBy }) => {
      if (wanted.id === "" || (wanted.id === undefined && wanted.index === 0))
        return changesets.versionZero(createdAt, createdBy);
      const found = changesets.findChangeset(sql, iModelId, wanted);
      if (found === undefined) throw changesets.unknownVersion(name, String(wanted.id ?? wanted.index));
      return found;
    });
  }

  /**
   * Takes in a changeset of a briefcase that is at the tip.
   * @returns its index
   * @throws IModelError `PullIsRequired` where there are changesets that the briefcase does not have
   */
  public async push(iModelId: GuidString, pushed: ChangesetFileProps): Promise<ChangesetIndex> {
    const known = this._of(iModelId, (sql) => acceptPush(sql, iModelId, pushed));
    if (known.isRecorded) return known.index;
    const path = this.layout.changeset(iModelId, pushed.id);
    const stamp = await copyIntoBank(pushed.pathname, path);
    try {
      return this._write((sql) => {
        const { index, isRecorded } = acceptPush(sql, iModelId, pushed);
        if (!isRecorded) changesets.recordChangeset(sql, iModelId, { ...describePush(pushed), index, ...stamp });
        return index;
      });
    } catch (error) {
      // The id is a hash of the content: the same changeset cannot have been recorded by anybody else.
      await rm(path, { force: true });
      throw error;
    }
  }

  /** The named versions of an iModel, oldest first. */
  public namedVersions(iModelId: GuidString): NamedVersion[] {
    return this._of(iModelId, (sql) => iModels.readNamedVersions(sql, iModelId));
  }

  /**
   * The changeset of a named version, or version 0.
   * @throws ConnectorError `bank/unknown-version`
   */
  public changesetOfName(iModelId: GuidString, versionName: string): ChangesetProps {
    const version = this.namedVersions(iModelId).find(({ name }) => name === versionName);
    if (version === undefined) throw changesets.unknownVersion(this.find(iModelId).name, versionName);
    return this.changeset(iModelId, { index: version.changesetIndex });
  }

  /**
   * Gives a changeset, or version 0, a name.
   * @throws ConnectorError `bank/version-name`, `bank/name-in-use`, `bank/unknown-version`
   */
  public nameVersion(iModelId: GuidString, changesetIndex: ChangesetIndex, name: string): void {
    refuseOtherThanName(name);
    this.changeset(iModelId, { index: changesetIndex });
    const version = { name, changesetIndex, createdAt: new Date().toISOString() };
    this._write((sql) => iModels.recordNamedVersion(sql, iModelId, version));
  }

  /** The checkpoints of an iModel, in order. */
  public checkpoints(iModelId: GuidString): Checkpoint[] {
    return this._of(iModelId, (sql) => iModels.readCheckpoints(sql, iModelId));
  }

  /** Takes in a file that holds an iModel as it was at a changeset. */
  public async addCheckpoint(iModelId: GuidString, changesetIndex: ChangesetIndex, file: string): Promise<void> {
    const stamp = await copyIntoBank(file, this.layout.checkpoint(iModelId, changesetIndex));
    this._write((sql) => iModels.recordCheckpoint(sql, iModelId, { changesetIndex, ...stamp }));
  }

  /** The briefcases that are in use. */
  public briefcases(iModelId: GuidString): BankBriefcase[] {
    return this._of(iModelId, (sql) => iModels.readBriefcases(sql, iModelId));
  }

  /**
   * Gives out a briefcase id that no other briefcase ever had.
   * @param alias - what others are told who holds a lock; default: the user and the computer
   */
  public acquireBriefcase(iModelId: GuidString, given: { alias?: string; device?: string } = {}): BriefcaseId {
    const user = thisUser();
    const device = given.device ?? hostname();
    const alias = given.alias ?? `${user} on ${device}`;
    return this._write((sql) => {
      iModels.getIModel(sql, iModelId);
      return iModels.recordBriefcase(sql, iModelId, { user, alias, device });
    });
  }

  /** Takes a briefcase out of use, and gives back its locks. What it has not pushed, it cannot push any more. */
  public releaseBriefcase(iModelId: GuidString, briefcaseId: BriefcaseId): void {
    this._write((sql) => {
      changesets.ensureBriefcase(sql, iModelId, briefcaseId);
      locks.releaseLocks(sql, { iModelId, briefcaseId, changesetIndex: 0 });
      iModels.retireBriefcase(sql, iModelId, briefcaseId);
    });
  }

  /** The locks that are held, by one briefcase or by all. */
  public locks(iModelId: GuidString, briefcaseId?: BriefcaseId): locks.HeldLock[] {
    return this._of(iModelId, (sql) => locks.readLocks(sql, iModelId, briefcaseId));
  }

  /**
   * Takes locks: all or none.
   * @throws LockConflict with the alias of who holds one of them; IModelError `PullIsRequired`
   */
  public acquireLocks(taker: locks.LockTaker, wanted: locks.WantedLocks): void {
    this._write((sql) => {
      changesets.ensureBriefcase(sql, taker.iModelId, taker.briefcaseId);
      locks.takeLocks(sql, taker, wanted);
    });
  }

  /** Gives back all locks of a briefcase. */
  public releaseLocks(taker: locks.LockTaker): void {
    this._write((sql) => locks.releaseLocks(sql, taker));
  }

  /**
   * Takes in an iModel of another bank, with its whole history.
   * @param copyFiles - brings the files to where they belong in this bank
   * @throws ConnectorError `bank/name-in-use`, `bank/imodel-in-use`
   */
  public async takeIn(history: IModelHistory, copyFiles: () => Promise<void>): Promise<void> {
    const { id } = history.imodel;
    if (this.iModels.some((known) => known.id === id)) throw imodelInUse(history.imodel, this.layout.folder);
    this._state.read((sql) => iModels.refuseNameInUse(sql, history.imodel)); // to copy a long history takes long
    await copyFiles();
    this._write((sql) => {
      iModels.recordIModel(sql, history.imodel, history.nextBriefcaseId);
      for (const changeset of history.changesets) changesets.recordChangeset(sql, id, changeset);
      for (const checkpoint of history.checkpoints) iModels.recordCheckpoint(sql, id, checkpoint);
      for (const version of history.namedVersions) iModels.recordNamedVersion(sql, id, version);
    });
  }

  /**
   * Takes in what an iModel has gained in another bank, which had the same history up to the latest changeset here.
   * @param copyFiles - brings the files to where they belong in this bank
   * @throws ConnectorError `bank/histories-differ`
   */
  public async takeInGain(iModelId: GuidString, gain: HistoryGain, copyFiles: () => Promise<void>): Promise<void> {
    await copyFiles();
    this._write((sql) => recordGain(sql, iModels.getIModel(sql, iModelId).id, gain));
  }

  /** All that is known of an iModel at one moment, but for its briefcases and locks. */
  public history(iModelId: GuidString): IModelHistory {
    return this._of(iModelId, (sql, imodel) => ({
      imodel,
      changesets: changesets.readChangesets(sql, iModelId),
      checkpoints: iModels.readCheckpoints(sql, iModelId),
      namedVersions: iModels.readNamedVersions(sql, iModelId),
      nextBriefcaseId: iModels.readNextBriefcaseId(sql, iModelId),
    }));
  }

  private _of<T>(iModelId: GuidString, read: (sql: BankStatements, imodel: BankIModel) => T): T {
    return this._state.read((sql) => read(sql, iModels.getIModel(sql, iModelId)));
  }

  private _write<T>(operation: (sql: BankStatements) => T): T {
    return this._state.write(operation);
  }
}

function imodelInUse({ name, id }: BankIModel, folder: string): ConnectorError {
  return new ConnectorError("bank/imodel-in-use", `The bank in ${folder} has ${name} already (${id}).`, {
    advice: "Choose another folder, or remove it there.",
  });
}

/** The folder of a bank, by its path or `file:` URL. */
export function folderOfBank(url: string): string {
  return resolve(url.startsWith("file:") ? fileURLToPath(url) : url);
}

/** Where a pushed changeset goes. A push may be repeated by a briefcase that did not hear of its success. */
function acceptPush(
  sql: BankStatements,
  iModelId: GuidString,
  pushed: ChangesetFileProps,
): { index: ChangesetIndex; isRecorded: boolean } {
  changesets.ensureBriefcase(sql, iModelId, pushed.briefcaseId);
  const known = changesets.findChangeset(sql, iModelId, { id: pushed.id });
  if (known !== undefined) return { index: known.index, isRecorded: true };
  const { id = "", index = 0 } = changesets.lastChangeset(sql, iModelId) ?? {};
  if (pushed.parentId === id) return { index: index + 1, isRecorded: false };
  throw new IModelError(IModelHubStatus.PullIsRequired, `changeset ${index} must be pulled before this push`);
}

function describePush(pushed: ChangesetFileProps): Omit<ChangesetProps, "index" | "size"> {
  const { id, parentId, changesType, description, briefcaseId, uncompressedSize } = pushed;
  const [pushDate, userCreated] = [new Date().toISOString(), thisUser()];
  return { id, parentId, changesType, description, briefcaseId, uncompressedSize, pushDate, userCreated };
}
