import { Logger } from "@itwin/core-bentley";
import { ConnectorLoggerCategory } from "../ConnectorLoggerCategory.js";
import type { Interruption } from "./Interruption.js";

/** What a run has opened, and closes at its end whatever happens. */
export class Releasers {
  private readonly _releasers: (() => Promise<void>)[] = [];

  public constructor(private readonly _interruption: Interruption) {}

  /** Closes something at the end of the run; at once where the run was aborted while this was opened, and has ended by now. */
  public async add(release: () => Promise<void>): Promise<void> {
    if (this._interruption.isInterrupted) await release();
    else this._releasers.push(release);
    this._interruption.throwIfInterrupted();
  }

  /**
   * Closes what was opened, in reverse order.
   * @returns what went wrong, in that order
   */
  public async releaseAll(): Promise<unknown[]> {
    const errors: unknown[] = [];
    for (const release of this._releasers.splice(0).reverse())
      try {
        await this._interruption.await(release());
      } catch (error) {
        errors.push(error);
        Logger.logError(ConnectorLoggerCategory.Framework, `release failed: ${String(error)}`);
      }
    return errors;
  }
}
