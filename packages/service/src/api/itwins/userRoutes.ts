import { Type } from "typebox";
import { failures } from "../../platform/http/schemas.js";
import type { Server } from "../../platform/http/server.js";

const User = Type.Object({
  id: Type.String(),
  displayName: Type.String(),
  givenName: Type.String(),
  surname: Type.String(),
  email: Type.String(),
});

/** Who a token belongs to. */
export async function userRoutes(server: Server): Promise<void> {
  server.get(
    "/users/me",
    {
      config: { scopes: ["users:read"] },
      schema: {
        operationId: "getMe",
        summary: "Get yourself, as your token tells",
        tags: ["Users"],
        response: { 200: Type.Object({ user: User }), ...failures() },
      },
    },
    async ({ principal: { subject, name } }) => {
      const email = name.includes("@") ? name : "";
      return { user: { id: subject, displayName: name, givenName: name, surname: "", email } };
    },
  );
}
