import type { IModelDb } from "@itwin/core-backend";
import { DbResult, expectDefined } from "@itwin/core-bentley";
import type { ValueType } from "../model/NamedValue.js";

/** A property that a class has in the iModel. */
export interface KnownProperty {
  readonly name: string;
  readonly label: string;
  readonly type: ValueType;
  readonly description?: string;
}

/** A class that the iModel has. */
export interface KnownClass {
  readonly name: string;
  readonly label: string;
  readonly properties: readonly KnownProperty[];
}

/** EC's codes of primitive types. */
const typesByCode: Readonly<Record<number, ValueType>> = {
  0x201: "boolean",
  0x401: "double",
  0x601: "long",
  0x901: "string",
};

/** The classes of a schema as the iModel has them; none where it does not have the schema. */
export function readKnownClasses(imodel: IModelDb, schemaName: string): KnownClass[] {
  const classes = new Map<string, { name: string; label: string; properties: KnownProperty[] }>();
  const ecsql = `
    SELECT c.Name, c.DisplayLabel, p.Name, p.DisplayLabel, p.Description, p.PrimitiveType FROM meta.ECClassDef c
    JOIN meta.ECSchemaDef s ON s.ECInstanceId=c.Schema.Id LEFT JOIN meta.ECPropertyDef p ON p.Class.Id=c.ECInstanceId
    WHERE s.Name=? ORDER BY c.ECInstanceId, p.Ordinal`;
  imodel.withPreparedStatement(ecsql, (statement) => {
    statement.bindString(1, schemaName);
    while (statement.step() === DbResult.BE_SQLITE_ROW) {
      const text = (column: number) =>
        statement.getValue(column).isNull ? undefined : statement.getValue(column).getString();
      const name = expectDefined(text(0));
      const known = classes.get(name) ?? { name, label: text(1) ?? name, properties: [] };
      classes.set(name, known);
      const [propertyName, type] = [text(2), typesByCode[statement.getValue(5).getInteger()]];
      if (propertyName !== undefined && type !== undefined)
        known.properties.push({
          name: propertyName,
          label: text(3) ?? propertyName,
          type,
          description: text(4),
        });
    }
  });
  return [...classes.values()];
}
