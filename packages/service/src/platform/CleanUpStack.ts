import type { Logger } from "pino";

/** Closes what a process of the service has opened, last opened first. */
export class CleanUpStack {
  private readonly _steps: { what: string; close: () => Promise<void> | void }[] = [];

  public constructor(private readonly _log: Logger) {}

  /** @param what - named in the log when it cannot be closed */
  public add(what: string, close: () => Promise<void> | void): void {
    this._steps.push({ what, close });
  }

  /** Closes everything. A failure is logged, and the remaining steps are still carried out. */
  public async closeAll(): Promise<void> {
    for (const { what, close } of this._steps.splice(0).reverse())
      try {
        await close();
      } catch (error) {
        this._log.error({ err: error }, `${what} could not be closed`);
      }
  }
}
