import { Type, type Static } from "typebox";
import { eventTypes } from "../../webhooks/announceRunEnd.js";

const EventTypes = Type.Array(Type.Enum([...eventTypes]), { minItems: 1, maxItems: 100 });
const Url = Type.String({ maxLength: 2048 });
const Secret = Type.String({ minLength: 32, maxLength: 1024 });
const Scope = Type.Enum(["Account", "iTwin"]);

export const NewWebhookBody = Type.Object({
  callbackUrl: Url,
  eventTypes: EventTypes,
  scope: Scope,
  scopeId: Type.Optional(Type.String()),
  secret: Type.Optional(Secret),
});

export const WebhookChangesBody = Type.Object({
  active: Type.Optional(Type.Boolean()),
  callbackUrl: Type.Optional(Url),
  eventTypes: Type.Optional(EventTypes),
  secret: Type.Optional(Secret),
});

const fields = {
  id: Type.String(),
  scope: Scope,
  scopeId: Type.Optional(Type.String()),
  active: Type.Boolean(),
  callbackUrl: Type.String(),
  eventTypes: Type.Array(Type.String()),
  created: Type.String(),
  modified: Type.String(),
};

export const Webhook = Type.Object(fields, { title: "Webhook" });
export const NewWebhook = Type.Object({ ...fields, secret: Type.String() }, { title: "NewWebhook" });
export const WebhooksAnswer = Type.Object({ webhooks: Type.Array(Webhook) });
export const WebhookParams = Type.Object({ webhookId: Type.String() });

export type NewWebhookBody = Static<typeof NewWebhookBody>;
export type WebhookChangesBody = Static<typeof WebhookChangesBody>;
export type Webhook = Static<typeof Webhook>;
