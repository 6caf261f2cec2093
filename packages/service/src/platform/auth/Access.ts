import type { Kysely } from "kysely";
import { LRUCache } from "lru-cache";
import type { Tables } from "../database/tables.js";
import { forbidden } from "../errors.js";
import type { Principal } from "./Principal.js";

/** How many memberships are remembered, and for how many milliseconds. Only those that exist are. */
const remembered = { max: 10_000, ttl: 5000 };

/** Knows who may use which iTwin. */
export class Access {
  private readonly _members = new LRUCache<string, true>(remembered);

  public constructor(private readonly _db: Kysely<Tables>) {}

  /**
   * Refuses who is no member of an iTwin.
   * @throws HttpError 403
   */
  public async ensureMember(principal: Principal, iTwinId: string): Promise<void> {
    if (principal.iTwins.has(iTwinId) || principal.iTwins.has("*")) return;
    const key = `${iTwinId} ${principal.subject}`;
    if (this._members.has(key)) return;
    if (!(await this._isMember(principal.subject, iTwinId))) throw forbidden();
    this._members.set(key, true);
  }

  /** Makes somebody a member. */
  public async add(db: Kysely<Tables>, subject: string, iTwinId: string): Promise<void> {
    await db
      .insertInto("itwin_members")
      .values({ itwin_id: iTwinId, subject })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  private async _isMember(subject: string, iTwinId: string): Promise<boolean> {
    const row = await this._db
      .selectFrom("itwin_members")
      .select("subject")
      .where("itwin_id", "=", iTwinId)
      .where("subject", "=", subject)
      .executeTakeFirst();
    return row !== undefined;
  }
}
