import type { Run } from "./api/types.js";
import type { StartedRun } from "./ConnectionsClient.js";
import type { RunFile } from "./populate/outcomes.js";
import { inStep } from "./explain.js";
import { findOrMake } from "./findOrMake.js";
import { followRun, type FollowOptions } from "./followRun.js";
import type { ServiceClient } from "./ServiceClient.js";

/** It is known which files a run is about; it was asked for; it was looked at. */
export type RunProgress =
  | { step: "files"; connectionId: string; files: RunFile[] }
  | { step: "run"; url: string; isNew: boolean }
  | { step: "wait"; url: string; run: Run };

/** How to wait for a run. */
export interface RunToEndOptions extends Omit<FollowOptions, "onRun"> {
  /** Whether to wait for the end. Default: true. */
  wait?: boolean;
}

/** A run that has ended, or has been started. */
export interface RunAtEnd {
  url: string;
  /** False where the iModel had an active run already. */
  isNew: boolean;
  /** Absent where nobody waited. */
  run?: Run;
}

/**
 * Asks for a run and follows it. Where the iModel has an active run, that one is followed; and where that does not do what was
 * asked for, such as one that began before a file was uploaded, another one is asked for when it is over.
 * @param start - asks for the run. To ask twice does no harm: the second is led to the first, or finds nothing changed
 * @param isEnough - whether another run than the one that was asked for does what it was to do
 */
export async function runToEnd(
  client: ServiceClient,
  start: () => Promise<StartedRun>,
  isEnough: (run: Run) => boolean,
  { wait = true, onProgress, ...options }: RunToEndOptions & { onProgress?: (progress: RunProgress) => void },
): Promise<RunAtEnd> {
  for (;;) {
    const { url, isNew } = await inStep("asking for a run", async () =>
      findOrMake(async () => undefined, start, { ...client.retry, signal: options.signal }),
    );
    onProgress?.({ step: "run", url, isNew });
    if (!wait) return { url, isNew };
    const run = await followRun(client, url, {
      ...options,
      onRun: (seen) => onProgress?.({ step: "wait", url, run: seen }),
    });
    if (isNew || isEnough(run)) return { url, isNew, run };
  }
}
