import { Subject, SynchronizationConfigLink, type IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { IModel, type SubjectProps } from "@itwin/core-common";
import type { ITwinConnector } from "../connector/ITwinConnector.js";
import { queryRows } from "../imodel/queries.js";

/** The job of a run. */
export interface Job {
  subject: Subject;
  /** Whether this is the job's first run. */
  isNew: boolean;
  /** Records when the job last succeeded, and what it processes. */
  configLinkId: Id64String;
}

/** A job that has run before. */
export interface KnownJob {
  subjectId: Id64String;
  configLinkId: Id64String;
}

/** What tells a job from others. */
export interface JobIdentity {
  name: string;
  /** The GUID of the job's document, by which a job is found again whose document was moved or renamed. */
  documentGuid?: string;
}

/** Finds a job that has run before, under this name or, where its document was moved, another one. */
export function findJob(imodel: IModelDb, identity: JobIdentity, connectorName: string): KnownJob | undefined {
  const subjectId = findByName(imodel, identity.name);
  if (subjectId === undefined) return findMoved(imodel, identity, connectorName);
  const configLinkId = findConfigLink(imodel, identity.name);
  return configLinkId === undefined ? undefined : { subjectId, configLinkId };
}

/** All jobs that have run on an iModel. */
export function listJobs(imodel: IModelDb): (KnownJob & JobIdentity)[] {
  const ecsql = `
    SELECT s.ECInstanceId, c.ECInstanceId, s.CodeValue
    FROM bis.Subject s JOIN bis.SynchronizationConfigLink c ON c.CodeValue=s.CodeValue
    WHERE s.Parent.Id=?`;
  return queryRows(imodel, ecsql, [IModel.rootSubjectId], (row) => ({
    subjectId: row.getValueId(0),
    configLinkId: row.getValueId(1),
    name: row.getValueString(2),
  }));
}

/** Finds or inserts the Subject of a job, a child of the root Subject, and its SynchronizationConfigLink. */
export function findOrInsertJob(imodel: IModelDb, identity: JobIdentity, connector: ITwinConnector): Job {
  const moved = findMoved(imodel, identity, connector.getConnectorName());
  if (moved !== undefined) rename(imodel, moved, identity.name);
  const subjectId = findByName(imodel, identity.name);
  const subject =
    subjectId === undefined
      ? insertSubject(imodel, identity.name, connector)
      : updateSubject(imodel, subjectId, connector);
  const configLinkId = findConfigLink(imodel, identity.name) ?? insertConfigLink(imodel, identity.name, connector);
  return { subject, isNew: subjectId === undefined, configLinkId };
}

function findByName(imodel: IModelDb, name: string): Id64String | undefined {
  return imodel.elements.queryElementIdByCode(Subject.createCode(imodel, IModel.rootSubjectId, name));
}

function findConfigLink(imodel: IModelDb, name: string): Id64String | undefined {
  const code = SynchronizationConfigLink.createCode(imodel, IModel.repositoryModelId, name);
  return imodel.elements.queryElementIdByCode(code);
}

/** A job is named after its source; when the source moves, the GUID of the document still leads to the job. */
function findMoved(imodel: IModelDb, identity: JobIdentity, connectorName: string): KnownJob | undefined {
  const { name, documentGuid } = identity;
  if (documentGuid === undefined || findByName(imodel, name) !== undefined) return undefined;
  for (const { configLinkId, name: earlierName } of jobsOfDocument(imodel, documentGuid, connectorName)) {
    const subjectId = findByName(imodel, earlierName);
    if (subjectId !== undefined) return { subjectId, configLinkId };
  }
  return undefined;
}

function rename(imodel: IModelDb, { subjectId, configLinkId }: KnownJob, name: string): void {
  const subjectCode = Subject.createCode(imodel, IModel.rootSubjectId, name);
  const configCode = SynchronizationConfigLink.createCode(imodel, IModel.repositoryModelId, name);
  imodel.elements.updateElement({ id: subjectId, code: subjectCode });
  imodel.elements.updateElement({ id: configLinkId, code: configCode });
}

function jobsOfDocument(
  imodel: IModelDb,
  documentGuid: string,
  connectorName: string,
): { configLinkId: Id64String; name: string }[] {
  const ecsql = `
    SELECT c.ECInstanceId, c.CodeValue, s.ConnectorName, l.RepositoryGuid
    FROM bis.SynchronizationConfigLink c
    JOIN bis.SynchronizationConfigSpecifiesRootSources r ON r.SourceECInstanceId=c.ECInstanceId
    JOIN bis.ExternalSource s ON s.ECInstanceId=r.TargetECInstanceId
    JOIN bis.RepositoryLink l ON l.ECInstanceId=s.Repository.Id`;
  return queryRows(imodel, ecsql, [], (row) => ({
    configLinkId: row.getValueId(0),
    name: row.getValueString(1),
    connectorName: row.getValueStringMaybe(2),
    documentGuid: row.isValueNull(3) ? undefined : row.getValueGuid(3),
  })).filter((job) => {
    return job.connectorName === connectorName && job.documentGuid?.toLowerCase() === documentGuid.toLowerCase();
  });
}

function jobProperties(connector: ITwinConnector): Record<string, unknown> {
  return {
    Bridge: connector.getConnectorName(),
    Properties: { BridgeVersion: connector.getApplicationVersion(), BridgeType: "JSConnector" },
  };
}

function insertSubject(imodel: IModelDb, name: string, connector: ITwinConnector): Subject {
  const props: SubjectProps = {
    classFullName: Subject.classFullName,
    model: IModel.repositoryModelId,
    code: Subject.createCode(imodel, IModel.rootSubjectId, name),
    parent: { id: IModel.rootSubjectId, relClassName: "BisCore:SubjectOwnsSubjects" },
    jsonProperties: { Subject: { Job: jobProperties(connector) } },
  };
  return imodel.elements.getElement<Subject>(imodel.elements.insertElement(props));
}

function updateSubject(imodel: IModelDb, subjectId: Id64String, connector: ITwinConnector): Subject {
  const subject = imodel.elements.getElement<Subject>(subjectId);
  const job = jobProperties(connector);
  const known = subject.jsonProperties as { Subject?: { Job?: object } };
  if (JSON.stringify(known.Subject?.Job) === JSON.stringify(job)) return subject;
  const jsonProperties = { ...known, Subject: { ...known.Subject, Job: job } };
  imodel.elements.updateElement({ id: subjectId, jsonProperties });
  return imodel.elements.getElement<Subject>(subjectId);
}

function insertConfigLink(imodel: IModelDb, name: string, connector: ITwinConnector): Id64String {
  return imodel.elements.insertElement({
    classFullName: SynchronizationConfigLink.classFullName,
    model: IModel.repositoryModelId,
    code: SynchronizationConfigLink.createCode(imodel, IModel.repositoryModelId, name),
    userLabel: connector.getConnectorName(),
  });
}
