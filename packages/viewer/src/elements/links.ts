import type { Id64String } from "@itwin/core-bentley";
import type { ModelContents } from "./ModelContents.js";
import { idIn, readRowsOfIds, textIn, type Row } from "./rows.js";

/** An element as something that leads to it. */
export interface ElementLink {
  readonly id: Id64String;
  readonly label: string;
  /** `Schema:Class`. */
  readonly className: string;
}

/** The columns of a query from which {@link linkOf} makes a link, for elements that are called `e`. */
export const linkColumns = "e.ECInstanceId, e.ECClassId, ifnull(e.UserLabel, e.CodeValue)";

/** A link from the first columns of a row. What has neither label nor code is called by its class and id. */
export function linkOf({ classes }: ModelContents, row: Row, first = 0): ElementLink {
  const [id, info] = [idIn(row, first), classes.get(idIn(row, first + 1))];
  return { id, label: textIn(row, first + 2) ?? `${info.label} ${id}`, className: info.name };
}

/** Links to elements, by their ids. */
export async function readLinks(
  contents: ModelContents,
  ids: readonly Id64String[],
): Promise<Map<Id64String, ElementLink>> {
  const ecsqlOf = (list: string) => `SELECT ${linkColumns} FROM bis.Element e WHERE e.ECInstanceId IN (${list})`;
  const rows = await readRowsOfIds(contents.imodel, ids, ecsqlOf);
  return new Map(rows.map((row) => [idIn(row, 0), linkOf(contents, row)]));
}
