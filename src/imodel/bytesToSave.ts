import { statSync } from "node:fs";
import { BriefcaseDb, type IModelDb } from "@itwin/core-backend";

/**
 * How many bytes it takes at most to save and close an iModel in its present state: the pages that SQLite still holds in
 * its cache and the changes that are tracked go to its log, and from there all that is new goes to the file.
 */
export function bytesToSave(imodel: IModelDb): number {
  const pageSize = pragma(imodel, "page_size");
  const size = pragma(imodel, "page_count") * pageSize;
  const cached = Math.min(pragma(imodel, "cache_size") * pageSize, size);
  const tracked = imodel instanceof BriefcaseDb ? imodel.txns.getChangeTrackingMemoryUsed() : 0;
  return cached + tracked + Math.max(0, size - statSync(imodel.pathName).size);
}

function pragma(imodel: IModelDb, name: string): number {
  return imodel.withPreparedSqliteStatement(`PRAGMA ${name}`, (statement) => {
    statement.step();
    return statement.getValueInteger(0);
  });
}
