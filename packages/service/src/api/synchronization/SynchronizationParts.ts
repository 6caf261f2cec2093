import type { RunStore } from "../../runs/RunStore.js";
import type { ServiceContext } from "../../ServiceContext.js";
import type { ConnectionStore } from "./ConnectionStore.js";
import type { ConnectionKind } from "./kinds.js";
import type { StorageSourceFiles } from "./sourceFiles.js";

/** What the operations of Synchronization share. */
export interface SynchronizationParts {
  context: ServiceContext;
  store: ConnectionStore;
  runs: RunStore;
  storageSourceFiles: StorageSourceFiles;
}

/** What the operations on connections of one kind share. */
export interface ConnectionParts extends SynchronizationParts {
  kind: ConnectionKind;
}
