import { ClientError } from "./ClientError.js";

/** The two kinds of connections, by what they are called in URLs. */
export type ConnectionSegment = "storageconnections" | "manifestconnections";

/** Where a run is. */
export interface RunLink {
  /** The URL of the run. */
  url: string;
  segment: ConnectionSegment;
  connectionId: string;
  runId: string;
}

const pattern = /^\/synchronization\/imodels\/(storageconnections|manifestconnections)\/([^/]+)\/runs\/([^/]+)\/?$/i;

/**
 * Takes the URL of a run apart.
 * @throws ClientError `usage/run-url`
 */
export function parseRunUrl(url: string): RunLink {
  const parts = URL.canParse(url) ? pattern.exec(new URL(url).pathname) : null;
  if (parts === null)
    throw new ClientError("usage/run-url", `${url} is not the URL of a run.`, {
      advice: "It looks like https://HOST/synchronization/imodels/storageconnections/CONNECTION/runs/RUN.",
    });
  const [, segment, connectionId, runId] = parts as unknown as [string, string, string, string];
  return { url, segment: segment.toLowerCase() as ConnectionSegment, connectionId, runId };
}
