import { Type } from "typebox";
import { errorAnswers, failures } from "../../platform/http/schemas.js";
import { invalidValue, unprocessable } from "../../platform/errors.js";
import { prefersRepresentation } from "../../platform/http/prefer.js";
import type { Server } from "../../platform/http/server.js";
import { RunStore } from "../../runs/RunStore.js";
import type { ServiceContext } from "../../ServiceContext.js";
import { connectionRoutes, presentConnections } from "./connectionRoutes.js";
import { ConnectionStore } from "./ConnectionStore.js";
import { Guards } from "./loadsConnection.js";
import { basePath, manifestKind, storageKind } from "./kinds.js";
import type { Parts } from "./Parts.js";
import { runRoutes } from "./runRoutes.js";
import { ConnectionsAnswer, IModelQuery } from "./connectionSchemas.js";
import { sourceFileRoutes } from "./sourceFileRoutes.js";
import { StorageSourceFiles } from "./sourceFiles.js";

/** The operations of Synchronization: rest-api.md, section 3. */
export async function synchronizationRoutes(server: Server, context: ServiceContext): Promise<void> {
  const { access, db, queue } = context;
  const store = new ConnectionStore(db);
  const parts: Parts = {
    db,
    access,
    store,
    runs: new RunStore(db, queue),
    guards: new Guards(context, store),
    storageSourceFiles: new StorageSourceFiles(context),
  };
  for (const name of ["connection", "sourceFile", "listedIModel"]) server.decorateRequest(name);
  allConnectionsRoute(server, parts);
  authorizationRoute(server);
  for (const kind of [storageKind, manifestKind]) {
    connectionRoutes(server, kind, parts);
    sourceFileRoutes(server, kind, parts);
    runRoutes(server, kind, parts);
  }
}

const scopes = ["synchronization:read", "synchronization:modify"];
const tags = ["Synchronization"];

function allConnectionsRoute(server: Server, { guards, store }: Parts): void {
  server.get(
    `${basePath}/connections`,
    {
      config: { scopes, invalidCode: "InvalidConnectionsRequest" },
      preValidation: (request) => guards.imodelOfQuery(request),
      schema: {
        operationId: "getConnections",
        summary: "The connections of an iModel, of both kinds",
        tags,
        querystring: IModelQuery,
        response: { 200: ConnectionsAnswer, ...failures(404, 422) },
      },
    },
    async (request) => {
      const rows = await store.list(request.listedIModel.id, undefined, request.query);
      return presentConnections(rows, request, prefersRepresentation(request));
    },
  );
}

const AuthorizationAnswer = Type.Object({
  authorizationInformation: Type.Object({
    isUserAuthorized: Type.Boolean(),
    _links: Type.Object({ authorizationUrl: Type.Object({ href: Type.String() }) }),
  }),
});

/** The platform asks users for consent to synchronize on their behalf. Here the service does so in its own name. */
function authorizationRoute(server: Server): void {
  const invalidCode = "InvalidAuthorizationInformationRequest";
  server.get(
    `${basePath}/connections/authorizationinformation`,
    {
      config: { scopes, invalidCode },
      schema: {
        operationId: "getAuthorizationInformation",
        summary: "Whether the user has consented to synchronization; always true here",
        tags,
        querystring: Type.Object({ redirectUrl: Type.Optional(Type.String()) }),
        response: { 200: AuthorizationAnswer, ...errorAnswers(401, 422, 429) },
      },
    },
    async ({ query: { redirectUrl }, origin }) => {
      if (redirectUrl !== undefined && !URL.canParse(redirectUrl))
        throw unprocessable(invalidCode, [invalidValue("redirectUrl", "redirectUrl should be a valid URL.")]);
      return {
        authorizationInformation: {
          isUserAuthorized: true,
          _links: { authorizationUrl: { href: redirectUrl ?? origin } },
        },
      };
    },
  );
}
