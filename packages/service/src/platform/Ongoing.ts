import type { Logger } from "pino";

/** How many things the log names. */
const maxNamed = 50;

/** What a process is doing, such as requests and runs, so that the log can say what an uncaught error belongs to. */
export class Ongoing {
  private readonly _things = new Set<() => object>();

  /** @param describe - what the log says of it; called only where it is needed. @returns what takes it away */
  public add(describe: () => object): () => void {
    this._things.add(describe);
    return () => this._things.delete(describe);
  }

  /** At most so many, those that have gone on longest first. */
  public list(): object[] {
    return [...this._things].slice(0, maxNamed).map((describe) => describe());
  }
}

/**
 * Lets the log say what a process was doing when an error that nobody catches ends it. Who supervises the process starts
 * it again: after such an error nobody knows what state it is in.
 * @returns what ends that
 */
export function logUncaught(log: Logger, ongoing: Ongoing): () => void {
  const onError = (error: unknown) =>
    log.fatal({ err: error, ongoing: ongoing.list() }, "an error that nobody caught ends the process");
  process.on("uncaughtExceptionMonitor", onError); // also of rejections that nobody awaits
  return () => process.off("uncaughtExceptionMonitor", onError);
}
