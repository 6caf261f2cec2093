import { blobRoutes } from "./blobs/blobRoutes.js";
import { eventRoutes } from "./events/routes.js";
import { operationRoutes } from "./http/operationRoutes.js";
import type { Server } from "./http/server.js";
import { iModelRoutes } from "./imodels/iModelRoutes.js";
import { iTwinRoutes } from "./itwins/iTwinRoutes.js";
import { userRoutes } from "./itwins/userRoutes.js";
import { pageRoutes } from "./page/routes.js";
import type { ServiceContext } from "./ServiceContext.js";
import { StorageFiles } from "./storage/StorageFiles.js";
import { storageRoutes } from "./storage/storageRoutes.js";
import { synchronizationRoutes } from "./synchronization/routes.js";

/** The parts of the service, each with its operations. */
const parts: ((server: Server, context: ServiceContext) => Promise<void>)[] = [
  operationRoutes,
  iTwinRoutes,
  userRoutes,
  iModelRoutes,
  synchronizationRoutes,
  eventRoutes,
  pageRoutes,
];

/** Adds all operations to a server. Each part has a scope of its own. */
export async function addRoutes(server: Server, context: ServiceContext): Promise<void> {
  for (const part of parts) await server.register(async (scope: Server) => part(scope, context));
  const storage = new StorageFiles(context);
  await server.register(storageRoutes, { context, storage });
  await server.register(blobRoutes, { context, account: storage.uploads });
}
