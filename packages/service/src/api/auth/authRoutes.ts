import formbody from "@fastify/formbody";
import { Type, type Static } from "typebox";
import type { Server } from "../../platform/http/server.js";
import { allScopes, type ClientCredentials, type Clients } from "../../platform/auth/Clients.js";
import { tokenSeconds, type TokenIssuer } from "../../platform/auth/TokenIssuer.js";

const TokenForm = Type.Object({
  grant_type: Type.Optional(Type.String()),
  scope: Type.Optional(Type.String()),
  client_id: Type.Optional(Type.String()),
  client_secret: Type.Optional(Type.String()),
});

const TokenAnswer = Type.Object({
  access_token: Type.String(),
  token_type: Type.Literal("Bearer"),
  expires_in: Type.Integer(),
  scope: Type.String(),
});

const OAuthError = Type.Object({ error: Type.String(), error_description: Type.String() });

const config = { isOpen: true };
const tags = ["Authorization"];

/** What the operations share. */
interface AuthParts {
  clients: Clients;
  issuer: TokenIssuer;
}

/** The embedded issuer of tokens: discovery, keys, and tokens for client credentials. RFC 6749, OpenID Discovery 1.0. */
export async function authRoutes(server: Server, parts: AuthParts): Promise<void> {
  await server.register(formbody);
  for (const add of [getDiscovery, getKeys, authorize, getToken]) add(server, parts);
}

function getDiscovery(server: Server): void {
  const schema = { operationId: "getDiscovery", summary: "Says where the issuer's endpoints are", tags };
  server.get("/.well-known/openid-configuration", { config, schema }, ({ origin }) => describeIssuer(origin));
}

function getKeys(server: Server, { issuer }: AuthParts): void {
  const schema = { operationId: "getKeys", summary: "The keys that verify tokens", tags };
  server.get("/oauth/keys", { config, schema }, () => issuer.keySet);
}

function authorize(server: Server): void {
  const summary = "Not offered: this issuer has no users to sign in";
  const description = "This issuer knows clients only. Use client_credentials, or configure an issuer with users.";
  const schema = { operationId: "authorize", summary, tags };
  server.get("/oauth/authorize", { config, schema }, async (_, reply) =>
    reply.code(400).send(failure("unsupported_response_type", description)),
  );
}

function getToken(server: Server, { clients, issuer }: AuthParts): void {
  const schema = {
    operationId: "getToken",
    summary: "A token for client credentials",
    tags,
    consumes: ["application/x-www-form-urlencoded"],
    body: TokenForm,
    response: { 200: TokenAnswer, 400: OAuthError, 401: OAuthError },
  };
  server.post("/oauth/token", { config, schema }, async ({ body, headers: { authorization }, origin }, reply) => {
    void reply.header("cache-control", "no-store");
    if (body.grant_type !== "client_credentials")
      return reply.code(400).send(failure("unsupported_grant_type", "grant_type must be client_credentials."));
    const wanted = (body.scope ?? "").split(" ").filter((scope) => scope !== "");
    const subject = clients.verify(credentialsOf(body, authorization), wanted);
    if (subject === undefined) {
      // Only for clients that used the header: a browser answers it with a dialog of its own (RFC 6749, 5.2).
      if (authorization !== undefined) void reply.header("www-authenticate", "Basic");
      return reply.code(401).send(failure("invalid_client", "The client id or its secret is wrong."));
    }
    if (subject.scopes.length === 0)
      return reply.code(400).send(failure("invalid_scope", `The client may not have the scope ${wanted.join(" ")}.`));
    const token = await issuer.issue(origin, subject);
    return {
      access_token: token,
      token_type: "Bearer" as const,
      expires_in: tokenSeconds,
      scope: subject.scopes.join(" "),
    };
  });
}

function failure(error: string, description: string): Static<typeof OAuthError> {
  return { error, error_description: description };
}

/** In the header, each part percent-encoded; or in the body. RFC 6749, 2.3.1. */
function credentialsOf(body: Static<typeof TokenForm>, authorization: string | undefined): ClientCredentials {
  const basic = /^basic +(\S+)$/i.exec(authorization ?? "")?.[1];
  if (basic === undefined) return { id: body.client_id ?? "", secret: body.client_secret ?? "" };
  const [id = "", ...rest] = Buffer.from(basic, "base64").toString("utf8").split(":");
  return { id: decode(id), secret: decode(rest.join(":")) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text; // a client that did not encode it
  }
}

function describeIssuer(origin: string): Record<string, unknown> {
  return {
    issuer: origin,
    authorization_endpoint: `${origin}/oauth/authorize`,
    token_endpoint: `${origin}/oauth/token`,
    jwks_uri: `${origin}/oauth/keys`,
    response_types_supported: ["code"],
    grant_types_supported: ["client_credentials"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
    token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
    scopes_supported: allScopes,
  };
}
