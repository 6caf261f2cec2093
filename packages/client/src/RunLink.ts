import { ClientError } from "./ClientError.js";

/** The two kinds of connections, as URLs name them. */
export type ConnectionSegment = "storageconnections" | "manifestconnections";

/** The URL of a run and its parts. */
export interface RunLink {
  /** The URL of the run. */
  url: string;
  /** The kind of the connection. */
  segment: ConnectionSegment;
  /** The id of the connection. */
  connectionId: string;
  /** The id of the run. */
  runId: string;
}

const pattern =
  /^\/synchronization\/imodels\/(?<segment>storageconnections|manifestconnections)\/(?<connectionId>[^/]+)\/runs\/(?<runId>[^/]+)\/?$/i;

/**
 * Parses the URL of a run.
 * @throws ClientError `usage/run-url`
 */
export function parseRunUrl(url: string): RunLink {
  const match = URL.canParse(url) ? pattern.exec(new URL(url).pathname) : null;
  if (match === null)
    throw new ClientError("usage/run-url", `${url} is not the URL of a run.`, {
      advice: "It looks like https://HOST/synchronization/imodels/storageconnections/CONNECTION/runs/RUN.",
    });
  const { segment, connectionId, runId } = match.groups as Omit<RunLink, "url">;
  return { url, segment: segment.toLowerCase() as ConnectionSegment, connectionId, runId };
}
