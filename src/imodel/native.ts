/**
 * The only file that uses what core-backend marks as internal: the native database behind an iModel, the SQL of an ECSQL
 * statement, and the place where the host keeps its hub. Each function says what it gains and which public call does the
 * same. Another version of the platform may lack an internal. Then the public call is used; where there is none, the
 * function throws `imodel/platform-internals`.
 */
import { copyFileSync } from "node:fs";
import * as platform from "@itwin/core-backend";
import {
  ExternalSourceAspect,
  SnapshotDb,
  StandaloneDb,
  type BackendHubAccess,
  type ECSqlStatement,
  type IModelDb,
  type IModelJsNative,
} from "@itwin/core-backend";
import { DbResult, Guid, Id64, Logger, OpenMode, type Id64String } from "@itwin/core-bentley";
import {
  BriefcaseIdValue,
  DomainOptions,
  IModel,
  ProfileOptions,
  DbRequestKind,
  DbResponseStatus,
  QueryRowFormat,
  type BriefcaseId,
  type DbQueryResponse,
  type ElementAspectProps,
  type ExternalSourceAspectProps,
  type SubjectProps,
  type UpgradeOptions,
} from "@itwin/core-common";
import { ConnectorError, messageOf } from "../ConnectorError.js";
import { ConnectorLoggerCategory } from "../ConnectorLoggerCategory.js";
import type { VersionZeroWriter } from "../bank/BankHubAccess.js";
import { HubRouter } from "./HubRouter.js";
import { readQuery, type QueryOutcome } from "./readQuery.js";

type NativeDb = IModelJsNative.DgnDb;

/** The internals of core-backend, as far as a version of it has them. */
export interface PlatformInternals {
  /** The key of the native database of an iModel. */
  readonly nativeDb?: symbol;
  /** The native library; its classes are there once the host is started. */
  readonly library?: { readonly platform: { readonly DgnDb?: new () => NativeDb } };
  /** Whether an ECSQL statement tells its SQL. */
  readonly tellsSql: boolean;
  /** Keeps the hub that core-backend asks. */
  readonly hubSlot?: { _hubAccess?: BackendHubAccess };
}

/** Probes what core-backend exports for the internals that this file uses. */
export function findInternals(exported: object): PlatformInternals {
  const { _nativeDb, IModelNative, IModelHost, ECSqlStatement } = exported as Partial<typeof platform>;
  const statement: { getNativeSql?: unknown } | undefined = ECSqlStatement?.prototype;
  const hasSlot = IModelHost !== undefined && Object.hasOwn(IModelHost, "_hubAccess");
  return {
    nativeDb: typeof _nativeDb === "symbol" ? _nativeDb : undefined,
    library: typeof IModelNative === "function" ? IModelNative : undefined,
    tellsSql: typeof statement?.getNativeSql === "function",
    hubSlot: hasSlot ? (IModelHost as unknown as PlatformInternals["hubSlot"]) : undefined,
  };
}

let internals = findInternals(platform);

/** Makes this file use other internals, for tests. @returns what restores the former ones */
export function useInternals(found: PlatformInternals): () => void {
  const former = internals;
  internals = found;
  return () => {
    internals = former;
  };
}

/** The native database of an iModel, if it can be reached and has a method. */
function nativeDbWith<Method extends keyof NativeDb>(
  imodel: IModelDb,
  method: Method,
): Pick<NativeDb, Method> | undefined {
  const { nativeDb } = internals;
  const found = nativeDb && (imodel as unknown as Partial<Record<symbol, Partial<NativeDb>>>)[nativeDb];
  return typeof found?.[method] === "function" ? (found as Pick<NativeDb, Method>) : undefined;
}

/**
 * The SQL of an ECSQL statement, or undefined where the platform does not tell it. The public way is to step the ECSQL
 * statement itself, which takes ten times as long for a row.
 */
export function nativeSqlOf(statement: ECSqlStatement): string | undefined {
  return internals.tellsSql ? statement.getNativeSql() : undefined;
}

/** The names in the properties are those of TypeScript (`identifier`), not those of the schema (`Identifier`). */
const jsNames = { useJsNames: true };

/** Inserts an ExternalSourceAspect, as fast as {@link insertMultiAspect}. */
export function insertExternalSourceAspect(
  imodel: IModelDb,
  elementId: Id64String,
  props: Omit<ExternalSourceAspectProps, "classFullName" | "element">,
): Id64String {
  const element = { id: elementId, relClassName: "BisCore.ElementOwnsExternalSourceAspects" };
  return insertAspect(imodel, { ...props, classFullName: ExternalSourceAspect.classFullName, element });
}

