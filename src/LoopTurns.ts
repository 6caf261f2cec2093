import { performance } from "node:perf_hooks";
import { setImmediate } from "node:timers/promises";

/** So long at most does a loop keep the event loop, in milliseconds: short for a person, and long beside a turn. */
const longestStretch = 50;

/**
 * Lets the event loop turn now and then. A loop over what is all at hand would keep it for as long as it lasts, and signals
 * such as Ctrl-C, timers and messages would wait for its end.
 */
export class LoopTurns {
  private _due = performance.now() + longestStretch;

  /** Whether a turn is due. */
  public get areDue(): boolean {
    return performance.now() >= this._due;
  }

  /** Waits for a turn. */
  public async take(): Promise<void> {
    await setImmediate();
    this._due = performance.now() + longestStretch;
  }
}
