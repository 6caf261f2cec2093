import type { FastifyRequest } from "fastify";
import type { WebhookRow } from "../../platform/database/tables.js";
import { invalidValue, notFound, unprocessable } from "../../platform/errors.js";
import { loads, textIn } from "../../platform/http/loads.js";
import { errorAnswers, failures, NoContent } from "../../platform/http/schemas.js";
import type { Server } from "../../platform/http/server.js";
import { isUuid } from "../../platform/ids.js";
import type { ServiceContext } from "../../ServiceContext.js";
import { addressIn, AddressRules } from "../../work/sources/addresses.js";
import { ITwinStore } from "../itwins/ITwinStore.js";
import * as schemas from "./webhookSchemas.js";
import { WebhookStore } from "./WebhookStore.js";

declare module "fastify" {
  interface FastifyRequest {
    /** The webhook that the path names. Only on routes with `loadWebhook`. */
    webhook: WebhookRow;
  }
}

const invalidCode = "InvalidWebhookRequest";
const reads = { scopes: ["webhooks:read", "webhooks:modify"], invalidCode };
const modifies = { scopes: ["webhooks:modify"], invalidCode };
const tags = ["Webhooks"];

/** The operations on webhooks: rest-api-more.md, section 4.1. */
export async function webhookRoutes(server: Server, context: ServiceContext): Promise<void> {
  const store = new WebhookStore(context.db);
  createWebhook(server, context, store);
  listWebhooks(server, store);
  for (const add of [getWebhook, updateWebhook, deleteWebhook]) add(server, context, store);
}

function createWebhook(server: Server, context: ServiceContext, store: WebhookStore): void {
  const schema = {
    operationId: "createWebhook",
    summary: "Creates a webhook, which is not active yet; the secret is in this answer only",
    tags,
    body: schemas.NewWebhookBody,
    response: { 201: schemas.NewWebhook, ...failures(422) },
  };
  server.post("/webhooks", { config: modifies, schema }, async (request, reply) => {
    const { body, principal } = request;
    ensureCallable(body.callbackUrl, context);
    const iTwinId = body.scope === "iTwin" ? await findScope(request, body.scopeId, context) : null;
    const row = await store.create(body, iTwinId, principal);
    return reply.code(201).send({ ...present(row), secret: row.secret });
  });
}

function listWebhooks(server: Server, store: WebhookStore): void {
  const schema = {
    operationId: "getWebhooks",
    summary: "The webhooks of the client",
    tags,
    response: { 200: schemas.WebhooksAnswer, ...errorAnswers(401, 429) },
  };
  server.get("/webhooks", { config: reads, schema }, async ({ principal }) => ({
    webhooks: (await store.list(principal)).map(present),
  }));
}

function getWebhook(server: Server, _: ServiceContext, store: WebhookStore): void {
  const schema = {
    operationId: "getWebhook",
    summary: "A webhook",
    tags,
    params: schemas.WebhookParams,
    response: { 200: schemas.Webhook, ...errorAnswers(401, 404, 429) },
  };
  const options = { config: reads, preValidation: loadWebhook(store), schema };
  server.get("/webhooks/:webhookId", options, async ({ webhook }) => present(webhook));
}

function updateWebhook(server: Server, context: ServiceContext, store: WebhookStore): void {
  const schema = {
    operationId: "updateWebhook",
    summary: "Changes, activates or pauses a webhook",
    tags,
    params: schemas.WebhookParams,
    body: schemas.WebhookChangesBody,
    response: { 200: schemas.Webhook, ...errorAnswers(401, 404, 422, 429) },
  };
  const options = { config: modifies, preValidation: loadWebhook(store), schema };
  server.patch("/webhooks/:webhookId", options, async ({ webhook, body, principal }) => {
    if (body.callbackUrl !== undefined) ensureCallable(body.callbackUrl, context);
    const row = await store.update(webhook.id, body, principal);
    if (row === undefined) throw notFound("Webhook", "webhook");
    return present(row);
  });
}

function deleteWebhook(server: Server, _: ServiceContext, store: WebhookStore): void {
  const schema = {
    operationId: "deleteWebhook",
    summary: "Removes a webhook; events that wait for it are not sent",
    tags,
    params: schemas.WebhookParams,
    response: { 204: NoContent, ...errorAnswers(401, 404, 429) },
  };
  const options = { config: modifies, preValidation: loadWebhook(store), schema };
  server.delete("/webhooks/:webhookId", options, async ({ webhook }, reply) => {
    await store.delete(webhook.id);
    return reply.code(204).send();
  });
}

/** Makes the hook that loads the webhook of the path. That of another client is not found. */
function loadWebhook(store: WebhookStore) {
  const missing = () => notFound("Webhook", "webhook");
  return loads("webhook", {
    id: (request) => textIn(request, "params", "webhookId") ?? "",
    find: async (id, { principal }) => {
      const webhook = isUuid(id) ? await store.find(id) : undefined;
      return webhook?.owner === principal.subject ? webhook : undefined;
    },
    missing,
  });
}

/** @throws HttpError 422, 403 */
async function findScope(
  { principal }: FastifyRequest,
  scopeId: string | undefined,
  { db, access }: ServiceContext,
): Promise<string> {
  if (scopeId === undefined)
    throw unprocessable(invalidCode, [
      { code: "MissingRequiredProperty", message: "Required property scopeId is missing.", target: "scopeId" },
    ]);
  const iTwin = isUuid(scopeId) ? await new ITwinStore(db, access).find(scopeId) : undefined;
  if (iTwin === undefined) throw unprocessable(invalidCode, [invalidValue("scopeId")]);
  await access.ensureMember(principal, iTwin.id);
  return iTwin.id;
}

/**
 * Refuses URLs that are never called: those without TLS, and addresses that are not in the public Internet. What a name
 * leads to is checked when it is called.
 */
function ensureCallable(callbackUrl: string, { config }: ServiceContext): void {
  const { allowedPrivateHosts } = config.webhooks;
  if (URL.canParse(callbackUrl) && isCallable(new URL(callbackUrl), allowedPrivateHosts)) return;
  const message = "callbackUrl should be an https URL in the public Internet.";
  throw unprocessable(invalidCode, [invalidValue("callbackUrl", message)]);
}

function isCallable({ username, protocol, hostname }: URL, allowedPrivateHosts: string[]): boolean {
  const mayBePlain = protocol === "http:" && allowedPrivateHosts.includes(hostname);
  if (username !== "" || (protocol !== "https:" && !mayBePlain)) return false;
  const address = addressIn(hostname);
  return address === undefined || new AddressRules(allowedPrivateHosts).allows(address, address);
}

function present(row: WebhookRow): schemas.Webhook {
  return {
    id: row.id,
    scope: row.itwin_id === null ? "Account" : "iTwin",
    scopeId: row.itwin_id ?? undefined,
    active: row.is_active,
    callbackUrl: row.callback_url,
    eventTypes: row.event_types,
    created: row.created_at.toISOString(),
    modified: row.modified_at.toISOString(),
  };
}
