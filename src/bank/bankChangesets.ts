import type { GuidString } from "@itwin/core-bentley";
import {
  ChangesetType,
  type BriefcaseId,
  type ChangesetId,
  type ChangesetIndex,
  type ChangesetProps,
  type ChangesetRange,
} from "@itwin/core-common";
import { ConnectorError } from "../ConnectorError.js";
import type { FileStamp } from "../files/fileStamp.js";
import type { BankStatements } from "./BankState.js";

/** A changeset as a bank knows it. */
export interface RecordedChangeset extends ChangesetProps, FileStamp {}

const columns = `changesetIndex AS "index", id, parentId, changesType, description, briefcaseId, pushDate, userCreated,
  size, uncompressedSize, checksum`;

/** Version 0, as if it were a changeset: what an iModel is at before its first one. */
export function versionZero(createdAt: string, createdBy: string): ChangesetProps {
  return {
    index: 0,
    id: "",
    parentId: "",
    changesType: ChangesetType.Regular,
    description: "version 0",
    briefcaseId: 0,
    pushDate: createdAt,
    userCreated: createdBy,
    size: 0,
  };
}

/** The last changeset of an iModel, unless it has none. */
export function lastChangeset(statements: BankStatements, iModelId: GuidString): RecordedChangeset | undefined {
  return statements.row(
    `SELECT ${columns} FROM changesets WHERE iModelId=? ORDER BY changesetIndex DESC LIMIT 1`,
    iModelId,
  );
}

/** The changesets of a range, both ends included, in order. */
export function readChangesets(
  statements: BankStatements,
  iModelId: GuidString,
  range: ChangesetRange = { first: 1 },
): RecordedChangeset[] {
  return statements.rows(
    `SELECT ${columns} FROM changesets WHERE iModelId=?1 AND changesetIndex>=?2 AND (?3 IS NULL OR changesetIndex<=?3)
     ORDER BY changesetIndex`,
    iModelId,
    range.first,
    range.end,
  );
}

/** A changeset by its index or its id, unless there is none. */
export function findChangeset(
  statements: BankStatements,
  iModelId: GuidString,
  { index, id }: { index?: ChangesetIndex; id?: ChangesetId },
): RecordedChangeset | undefined {
  const condition = id === undefined ? "changesetIndex=?" : "id=?";
  return statements.row(`SELECT ${columns} FROM changesets WHERE iModelId=? AND ${condition}`, iModelId, id ?? index);
}

/** Notes a changeset whose file is in its place. */
export function recordChangeset(statements: BankStatements, iModelId: GuidString, changeset: RecordedChangeset): void {
  statements.run(
    `INSERT INTO changesets(iModelId, changesetIndex, id, parentId, changesType, description, briefcaseId, pushDate,
       userCreated, size, uncompressedSize, checksum)
     VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    iModelId,
    changeset.index,
    changeset.id,
    changeset.parentId,
    changeset.changesType,
    changeset.description,
    changeset.briefcaseId,
    changeset.pushDate,
    changeset.userCreated,
    changeset.size,
    changeset.uncompressedSize,
    changeset.checksum,
  );
}

/** Refuses what a briefcase pushes whose id was given back. */
export function ensureBriefcase(statements: BankStatements, iModelId: GuidString, briefcaseId: BriefcaseId): void {
  const sql = "SELECT id FROM briefcases WHERE iModelId=? AND id=? AND releasedAt IS NULL";
  if (statements.row(sql, iModelId, briefcaseId) !== undefined) return;
  throw new ConnectorError("bank/unknown-briefcase", `Briefcase ${briefcaseId} was released, or never acquired.`, {
    advice: "Start again: the run gets another briefcase.",
  });
}

/** The error for a version that an iModel does not have. */
export function unknownVersion(iModelName: string, version: string): ConnectorError {
  return new ConnectorError("bank/unknown-version", `${iModelName} has no version ${version}.`, {
    advice: "connector-runner bank versions shows what there is.",
  });
}
