import type { Id64String } from "@itwin/core-bentley";
import { ConnectorError } from "itwin-connector-framework";
import type { ClassInfo } from "../elements/ClassIndex.js";
import type { ModelContents } from "../elements/ModelContents.js";
import { readRowsOfIds, idIn } from "../elements/rows.js";
import type { Selection } from "./ElementRows.js";

/** The elements of some classes; by default those that came from a source, as far as a class can tell. */
export async function selectClasses(contents: ModelContents, classes: readonly string[] = []): Promise<Selection[]> {
  const counts = await contents.counts();
  const infos = classes.length === 0 ? await defaultClasses(contents) : await namedClasses(contents, classes);
  return byName(infos).map((info) => ({ info, count: counts.get(info.id) ?? 0 }));
}

/** What is no class of BisCore is one of a source; those of BisCore that have geometry can stand for items, too. */
async function defaultClasses(contents: ModelContents): Promise<ClassInfo[]> {
  const all = await contents.classesWithElements("BisCore:Element");
  return all.filter((info) => info.schema !== "BisCore" || contents.classes.isA(info, "BisCore:GeometricElement"));
}

async function namedClasses(contents: ModelContents, names: readonly string[]): Promise<ClassInfo[]> {
  const found = new Set<ClassInfo>();
  for (const name of names) {
    const info = contents.classes.named(name);
    if (!contents.classes.isA(info, "BisCore:Element"))
      throw new ConnectorError("usage/unknown-class", `${info.name} is not a class of elements.`, {
        advice: "Give a query with --ecsql for other instances.",
      });
    for (const derived of await contents.classesWithElements(name)) found.add(derived);
    if (found.size === 0) found.add(info); // a table without rows still has the columns of its class
  }
  return [...found];
}

/** The elements of some ids, by their classes. An id that comes twice counts once. */
export async function selectElements(contents: ModelContents, ids: readonly Id64String[]): Promise<Selection[]> {
  const ecsqlOf = (list: string) =>
    `SELECT ECClassId, ECInstanceId FROM bis.Element WHERE ECInstanceId IN (${list}) ORDER BY ECInstanceId`;
  const byClass = new Map<ClassInfo, Id64String[]>();
  for (const row of await readRowsOfIds(contents.imodel, [...new Set(ids)], ecsqlOf)) {
    const info = contents.classes.get(idIn(row, 0));
    const own = byClass.get(info) ?? [];
    own.push(idIn(row, 1));
    byClass.set(info, own);
  }
  return byName([...byClass.keys()]).map((info) => {
    const own = byClass.get(info) ?? [];
    return { info, ids: own, count: own.length };
  });
}

function byName(infos: readonly ClassInfo[]): ClassInfo[] {
  return [...infos].sort((left, right) => left.name.localeCompare(right.name));
}
