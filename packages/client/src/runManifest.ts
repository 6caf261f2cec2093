import type { ManifestBody } from "./connections/ManifestConnectionsClient.js";
import { outcomesOf, type RunFile, type RunOutcome } from "./outcomes.js";
import { runToEnd, type RunProgress, type RunToEndOptions } from "./runToEnd.js";
import type { ServiceClient } from "./ServiceClient.js";

/** The manifest to run, and how to wait for the end of the run. */
export interface RunManifestOptions extends RunToEndOptions {
  /** The client of the service that has the manifest connection. */
  client: ServiceClient;
  /** The id of the manifest connection. */
  connectionId: string;
  /** The manifest, in the form that the service documents for the run of a manifest connection. */
  manifest: ManifestBody;
  /** Called whenever there is news of the run. */
  onProgress?: (progress: RunProgress) => void;
}

/** The result of a manifest. If the run is not new and you did not wait for its end, the manifest has not been run. */
export interface RunManifestResult extends RunOutcome {
  /** The id of the manifest connection. */
  connectionId: string;
}

/**
 * Runs a manifest and follows the run to its end. If the iModel already has an active run, waits for the end of that run and
 * then requests another: no other run knows this manifest.
 * @throws ClientError `client/...`, which names the step that failed
 */
export async function runManifest(options: RunManifestOptions): Promise<RunManifestResult> {
  const { client, connectionId, manifest, signal, onProgress } = options;
  const connection = { connections: client.manifestConnections, connectionId };
  const start = async () => client.manifestConnections.run(connectionId, manifest, { signal });
  const runFiles = filesOf(manifest);
  onProgress?.({ step: "files", connectionId, files: runFiles });
  const { url, isNew, run } = await runToEnd(client, connection, start, () => false, options);
  const files = outcomesOf(runFiles, run);
  return { connectionId, runUrl: url, isNewRun: isNew, result: run?.result ?? "Undetermined", files, run };
}

function filesOf({ sourceFiles = [] }: ManifestBody): RunFile[] {
  return sourceFiles
    .flatMap((file) => [file, ...(file.children ?? [])])
    .map(({ id, name = id, connectorType, connector = "" }) => ({
      id,
      name,
      connectorType: connectorType ?? connector,
    }));
}
