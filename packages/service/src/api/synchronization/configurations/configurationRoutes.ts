import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import type { Settings } from "../../../platform/database/columns/Settings.js";
import { HttpError, invalidValue, notFound, unprocessable } from "../../../platform/errors.js";
import { invalidId, loads, textIn, type RequestHook } from "../../../platform/http/loads.js";
import { failures, NoContent } from "../../../platform/http/schemas.js";
import type { Server } from "../../../platform/http/server.js";
import { Configurations, withDefaultsOf, type ConfigurationScope } from "../../../runs/settings/Configurations.js";
import type { ServiceContext } from "../../../ServiceContext.js";
import { modifies, reads, tags } from "../routeConfig.js";
import { bodyOf, ConfigurationAnswer } from "./configurationSchemas.js";
import { scopeKinds, type ScopeKind } from "./scopes.js";

declare module "fastify" {
  interface FastifyRequest {
    /** What the path names, with its id as the path gives it. Only on routes of configurations. */
    configurationScope: ConfigurationScope & { shownId: string };
  }
}

const invalidCode = "InvalidConfigurationRequest";

/** What the operations on configurations of one kind of scope share. */
interface ConfigurationParts {
  context: ServiceContext;
  configurations: Configurations;
  kind: ScopeKind;
  /** The path of a configuration. */
  path: string;
}

/** The operations on configurations of iTwins, iModels and connections: rest-api-more.md, section 3. */
export function configurationRoutes(server: Server, context: ServiceContext): void {
  const configurations = new Configurations(context.db);
  for (const kind of scopeKinds) {
    const path = `/synchronization/configurations/${kind.segment}/:${kind.parameter}`;
    for (const add of [createConfiguration, getConfiguration, updateConfiguration, deleteConfiguration])
      add(server, { context, configurations, kind, path });
  }
}

function createConfiguration(server: Server, parts: ConfigurationParts): void {
  const { kind, path, configurations } = parts;
  const schema = {
    ...schemaOf(kind, "create"),
    summary: `Creates the configuration of ${articleOf(kind)}`,
    body: bodyOf(kind.name),
    response: { 201: ConfigurationAnswer, ...failures(409, 422) },
  };
  // Where the scope does not exist, the request is invalid: the operation has no 404.
  const missing = () => unprocessable(invalidCode, [invalidValue(kind.parameter)]);
  const options = { config: modifies(invalidCode), preValidation: loadsScope(parts, missing), schema };
  server.post(path, options, async ({ configurationScope, body }, reply) => {
    if (!(await configurations.create(configurationScope, body))) throw alreadyExists(kind);
    return reply.code(201).send(await present(configurations, configurationScope, body));
  });
}

function getConfiguration(server: Server, parts: ConfigurationParts): void {
  const { kind, path, configurations } = parts;
  const schema = {
    ...schemaOf(kind, "get"),
    summary: `The configuration of ${articleOf(kind)}, with the settings that it inherits`,
    response: { 200: ConfigurationAnswer, ...failures(404, 422) },
  };
  const options = { config: reads(invalidCode), preValidation: loadsScope(parts), schema };
  server.get(path, options, async ({ configurationScope }) => {
    const settings = await configurations.find(configurationScope);
    if (settings === undefined) throw notFound("Configuration");
    return present(configurations, configurationScope, settings);
  });
}

function updateConfiguration(server: Server, parts: ConfigurationParts): void {
  const { kind, path, configurations } = parts;
  const schema = {
    ...schemaOf(kind, "update"),
    summary: `Changes settings of ${articleOf(kind)}; those that are not given stay`,
    body: bodyOf(kind.name),
    response: { 200: ConfigurationAnswer, ...failures(404, 422) },
  };
  const options = { config: modifies(invalidCode), preValidation: loadsScope(parts), schema };
  server.patch(path, options, async ({ configurationScope, body }) => {
    const settings = await configurations.update(configurationScope, body);
    if (settings === undefined) throw notFound("Configuration");
    return present(configurations, configurationScope, settings);
  });
}

function deleteConfiguration(server: Server, parts: ConfigurationParts): void {
  const { kind, path, configurations } = parts;
  const schema = {
    ...schemaOf(kind, "delete"),
    summary: `Removes the configuration of ${articleOf(kind)}, which inherits all settings from then on`,
    response: { 204: NoContent, ...failures(404, 422) },
  };
  const options = { config: modifies(invalidCode), preValidation: loadsScope(parts), schema };
  server.delete(path, options, async ({ configurationScope }, reply) => {
    if (!(await configurations.delete(configurationScope))) throw notFound("Configuration");
    return reply.code(204).send();
  });
}

/** Makes the hook that loads what the path names, for members of its iTwin: 422, 404, 403. */
function loadsScope(
  { context: { db, access }, kind }: ConfigurationParts,
  missing = () => notFound("Configuration"),
): RequestHook {
  return loads("configurationScope", {
    id: (request: FastifyRequest) => {
      const id = textIn(request, "params", kind.parameter) ?? "";
      if (!kind.isId(id)) throw invalidId(request, kind.parameter);
      return id;
    },
    find: async (shownId) => {
      const scope = await kind.find(db, shownId);
      return scope && { ...scope, shownId };
    },
    missing,
    authorize: ({ iTwinId }, { principal }) => access.ensureMember(principal, iTwinId),
  });
}

async function present(
  configurations: Configurations,
  { shownId, ...scope }: FastifyRequest["configurationScope"],
  settings: Settings,
) {
  const resolvedSettings = withDefaultsOf(scope, await configurations.inherited(scope));
  return { configuration: { scopeId: shownId, settings, resolvedSettings } };
}

function schemaOf({ name, parameter }: ScopeKind, verb: string) {
  const operationId = `${verb}${name.charAt(0).toUpperCase()}${name.slice(1)}Configuration`;
  return { operationId, tags, params: Type.Object({ [parameter]: Type.String() }) };
}

function articleOf({ name }: ScopeKind): string {
  return name === "connection" ? "a connection" : `an ${name}`;
}

function alreadyExists(kind: ScopeKind): HttpError {
  const message = `The ${kind.name} has a configuration. Change it with PATCH.`;
  return new HttpError(409, "ConfigurationAlreadyExists", message);
}
