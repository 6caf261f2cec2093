import type { Run } from "./api/types.js";
import type { ConnectionsClient, StartedRun } from "./ConnectionsClient.js";
import type { RunFile } from "./outcomes.js";
import { inStep } from "./explain.js";
import { findOrMake } from "./findOrMake.js";
import { followRun, type FollowOptions } from "./followRun.js";
import { parseRunUrl } from "./RunLink.js";
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

/** The connection whose run is asked for. */
export interface RunnableConnection {
  connections: ConnectionsClient;
  connectionId: string;
}

/**
 * Asks for a run and follows it. Where the iModel has an active run, that one is followed; and where that does not do what was
 * asked for, such as one that began before a file was uploaded, another one is asked for when it is over.
 * @param start - asks for the run. Where its answer is lost, the connection is asked for its last run before it is repeated
 * @param isEnough - whether another run than the one that was asked for does what it was to do
 */
export async function runToEnd(
  client: ServiceClient,
  connection: RunnableConnection,
  start: () => Promise<StartedRun>,
  isEnough: (run: Run) => boolean,
  { wait = true, onProgress, ...options }: RunToEndOptions & { onProgress?: (progress: RunProgress) => void },
): Promise<RunAtEnd> {
  for (;;) {
    const { url, isNew } = await inStep("asking for a run", async () =>
      findOrMake(findStarted(connection, options.signal), start, { ...client.retry, signal: options.signal }),
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

/** Finds the run that an earlier request has started although its answer was lost: the connection has another last run then. */
function findStarted({ connections, connectionId }: RunnableConnection, signal: AbortSignal | undefined) {
  let before: { lastRun?: string } | undefined;
  return async (): Promise<StartedRun | undefined> => {
    const { _links } = await connections.get(connectionId, { signal });
    const lastRun = _links?.lastRun?.href;
    const isFirstLook = before === undefined;
    before ??= { lastRun };
    if (isFirstLook || lastRun === undefined || lastRun === before.lastRun) return undefined;
    return { ...parseRunUrl(lastRun), isNew: true };
  };
}
