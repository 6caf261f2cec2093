import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { queryRowsOfIds } from "../../imodel/queries.js";
import type { EntityReference } from "./SourceEntity.js";

/** Reads which entities elements stand for; the oldest one where there are several. */
export function readItemsOf(
  imodel: IModelDb,
  elementIds: Iterable<Id64String>,
): Map<Id64String, Required<EntityReference>> {
  const ecsqlOf = (ids: string) => `
    SELECT Element.Id, Scope.Id, Kind, Identifier FROM bis.ExternalSourceAspect
    WHERE Element.Id IN (${ids}) ORDER BY ECInstanceId DESC`;
  const items = queryRowsOfIds(imodel, elementIds, ecsqlOf, (row): [Id64String, Required<EntityReference>] => [
    row.getValueId(0),
    { scope: row.getValueId(1), kind: row.getValueString(2), id: row.getValueString(3) },
  ]);
  return new Map(items);
}
