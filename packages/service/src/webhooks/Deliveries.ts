import { sql, type Kysely } from "kysely";
import { now, secondsFromNow } from "../platform/database/clock.js";
import type { Tables } from "../platform/database/tables.js";

/** In seconds: how long an event waits after its first failure, its second, and so on; after these it is given up. */
export const retryDelays: readonly number[] = [10, 60, 300, 1800, 7200, 21_600];

/** After so many seconds without an answer, a webhook is deactivated, and events that wait are removed. */
const patience = 3 * 24 * 3600;

/** An event that is to be sent now. */
export interface Delivery {
  message_id: string;
  webhook_id: string;
  body: string;
  attempts: number;
  lease_id: string | null;
  callback_url: string;
  secret: string;
}

/**
 * The events that wait for webhooks. Several processes take from them at once; each event is with one of them at a time. An
 * event whose process dies is taken again when its lease is over, so that an event can arrive twice, but is never lost.
 */
export class Deliveries {
  public constructor(
    private readonly _db: Kysely<Tables>,
    private readonly _delays: readonly number[] = retryDelays,
  ) {}

  /**
   * Takes the event that has waited longest, of a webhook that nothing is being sent to: one slow receiver holds nobody up.
   * @param leaseId - a name that was never used before
   */
  public async take(leaseId: string, leaseSeconds: number): Promise<Delivery | undefined> {
    return this._db
      .updateTable("webhook_deliveries")
      .from("webhooks")
      .set({
        lease_id: leaseId,
        lease_until: secondsFromNow(leaseSeconds),
        attempts: sql<number>`webhook_deliveries.attempts + 1`,
      })
      .whereRef("webhooks.id", "=", "webhook_deliveries.webhook_id")
      .where("message_id", "=", (eb) =>
        eb
          .selectFrom("webhook_deliveries as waiting")
          .innerJoin("webhooks as owner", "owner.id", "waiting.webhook_id")
          .select("waiting.message_id")
          .where("owner.is_active", "=", true)
          .where("waiting.available_at", "<=", now())
          .where((inner) =>
            inner.not(
              inner.exists(
                inner
                  .selectFrom("webhook_deliveries as sent")
                  .select("sent.message_id")
                  .whereRef("sent.webhook_id", "=", "waiting.webhook_id")
                  .where("sent.lease_until", ">", now()),
              ),
            ),
          )
          .orderBy("waiting.available_at")
          .orderBy("waiting.created_at")
          .limit(1)
          .forUpdate("waiting")
          .skipLocked(),
      )
      .returning(["message_id", "webhook_id", "body", "attempts", "lease_id", "callback_url", "secret"])
      .executeTakeFirst();
  }

  /** Notes that an event has arrived. */
  public async succeed(delivery: Delivery): Promise<void> {
    await this._db.transaction().execute(async (transaction) => {
      if (!(await remove(transaction, delivery))) return;
      const { webhook_id: id } = delivery;
      await transaction.updateTable("webhooks").set({ failing_since: null }).where("id", "=", id).execute();
    });
  }

  /**
   * Notes that an event has not arrived: it waits for its next attempt, or is given up after the last one. A receiver that
   * is gone, or has failed for three days, gets no more events until its webhook is activated again.
   */
  public async fail(delivery: Delivery, { isGone }: { isGone: boolean }): Promise<void> {
    await this._db.transaction().execute(async (transaction) => {
      const delay = this._delays[delivery.attempts - 1];
      const isOurs =
        delay === undefined ? await remove(transaction, delivery) : await postpone(transaction, delivery, delay);
      if (!isOurs) return;
      await transaction
        .updateTable("webhooks")
        .set({
          failing_since: sql<Date>`coalesce(failing_since, now())`,
          is_active: isGone ? false : sql<boolean>`is_active AND ${isRecent("failing_since")}`,
        })
        .where("id", "=", delivery.webhook_id)
        .execute();
    });
  }

  /** Removes events that waited for three days, of webhooks that were not activated again. */
  public async removeOld(): Promise<void> {
    await this._db.deleteFrom("webhook_deliveries").where("created_at", "<", secondsFromNow(-patience)).execute();
  }
}

function isRecent(column: "failing_since") {
  return sql`coalesce(${sql.ref(column)} > ${secondsFromNow(-patience)}, true)`;
}

/** @returns whether the event was still ours */
async function remove(db: Kysely<Tables>, { message_id: id, lease_id: leaseId }: Delivery): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom("webhook_deliveries")
    .where("message_id", "=", id)
    .where("lease_id", "=", leaseId)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** @returns whether the event was still ours */
async function postpone(
  db: Kysely<Tables>,
  { message_id: id, lease_id: leaseId }: Delivery,
  seconds: number,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("webhook_deliveries")
    .set({ available_at: secondsFromNow(seconds), lease_id: null, lease_until: null })
    .where("message_id", "=", id)
    .where("lease_id", "=", leaseId)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
