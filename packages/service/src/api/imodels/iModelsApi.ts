import type { Server } from "../../platform/http/server.js";
import type { ServiceContext } from "../../ServiceContext.js";
import { changesetRoutes } from "./changesetRoutes.js";
import { iModelRoutes } from "./iModelRoutes.js";
import { namedVersionRoutes } from "./namedVersionRoutes.js";
import { snapshotRoutes } from "./snapshotRoutes.js";

/** The operations on iModels and their versions: rest-api.md, section 5.3. */
export async function iModelsApi(server: Server, context: ServiceContext): Promise<void> {
  for (const routes of [iModelRoutes, changesetRoutes, namedVersionRoutes, snapshotRoutes]) routes(server, context);
}
