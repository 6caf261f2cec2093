import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { readBaseClasses, readClassProperties, readConstraintClasses } from "../imodel/classMetadata.js";
import { queryRows } from "../imodel/queries.js";
import { columnsOfProperties, type ClassInfo, type Column, type Property } from "./columns.js";

/** The classes of an iModel, and what there is to be read of their instances. */
export class SchemaCatalog {
  private readonly _classes = new Map<Id64String, ClassInfo>();
  private readonly _columns = new Map<Id64String, Column[]>();

  public constructor(private readonly _imodel: IModelDb) {
    const ecsql = `
      SELECT c.ECInstanceId, s.Name, c.Name
      FROM meta.ECClassDef c JOIN meta.ECSchemaDef s ON s.ECInstanceId=c.Schema.Id`;
    const classes = queryRows(_imodel, ecsql, [], (row) => {
      const [schema, name] = [row.getValueString(1), row.getValueString(2)];
      return { id: row.getValueId(0), name: `${schema}:${name}`, ecsql: `[${schema}].[${name}]` };
    });
    for (const info of classes) this._classes.set(info.id, info);
  }

  /** The class with an id. */
  public classOf(id: Id64String): ClassInfo {
    const found = this._classes.get(id);
    if (found === undefined) throw new Error(`There is no class ${id}.`);
    return found;
  }

  /** The columns of a class that count, in the order of their names. */
  public columnsOf(classId: Id64String): Column[] {
    const columns = this._columns.get(classId) ?? columnsOfProperties(this._propertiesOf(classId));
    this._columns.set(classId, columns);
    return columns;
  }

  private _propertiesOf(classId: Id64String): Property[] {
    return readClassProperties(this._imodel, classId).map(
      ({ structId, relationshipId, leadsForward, ...property }) => ({
        ...property,
        members: structId && this._propertiesOf(structId),
        target: relationshipId && this._targetOf(relationshipId, leadsForward),
      }),
    ) as Property[];
  }

  /** What a relationship leads to. Models and relationships have the identity of an element, aspects have none. */
  private _targetOf(relationshipId: Id64String, leadsForward: boolean): Property["target"] {
    const classIds = readConstraintClasses(this._imodel, relationshipId, leadsForward ? "target" : "source");
    const baseIds = classIds.flatMap((id) => readBaseClasses(this._imodel, id));
    const names = baseIds.map((id) => this.classOf(id).name);
    if (names.includes("BisCore:CodeSpec")) return "codeSpec";
    return names.includes("BisCore:ElementAspect") ? "other" : "element";
  }
}
