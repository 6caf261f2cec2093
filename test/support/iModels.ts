import { SnapshotDb, type IModelDb } from "@itwin/core-backend";
import { DbResult } from "@itwin/core-bentley";
import { join } from "node:path";
import { temporaryFolder } from "./temporary.js";

/** A new iModel in a temporary folder, open for writing. */
export function createIModel(name = "x"): SnapshotDb {
  const imodel = SnapshotDb.createEmpty(join(temporaryFolder(), `${name}.bim`), { rootSubject: { name } });
  imodel.channels.addAllowedChannel("shared");
  return imodel;
}

/** Opens an iModel for reading, and closes it whatever happens. */
export function readIModel<T>(path: string, read: (imodel: IModelDb) => T): T {
  const imodel = SnapshotDb.openFile(path);
  try {
    return read(imodel);
  } finally {
    imodel.close();
  }
}

/** All rows of an ECSQL query, as objects by column. */
export function query(imodel: IModelDb, ecsql: string): Record<string, unknown>[] {
  return imodel.withPreparedStatement(ecsql, (statement) => {
    const rows: Record<string, unknown>[] = [];
    while (statement.step() === DbResult.BE_SQLITE_ROW) rows.push(statement.getRow() as Record<string, unknown>);
    return rows;
  });
}

/** All rows of an ECSQL query on an iModel file. */
export function queryFile(path: string, ecsql: string): Record<string, unknown>[] {
  return readIModel(path, (imodel) => query(imodel, ecsql));
}
