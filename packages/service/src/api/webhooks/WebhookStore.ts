import { randomBytes, randomUUID } from "node:crypto";
import type { Kysely } from "kysely";
import type { Principal } from "../../platform/auth/Principal.js";
import type { Tables, WebhookRow } from "../../platform/database/tables.js";
import type { NewWebhookBody, WebhookChangesBody } from "./webhookSchemas.js";

/** The webhooks of a service. Each belongs to the client that made it, and nobody else sees it. */
export class WebhookStore {
  public constructor(private readonly _db: Kysely<Tables>) {}

  /** The webhooks of a client, oldest first. */
  public async list({ subject }: Principal): Promise<WebhookRow[]> {
    return this._db
      .selectFrom("webhooks")
      .selectAll()
      .where("owner", "=", subject)
      .orderBy("created_at")
      .orderBy("id")
      .execute();
  }

  /** A webhook of any client. */
  public async find(id: string): Promise<WebhookRow | undefined> {
    return this._db.selectFrom("webhooks").selectAll().where("id", "=", id).executeTakeFirst();
  }

  /** Creates a webhook, which is not active. */
  public async create(body: NewWebhookBody, iTwinId: string | null, owner: Principal): Promise<WebhookRow> {
    const at = new Date();
    return this._db
      .insertInto("webhooks")
      .values({
        id: randomUUID(),
        owner: owner.subject,
        owner_itwins: JSON.stringify([...owner.iTwins]),
        itwin_id: iTwinId,
        callback_url: body.callbackUrl,
        event_types: JSON.stringify(body.eventTypes),
        secret: body.secret ?? randomBytes(32).toString("hex"),
        is_active: false,
        created_at: at,
        modified_at: at,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
  }

  /** Changes what is given. A webhook that is activated has three days again to fail in. */
  public async update(id: string, changes: WebhookChangesBody, owner: Principal): Promise<WebhookRow | undefined> {
    const { active, callbackUrl, eventTypes, secret } = changes;
    return this._db
      .updateTable("webhooks")
      .set({
        is_active: active,
        callback_url: callbackUrl,
        event_types: eventTypes && JSON.stringify(eventTypes),
        secret,
        owner_itwins: JSON.stringify([...owner.iTwins]),
        failing_since: active === true ? null : undefined,
        modified_at: new Date(),
      })
      .where("id", "=", id)
      .returningAll()
      .executeTakeFirst();
  }

  /** Removes a webhook, with the events that wait for it. */
  public async delete(id: string): Promise<void> {
    await this._db.deleteFrom("webhooks").where("id", "=", id).execute();
  }
}
