import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { idIn, readRows, readRowsOfIds } from "./rows.js";

/** The elements that have a text as their id, label, code or source identifier. */
export async function findElements(imodel: IModelDb, text: string): Promise<Id64String[]> {
  const named = text.trim();
  const id = /^0x[0-9a-f]{1,16}$/i.test(named) ? `OR ECInstanceId=${named.toLowerCase()}` : "";
  const ecsql = `
    SELECT ECInstanceId FROM bis.Element WHERE UserLabel=? OR CodeValue=? ${id}
    UNION SELECT Element.Id FROM bis.ExternalSourceAspect WHERE Identifier=?`;
  const rows = await readRows(imodel, ecsql, [named, named, named]);
  return rows.map((row) => idIn(row, 0));
}

/** Elements together with what they consist of: their child elements, at any depth. */
export async function withChildren(imodel: IModelDb, ids: readonly Id64String[]): Promise<Set<Id64String>> {
  const all = new Set(ids);
  let parents = [...all];
  while (parents.length > 0) {
    const ecsqlOf = (list: string) => `SELECT ECInstanceId FROM bis.Element WHERE Parent.Id IN (${list})`;
    const children = (await readRowsOfIds(imodel, parents, ecsqlOf)).map((row) => idIn(row, 0));
    parents = children.filter((id) => !all.has(id));
    for (const id of parents) all.add(id);
  }
  return all;
}
