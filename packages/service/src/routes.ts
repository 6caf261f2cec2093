import { blobRoutes } from "./api/blobs/blobRoutes.js";
import { eventRoutes } from "./api/events/eventRoutes.js";
import { iModelsApi } from "./api/imodels/iModelsApi.js";
import { iTwinRoutes } from "./api/itwins/iTwinRoutes.js";
import { userRoutes } from "./api/itwins/userRoutes.js";
import { operationRoutes } from "./api/operation/operationRoutes.js";
import { storageApi } from "./api/storage/storageApi.js";
import { StorageFiles } from "./api/storage/StorageFiles.js";
import { synchronizationApi } from "./api/synchronization/synchronizationApi.js";
import { webhookRoutes } from "./api/webhooks/webhookRoutes.js";
import { pageRoutes } from "./page/pageRoutes.js";
import type { Server } from "./platform/http/server.js";
import type { ServiceContext } from "./ServiceContext.js";

/** The parts of the service, each with its operations. */
const parts: ((server: Server, context: ServiceContext) => Promise<void>)[] = [
  operationRoutes,
  iTwinRoutes,
  userRoutes,
  iModelsApi,
  synchronizationApi,
  eventRoutes,
  webhookRoutes,
  pageRoutes,
];

/** The resources that hooks made by `loads` set on requests. */
const resources = [
  "iTwin",
  "iModel",
  "storageItem",
  "connection",
  "sourceFile",
  "run",
  "configurationScope",
  "webhook",
];

/** Adds all operations to a server. Each part has a scope of its own. */
export async function addRoutes(server: Server, context: ServiceContext): Promise<void> {
  for (const name of resources) server.decorateRequest(name);
  for (const part of parts) await server.register(async (scope: Server) => part(scope, context));
  const storage = new StorageFiles(context);
  await server.register(storageApi, { context, storage });
  await server.register(blobRoutes, { context, account: storage.uploads });
}
