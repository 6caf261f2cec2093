import { blobRoutes } from "./blobs/blobRoutes.js";
import type { Server } from "./http/server.js";
import type { ServiceContext } from "./ServiceContext.js";
import { StorageFiles } from "./storage/StorageFiles.js";
import { storageRoutes } from "./storage/storageRoutes.js";

/** Adds the operations of all parts of a service. */
export async function registerRoutes(server: Server, context: ServiceContext): Promise<void> {
  const storage = new StorageFiles(context);
  await server.register(storageRoutes, { context, storage });
  await server.register(blobRoutes, { context, account: storage.uploads });
}
