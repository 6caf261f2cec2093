import { basename } from "node:path";
import type { IModelDb } from "@itwin/core-backend";
import type { ConnectorJobDefArgs } from "../connector/ConnectorJobDefArgs.js";
import type { JobElements } from "../imodel/IModelTarget.js";
import { DocumentRemoval } from "../sync/deletion/DocumentRemoval.js";
import { SynchronizationContext } from "../sync/provenance/SynchronizationContext.js";
import type { Source } from "./documentIdentities.js";
import { refuseOtherQuery } from "./documentQuery.js";
import { elementsOfJobs } from "./jobElements.js";
import type { JobIdentity } from "./jobSubject.js";
import { findJobOfOthers, takeOverDocument } from "./takeOverDocument.js";
import { findMappings, type DocumentSearch, type JobMapping } from "./mappedDocuments.js";

/** What a removal works on and reports to. */
type RemovalContext = Pick<SynchronizationContext, "imodel" | "statistics" | "beforeWrite">;

/** The removal of what a document brought into an iModel. */
export class Unmapping {
  private readonly _search: DocumentSearch;

  /** @param job - the job that brought it; without one, all that did */
  public constructor(
    { documentGuid }: ConnectorJobDefArgs,
    private readonly _source: Source,
    job: JobIdentity | undefined,
  ) {
    const { name, path } = _source;
    const identifiers = [documentGuid?.toLowerCase(), name, path, basename(path)];
    this._search = { documentGuid, identifiers: identifiers.filter((identifier) => identifier !== undefined), job };
  }

  /**
   * What it writes to: nothing where the iModel does not know the document. Undefined where that cannot be told, since
   * another framework has written the job.
   */
  public findElements(imodel: IModelDb): JobElements | undefined {
    if (findJobOfOthers(imodel, this._search.job) !== undefined) return undefined;
    const jobs = findMappings(imodel, this._search).map(({ job }) => job);
    return elementsOfJobs(imodel, jobs);
  }

  /**
   * Removes all that can go, counts it, and reports the rest.
   * @returns whether the iModel knows the document
   * @throws ConnectorError `source/other-query`
   */
  public run(context: RemovalContext): boolean {
    const { job } = this._search;
    if (job !== undefined) refuseOtherQuery(context.imodel, job.document);
    takeOverDocument(context, this._search);
    const mappings = findMappings(context.imodel, this._search);
    for (const mapping of mappings) remove(mapping, context);
    if (mappings.length > 0) return true;
    const name = this._source.name || this._search.documentGuid;
    context.statistics.report({
      code: "run/unknown-document",
      message: `The iModel does not know the document ${name}: there is nothing to remove.`,
    });
    return false;
  }
}

function remove({ job, documents, isWhole }: JobMapping, { imodel, statistics, beforeWrite }: RemovalContext): void {
  const channelKey = imodel.channels.getChannelKey(job.subjectId);
  imodel.channels.addAllowedChannel(channelKey);
  const connectorName = documents[0]?.connectorName;
  const context = new SynchronizationContext(imodel, { connectorName, statistics, beforeWrite });
  new DocumentRemoval(context, { job, documents, isWhole }).run();
}
