/**
 * The only file that uses what core-backend marks as internal: the native database behind an iModel. Each function says
 * what it gains and which public call does the same.
 */
import { copyFileSync } from "node:fs";
import {
  _nativeDb,
  ExternalSourceAspect,
  IModelHost,
  IModelNative,
  SnapshotDb,
  type BackendHubAccess,
  type IModelDb,
  type IModelJsNative,
} from "@itwin/core-backend";
import { DbResult, Guid, Logger, OpenMode, type Id64String } from "@itwin/core-bentley";
import {
  BriefcaseIdValue,
  DomainOptions,
  IModel,
  ProfileOptions,
  type BriefcaseId,
  type ExternalSourceAspectProps,
  type SubjectProps,
  type UpgradeOptions,
} from "@itwin/core-common";
import { messageOf } from "../ConnectorError.js";
import { ConnectorLoggerCategory } from "../ConnectorLoggerCategory.js";
import type { VersionZeroWriter } from "../bank/BankHubAccess.js";
import { HubRouter } from "./HubRouter.js";

/** The names in the properties are those of TypeScript (`identifier`), not those of the schema (`Identifier`). */
const jsNames = { useJsNames: true };

/**
 * Inserts an ExternalSourceAspect in a sixth of the time of `elements.insertAspect`, which is the public call for it:
 * it writes the row without asking the element's class what it thinks of it, which for these aspects is nothing. The
 * aspect is the same; the element's LastMod is not touched, which for an element of this run makes no difference.
 */
export function insertExternalSourceAspect(
  imodel: IModelDb,
  elementId: Id64String,
  props: Omit<ExternalSourceAspectProps, "classFullName" | "element">,
): Id64String {
  const element = { id: elementId, relClassName: "BisCore.ElementOwnsExternalSourceAspects" };
  const instance = { ...props, classFullName: ExternalSourceAspect.classFullName, element };
  return imodel[_nativeDb].insertInstance(instance, jsNames);
}

/**
 * Inserts an aspect of any class of ElementMultiAspects, as fast as {@link insertExternalSourceAspect} and for the same
 * reason; `elements.insertAspect` is the public call for it.
 */
export function insertMultiAspect(
  imodel: IModelDb,
  elementId: Id64String,
  props: { readonly classFullName: string },
): Id64String {
  const element = { id: elementId, relClassName: "BisCore.ElementOwnsMultiAspects" };
  return imodel[_nativeDb].insertInstance({ ...props, element }, jsNames);
}

/**
 * Updates an ExternalSourceAspect in a quarter of the time of `elements.updateAspect`, which is the public call for it.
 * The element's LastMod stays, because the element did not change.
 */
export function updateExternalSourceAspect(
  imodel: IModelDb,
  aspectId: Id64String,
  changed: Partial<Pick<ExternalSourceAspectProps, "identifier" | "version" | "checksum" | "jsonProperties">>,
): void {
  const instance = { id: aspectId, classFullName: ExternalSourceAspect.classFullName, ...changed };
  imodel[_nativeDb].updateInstance(instance, jsNames);
}

/**
 * Makes what an ExternalSourceAspect says hold within another scope. The public call for it is `elements.updateAspect`.
 */
export function rescopeExternalSourceAspect(imodel: IModelDb, aspectId: Id64String, scopeId: Id64String): void {
  const scope = { id: scopeId, relClassName: "BisCore.ElementScopesExternalSourceIdentifier" };
  imodel[_nativeDb].updateInstance({ id: aspectId, classFullName: ExternalSourceAspect.classFullName, scope }, jsNames);
}

/**
 * Closes an iModel whose changes are not wanted, even when the disk is full.
 *
 * `IModelDb.close()` saves before it closes the file, and when the save fails it leaves the file open, for as long as
 * the process lives. There is no public call for the rest; without this one a failed run would leak a file handle.
 */
export function closeWithoutSaving(imodel: IModelDb): void {
  try {
    imodel.abandonChanges();
    imodel.close();
  } catch {
    if (imodel[_nativeDb].isOpen()) imodel[_nativeDb].closeFile();
  }
}

/**
 * Writes version 0 of a versioned iModel. The ids of iModel and iTwin can only be set on the native database; the public
 * call that makes a version 0 sends it to iModelHub.
 */
