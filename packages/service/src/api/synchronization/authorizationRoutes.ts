import { Type } from "typebox";
import { invalidValue, unprocessable } from "../../platform/errors.js";
import { errorAnswers } from "../../platform/http/schemas.js";
import type { Server } from "../../platform/http/server.js";
import { basePath } from "./kinds.js";
import { reads, tags } from "./routeConfig.js";

const invalidCode = "InvalidAuthorizationInformationRequest";

const AuthorizationAnswer = Type.Object({
  authorizationInformation: Type.Object({
    isUserAuthorized: Type.Boolean(),
    _links: Type.Object({ authorizationUrl: Type.Object({ href: Type.String() }) }),
  }),
});

/** The platform asks users for consent to synchronize on their behalf. Here the service does so in its own name. */
export function authorizationRoutes(server: Server): void {
  const schema = {
    operationId: "getAuthorizationInformation",
    summary: "Whether the user has consented to synchronization; always true here",
    tags,
    querystring: Type.Object({ redirectUrl: Type.Optional(Type.String()) }),
    response: { 200: AuthorizationAnswer, ...errorAnswers(401, 422, 429) },
  };
  const path = `${basePath}/connections/authorizationinformation`;
  server.get(path, { config: reads(invalidCode), schema }, async ({ query: { redirectUrl }, origin }) => {
    if (redirectUrl !== undefined && !URL.canParse(redirectUrl))
      throw unprocessable(invalidCode, [invalidValue("redirectUrl", "redirectUrl should be a valid URL.")]);
    return {
      authorizationInformation: {
        isUserAuthorized: true,
        _links: { authorizationUrl: { href: redirectUrl ?? origin } },
      },
    };
  });
}
