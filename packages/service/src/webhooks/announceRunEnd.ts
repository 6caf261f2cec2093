import { randomUUID } from "node:crypto";
import { sql, type Kysely } from "kysely";
import type { Tables } from "../platform/database/tables.js";
import { toLongId } from "../platform/ids.js";

/** The event that a run is over: rest-api-more.md, section 4.3. */
export const jobCompleted = "synchronization.jobCompleted.v1";

/** The types of events that are sent. */
export const eventTypes = [jobCompleted] as const;

/** An event, without what differs from one webhook to the next. */
interface ServiceEvent {
  eventType: (typeof eventTypes)[number];
  iTwinId: string;
  content: object;
}

/** Tells all webhooks that want to know of it that a run is over. Called in the transaction that ends the run. */
export async function announceRunEnd(db: Kysely<Tables>, runId: string): Promise<void> {
  const run = await db
    .selectFrom("runs")
    .innerJoin("connections", "connections.id", "runs.connection_id")
    .select(["runs.result", "runs.imodel_id", "runs.connection_id", "connections.itwin_id"])
    .where("runs.id", "=", runId)
    .executeTakeFirst();
  if (run === undefined) return;
  const content = {
    synchronizationId: runId,
    iModelId: run.imodel_id,
    connectionId: toLongId(run.imodel_id, run.connection_id),
    result: run.result.charAt(0).toLowerCase() + run.result.slice(1),
  };
  await enqueue(db, { eventType: jobCompleted, iTwinId: run.itwin_id, content });
}

async function enqueue(db: Kysely<Tables>, event: ServiceEvent): Promise<void> {
  const ids = await webhooksFor(db, event);
  if (ids.length === 0) return;
  const enqueuedDateTime = new Date().toISOString();
  const deliveries = ids.map((webhookId) => {
    const messageId = randomUUID();
    const { content, eventType, iTwinId } = event;
    const body = JSON.stringify({ content, eventType, enqueuedDateTime, iTwinId, messageId, webhookId });
    return { message_id: messageId, webhook_id: webhookId, body };
  });
  await db.insertInto("webhook_deliveries").values(deliveries).execute();
}

/** An owner who may no longer use an iTwin hears nothing more of it. */
async function webhooksFor(db: Kysely<Tables>, { eventType, iTwinId }: ServiceEvent): Promise<string[]> {
  const rows = await db
    .selectFrom("webhooks")
    .select("id")
    .where("is_active", "=", true)
    .where((eb) => eb.or([eb("itwin_id", "is", null), eb("itwin_id", "=", iTwinId)]))
    .where(sql<boolean>`event_types ? ${eventType}`)
    .where((eb) =>
      eb.or([
        sql<boolean>`owner_itwins ?| ARRAY[${iTwinId}, '*']`,
        eb.exists(
          eb
            .selectFrom("itwin_members")
            .select("subject")
            .where("itwin_members.itwin_id", "=", iTwinId)
            .whereRef("itwin_members.subject", "=", "webhooks.owner"),
        ),
      ]),
    )
    .execute();
  return rows.map(({ id }) => id);
}
