import type { IModelDb } from "@itwin/core-backend";
import type { GuidString, Id64String } from "@itwin/core-bentley";
import { readProvenanceOf, type ElementProvenance } from "../sync/provenance/provenanceQueries.js";
import { readJobDocuments, type JobDocument } from "./jobDocuments.js";
import { findJob, listJobs, type JobIdentity, type KnownJob } from "./jobSubject.js";

/** Which document is looked for, and whose. */
export interface DocumentSearch {
  documentGuid?: GuidString;
  /** What else the document may be known by, within its job. */
  identifiers: readonly string[];
  /** The job that it belongs to. Without one, all jobs are looked at. */
  job?: JobIdentity;
}

/** What a job holds of a document. */
export interface JobMapping {
  job: KnownJob;
  /** The document, and those that it refers to. */
  documents: JobDocument[];
  /** Whether these are all documents of the job. */
  isWhole: boolean;
}

/** Finds what jobs hold of a document; nothing where the iModel does not know it. */
export function findMappings(imodel: IModelDb, search: DocumentSearch): JobMapping[] {
  const known = search.job === undefined ? listJobs(imodel) : [findJob(imodel, search.job)];
  const jobs = known.filter((job) => job !== undefined);
  const all = jobs.length === 0 ? [] : readJobDocuments(imodel, "SynchronizationConfigProcessesSources");
  const provenance = readProvenanceOf(imodel, new Set(all.map(({ linkId }) => linkId)));
  return jobs.map((job) => findMapping(job, all, provenance, search)).filter(({ documents }) => documents.length > 0);
}

function findMapping(
  job: KnownJob,
  all: JobDocument[],
  provenance: ElementProvenance[],
  search: DocumentSearch,
): JobMapping {
  const ofJob = all.filter(({ configLinkId }) => configLinkId === job.configLinkId);
  const links = new Set(ofJob.filter((document) => isSought(document, provenance, search)).map(({ linkId }) => linkId));
  addReferred(links, provenance);
  const documents = ofJob.filter(({ linkId }) => links.has(linkId));
  return { job, documents, isWhole: documents.length === ofJob.length };
}

/** Of two GUIDs nothing else counts. Without a job, what a document is called says too little. */
function isSought(
  { linkId, documentGuid, url }: JobDocument,
  provenance: ElementProvenance[],
  search: DocumentSearch,
): boolean {
  if (documentGuid !== undefined && search.documentGuid !== undefined)
    return documentGuid === search.documentGuid.toLowerCase();
  if (search.job === undefined) return false;
  const known = provenance.filter(({ elementId }) => elementId === linkId).map(({ identifier }) => identifier);
  return [url, ...known].some((name) => name !== undefined && search.identifiers.includes(name));
}

/** What a document refers to is known within it, and so on downwards. */
function addReferred(links: Set<Id64String>, provenance: ElementProvenance[]): void {
  for (const link of links) for (const { elementId, scopeId } of provenance) if (scopeId === link) links.add(elementId);
}
