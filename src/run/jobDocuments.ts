import type { IModelDb } from "@itwin/core-backend";
import type { GuidString, Id64String } from "@itwin/core-bentley";
import { queryRows } from "../imodel/queries.js";
import type { LinkJson } from "../sync/documents/DocumentElements.js";
import type { DocumentPlace } from "../sync/documents/DocumentPlace.js";

/** A document as a job has recorded it. */
export interface JobDocument {
  /** The SynchronizationConfigLink of the job. */
  configLinkId: Id64String;
  /** The RepositoryLink of the document. */
  linkId: Id64String;
  /** The ExternalSource of the job's connector for it. */
  sourceId: Id64String;
  connectorName: string | undefined;
  /** In lower case. */
  documentGuid: GuidString | undefined;
  url: string | undefined;
  /** What it is known by, if that is its url, as for a document with a name of its own. */
  name: string | undefined;
  /** Where its file lay, if it is known by the name of its file or by its GUID alone. */
  place: DocumentPlace | undefined;
  /** What the query of its URL says of it, if the document is known by that URL. */
  query: string | undefined;
}

/**
 * Reads the documents of all jobs.
 * @param relationship - which documents: those that a job starts from, or all that it processes
 */
export function readJobDocuments(
  imodel: IModelDb,
  relationship: "SynchronizationConfigSpecifiesRootSources" | "SynchronizationConfigProcessesSources",
): JobDocument[] {
  const ecsql = `
    SELECT DISTINCT r.SourceECInstanceId, l.ECInstanceId, s.ECInstanceId, s.ConnectorName, l.RepositoryGuid, l.Url,
      (SELECT min(a.Identifier) FROM bis.ExternalSourceAspect a WHERE a.Element.Id=l.ECInstanceId AND a.Identifier=l.Url),
      l.JsonProperties
    FROM bis.${relationship} r
    JOIN bis.ExternalSource s ON s.ECInstanceId=r.TargetECInstanceId
    JOIN bis.RepositoryLink l ON l.ECInstanceId=s.Repository.Id`;
  return queryRows(imodel, ecsql, [], (row) => ({
    ...readJson(row.getValueStringMaybe(7)),
    configLinkId: row.getValueId(0),
    linkId: row.getValueId(1),
    sourceId: row.getValueId(2),
    connectorName: row.getValueStringMaybe(3),
    documentGuid: row.isValueNull(4) ? undefined : row.getValueGuid(4).toLowerCase(),
    url: row.getValueStringMaybe(5),
    name: row.getValueStringMaybe(6),
  }));
}

function readJson(json = "{}"): Pick<JobDocument, "place" | "query"> {
  const { DocumentPlace: place, DocumentQuery: query } = JSON.parse(json) as LinkJson;
  return { place, query };
}
