import { expectDefined, type GuidString } from "@itwin/core-bentley";
import { BriefcaseIdValue, type BriefcaseId, type ChangesetIndex } from "@itwin/core-common";
import { ConnectorError } from "../ConnectorError.js";
import type { FileStamp } from "../files/fileStamp.js";
import type { BankStatements } from "./BankState.js";

/** An iModel of a bank. */
export interface BankIModel {
  id: GuidString;
  iTwinId: GuidString;
  /** Unique within its iTwin. */
  name: string;
  description?: string;
  /** ISO 8601. */
  createdAt: string;
  /** The user who created it. */
  createdBy: string;
}

/** A checkpoint: the iModel as it was at a changeset, as a file. */
export interface Checkpoint extends FileStamp {
  changesetIndex: ChangesetIndex;
}

/** A changeset with a name of its own. */
export interface NamedVersion {
  name: string;
  changesetIndex: ChangesetIndex;
  /** ISO 8601. */
  createdAt: string;
}

/** A briefcase id, and who has it. */
export interface BankBriefcase {
  id: BriefcaseId;
  user: string;
  /** What others are told who holds a lock. */
  alias: string;
  /** The computer that it is on. */
  device: string;
  /** ISO 8601. */
  acquiredAt: string;
}

const columns = "id, iTwinId, name, description, createdAt, createdBy";

/** All iModels, by name. */
export function readIModels(statements: BankStatements): BankIModel[] {
  return statements.rows(`SELECT ${columns} FROM iModels ORDER BY name, id`);
}

/**
 * An iModel by its id.
 * @throws ConnectorError `bank/unknown-imodel`
 */
export function getIModel(statements: BankStatements, id: GuidString): BankIModel {
  const found = statements.row<BankIModel>(`SELECT ${columns} FROM iModels WHERE id=?`, id.toLowerCase());
  if (found === undefined) throw unknownIModel(id);
  return found;
}

/**
 * An iModel by its id or its name, whatever its iTwin.
 * @throws ConnectorError `bank/unknown-imodel` or `bank/ambiguous-name`
 */
export function findIModel(statements: BankStatements, idOrName: string): BankIModel {
  const sql = `SELECT ${columns} FROM iModels WHERE id=? OR name=? ORDER BY id=? DESC`;
  const [found, ...others] = statements.rows<BankIModel>(sql, idOrName.toLowerCase(), idOrName, idOrName);
  if (found === undefined) throw unknownIModel(idOrName);
  if (others.length === 0 || found.id === idOrName.toLowerCase()) return found;
  throw new ConnectorError("bank/ambiguous-name", `Several iModels are named ${idOrName}, in different iTwins.`, {
    advice: "Give the id of the iModel; connector-runner bank list shows it.",
  });
}

/**
 * Refuses an iModel whose name another one of its iTwin has.
 * @throws ConnectorError `bank/name-in-use`
 */
export function refuseNameInUse(statements: BankStatements, { id, iTwinId, name }: BankIModel): void {
  const sql = "SELECT id FROM iModels WHERE iTwinId=? AND name=? AND id<>?";
  if (statements.row(sql, iTwinId, name, id) === undefined) return;
  throw new ConnectorError("bank/name-in-use", `The bank has an iModel ${name} already.`, {
    advice: "Use it, or choose another name.",
  });
}

/**
 * Notes a new iModel.
 * @throws ConnectorError `bank/name-in-use`
 */
export function recordIModel(
  statements: BankStatements,
  imodel: BankIModel,
  nextBriefcaseId: BriefcaseId = BriefcaseIdValue.FirstValid,
): void {
  refuseNameInUse(statements, imodel);
  const { id, iTwinId, name, description, createdAt, createdBy } = imodel;
  statements.run(
    `INSERT INTO iModels(${columns}, nextBriefcaseId) VALUES(?, ?, ?, ?, ?, ?, ?)`,
    id,
    iTwinId,
    name,
    description,
    createdAt,
    createdBy,
    nextBriefcaseId,
  );
}

/**
 * Gives an iModel another name, or another description.
 * @throws ConnectorError `bank/name-in-use`
 */
export function describeIModel(statements: BankStatements, imodel: BankIModel): void {
  const { id, name, description } = imodel;
  refuseNameInUse(statements, imodel);
  statements.run("UPDATE iModels SET name=?, description=? WHERE id=?", name, description, id);
}

