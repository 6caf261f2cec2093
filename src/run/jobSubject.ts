import { Subject, SynchronizationConfigLink, type IModelDb } from "@itwin/core-backend";
import { expectDefined, type Id64String } from "@itwin/core-bentley";
import { IModel, type SubjectProps } from "@itwin/core-common";
import { ConnectorError } from "../ConnectorError.js";
import type { ITwinConnector } from "../connector/ITwinConnector.js";
import { canonicalJson } from "../connector/stream/canonicalJson.js";
import { queryRows } from "../imodel/queries.js";
import { findJobSubject, isNameOfRoot } from "../sync/provenance/JobSubjects.js";
import { readJobDocuments, type JobDocument } from "./jobDocuments.js";
import { isDocument, isOtherDocument, type RunDocument } from "./runDocument.js";

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
  name: string;
  subjectId: Id64String;
  configLinkId: Id64String;
}

/** What tells a job from others. */
export interface JobIdentity {
  name: string;
  connectorName: string;
  document: RunDocument;
}

/**
 * Finds a job that has run before: by its document, whatever it is called by now, else by its name. A job of this name
 * that belongs to another document is another job.
 */
export function findJob(imodel: IModelDb, identity: JobIdentity): KnownJob | undefined {
  const jobs = listJobs(imodel);
  const { own, others } = divideJobs(imodel, identity);
  const names = namesOf(imodel, identity);
  const ownJobs = jobs.filter(({ configLinkId }) => own.has(configLinkId));
  const freeJobs = jobs.filter(({ configLinkId }) => !others.has(configLinkId));
  return findNamed(ownJobs, names) ?? ownJobs[0] ?? findNamed(freeJobs, names);
}

/** Which jobs start from the document of a run, and which from other documents, by their configuration links. */
function divideJobs(imodel: IModelDb, { name, connectorName, document }: JobIdentity) {
  const roots = readJobDocuments(imodel, "SynchronizationConfigSpecifiesRootSources");
  const linksOf = (documents: JobDocument[]) => new Set(documents.map(({ configLinkId }) => configLinkId));
  const own = linksOf(roots.filter((root) => root.connectorName === connectorName && isDocument(root, document)));
  const others = linksOf(roots.filter((root) => isOtherDocument(root, document, name)));
  for (const configLinkId of own) others.delete(configLinkId);
  return { own, others };
}

/** All jobs that have run on an iModel. */
export function listJobs(imodel: IModelDb): KnownJob[] {
  const ecsql = `
    SELECT s.CodeValue, s.ECInstanceId, c.ECInstanceId
    FROM bis.Subject s JOIN bis.SynchronizationConfigLink c ON c.CodeValue=s.CodeValue
    WHERE s.Parent.Id=?`;
  return queryRows(imodel, ecsql, [IModel.rootSubjectId], (row) => ({
    name: row.getValueString(0),
    subjectId: row.getValueId(1),
    configLinkId: row.getValueId(2),
  }));
}

/** Finds or inserts the Subject of a job, a child of the root Subject, and its SynchronizationConfigLink. */
export function findOrInsertJob(imodel: IModelDb, identity: JobIdentity, connector: ITwinConnector): Job {
  const known = findJob(imodel, identity);
  if (known === undefined) refuseOtherDocument(imodel, identity);
  const name = chooseName(imodel, identity, known);
  if (known !== undefined && known.name !== name) rename(imodel, known, name);
  const subjectId = findJobSubject(imodel, name);
  const subject =
    subjectId === undefined ? insertSubject(imodel, name, connector) : updateSubject(imodel, subjectId, connector);
  const configLinkId = findConfigLink(imodel, name) ?? insertConfigLink(imodel, { ...identity, name });
  return { subject, isNew: subjectId === undefined, configLinkId };
}

/**
 * The names that a job may have: its own, unless that is the name of the iModel; and another one where a document of the
 * same name has taken that.
 */
function namesOf(imodel: IModelDb, { name, document: { guid, name: documentName } }: JobIdentity): string[] {
  const own = isNameOfRoot(imodel, name) ? `${name} (job)` : name;
  const distinction = guid ?? documentName;
  return distinction === undefined ? [own] : [own, `${own} ${distinction}`];
}

/** A run that does not say which document its source is cannot have a job beside one of the same name. */
function refuseOtherDocument(imodel: IModelDb, identity: JobIdentity): void {
  const [name, distinct] = namesOf(imodel, identity);
  const taken = listJobs(imodel).find((job) => job.name === name);
  if (taken === undefined || distinct !== undefined) return;
  const roots = readJobDocuments(imodel, "SynchronizationConfigSpecifiesRootSources");
  const root = roots.find(({ configLinkId }) => configLinkId === taken.configLinkId);
  throw new ConnectorError(
    "source/same-name",
    `The iModel has a job "${taken.name}" for the document ${root?.name ?? root?.documentGuid ?? root?.place?.path}.`,
    {
      advice:
        "If the source is that document, give the same documentName or documentGuid. " +
        "If it is another one, give it one of its own, or an iModel of its own.",
    },
  );
}

function findNamed(jobs: KnownJob[], names: string[]): KnownJob | undefined {
  return names.map((name) => jobs.find((job) => job.name === name)).find((job) => job !== undefined);
}

/** A job keeps a name that it may have, so that nothing is written when another one becomes free. */
function chooseName(imodel: IModelDb, identity: JobIdentity, known: KnownJob | undefined): string {
  const names = namesOf(imodel, identity);
  if (known !== undefined && names.includes(known.name)) return known.name;
  const isFree = (name: string) =>
    findConfigLink(imodel, name) === undefined && (known === undefined || findJobSubject(imodel, name) === undefined);
  return names.find(isFree) ?? known?.name ?? expectDefined(names.at(-1));
}

function findConfigLink(imodel: IModelDb, name: string): Id64String | undefined {
  const code = SynchronizationConfigLink.createCode(imodel, IModel.repositoryModelId, name);
  return imodel.elements.queryElementIdByCode(code);
}

function rename(imodel: IModelDb, { subjectId, configLinkId }: KnownJob, name: string): void {
  const subjectCode = Subject.createCode(imodel, IModel.rootSubjectId, name);
  const configCode = SynchronizationConfigLink.createCode(imodel, IModel.repositoryModelId, name);
  imodel.elements.updateElement({ id: subjectId, code: subjectCode });
  imodel.elements.updateElement({ id: configLinkId, code: configCode });
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
  if (canonicalJson(known.Subject?.Job ?? null) === canonicalJson(job)) return subject;
  const jsonProperties = { ...known, Subject: { ...known.Subject, Job: job } };
  imodel.elements.updateElement({ id: subjectId, jsonProperties });
  return imodel.elements.getElement<Subject>(subjectId);
}

/** Inserts the SynchronizationConfigLink of a job. */
export function insertConfigLink(imodel: IModelDb, { name, connectorName }: JobIdentity): Id64String {
  return imodel.elements.insertElement({
    classFullName: SynchronizationConfigLink.classFullName,
    model: IModel.repositoryModelId,
    code: SynchronizationConfigLink.createCode(imodel, IModel.repositoryModelId, name),
    userLabel: connectorName,
  });
}
