import type { Run } from "./api/types.js";
import type { CallOptions } from "./http/api.js";
import { inStep } from "./explain.js";
import type { ServiceClient } from "./ServiceClient.js";
import { pause } from "./http/pause.js";

/** How a run is followed. */
export interface FollowOptions extends CallOptions {
  /** Is told of the run each time it was looked at. */
  onRun?: (run: Run) => void;
  /** How long to wait before the second look, in milliseconds; half as long again before each further one. Default: 500. */
  firstInterval?: number;
  /** The longest wait between two looks, in milliseconds. Default: 10,000. */
  longestInterval?: number;
}

/**
 * Looks at a run until it is over.
 * @param url - of the run
 * @throws ClientError `client/...`; the run goes on all the same
 */
export async function followRun(
  client: ServiceClient,
  url: string,
  { signal, onRun, firstInterval = 500, longestInterval = 10_000 }: FollowOptions = {},
): Promise<Run> {
  for (let interval = firstInterval; ; interval = Math.min(1.5 * interval, longestInterval)) {
    const run = await inStep(`looking at the run ${url}, which goes on`, async () => client.getRun(url, { signal }));
    onRun?.(run);
    if (run.state === "Completed") return run;
    await pause(interval, signal);
  }
}
