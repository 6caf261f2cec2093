import { uuidIn } from "../../platform/http/loads.js";
import { prefersRepresentation } from "../../platform/http/prefer.js";
import { failures } from "../../platform/http/schemas.js";
import type { Server } from "../../platform/http/server.js";
import { loadsIModel } from "../imodels/loadsIModel.js";
import { ConnectionsAnswer, IModelQuery } from "./connectionSchemas.js";
import { basePath } from "./kinds.js";
import { presentConnections } from "./presentConnection.js";
import { reads, tags } from "./routeConfig.js";
import type { SynchronizationParts } from "./SynchronizationParts.js";

/** Lists the connections of both kinds. */
export function allConnectionsRoutes(server: Server, { context, store }: SynchronizationParts): void {
  const path = `${basePath}/connections`;
  const schema = {
    operationId: "getConnections",
    summary: "The connections of an iModel, of both kinds",
    tags,
    querystring: IModelQuery,
    response: { 200: ConnectionsAnswer, ...failures(404, 422) },
  };
  const preValidation = loadsIModel(context, uuidIn("query", "imodelId"));
  server.get(path, { config: reads("InvalidConnectionsRequest"), preValidation, schema }, async (request) => {
    const { iModel, origin, query } = request;
    const rows = await store.list(iModel.id, undefined, query);
    return presentConnections(rows, origin + path, query, { origin, isWhole: prefersRepresentation(request) });
  });
}
