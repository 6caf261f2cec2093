import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import type { ElementProps } from "@itwin/core-common";
import { elementsOfJob } from "../../run/jobElements.js";
import { listJobs } from "../../run/jobSubject.js";

/** Tells which job an element of an iModel belongs to, if any. */
export type JobOwners = (elementId: Id64String) => string | undefined;

/**
 * Finds the jobs of an iModel: what lies below the Subject of a job is its own, and so are its record, its documents and
 * what it has made elsewhere.
 */
export function findJobOwners(imodel: IModelDb): JobOwners {
  const owners = new Map<Id64String, string | undefined>();
  for (const job of listJobs(imodel))
    for (const id of elementsOfJob(imodel, job).exclusive) owners.set(id, owners.has(id) ? undefined : job.name);
  const find = (elementId: Id64String): string | undefined => {
    if (owners.has(elementId)) return owners.get(elementId);
    const props = imodel.elements.tryGetElementProps<ElementProps>(elementId);
    const ownerId = props?.parent?.id ?? props?.model;
    const owner = ownerId === undefined || ownerId === elementId ? undefined : find(ownerId);
    owners.set(elementId, owner);
    return owner;
  };
  return find;
}
