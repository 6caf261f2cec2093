import type { Server } from "../../platform/http/server.js";
import type { ServiceContext } from "../../ServiceContext.js";
import { changesetRoutes } from "./changesetRoutes.js";
import { iModelRoutes } from "./iModelRoutes.js";
import { namedVersionRoutes } from "./namedVersionRoutes.js";
import { snapshotRoutes } from "./snapshotRoutes.js";
import { tileRoutes } from "./tileRoutes.js";
import { viewRoutes } from "./viewRoutes.js";

/** The operations on iModels and their versions: rest-api.md, section 5.3. */
export async function iModelsApi(server: Server, context: ServiceContext): Promise<void> {
  const parts = [iModelRoutes, changesetRoutes, namedVersionRoutes, snapshotRoutes, tileRoutes, viewRoutes];
  for (const routes of parts) routes(server, context);
}
