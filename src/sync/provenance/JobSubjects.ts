import { Subject, type IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { IModel } from "@itwin/core-common";
import { idOrUndefined, queryIds, queryRows } from "../../imodel/queries.js";

/** Tells below which job's Subject elements lie. */
export class JobSubjects {
  private readonly _owners = new Map<Id64String, Id64String | undefined>();

  /** @param _ownSubjectId - a Subject that is a job's even where it does not say so */
  public constructor(
    private readonly _imodel: IModelDb,
    private readonly _ownSubjectId?: Id64String,
  ) {}

  /** The Subject of the job below which an element lies, or that it is. Undefined in what all jobs share. */
  public ownerOf(elementId: Id64String): Id64String | undefined {
    if (!this._owners.has(elementId)) this._owners.set(elementId, this._findOwner(elementId));
    return this._owners.get(elementId);
  }

  /** Whether an element is the Subject of a job. */
  public isJob(elementId: Id64String): boolean {
    return elementId === this._ownSubjectId || readJob(this._imodel, elementId) !== undefined;
  }

  /** The Subjects of all jobs but the own one. */
  public others(): Id64String[] {
    const ids = queryIds(this._imodel, "SELECT ECInstanceId FROM bis.Subject WHERE JsonProperties LIKE '%\"Job\"%'");
    return ids.filter((id) => id !== this._ownSubjectId && this.isJob(id));
  }

  private _findOwner(elementId: Id64String): Id64String | undefined {
    if (elementId === IModel.rootSubjectId) return undefined;
    if (this.isJob(elementId)) return elementId;
    const ecsql = "SELECT Model.Id, Parent.Id FROM bis.Element WHERE ECInstanceId=?";
    const [row] = queryRows(this._imodel, ecsql, [elementId], (statement) => ({
      modelId: statement.getValueId(0),
      parentId: idOrUndefined(statement, 1),
    }));
    if (row === undefined) return undefined;
    if (row.parentId !== undefined) return this.ownerOf(row.parentId);
    return row.modelId === IModel.repositoryModelId ? undefined : this.ownerOf(row.modelId);
  }
}

/** Finds the Subject of a job by the job's name. */
export function findJobSubject(imodel: IModelDb, name: string): Id64String | undefined {
  return isNameOfRoot(imodel, name) ? undefined : findSubject(imodel, name);
}

/**
 * Whether the root Subject, which is named after the iModel, has taken the name of a job: both have codes within the root
 * Subject. Version 0.1 has used the root Subject as that of the job then, which stays so.
 */
export function isNameOfRoot(imodel: IModelDb, name: string): boolean {
  const isRoot = findSubject(imodel, name) === IModel.rootSubjectId;
  return isRoot && readJob(imodel, IModel.rootSubjectId) === undefined;
}

function findSubject(imodel: IModelDb, name: string): Id64String | undefined {
  return imodel.elements.queryElementIdByCode(Subject.createCode(imodel, IModel.rootSubjectId, name));
}

/** What a Subject says of its job. */
export interface JobDescription {
  /** The connector. */
  Bridge?: string;
}

/** Reads what an element says of its job, if it is a job's Subject. */
export function readJob(imodel: IModelDb, subjectId: Id64String): JobDescription | undefined {
  const ecsql = "SELECT JsonProperties FROM bis.Subject WHERE ECInstanceId=?";
  const [json] = queryRows(imodel, ecsql, [subjectId], (row) => row.getValueStringMaybe(0));
  const properties = JSON.parse(json ?? "{}") as { Subject?: { Job?: JobDescription } };
  return properties.Subject?.Job;
}

/**
 * The SynchronizationConfigLinks of jobs that process a source: ones named after a job's Subject. Other frameworks have one
 * for all jobs of an iModel, which says nothing about whose a source is.
 */
export function readConfigsOfSource(imodel: IModelDb, sourceId: Id64String): Id64String[] {
  const ecsql = `
    SELECT r.SourceECInstanceId FROM bis.SynchronizationConfigProcessesSources r
      JOIN bis.SynchronizationConfigLink c ON c.ECInstanceId=r.SourceECInstanceId
      JOIN bis.Subject s ON s.CodeValue=c.CodeValue
    WHERE r.TargetECInstanceId=? AND s.Parent.Id=?`;
  return queryIds(imodel, ecsql, [sourceId, IModel.rootSubjectId]);
}

/** Whether a job has succeeded before. One that another framework has run has not, as far as is known. */
export function hasSucceeded(imodel: IModelDb, configLinkId: Id64String | undefined): boolean {
  if (configLinkId === undefined) return false;
  const ecsql =
    "SELECT ECInstanceId FROM bis.SynchronizationConfigLink WHERE ECInstanceId=? AND LastSuccessfulRun IS NOT NULL";
  return queryIds(imodel, ecsql, [configLinkId]).length > 0;
}
