import { existsSync } from "node:fs";
import { join } from "node:path";
import { IModelHost, SnapshotDb } from "@itwin/core-backend";
import { placeInBank } from "itwin-connector-framework/internal";

/**
 * The empty iModel of which new ones are made: to copy it takes a tenth of the time that it takes to make one, in which
 * the process could do nothing else. It is made once for each version of the platform.
 */
export async function prepareSeed(folder: string): Promise<string> {
  const path = join(folder, `empty-${IModelHost.backendVersion}.bim`);
  if (!existsSync(path))
    await placeInBank(path, async (unfinished) =>
      SnapshotDb.createEmpty(unfinished, { rootSubject: { name: "iModel" } }).close(),
    );
  return path;
}
