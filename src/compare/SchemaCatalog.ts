import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { idOrUndefined, queryRows } from "../imodel/queries.js";
import { columnsOfProperties, type ClassInfo, type Column, type Property } from "./columns.js";

/** The value of `ECPropertyDef.NavigationDirection` for a property that leads to the target of its relationship. */
const forward = 1;

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

  /** A property that is overridden is described more than once; it keeps its type, so any description will do. */
  private _propertiesOf(classId: Id64String): Property[] {
    const ecsql = `
      SELECT p.Name, p.Kind, p.PrimitiveType, p.ExtendedTypeName, s.Name, p.StructClass.Id,
        p.NavigationRelationshipClass.Id, p.NavigationDirection
      FROM meta.ClassHasAllBaseClasses h
        JOIN meta.ECPropertyDef p ON p.Class.Id=h.TargetECInstanceId
        JOIN meta.ECClassDef c ON c.ECInstanceId=p.Class.Id
        JOIN meta.ECSchemaDef s ON s.ECInstanceId=c.Schema.Id
      WHERE h.SourceECInstanceId=?`;
    const rows = queryRows(this._imodel, ecsql, [classId], (row) => ({
      name: row.getValueString(0),
      kind: row.getValueInteger(1),
      type: row.isValueNull(2) ? undefined : row.getValueInteger(2),
      extendedType: row.getValueStringMaybe(3),
      isOfBis: row.getValueString(4) === "BisCore",
      structId: idOrUndefined(row, 5),
      relationshipId: idOrUndefined(row, 6),
      leadsForward: !row.isValueNull(7) && row.getValueInteger(7) === forward,
    }));
    rows.sort((left, right) => Number(left.isOfBis) - Number(right.isOfBis)); // the last one of a name is taken
    const properties = new Map(rows.map((property) => [property.name.toLowerCase(), property]));
    return [...properties.values()].map(({ structId, relationshipId, leadsForward, ...property }) => ({
      ...property,
      members: structId && this._propertiesOf(structId),
      target: relationshipId && this._targetOf(relationshipId, leadsForward),
    })) as Property[];
  }

  /** What a relationship leads to. Models and relationships have the identity of an element, aspects have none. */
  private _targetOf(relationshipId: Id64String, leadsForward: boolean): Property["target"] {
    const ecsql = `
      SELECT b.TargetECInstanceId
      FROM meta.ECRelationshipConstraintDef k
        JOIN meta.RelationshipConstraintHasClasses h ON h.SourceECInstanceId=k.ECInstanceId
        JOIN meta.ClassHasAllBaseClasses b ON b.SourceECInstanceId=h.TargetECInstanceId
      WHERE k.RelationshipClass.Id=? AND k.RelationshipEnd=${leadsForward ? 1 : 0}`;
    const names = queryRows(this._imodel, ecsql, [relationshipId], (row) => this.classOf(row.getValueId(0)).name);
    if (names.includes("BisCore:CodeSpec")) return "codeSpec";
    return names.includes("BisCore:ElementAspect") ? "other" : "element";
  }
}
