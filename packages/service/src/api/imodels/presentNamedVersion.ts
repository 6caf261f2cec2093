import type { MinimalNamedVersion, NamedVersion } from "./namedVersionSchemas.js";
import type { ShownNamedVersion } from "./versionQueries.js";

/** A named version, as lists show it by default. */
export function presentMinimalNamedVersion(row: ShownNamedVersion): MinimalNamedVersion {
  return { id: row.id, displayName: row.name, changesetId: row.changeset_id, changesetIndex: row.changeset_index };
}

/** A named version, as clients see it. */
export function presentNamedVersion(row: ShownNamedVersion, origin: string): NamedVersion {
  const { imodel_id: iModelId, changeset_id: changesetId } = row;
  return {
    ...presentMinimalNamedVersion(row),
    name: row.name,
    description: row.description,
    createdDateTime: row.created_at.toISOString(),
    state: "visible",
    application: null,
    _links: {
      creator: null,
      changeset: changesetId === null ? null : { href: `${origin}/imodels/${iModelId}/changesets/${changesetId}` },
    },
  };
}
