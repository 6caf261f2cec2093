import type { ServiceContext } from "../../ServiceContext.js";
import type { StorageFiles } from "./StorageFiles.js";

/** What the operations of the storage share. */
export interface StorageParts {
  context: ServiceContext;
  storage: StorageFiles;
}
