import type { Id64String } from "@itwin/core-bentley";
import type { ClassInfo } from "./ClassIndex.js";
import { linkColumns, linkOf } from "./links.js";
import { readHiddenCategories } from "./hiddenCategories.js";
import type { ModelContents } from "./ModelContents.js";
import { idIn, numberIn, readRows, textIn } from "./rows.js";

/** A category, with the number of its elements. */
export interface CategoryEntry {
  readonly id: Id64String;
  readonly label: string;
  readonly code: string;
  readonly count: number;
  /** Whether the default view of the iModel does not show it. */
  readonly isHidden: boolean;
}

/** A model, with the number of its elements. */
export interface ModelEntry {
  readonly id: Id64String;
  readonly label: string;
  readonly className: string;
  /** The model that contains the element that this model breaks down (its modeled element). */
  readonly parent?: Id64String;
  readonly count: number;
  readonly is2d: boolean;
}

/** A class that has elements, or a base class of one. */
export interface ClassEntry {
  /** `Schema:Class`. */
  readonly name: string;
  readonly label: string;
  /** The nearest base class. */
  readonly base?: string;
  /** Elements of the class itself. */
  readonly count: number;
  /** Elements of the class and its subclasses. */
  readonly total: number;
}

/** Reads the categories that have elements, and those that have none. */
export async function readCategories({ imodel }: ModelContents): Promise<CategoryEntry[]> {
  const counts = await readCounts(imodel, "Category.Id", ["bis.GeometricElement3d", "bis.GeometricElement2d"]);
  const hidden = new Set(readHiddenCategories(imodel));
  const rows = await readRows(imodel, "SELECT ECInstanceId, UserLabel, CodeValue FROM bis.Category");
  return rows.map((row) => {
    const [id, code] = [idIn(row, 0), textIn(row, 2) ?? ""];
    return { id, label: textIn(row, 1) ?? code, code, count: counts.get(id) ?? 0, isHidden: hidden.has(id) };
  });
}

/** Reads the models. */
export async function readModels(contents: ModelContents): Promise<ModelEntry[]> {
  const { imodel, classes } = contents;
  const counts = await readCounts(imodel, "Model.Id", ["bis.Element"]);
  const ecsql = `
    SELECT m.ECInstanceId, m.ECClassId, e.Model.Id, ${linkColumns}
    FROM bis.Model m JOIN bis.Element e ON e.ECInstanceId=m.ModeledElement.Id`;
  return (await readRows(imodel, ecsql)).map((row) => {
    const [id, info, parent] = [idIn(row, 0), classes.get(idIn(row, 1)), textIn(row, 2)];
    return {
      id,
      label: linkOf(contents, row, 3).label,
      className: info.name,
      ...(parent !== id && { parent }),
      count: counts.get(id) ?? 0,
      is2d: classes.isA(info, "BisCore:GeometricModel2d"),
    };
  });
}

async function readCounts(
  imodel: ModelContents["imodel"],
  key: string,
  classNames: readonly string[],
): Promise<Map<Id64String, number>> {
  const counts = new Map<Id64String, number>();
  for (const className of classNames)
    for (const row of await readRows(imodel, `SELECT ${key}, count(*) FROM ${className} GROUP BY ${key}`))
      counts.set(idIn(row, 0), (counts.get(idIn(row, 0)) ?? 0) + numberIn(row, 1));
  return counts;
}

/** The classes that have elements, as a tree. */
export async function readClasses(contents: ModelContents): Promise<ClassEntry[]> {
  const counts = await contents.counts();
  const totals = new Map<ClassInfo, number>();
  for (const [id, count] of counts) {
    const info = contents.classes.get(id);
    const bases = contents.classes.basesOf(info).filter((base) => contents.classes.isA(base, "BisCore:Element"));
    for (const each of [info, ...bases]) totals.set(each, (totals.get(each) ?? 0) + count);
  }
  return [...totals].map(([info, total]) => {
    const base = info.bases.find((candidate) => contents.classes.isA(candidate, "BisCore:Element"));
    return {
      name: info.name,
      label: info.label,
      ...(base && { base: base.name }),
      count: counts.get(info.id) ?? 0,
      total,
    };
  });
}
