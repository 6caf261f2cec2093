import type { Server } from "../../platform/http/server.js";
import { RunStore } from "../../runs/RunStore.js";
import type { ServiceContext } from "../../ServiceContext.js";
import { allConnectionsRoutes } from "./allConnectionsRoutes.js";
import { authorizationRoutes } from "./authorizationRoutes.js";
import { configurationRoutes } from "./configurations/configurationRoutes.js";
import { connectionRoutes } from "./connectionRoutes.js";
import { ConnectionStore } from "./ConnectionStore.js";
import { diagnosticRoutes } from "./diagnosticRoutes.js";
import { manifestKind, storageKind } from "./kinds.js";
import { runRoutes } from "./runRoutes.js";
import { runStartRoutes } from "./runStartRoutes.js";
import { sourceFileRoutes } from "./sourceFileRoutes.js";
import { StorageSourceFiles } from "./sourceFiles.js";
import type { SynchronizationParts } from "./SynchronizationParts.js";

/** The operations of Synchronization: rest-api.md, section 3. */
export async function synchronizationApi(server: Server, context: ServiceContext): Promise<void> {
  const { db, queue } = context;
  const parts: SynchronizationParts = {
    context,
    store: new ConnectionStore(db),
    runs: new RunStore(db, queue),
    storageSourceFiles: new StorageSourceFiles(context),
  };
  allConnectionsRoutes(server, parts);
  authorizationRoutes(server);
  diagnosticRoutes(server, parts);
  configurationRoutes(server, context);
  for (const kind of [storageKind, manifestKind])
    for (const routes of [connectionRoutes, sourceFileRoutes, runStartRoutes, runRoutes])
      routes(server, { ...parts, kind });
}
