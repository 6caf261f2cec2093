import { join } from "node:path";
import {
  ChangesetECAdaptor,
  PartialECChangeUnifier,
  SqliteChangesetReader,
  type ChangedECInstance,
  type IModelDb,
} from "@itwin/core-backend";
import type { GuidString, Id64String } from "@itwin/core-bentley";
import type { ChangesetIndex } from "@itwin/core-common";
import { ConnectorError } from "../../ConnectorError.js";
import type { BankHubAccess } from "../../bank/BankHubAccess.js";
import { inTemporaryFolder } from "../../files/temporaryFolder.js";
import { checkOut } from "../../imodel/checkpoints.js";
import { openSnapshot } from "../../imodel/openSnapshot.js";
import { queryIds } from "../../imodel/queries.js";
import {
  changedProperties,
  type ChangedElement,
  type ElementStages,
  type IModelChanges,
  type JobChanges,
} from "./ElementChanges.js";
import { findJobOwners } from "./jobOwners.js";

/** An iModel before and after a range of changesets. */
interface Versions {
  before: IModelDb;
  after: IModelDb;
}

/** From which version to which: the changesets after `from`, up to `to`. */
export interface VersionRange {
  from: ChangesetIndex;
  to: ChangesetIndex;
}

/**
 * What a range of changesets has done to elements, read from the changesets themselves; several changes of one element
 * count as one. Memory: about a kilobyte for each change.
 * @throws ConnectorError `usage/version-range`; `bank/...` where a file of the bank is not what was put there
 */
export async function readChanges(
  hub: BankHubAccess,
  iModelId: GuidString,
  { from, to }: VersionRange,
): Promise<IModelChanges> {
  if (from > to)
    throw new ConnectorError("usage/version-range", `Version ${from} comes after version ${to}.`, {
      advice: "Give the earlier version as --from.",
    });
  return inTemporaryFolder(async (folder) => {
    const files = await hub.downloadChangesets({ iModelId, range: { first: from + 1, end: to }, targetDir: folder });
    const paths = files.map(({ pathname }) => pathname);
    const [before, after] = [join(folder, "before.bim"), join(folder, "after.bim")];
    await checkOut(hub, iModelId, from, before);
    await checkOut(hub, iModelId, to, after);
    return { from, to, jobs: withVersions(before, after, (versions) => collect(versions, paths)) };
  });
}

function withVersions<T>(beforePath: string, afterPath: string, work: (versions: Versions) => T): T {
  const before = openSnapshot(beforePath);
  try {
    const after = openSnapshot(afterPath);
    try {
      return work({ before, after });
    } finally {
      after.close();
    }
  } finally {
    before.close();
  }
}

function collect(versions: Versions, changesetFiles: string[]): JobChanges[] {
  if (changesetFiles.length === 0) return [];
  const [ownersBefore, ownersAfter] = [findJobOwners(versions.before), findJobOwners(versions.after)];
  const jobs = new Map<string | undefined, JobChanges>();
  for (const [id, stages] of readElements(versions.after, changesetFiles)) {
    const job = (stages.new === undefined ? ownersBefore : ownersAfter)(id);
    let changes = jobs.get(job);
    if (changes === undefined) jobs.set(job, (changes = { job, inserted: [], updated: [], deleted: [] }));
    note(changes, describe(versions, id, stages), stages);
  }
  return [...jobs.values()].sort((a, b) => compareNames(a.job, b.job));
}

/** What is in the changesets about elements, by id. */
function readElements(imodel: IModelDb, changesetFiles: string[]): Map<Id64String, ElementStages> {
  const elementClasses = new Set(queryIds(imodel, elementClassQuery));
  const elements = new Map<Id64String, ElementStages>();
  for (const instance of readInstances(imodel, changesetFiles)) {
    if (!elementClasses.has(instance.ECClassId ?? instance.$meta?.fallbackClassId ?? "")) continue;
    const stages = elements.get(instance.ECInstanceId) ?? {};
    stages[instance.$meta?.stage === "Old" ? "old" : "new"] = instance;
    elements.set(instance.ECInstanceId, stages);
  }
  return elements;
}

const elementClassQuery = `
  SELECT b.SourceECInstanceId FROM meta.ClassHasAllBaseClasses b
  JOIN meta.ECClassDef c ON c.ECInstanceId=b.TargetECInstanceId JOIN meta.ECSchemaDef s ON s.ECInstanceId=c.Schema.Id
  WHERE s.Name='BisCore' AND c.Name='Element'`;

function readInstances(db: IModelDb, changesetFiles: string[]): ChangedECInstance[] {
  // The schema may have grown within the range: a column that an earlier changeset does not have was empty then.
  const reader = SqliteChangesetReader.openGroup({ changesetFiles, db, disableSchemaCheck: true });
  const adaptor = new ChangesetECAdaptor(reader);
  adaptor.debugFlags.replaceGeomWithEllipsis = true;
  const unifier = new PartialECChangeUnifier(db);
  try {
    while (adaptor.step()) unifier.appendFrom(adaptor);
    return [...unifier.instances];
  } finally {
    unifier[Symbol.dispose]();
    adaptor.close();
  }
}

function note(changes: JobChanges, element: ChangedElement, stages: ElementStages): void {
  if (stages.old === undefined) changes.inserted.push(element);
  else if (stages.new === undefined) changes.deleted.push(element);
  else {
    const properties = changedProperties(stages.old, stages.new);
    if (properties.length > 0) changes.updated.push({ ...element, properties });
  }
}

function describe({ before, after }: Versions, id: Id64String, stages: ElementStages): ChangedElement {
  const element = (stages.new === undefined ? before : after).elements.tryGetElement(id);
  const className = classNameOf(stages) ?? element?.classFullName ?? "";
  const label = element?.userLabel ?? (element?.code.value || undefined);
  return { id, className, label };
}

/** The class that the changesets name, if any. */
function classNameOf({ old, new: current }: ElementStages): string | undefined {
  return (current ?? old)?.$meta?.classFullName;
}

function compareNames(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return a.localeCompare(b, "en");
}