export const writeVersionZero: VersionZeroWriter = (path, { id, iTwinId, name }, { version0, isEmpty, noLocks }) => {
  if (version0 === undefined) SnapshotDb.createEmpty(path, { rootSubject: { name } }).close();
  else copyFileSync(version0, path);
  editFile(path, (db) => {
    if (isEmpty) nameRootSubject(db, name);
    db.setITwinId(iTwinId);
    db.setIModelId(id);
    db.saveChanges();
    db.deleteAllTxns(); // an iModel with undo history refuses another briefcase id
    db.resetBriefcaseId(BriefcaseIdValue.Unassigned);
    db.saveLocalValue("NoLocking", noLocks ? "true" : undefined);
  });
};

/** The public call needs an iModel that is open for editing, which takes longer than all else here. */
function nameRootSubject(db: IModelJsNative.DgnDb, name: string): void {
  const props = db.getElement({ id: IModel.rootSubjectId }) as SubjectProps;
  db.updateElement({ ...props, code: { ...props.code, value: name }, federationGuid: Guid.createValue() });
}

/**
 * Makes a briefcase of a copy of a checkpoint. `BriefcaseManager.downloadBriefcase`, the public call that does so, insists
 * on a checkpoint in the cloud.
 */
export function makeBriefcase(path: string, briefcaseId: BriefcaseId): void {
  editFile(path, (db) => {
    db.enableWalMode();
    db.resetBriefcaseId(briefcaseId);
  });
}

/** Which parts of an iModel may be upgraded to what this version of the platform has. */
export interface Upgrades {
  /** The file format, which the platform calls the profile. */
  profile: boolean;
  /** The domain schemas, such as BisCore, that come with the platform. */
  domain: boolean;
}

/** What the platform answers where an upgrade cannot be done: one of its schemas cannot take the place of the one there. */
const upgradeFailures = new Set<unknown>([
  DbResult.BE_SQLITE_ERROR_ProfileUpgradeFailed,
  DbResult.BE_SQLITE_ERROR_SchemaUpgradeFailed,
  DbResult.BE_SQLITE_ERROR_SchemaUpgradeRequired,
  DbResult.BE_SQLITE_ERROR_SchemaImportFailed,
  DbResult.BE_SQLITE_ERROR_DataTransformRequired,
]);

/**
 * Upgrades an iModel that is closed, where it is not up to date. The public calls upgrade both parts or none, and the one
 * for briefcases pushes each by itself. A briefcase keeps the upgrade among its changes.
 *
 * An upgrade is allowed, not asked for: one that cannot be done, because a schema of somebody else has the name of a domain
 * schema for instance, leaves the iModel as it is, and whether that can be opened shows when it is.
 */
export function upgradeFile(path: string, { profile, domain }: Upgrades): void {
  const profileUpgrade = profile ? { profile: ProfileOptions.Upgrade } : {};
  // Both at once: to open an iModel takes 20 ms, in each run.
  const isDone = domain && tryUpgrade(path, { ...profileUpgrade, domain: DomainOptions.Upgrade });
  if (profile && !isDone) tryUpgrade(path, profileUpgrade);
}

function tryUpgrade(path: string, options: UpgradeOptions): boolean {
  try {
    editFile(path, () => {}, { ...options, schemaLockHeld: true });
    return true;
  } catch (error) {
    if (!upgradeFailures.has((error as { errorNumber?: number }).errorNumber)) throw error;
    Logger.logWarning(ConnectorLoggerCategory.Framework, `${path} is not upgraded: ${messageOf(error)}`);
    return false;
  }
}

function editFile(path: string, edit: (db: IModelJsNative.DgnDb) => void, upgrades?: UpgradeOptions): void {
  const db = new IModelNative.platform.DgnDb();
  db.openIModel(path, OpenMode.ReadWrite, upgrades);
  try {
    edit(db);
    db.saveChanges();
  } finally {
    db.closeFile();
  }
}

/**
 * The router that core-backend asks as its hub. It is put before the hub of the program, if there is one. The public way
 * is to hand `IModelHost.startup` a hub, which is too late where the program has started the host itself.
 */
export function hubRouter(): HubRouter {
  const host = IModelHost as unknown as { _hubAccess?: BackendHubAccess };
  const known = host._hubAccess;
  if (known instanceof HubRouter) return known;
  const router = new HubRouter(known);
  host._hubAccess = router;
  return router;
}
