import { LeaseLost, type RunLease } from "./RunLeases.js";
import type { StopKind } from "./RunStop.js";
import type { WorkerTimes } from "./WorkerTimes.js";

/** Keeps a run while it is executed: renews its lease, hears of cancellation, and writes down its progress. */
export class Heartbeat {
  private readonly _timer: NodeJS.Timeout;
  private _renewedAt = performance.now();
  private _isBusy = false;
  private _save?: () => Promise<void>;

  public constructor(
    private readonly _lease: RunLease,
    private readonly _times: Pick<WorkerTimes, "lease" | "renewal">,
    private readonly _stop: (kind: StopKind) => void,
  ) {
    this._timer = setInterval(() => void this._beat(), _times.renewal * 1000);
  }

  /** Saves with the next renewal, as progress does not matter more than that. */
  public saveWithNext(save: () => Promise<void>): void {
    this._save = save;
  }

  public stop(): void {
    clearInterval(this._timer);
  }

  private async _beat(): Promise<void> {
    if (this._isBusy) return;
    this._isBusy = true;
    try {
      const begunAt = performance.now();
      if (await this._lease.renew()) this._stop("cancelled");
      this._renewedAt = begunAt;
      const save = this._save;
      this._save = undefined;
      await save?.();
    } catch (error) {
      // Where the database does not answer, others may see the lease run out.
      const isOver = performance.now() - this._renewedAt > this._times.lease * 1000;
      if (isOver || error instanceof LeaseLost) this._stop("leaseLost");
    } finally {
      this._isBusy = false;
    }
  }
}
