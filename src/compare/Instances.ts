import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import type { QueryRow } from "../imodel/EcsqlRow.js";
import { eachRowInTurns, eachRowOfIdsInTurns, queryIds } from "../imodel/queries.js";
import type { ClassInfo, Column } from "./columns.js";
import type { SchemaCatalog } from "./SchemaCatalog.js";

/** A family of instances: the class that they all belong to, and the property that says to whom they belong. */
export interface Family {
  readonly root: string;
  readonly owner: string;
}

/** All that belongs to elements. */
export const families = {
  elements: { root: "bis.Element", owner: "ECInstanceId" },
  uniqueAspects: { root: "bis.ElementUniqueAspect", owner: "Element.Id" },
  multiAspects: { root: "bis.ElementMultiAspect", owner: "Element.Id" },
  models: { root: "bis.Model", owner: "ModeledElement.Id" },
} satisfies Record<string, Family>;

/** One instance while it is being read: the values of its columns follow those of `leading`. */
export interface Instance {
  readonly id: Id64String;
  /** The values of `leading`: the owner, or the ends of a relationship. */
  readonly leading: [Id64String, ...Id64String[]];
  readonly type: ClassInfo;
  readonly columns: Column[];
  readonly row: QueryRow;
  /** The place of the first column in the row. */
  readonly offset: number;
}

/** What is to be read. */
export interface InstanceQuery {
  readonly root: string;
  /** Ids that are read first, in ECSQL. */
  readonly leading: [string, ...string[]];
  /** If given, only instances whose first of `leading` is one of these. */
  readonly only?: Id64String[];
}

/** Hands all instances to `visit`, class by class, with the columns that each class has. */
export async function eachInstance(
  imodel: IModelDb,
  catalog: SchemaCatalog,
  { root, leading, only }: InstanceQuery,
  visit: (instance: Instance) => void,
): Promise<void> {
  const [owner, ...others] = leading;
  for (const classId of queryIds(imodel, `SELECT DISTINCT ECClassId FROM ${root}`)) {
    const type = catalog.classOf(classId);
    const columns = catalog.columnsOf(classId);
    const offset = 1 + leading.length;
    const selected = ["ECInstanceId", ...leading, ...columns.map(({ ecsql }) => ecsql)].join();
    const ecsql = `SELECT ${selected} FROM ONLY ${type.ecsql}`;
    const visitRow = (row: QueryRow) => {
      const ids = others.map((_, index) => row.getValueId(index + 2));
      visit({ id: row.getValueId(0), leading: [row.getValueId(1), ...ids], type, columns, row, offset });
    };
    if (only === undefined) await eachRowInTurns(imodel, ecsql, visitRow);
    else await eachRowOfIdsInTurns(imodel, only, (ids) => `${ecsql} WHERE ${owner} IN (${ids})`, visitRow);
  }
}
