import {
  SynchronizationConfigProcessesSources,
  SynchronizationConfigSpecifiesRootSources,
  type IModelDb,
} from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import type { SynchronizationConfigLinkProps } from "@itwin/core-common";
import type { RecordedDocument } from "../sync/provenance/RecordedDocument.js";

/**
 * Records on a job's SynchronizationConfigLink that it succeeded now, and from which sources: part of the same commit
 * as what the run wrote, so that it is true whenever it can be read.
 */
export function recordSuccess(imodel: IModelDb, configLinkId: Id64String, documents: RecordedDocument[]): void {
  for (const { sourceId, isRoot } of documents) {
    relate(imodel, SynchronizationConfigProcessesSources.classFullName, configLinkId, sourceId);
    if (isRoot) relate(imodel, SynchronizationConfigSpecifiesRootSources.classFullName, configLinkId, sourceId);
  }
  const lastSuccessfulRun = new Date().toISOString();
  imodel.elements.updateElement<SynchronizationConfigLinkProps>({ id: configLinkId, lastSuccessfulRun });
}

function relate(imodel: IModelDb, classFullName: string, sourceId: Id64String, targetId: Id64String): void {
  if (imodel.relationships.tryGetInstanceProps(classFullName, { sourceId, targetId }) !== undefined) return;
  imodel.relationships.insertInstance({ classFullName, sourceId, targetId });
}
