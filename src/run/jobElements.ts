import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { IModel } from "@itwin/core-common";
import type { JobElements } from "../imodel/IModelTarget.js";
import { queryIds, queryIdsOfIds, queryRowsOfIds } from "../imodel/queries.js";
import type { KnownJob } from "./jobSubject.js";

/**
 * What a run of a job writes to, as far as earlier runs tell: its Subject with all that lies below; its record; its
 * documents; and what it has made in models that all jobs share, such as definitions in the dictionary.
 */
export function elementsOfJob(imodel: IModelDb, { subjectId, configLinkId }: KnownJob): JobElements {
  const processes =
    "SELECT TargetECInstanceId FROM bis.SynchronizationConfigProcessesSources WHERE SourceECInstanceId=?";
  const sources = queryIds(imodel, processes, [configLinkId]);
  const documents = queryIdsOfIds(imodel, sources, (list) => {
    return `SELECT Repository.Id FROM bis.ExternalSource WHERE Repository.Id IS NOT NULL AND ECInstanceId IN (${list})`;
  });
  const isShared = isOutside(imodel, subjectId);
  const models = [...queryIdsOfIds(imodel, sources, (list) => elementsFrom("DISTINCT e.Model.Id", list))].filter(
    isShared,
  );
  const made = queryRowsOfIds(
    imodel,
    models.length === 0 ? [] : sources,
    (list) => {
      return `${elementsFrom("e.ECInstanceId", list)} AND e.Model.Id IN (${models.join(",")})`;
    },
    (row) => row.getValueId(0),
  );
  return {
    exclusive: [...new Set([subjectId, configLinkId, ...sources, ...documents, ...made])],
    shared: [IModel.repositoryModelId, IModel.dictionaryId, ...models],
  };
}

/** What a run writes to that is about several jobs. */
export function elementsOfJobs(imodel: IModelDb, jobs: readonly KnownJob[]): JobElements {
  const elements = jobs.map((job) => elementsOfJob(imodel, job));
  return {
    exclusive: [...new Set(elements.flatMap(({ exclusive }) => exclusive))],
    shared: [...new Set(elements.flatMap(({ shared }) => shared))],
  };
}

/** The elements with provenance in one of some sources. */
function elementsFrom(columns: string, sources: string): string {
  return `
    SELECT ${columns} FROM bis.Element e JOIN bis.ExternalSourceAspect a ON a.Element.Id=e.ECInstanceId
    WHERE a.Source.Id IN (${sources})`;
}

/** Tells whether a model lies outside of a Subject. */
function isOutside(imodel: IModelDb, subjectId: Id64String): (modelId: Id64String) => boolean {
  const ownerOf = (elementId: Id64String) => {
    const { parent, model } = imodel.elements.getElementProps(elementId);
    return parent?.id ?? model;
  };
  return (modelId) => {
    let elementId = modelId;
    while (elementId !== subjectId && elementId !== IModel.rootSubjectId) elementId = ownerOf(elementId);
    return elementId !== subjectId;
  };
}
