import swagger from "@fastify/swagger";
import type { FastifySchema } from "fastify";
import { ErrorAnswer } from "./schemas.js";
import { hoistSchemas } from "./hoistSchemas.js";
import type { Server } from "./server.js";

/**
 * Describes the service as an OpenAPI 3.1 document, which is generated from the schemas of the routes that are registered
 * after this. `/openapi.json` serves it.
 */
export async function describeService(server: Server): Promise<void> {
  server.addSchema(ErrorAnswer);
  await server.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Synchronization service",
        description: "Storage, Synchronization, and what of iTwins and iModels a client needs first.",
        version: "1.0.0",
        license: { name: "MIT", identifier: "MIT" },
      },
      components: { securitySchemes: { token: { type: "http", scheme: "bearer", bearerFormat: "JWT" } } },
      security: [{ token: [] }],
      tags: [
        { name: "Authorization", description: "Tokens of the embedded issuer" },
        { name: "Storage", description: "Files and folders" },
        { name: "Blobs", description: "The content of files, by pre-signed URLs" },
        { name: "Synchronization", description: "Connections and their runs" },
        { name: "iTwins", description: "Tenants" },
        { name: "iModels", description: "iModels and their versions" },
        { name: "Operation", description: "For those who run the service" },
      ],
    },
    refResolver: {
      buildLocalReference: ({ $id }, _baseUri, _fragment, index) => (typeof $id === "string" ? $id : `Schema${index}`),
    },
    transformObject: (described) => hoistSchemas("openapiObject" in described ? described.openapiObject : {}),
    transform: ({ schema, url, route }) => {
      // Open routes say so, and then the document need not. It knows no wildcards: they get the name key.
      const optional = { ...schema, querystring: schema.querystring && withOptionalDefaults(schema.querystring) };
      const described = route.config?.isOpen ? { ...optional, security: [] } : optional;
      return url.endsWith("/*")
        ? { schema: withKey(described), url: url.replace("*", ":key") }
        : { schema: described, url };
    },
  });
  server.get("/openapi.json", { config: { isOpen: true }, schema: { hide: true } }, () => server.swagger());
}

function withKey(schema: FastifySchema): FastifySchema {
  const { "*": key, ...others } = (schema.params as { properties: Record<string, unknown> }).properties;
  const properties = { ...others, key };
  return { ...schema, params: { type: "object", properties, required: Object.keys(properties) } };
}

/** Fastify fills in defaults, so that handlers can count on them; clients need not send them. */
function withOptionalDefaults(query: unknown): unknown {
  const { required = [], properties } = query as { required?: string[]; properties: Record<string, object> };
  return { ...(query as object), required: required.filter((name) => !("default" in (properties[name] ?? {}))) };
}
