import { blobRoutes } from "./api/blobs/blobRoutes.js";
import { eventRoutes } from "./api/events/eventRoutes.js";
import { operationRoutes } from "./api/operation/operationRoutes.js";
import type { Server } from "./platform/http/server.js";
import { iModelRoutes } from "./api/imodels/iModelRoutes.js";
import { iTwinRoutes } from "./api/itwins/iTwinRoutes.js";
import { userRoutes } from "./api/itwins/userRoutes.js";
import { pageRoutes } from "./page/pageRoutes.js";
import type { ServiceContext } from "./ServiceContext.js";
import { StorageFiles } from "./api/storage/StorageFiles.js";
import { storageRoutes } from "./api/storage/storageApi.js";
import { synchronizationRoutes } from "./api/synchronization/synchronizationApi.js";

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
