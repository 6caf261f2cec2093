import type { Kysely } from "kysely";
import type { Logger } from "pino";
import { secondsFromNow } from "../../platform/database/clock.js";
import type { Tables } from "../../platform/database/tables.js";
import { shownColumns, type ShownRun } from "../../runs/shownColumns.js";

/** A run that has changed, with what is needed to know whom it concerns. */
export type ChangedRun = ShownRun & { itwin_id: string; kind: "storage" | "manifest" };

type Listener = (run: ChangedRun) => void;

/** How often it looks, in milliseconds. */
const interval = 500;

/** How far it looks back each time, in seconds: a transaction that began earlier may be committed later. */
const overlap = 5;

/**
 * Tells listeners of runs that change, whichever process changes them. One query looks for all listeners, and none while
 * there are none.
 */
export class RunNews {
  private readonly _listeners = new Set<Listener>();
  /** What was told of each run, so that it is told once. */
  private _told = new Map<string, number>();
  private _timer?: NodeJS.Timeout;
  private _isLooking = false;

  public constructor(
    private readonly _db: Kysely<Tables>,
    private readonly _log: Logger,
  ) {}

  /** Adds a listener. @returns what removes it */
  public listen(listener: Listener): () => void {
    this._listeners.add(listener);
    if (this._timer === undefined) this._begin();
    return () => {
      this._listeners.delete(listener);
      if (this._listeners.size === 0) this._end();
    };
  }

  private _begin(): void {
    this._timer = setInterval(() => {
      if (this._isLooking) return; // a slow database is not asked twice
      this._isLooking = true;
      this._look()
        .catch((error: unknown) => this._log.warn({ err: error }, "runs cannot be watched")) // the next look may go well
        .finally(() => (this._isLooking = false));
    }, interval);
  }

  private _end(): void {
    clearInterval(this._timer);
    this._timer = undefined;
    this._told.clear();
  }

  private async _look(): Promise<void> {
    const rows = await this._db
      .selectFrom("runs")
      .innerJoin("connections", "connections.id", "runs.connection_id")
      .select(shownColumns)
      .select(["connections.itwin_id", "connections.kind"])
      .where("runs.updated_at", ">=", secondsFromNow(-overlap))
      .orderBy("runs.updated_at")
      .execute();
    const fresh = rows.filter((row) => this._told.get(row.id) !== row.updated_at.getTime());
    this._told = new Map(rows.map((row) => [row.id, row.updated_at.getTime()]));
    for (const row of fresh) for (const listener of this._listeners) listener(row);
  }
}
