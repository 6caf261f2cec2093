import { RepositoryLink, type IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { IModel } from "@itwin/core-common";
import { DocumentFinder } from "../sync/documents/DocumentFinder.js";
import { DocumentSources } from "../sync/documents/DocumentSources.js";
import { ItemState } from "../sync/items/SourceItem.js";
import { findJobSubject } from "../sync/provenance/JobSubjects.js";
import { documentKind } from "../sync/provenance/provenanceQueries.js";
import { SynchronizationContext } from "../sync/provenance/SynchronizationContext.js";
import { findJob, insertConfigLink, type JobIdentity } from "./jobSubject.js";
import type { DocumentSearch } from "./mappedDocuments.js";
import { recordSuccess } from "./recordSuccess.js";

/** The Subject of a job that another framework has run, and that was not continued yet. */
export function findJobOfOthers(imodel: IModelDb, job: JobIdentity | undefined): Id64String | undefined {
  if (job === undefined || findJob(imodel, job) !== undefined) return undefined;
  return findJobSubject(imodel, job.name);
}

/** Takes over what another framework has recorded of a document, so that it can be removed like one of ours. */
export function takeOverDocument(
  { imodel, statistics, beforeWrite }: Pick<SynchronizationContext, "imodel" | "statistics" | "beforeWrite">,
  { job, identifiers }: DocumentSearch,
): void {
  const subjectId = findJobOfOthers(imodel, job);
  const [id] = identifiers;
  if (job === undefined || subjectId === undefined || id === undefined) return;
  const context = new SynchronizationContext(imodel, { connectorName: job.connectorName, statistics, beforeWrite });
  const names = { item: { id }, earlierIdentifiers: identifiers, place: job.document.place };
  const wanted = { ...names, scopeId: IModel.rootSubjectId, kind: documentKind, url: "" };
  const found = new DocumentFinder(context).find(wanted, () => false);
  if (found === undefined) return;
  const { linkId } = found;
  const sources = new DocumentSources(context, { jobName: job.name, findJobSubject: () => subjectId });
  const record = sources.claim(found);
  const sourceId = sources.findOrInsert(imodel.elements.getElement(linkId, RepositoryLink));
  if (record !== undefined) sources.assign(record, sourceId);
  const configLinkId = insertConfigLink(imodel, job);
  recordSuccess(imodel, configLinkId, [{ linkId, sourceId, state: ItemState.Changed, isRoot: true }]);
}
