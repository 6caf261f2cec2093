import type { ShownIModel } from "./iModelQueries.js";
import type { IModel, MinimalIModel } from "./iModelSchemas.js";

/** An iModel, as lists show it by default. */
export function presentMinimalIModel({ id, name }: ShownIModel): MinimalIModel {
  return { id, displayName: name };
}

/** An iModel, as clients see it. */
export function presentIModel(row: ShownIModel, origin: string): IModel {
  const href = `${origin}/imodels/${row.id}`;
  return {
    ...presentMinimalIModel(row),
    name: row.name,
    description: row.description,
    state: row.state,
    createdDateTime: row.created_at.toISOString(),
    iTwinId: row.itwin_id,
    extent: row.extent as IModel["extent"],
    dataCenterLocation: row.data_center_location ?? "Self-hosted",
    containersEnabled: 0,
    lastChangesetPushDateTime: row.last_pushed_at?.toISOString() ?? null,
    _links: {
      creator: null,
      changesets: { href: `${href}/changesets` },
      namedVersions: { href: `${href}/namedversions` },
    },
  };
}