/** Inserts an aspect of any class of ElementMultiAspects. */
export function insertMultiAspect(
  imodel: IModelDb,
  elementId: Id64String,
  props: { readonly classFullName: string },
): Id64String {
  return insertAspect(imodel, {
    ...props,
    element: { id: elementId, relClassName: "BisCore.ElementOwnsMultiAspects" },
  });
}

/**
 * Inserts an aspect in a sixth of the time of `elements.insertAspect`, which is the public call for it: the native call
 * writes the row without asking the element's class about it, which has no say in these aspects. The aspect is the same.
 * The element's LastMod is not touched, which makes no difference for an element of this run.
 */
function insertAspect(imodel: IModelDb, props: ElementAspectProps): Id64String {
  const db = nativeDbWith(imodel, "insertInstance");
  if (db === undefined) return insertByPublicCall(imodel, props);
  try {
    return db.insertInstance(props, jsNames);
  } catch {
    // It refuses some forms of values that the public call takes: a Date, a long as text, a point as an array, base64.
    return insertByPublicCall(imodel, props);
  }
}

/** Of some aspects that the public call cannot insert it reports nothing, such as those of a schema named as a keyword of ECSQL. */
function insertByPublicCall(imodel: IModelDb, props: ElementAspectProps): Id64String {
  const id = imodel.elements.insertAspect(props);
  if (Id64.isInvalid(id)) throw new Error("no aspect was inserted");
  return id;
}

/** Updates some properties of an ExternalSourceAspect. One that is undefined is cleared. */
export function updateExternalSourceAspect(
  imodel: IModelDb,
  aspectId: Id64String,
  changed: Partial<Pick<ExternalSourceAspectProps, "identifier" | "version" | "checksum" | "jsonProperties">>,
): void {
  updateAspect(imodel, aspectId, changed);
}

/** What an ExternalSourceAspect stands for. */
export interface AspectKey {
  scopeId: Id64String;
  /** The ExternalSource. Undefined for none. */
  sourceId: Id64String | undefined;
  kind: string;
  identifier: string;
  version: string | undefined;
  checksum: string | undefined;
}

/** Makes an ExternalSourceAspect stand for something else, as far as that is given. */
export function reassignExternalSourceAspect(imodel: IModelDb, aspectId: Id64String, key: Partial<AspectKey>): void {
  const { scopeId, sourceId, ...changed } = key;
  const props: Partial<ExternalSourceAspectProps> = changed;
  if (scopeId !== undefined)
    props.scope = { id: scopeId, relClassName: "BisCore.ElementScopesExternalSourceIdentifier" };
  if ("sourceId" in key)
    props.source = sourceId === undefined ? undefined : { id: sourceId, relClassName: "BisCore.ElementIsFromSource" };
  updateAspect(imodel, aspectId, props);
}

/**
 * Updates an ExternalSourceAspect in a quarter of the time of `elements.updateAspect`, which is the public call for it.
 * The element's LastMod stays, because the element did not change.
 */
function updateAspect(imodel: IModelDb, id: Id64String, changed: Partial<ExternalSourceAspectProps>): void {
  const props = { id, classFullName: ExternalSourceAspect.classFullName, ...changed };
  const db = nativeDbWith(imodel, "updateInstance");
  if (db !== undefined) db.updateInstance(props, jsNames);
  else imodel.elements.updateAspect({ ...imodel.elements.getAspect(id).toJSON(), ...props });
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
    if (imodel.isOpen) nativeDbWith(imodel, "closeFile")?.closeFile();
  }
}

/**
 * Writes version 0 of a versioned iModel. The ids of iModel and iTwin can only be set on the native database; the public
 * call that makes a version 0 sends it to iModelHub.
 * @throws ConnectorError `imodel/platform-internals`
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
function nameRootSubject(db: NativeDb, name: string): void {
  const props = db.getElement({ id: IModel.rootSubjectId }) as SubjectProps;
  db.updateElement({ ...props, code: { ...props.code, value: name }, federationGuid: Guid.createValue() });
}

/** The name under which a briefcase keeps when its id was acquired. */
const acquiredAtName = "itwin-connector-framework:acquiredAt";

/**
 * Makes a briefcase of a copy of a checkpoint. `BriefcaseManager.downloadBriefcase`, the public call that does so, insists
 * on a checkpoint in the cloud.
 * @param acquiredAt - when the bank gave out the id, ISO 8601
 * @throws ConnectorError `imodel/platform-internals`
 */
export function makeBriefcase(path: string, briefcaseId: BriefcaseId, acquiredAt?: string): void {
  editFile(path, (db) => {
    db.enableWalMode();
    db.resetBriefcaseId(briefcaseId);
    db.saveLocalValue(acquiredAtName, acquiredAt);
  });
}

