import type { Server } from "../../platform/http/server.js";
import { fileRoutes } from "./fileRoutes.js";
import { folderRoutes } from "./folderRoutes.js";
import { listRoutes } from "./listRoutes.js";
import type { StorageRoutesOptions } from "./loadsItem.js";
import { recycleBinRoutes } from "./recycleBinRoutes.js";

/** The Storage API of the platform: rest-api.md, section 2. */
export async function storageRoutes(server: Server, options: StorageRoutesOptions): Promise<void> {
  server.decorateRequest("storageItem");
  for (const routes of [listRoutes, folderRoutes, fileRoutes, recycleBinRoutes]) await server.register(routes, options);
}
