import { Logger } from "@itwin/core-bentley";
import { ConnectorLoggerCategory } from "../ConnectorLoggerCategory.js";

/** What a run has opened. It closes in reverse order at the end of the run, whatever happens. */
export class OpenedResources {
  private readonly _closers: (() => Promise<void>)[] = [];

  /**
   * @param _signal - aborted when the run ends at once
   * @param _wait - waits for something to close, until the user aborts that as well
   */
  public constructor(
    private readonly _signal: AbortSignal,
    private readonly _wait: (closing: Promise<void>) => Promise<void>,
  ) {}

  /**
   * Closes something at the end of the run. If the run was aborted while it was being opened, it is closed at once, since
   * the end of the run is over by then.
   * @throws the reason of the abort
   */
  public async add(close: () => Promise<void>): Promise<void> {
    if (this._signal.aborted) await close();
    else this._closers.push(close);
    this._signal.throwIfAborted();
  }

  /**
   * Closes everything.
   * @returns the errors, in the order in which they occurred
   */
  public async close(): Promise<unknown[]> {
    const errors: unknown[] = [];
    for (const close of this._closers.splice(0).reverse())
      try {
        await this._wait(close());
      } catch (error) {
        errors.push(error);
        Logger.logError(ConnectorLoggerCategory.Framework, `close failed: ${String(error)}`);
      }
    return errors;
  }
}