/** When the id of a briefcase was acquired, if it says so. There is no public call for it. */
export function readAcquiredAt(briefcase: IModelDb): string | undefined {
  return nativeDbWith(briefcase, "queryLocalValue")?.queryLocalValue(acquiredAtName);
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
export function upgradeFile(path: string, upgrades: Upgrades): void {
  if (internals.library === undefined) {
    upgradeByPublicCall(path, upgrades);
    return;
  }
  const { profile, domain } = upgrades;
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
    warnOfNoUpgrade(path, messageOf(error));
    return false;
  }
}

function upgradeByPublicCall(path: string, { profile, domain }: Upgrades): void {
  try {
    if (profile && domain) StandaloneDb.upgradeStandaloneSchemas(path);
    else if (profile || domain) warnOfNoUpgrade(path, "this version of the platform upgrades both parts or none");
  } catch (error) {
    warnOfNoUpgrade(path, messageOf(error));
  }
}

function warnOfNoUpgrade(path: string, reason: string): void {
  Logger.logWarning(ConnectorLoggerCategory.Framework, `${path} is not upgraded: ${reason}`);
}

function editFile(path: string, edit: (db: NativeDb) => void, upgrades?: UpgradeOptions): void {
  const { DgnDb } = internals.library?.platform ?? {};
  if (DgnDb === undefined) throw missingInternals("A bank cannot be written");
  const db = new DgnDb();
  db.openIModel(path, OpenMode.ReadWrite, upgrades);
  try {
    edit(db);
    db.saveChanges();
  } finally {
    db.closeFile();
  }
}

/** The router that `startHost` gave to the host. */
let givenRouter: HubRouter | undefined;

/** The hub to start the host with, where it cannot be set later. */
export function hubToStartWith(): { hubAccess?: BackendHubAccess } {
  if (internals.hubSlot !== undefined) return {};
  givenRouter = new HubRouter();
  return { hubAccess: givenRouter };
}

/**
 * The router that core-backend asks as its hub. It is put before the hub of the program, if there is one. The public way
 * is to hand `IModelHost.startup` a hub, which is too late where the program has started the host itself.
 * @throws ConnectorError `imodel/platform-internals`
 */
export function hubRouter(): HubRouter {
  const { hubSlot } = internals;
  if (hubSlot === undefined) {
    if (givenRouter === undefined)
      throw missingInternals("The program has started IModelHost, whose hub cannot be set");
    return givenRouter;
  }
  const known = hubSlot._hubAccess;
  if (known instanceof HubRouter) return known;
  const router = new HubRouter(known);
  hubSlot._hubAccess = router;
  return router;
}

function missingInternals(what: string): ConnectorError {
  const message = `${what}: this version of @itwin/core-backend lacks internals that version 5.7.3 has.`;
  return new ConnectorError("imodel/platform-internals", message, {
    advice: "Install version 5.7.3 of the platform's packages, or write to a snapshot or standalone iModel.",
  });
}

/**
 * Ends the queries of an iModel after some time, when those that run in other threads have had it. There is no public
 * call: the limits that can be given to a single query are not kept. Without the internal, the limit stays at 60 s.
 */
export function limitQueryTime(imodel: IModelDb, seconds: number): void {
  const config = { globalQuota: { time: seconds, memory: 8 * 1024 * 1024 } };
  nativeDbWith(imodel, "concurrentQueryResetConfig")?.concurrentQueryResetConfig(config);
}

/**
 * Runs an ECSQL query in another thread, once. The public reader starts a query that ran out of time ten times more.
 * @param limit - so many rows at most
 */
export async function queryOnce(imodel: IModelDb, ecsql: string, limit: number): Promise<QueryOutcome> {
  const options = { limit: { count: limit }, abbreviateBlobs: true, rowFormat: QueryRowFormat.UseECSqlPropertyIndexes };
  const db = nativeDbWith(imodel, "concurrentQueryExecute");
  if (db === undefined) return readQuery(imodel, ecsql, options);
  const request = { ...options, includeMetaData: true, kind: DbRequestKind.ECSql, query: ecsql, args: {} };
  const response = await new Promise<Partial<DbQueryResponse>>((resolve) =>
    db.concurrentQueryExecute(request, (answer) => resolve(answer)),
  );
  const { status = DbResponseStatus.Error, meta = [], data = [], error } = response;
  return { state: queryStates.get(status) ?? "failed", columns: meta, rows: data as unknown[][], error };
}

const queryStates = new Map<DbResponseStatus, QueryOutcome["state"]>([
  [DbResponseStatus.Done, "done"],
  [DbResponseStatus.Partial, "partial"],
  [DbResponseStatus.Cancel, "partial"],
  [DbResponseStatus.Timeout, "busy"],
  [DbResponseStatus.QueueFull, "busy"],
  [DbResponseStatus.ShuttingDown, "busy"],
]);