/** Forgets an iModel and all that belongs to it. */
export function forgetIModel(statements: BankStatements, iModelId: GuidString): void {
  for (const table of ["changesets", "checkpoints", "namedVersions", "briefcases", "locks", "lockHistory"])
    statements.run(`DELETE FROM ${table} WHERE iModelId=?`, iModelId);
  statements.run("DELETE FROM iModels WHERE id=?", iModelId);
}

/** The checkpoints of an iModel, in order. */
export function readCheckpoints(statements: BankStatements, iModelId: GuidString): Checkpoint[] {
  const sql = "SELECT changesetIndex, size, checksum FROM checkpoints WHERE iModelId=? ORDER BY changesetIndex";
  return statements.rows(sql, iModelId);
}

/** Notes a checkpoint whose file is in its place. */
export function recordCheckpoint(statements: BankStatements, iModelId: GuidString, checkpoint: Checkpoint): void {
  statements.run(
    "INSERT OR REPLACE INTO checkpoints(iModelId, changesetIndex, size, checksum) VALUES(?, ?, ?, ?)",
    iModelId,
    checkpoint.changesetIndex,
    checkpoint.size,
    checkpoint.checksum,
  );
}

/** The named versions of an iModel, oldest first. */
export function readNamedVersions(statements: BankStatements, iModelId: GuidString): NamedVersion[] {
  return statements.rows(
    "SELECT name, changesetIndex, createdAt FROM namedVersions WHERE iModelId=? ORDER BY changesetIndex, name",
    iModelId,
  );
}

/**
 * Gives a changeset a name.
 * @throws ConnectorError `bank/name-in-use`
 */
export function recordNamedVersion(statements: BankStatements, iModelId: GuidString, version: NamedVersion): void {
  const { name, changesetIndex, createdAt } = version;
  if (readNamedVersions(statements, iModelId).some((known) => known.name === name))
    throw new ConnectorError("bank/name-in-use", `The iModel has a version ${name} already.`, {
      advice: "Choose another name.",
    });
  statements.run("INSERT INTO namedVersions VALUES(?, ?, ?, ?)", iModelId, name, changesetIndex, createdAt);
}

/** The briefcases of an iModel that were acquired and not released. */
export function readBriefcases(statements: BankStatements, iModelId: GuidString): BankBriefcase[] {
  return statements.rows(
    `SELECT id, user, alias, device, acquiredAt FROM briefcases
     WHERE iModelId=? AND releasedAt IS NULL ORDER BY id`,
    iModelId,
  );
}

/** The id of the next briefcase of an iModel. */
export function readNextBriefcaseId(statements: BankStatements, iModelId: GuidString): BriefcaseId {
  const sql = "SELECT nextBriefcaseId FROM iModels WHERE id=?";
  return expectDefined(statements.row<{ nextBriefcaseId: BriefcaseId }>(sql, iModelId)).nextBriefcaseId;
}

/** Notes a new briefcase. @returns its id, which no other briefcase of the iModel ever gets */
export function recordBriefcase(
  statements: BankStatements,
  iModelId: GuidString,
  briefcase: Pick<BankBriefcase, "user" | "alias" | "device">,
): BriefcaseId {
  const id = readNextBriefcaseId(statements, iModelId);
  statements.run("UPDATE iModels SET nextBriefcaseId=? WHERE id=?", id + 1, iModelId);
  const { user, alias, device } = briefcase;
  statements.run(
    "INSERT INTO briefcases(iModelId, id, user, alias, device, acquiredAt) VALUES(?, ?, ?, ?, ?, ?)",
    iModelId,
    id,
    user,
    alias,
    device,
    new Date().toISOString(),
  );
  return id;
}

/** Lets no further briefcase have an id up to this one. */
export function skipBriefcaseIds(statements: BankStatements, iModelId: GuidString, id: BriefcaseId): void {
  const sql = "UPDATE iModels SET nextBriefcaseId=max(nextBriefcaseId, ?) WHERE id=?";
  statements.run(sql, id + 1, iModelId);
}

/** Notes that a briefcase will not be used any more. */
export function retireBriefcase(statements: BankStatements, iModelId: GuidString, id: BriefcaseId): void {
  const sql = "UPDATE briefcases SET releasedAt=? WHERE iModelId=? AND id=?";
  statements.run(sql, new Date().toISOString(), iModelId, id);
}

function unknownIModel(idOrName: string): ConnectorError {
  return new ConnectorError("bank/unknown-imodel", `The bank has no iModel ${idOrName}.`, {
    advice: "connector-runner bank list shows what it has; --createiModel makes a new one.",
  });
}
