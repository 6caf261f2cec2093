import type { Kysely } from "kysely";
import type { Tables } from "../database/tables.js";
import { forbidden } from "../errors.js";
import type { Principal } from "./Principal.js";

/** How long a membership that was looked up counts, in milliseconds. Only those that exist are remembered. */
const holds = 5000;
const maxRemembered = 10_000;

/** Knows who may use which iTwin. */
export class Access {
  private readonly _remembered = new Map<string, number>();

  public constructor(private readonly _db: Kysely<Tables>) {}

  /**
   * Refuses who is no member of an iTwin.
   * @throws HttpError 403
   */
  public async ensureMember(principal: Principal, iTwinId: string): Promise<void> {
    if (principal.iTwins.has(iTwinId) || principal.iTwins.has("*")) return;
    const key = `${iTwinId} ${principal.subject}`;
    if ((this._remembered.get(key) ?? 0) > Date.now()) return;
    if (!(await this._isMember(principal.subject, iTwinId))) throw forbidden();
    if (this._remembered.size >= maxRemembered) this._remembered.clear();
    this._remembered.set(key, Date.now() + holds);
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
