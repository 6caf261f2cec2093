import type { IModelDb } from "@itwin/core-backend";
import { DbResult } from "@itwin/core-bentley";

/**
 * The base classes of the classes of a schema as the iModel has them, by the names of the classes: the name alone for one of
 * the same schema, else `Schema:Name`.
 */
export function readKnownBases(imodel: IModelDb, schemaName: string): Map<string, string> {
  const bases = new Map<string, string>();
  const ecsql = `
    SELECT c.Name, bs.Name, b.Name FROM meta.ClassHasBaseClasses h JOIN meta.ECClassDef c ON c.ECInstanceId=h.SourceECInstanceId
    JOIN meta.ECSchemaDef s ON s.ECInstanceId=c.Schema.Id JOIN meta.ECClassDef b ON b.ECInstanceId=h.TargetECInstanceId
    JOIN meta.ECSchemaDef bs ON bs.ECInstanceId=b.Schema.Id WHERE s.Name=? AND c.Type=0`;
  imodel.withPreparedStatement(ecsql, (statement) => {
    statement.bindString(1, schemaName);
    while (statement.step() === DbResult.BE_SQLITE_ROW) {
      const [name, schema, base] = [0, 1, 2].map((column) => statement.getValue(column).getString()) as [string, string, string]; // prettier-ignore
      bases.set(name, schema.toLowerCase() === schemaName.toLowerCase() ? base : `${schema}:${base}`);
    }
  });
  return bases;
}
