import type { ChangedECInstance } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import type { ChangesetIndex } from "@itwin/core-common";
import type { PropertyDifference } from "../result.js";

/**
 * An element that a range of changesets has inserted or deleted.
 * @public
 */
export interface ChangedElement {
  /** The id of the element. */
  id: Id64String;
  /** The full name of its class, such as `Plant:Pump`. */
  className: string;
  /** What a person calls it: its label, else its code; absent where it has neither. */
  label?: string;
}

/**
 * An element that a range of changesets has updated.
 * @public
 */
export interface UpdatedElement extends ChangedElement {
  /** Each property that changed, by its name in the schema, with its value before (`a`) and after (`b`). */
  properties: PropertyDifference[];
}

/**
 * What a range of changesets has done to the elements of one job.
 * @public
 */
export interface JobChanges {
  /** The name of the job; absent for elements that belong to no job, or to several. */
  job?: string;
  /** Elements that were not there before the range. */
  inserted: ChangedElement[];
  /** Elements that are there before and after, with other properties. */
  updated: UpdatedElement[];
  /** Elements that are not there after the range. */
  deleted: ChangedElement[];
}

/**
 * What a range of changesets has done in all.
 * @public
 */
export interface IModelChanges {
  /** The version before the range. */
  from: ChangesetIndex;
  /** The version after it. */
  to: ChangesetIndex;
  /** The jobs, by name; what belongs to none comes last. */
  jobs: JobChanges[];
}

/** An element as changesets have it: before the range, after it, or both. */
export interface ElementStages {
  old?: ChangedECInstance;
  new?: ChangedECInstance;
}

/** What tells an instance from others, and the time of the change, which every update writes. */
const bookkeeping = new Set(["ECInstanceId", "ECClassId", "$meta", "LastMod"]);

/** The time that each run which pushes writes on the record of its job. */
const bookkeepingOfJobs = { className: "BisCore:SynchronizationConfigLink", property: "LastSuccessfulRun" };

/** What changed from one stage of an element to the other. */
export function changedProperties(old: ChangedECInstance, after: ChangedECInstance): PropertyDifference[] {
  const isRecord = after.$meta?.classFullName === bookkeepingOfJobs.className;
  const counts = (name: string) => !bookkeeping.has(name) && !(isRecord && name === bookkeepingOfJobs.property);
  const names = [...new Set([...Object.keys(old), ...Object.keys(after)])].filter(counts);
  return names.sort().map((property) => ({ property, a: valueOf(old, property), b: valueOf(after, property) }));
}

function valueOf(stage: ChangedECInstance, property: string): unknown {
  const value: unknown = stage[property];
  return value === null ? undefined : value;
}
