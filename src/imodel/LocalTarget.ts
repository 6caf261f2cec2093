import { existsSync, lstatSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { ChannelControl, SnapshotDb, StandaloneDb, type IModelDb } from "@itwin/core-backend";
import { DbResult, IModelStatus, OpenMode } from "@itwin/core-bentley";
import { ConnectorError, messageOf } from "../ConnectorError.js";
import { makeWritableFolder } from "../files/makeFolder.js";
import { explainDiskFull, RoomWatch } from "../files/diskSpace.js";
import { bytesToSave } from "./bytesToSave.js";
import type { IModelTarget } from "./IModelTarget.js";
import { closeWithoutSaving, upgradeFile, type Upgrades } from "./native.js";
import { RunLock } from "../files/RunLock.js";
import {
  copyDatabase,
  copySaved,
  removeDatabase,
  replaceDatabase,
  workingCopyOf,
  type FileState,
} from "./workingCopy.js";

/** What kind of iModel a run makes where there is none yet. One that exists keeps its kind. */
export type LocalIModelKind = "snapshot" | "standalone";

/**
 * An iModel in a file of its own. A run works on a copy, which takes the place of the file when the run has succeeded.
 */
export class LocalTarget implements IModelTarget {
  public readonly path: string;
  public readonly version = undefined;
  /** The file itself, where the path is a symbolic link to it: the link stays, and whoever works on the file shares a lock. */
  private readonly _file: string;
  private readonly _workingCopy: string;
  private readonly _room: RoomWatch;
  private _lock?: RunLock;
  private _db?: IModelDb;
  private _copiedState: FileState;

  public constructor(
    path: string,
    private readonly _kind: LocalIModelKind,
    private readonly _upgrades: Upgrades,
  ) {
    this.path = resolve(path);
    this._file = followLink(this.path);
    this._workingCopy = workingCopyOf(this._file);
    this._room = new RoomWatch(this._folder, () => (this._db?.isOpen ? bytesToSave(this._db) : 0));
  }

  /** The iModel of a source: `<outputDir>/<source file name without extension>.bim`. */
  public static pathFor(sourceName: string, outputDir: string): string {
    return resolve(join(outputDir, `${basename(sourceName, extname(sourceName))}.bim`));
  }

  public ensureRoom(): void {
    this._room.check();
  }

  public beforeWrite(): void {
    this._room.beforeWrite();
  }

  public explain(error: unknown): unknown {
    return existsSync(this._folder) ? explainDiskFull(error, this._folder) : error;
  }

  public get isNew(): boolean {
    return this._copiedState === undefined;
  }

  public async open(create = true): Promise<IModelDb> {
    if (!create && !existsSync(this.path)) throw missing(this.path);
    this._lock = this._takeLock();
    this.ensureRoom();
    this._db = existsSync(this._file) ? this._openCopy() : this._createEmpty();
    this._db.channels.addAllowedChannel(ChannelControl.sharedChannelName);
    return this._db;
  }

  /** Nobody else can write to the working copy. */
  public async lock(): Promise<void> {}

  public copyBefore(to: string): void {
    if (!this.isNew) copySaved(this._file, to);
  }

  public needsWholeLock(): boolean {
    return false;
  }

  public isWorthRecording(): boolean {
    return true;
  }

  public async commit(description: string): Promise<void> {
    this.ensureRoom();
    const db = this._openDb;
    db.saveChanges(description);
    db.close();
    await replaceDatabase(this._file, this._workingCopy, this._copiedState);
    this._release();
  }

  public async abandon(): Promise<void> {
    if (this._lock === undefined) return;
    try {
      this._dropCopy();
    } finally {
      this._release();
    }
  }

  private _dropCopy(): void {
    try {
      if (this._db?.isOpen) closeWithoutSaving(this._db);
      this._db = undefined;
    } finally {
      removeDatabase(this._workingCopy);
    }
  }

  private get _openDb(): IModelDb {
    if (this._db === undefined) throw new Error(`${this.path} is not open`);
    return this._db;
  }

  private get _folder(): string {
    return dirname(this._file);
  }

  /** A run that died may have left behind what fills the disk, so that goes before anything is written. */
  private _takeLock(): RunLock {
    try {
      makeWritableFolder(this._folder);
      return RunLock.acquire(this._file, () => removeDatabase(this._workingCopy));
    } catch (error) {
      throw error instanceof ConnectorError ? error : notWritable(this._folder, error);
    }
  }

  private _openCopy(): IModelDb {
    if (statSync(this._file).isDirectory()) throw isFolder(this.path);
    this._copiedState = copyDatabase(this._file, this._workingCopy);
    try {
      upgradeFile(this._workingCopy, this._upgrades);
      // Public and exact: a copied snapshot opens for writing this way, and keeps its id and its kind.
      return StandaloneDb.openFile(this._workingCopy, OpenMode.ReadWrite);
    } catch (error) {
      throw cannotOpen(this.path, error);
    }
  }

  private _createEmpty(): IModelDb {
    const rootSubject = { name: basename(this.path, extname(this.path)) };
    return this._kind === "snapshot"
      ? SnapshotDb.createEmpty(this._workingCopy, { rootSubject })
      : StandaloneDb.createEmpty(this._workingCopy, { rootSubject, allowEdit: JSON.stringify({ txns: true }) });
  }

  private _release(): void {
    this._lock?.release();
    this._lock = undefined;
  }
}

function followLink(path: string): string {
  return existsSync(path) && lstatSync(path).isSymbolicLink() ? realpathSync(path) : path;
}

function notWritable(folder: string, error: unknown): ConnectorError {
  return new ConnectorError("imodel/output-not-writable", `Cannot write to ${folder}: ${messageOf(error)}`, {
    cause: error,
    advice: "Choose another folder with --outputDir, or ask for the right to write to this one.",
  });
}

function missing(path: string): ConnectorError {
  return new ConnectorError("imodel/missing", `There is no iModel at ${path}.`, {
    advice: "Run a connector first, or check --outputDir and --sourcePath.",
  });
}

function isFolder(path: string): ConnectorError {
  return new ConnectorError("imodel/not-an-imodel", `${path} is a folder.`, {
    advice: "Move it away, or choose another folder with --outputDir.",
  });
}

function cannotOpen(path: string, error: unknown): ConnectorError {
  const [code, what, advice] = explainOpenError((error as { errorNumber?: number }).errorNumber);
  return new ConnectorError(`imodel/${code}`, `${path} ${what}`, { cause: error, advice });
}

function explainOpenError(errorNumber: number | undefined): [code: string, what: string, advice: string] {
  switch (errorNumber) {
    case DbResult.BE_SQLITE_ERROR_ProfileTooNew:
    case DbResult.BE_SQLITE_ERROR_ProfileTooNewForReadWrite:
    case DbResult.BE_SQLITE_ERROR_SchemaTooNew:
      return ["newer-version", "was written by a newer version of the iTwin platform.", "Update @itwin/core-backend."];
    case DbResult.BE_SQLITE_ERROR_ProfileTooOld:
    case DbResult.BE_SQLITE_ERROR_ProfileTooOldForReadWrite:
    case DbResult.BE_SQLITE_ERROR_SchemaTooOld:
      return [
        "older-version",
        "was written by a version that is too old.",
        "Allow the upgrade with --updateDbProfile and --updateDomainSchemas, or write to a new iModel.",
      ];
    case IModelStatus.WrongIModel:
      return [
        "versioned",
        "belongs to an iTwin: it is a briefcase or a checkpoint of a versioned iModel.",
        "Write to a snapshot or standalone iModel instead.",
      ];
    default:
      return ["not-an-imodel", "is not an iModel, or it is damaged.", "Move the file away, or choose another folder."];
  }
}
