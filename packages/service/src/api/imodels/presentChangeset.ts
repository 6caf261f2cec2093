import { changesetKey } from "../../histories/historyBlobs.js";
import type { ServiceContext } from "../../ServiceContext.js";
import type { Changeset, MinimalChangeset } from "./changesetSchemas.js";
import type { ShownChangeset } from "./versionQueries.js";

/** A changeset, as lists show it by default. */
export function presentMinimalChangeset(row: ShownChangeset, origin: string): MinimalChangeset {
  return {
    id: row.id,
    displayName: String(row.index),
    description: row.description,
    index: row.index,
    parentId: row.parent_id,
    creatorId: row.pushed_by,
    pushDateTime: row.pushed_at.toISOString(),
    state: "fileUploaded",
    containingChanges: row.changes_type,
    fileSize: row.size,
    briefcaseId: row.briefcase_id,
    groupId: null,
    _links: { self: { href: `${origin}/imodels/${row.imodel_id}/changesets/${row.id}` }, creator: null },
  };
}

/** A changeset, as clients see it, with a URL of its file. */
export async function presentChangeset(
  row: ShownChangeset,
  origin: string,
  { blobs, config }: ServiceContext,
): Promise<Changeset> {
  const { imodel_id: iModelId, named_version_id: versionId, run_id: runId } = row;
  const minimal = presentMinimalChangeset(row, origin);
  const href = await blobs.downloadUrl(changesetKey(iModelId, row), `${row.id}.cs`, origin);
  return {
    ...minimal,
    application: null,
    synchronizationInfo: runId === null ? null : { taskId: runId, changedFiles: null },
    _links: {
      ...minimal._links,
      namedVersion: versionId === null ? null : { href: `${origin}/imodels/${iModelId}/namedversions/${versionId}` },
      currentOrPrecedingCheckpoint: null,
      download: { href, storageType: config.storage.kind },
    },
  };
}
