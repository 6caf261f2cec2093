import { SnapshotDb } from "@itwin/core-backend";
import { Guid } from "@itwin/core-bentley";

/** Opens an iModel for reading, whether or not it is open already: its key tells it from the others. */
export function openSnapshot(path: string): SnapshotDb {
  return SnapshotDb.openFile(path, { key: Guid.createValue() });
}
