import type { Run } from "./types.js";
import type { CallOptions } from "./http/api.js";
import { inStep } from "./explain.js";
import type { ServiceClient } from "./ServiceClient.js";
import { pause } from "./http/pause.js";

/** How a run is followed. */
export interface FollowOptions extends CallOptions {
  /** Called with the run after each request. */
  onRun?: (run: Run) => void;
  /** The pause before the second request, which grows by half with each further one. In milliseconds. Default: 500. */
  firstInterval?: number;
  /** The longest pause between two requests. In milliseconds. Default: 10,000. */
  longestInterval?: number;
}

/**
 * Waits for the end of a run by asking for its state again and again.
 * @param url - the URL of the run
 * @returns the run, whose `state` is `Completed`
 * @throws ClientError `client/...`; the run continues
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
