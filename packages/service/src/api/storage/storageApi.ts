import type { Server } from "../../platform/http/server.js";
import { fileRoutes } from "./fileRoutes.js";
import { folderRoutes } from "./folderRoutes.js";
import { listRoutes } from "./listRoutes.js";
import { recycleBinRoutes } from "./recycleBinRoutes.js";
import type { StorageParts } from "./StorageParts.js";

/** The Storage API of the platform: rest-api.md, section 2. */
export async function storageApi(server: Server, parts: StorageParts): Promise<void> {
  for (const routes of [listRoutes, folderRoutes, fileRoutes, recycleBinRoutes]) routes(server, parts);
}
