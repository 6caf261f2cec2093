import type { Kysely } from "kysely";
import type { Access } from "../../platform/auth/Access.js";
import type { Tables } from "../../platform/database/tables.js";
import type { RunStore } from "../../runs/RunStore.js";
import type { ConnectionStore } from "./ConnectionStore.js";
import type { Guards } from "./loadsConnection.js";
import type { StorageSourceFiles } from "./sourceFiles.js";

/** What the routes of this part work with. */
export interface Parts {
  db: Kysely<Tables>;
  access: Access;
  store: ConnectionStore;
  runs: RunStore;
  guards: Guards;
  storageSourceFiles: StorageSourceFiles;
}
