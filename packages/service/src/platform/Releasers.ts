import type { Logger } from "pino";

/** Closes what was opened, in reverse order, whatever happens. */
export class Releasers {
  private readonly _releasers: { what: string; release: () => Promise<void> | void }[] = [];

  public constructor(private readonly _log: Logger) {}

  /** @param what - named in the log when it cannot be closed */
  public add(what: string, release: () => Promise<void> | void): void {
    this._releasers.push({ what, release });
  }

  /** Closes all of it. What cannot be closed is logged, and does not keep the rest open. */
  public async release(): Promise<void> {
    for (const { what, release } of this._releasers.splice(0).reverse())
      try {
        await release();
      } catch (error) {
        this._log.error({ err: error }, `${what} could not be closed`);
      }
  }
}
