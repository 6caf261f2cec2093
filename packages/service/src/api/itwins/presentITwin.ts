import type { ITwin, MinimalITwin } from "./iTwinSchemas.js";
import type { ITwinRow } from "./ITwinStore.js";

/** An iTwin, as lists show it by default. */
export function presentMinimalITwin(row: ITwinRow): MinimalITwin {
  return {
    id: row.id,
    class: row.class,
    subClass: row.sub_class,
    type: row.type,
    number: row.number,
    displayName: row.display_name,
  };
}

/** An iTwin, as clients see it. */
export function presentITwin(row: ITwinRow): ITwin {
  return {
    ...presentMinimalITwin(row),
    geographicLocation: row.geographic_location,
    ianaTimeZone: row.iana_time_zone,
    dataCenterLocation: row.data_center_location,
    status: row.status,
    parentId: row.parent_id,
    iTwinAccountId: null, // accounts are the platform's
    createdDateTime: row.created_at.toISOString(),
    createdBy: row.created_by,
  };
}
