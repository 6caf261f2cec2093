import type { Run } from "./types.js";
import type { ConnectionsClient } from "./connections/ConnectionsClient.js";
import type { StartedRun } from "./connections/startedRun.js";
import type { RunFile } from "./outcomes.js";
import { inStep } from "./explain.js";
import { findOrMake } from "./findOrMake.js";
import { followRun, type FollowOptions } from "./followRun.js";
import { parseRunUrl } from "./RunLink.js";
import type { ServiceClient } from "./ServiceClient.js";

/** News of a run: its files are known (`files`), it was requested (`run`), its state was read (`wait`). */
export type RunProgress =
  | { step: "files"; connectionId: string; files: RunFile[] }
  | { step: "run"; url: string; isNew: boolean }
  | { step: "wait"; url: string; run: Run };

/** How to wait for a run. */
export interface RunToEndOptions extends Omit<FollowOptions, "onRun"> {
  /** Whether to wait for the end of the run. Default: true. */
  wait?: boolean;
}

/** A run that has ended or, without waiting, has started. */
export interface RunAtEnd {
  url: string;
  /** False if the iModel already had an active run. */
  isNew: boolean;
  /** The run at its end. Absent if `wait` was false. */
  run?: Run;
}

/** The connection to run. */
export interface RunnableConnection {
  connections: ConnectionsClient;
  connectionId: string;
}

/**
 * Requests a run and follows it. If the iModel already has an active run, follows that one. If that one does not suffice, for
 * example because it began before a file was uploaded, requests another when it has ended.
 * @param start - requests the run. If its answer is lost, the last run of the connection is read before it is repeated
 * @param isEnough - whether a run that another client requested suffices
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

/** Finds the run that an earlier request started although its answer was lost: the last run of the connection differs then. */
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
