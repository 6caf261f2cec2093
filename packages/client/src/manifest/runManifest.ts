import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { ClientError, messageOf } from "../ClientError.js";
import type { ManifestBody } from "../ConnectionsClient.js";
import { outcomesOf, type RunFile, type RunOutcome } from "../outcomes.js";
import { runToEnd, type RunProgress, type RunToEndOptions } from "../runToEnd.js";
import type { ServiceClient } from "../ServiceClient.js";
import { LocalFileServer } from "./LocalFileServer.js";
import { hasLocalFiles, replaceLocalFiles } from "./localFiles.js";

/** Which manifest to run. */
export interface RunManifestOptions extends RunToEndOptions {
  client: ServiceClient;
  /** The id of the manifest connection. */
  connectionId: string;
  /** The path of a JSON file with the manifest, whose form is in run-manifest-connection.md. */
  manifest: string;
  onProgress?: (progress: RunProgress) => void;
}

/** What came of it. Where the run is not new and was not waited for, the manifest has not been run. */
export interface RunManifestResult extends RunOutcome {
  connectionId: string;
}

/**
 * Runs a manifest. URLs in it that are paths of files on this machine, from the folder of the manifest, are served for the time
 * of the run, where the service is on this machine too.
 * @throws ClientError `usage/...` before anything is sent; `client/...`
 */
export async function runManifest(options: RunManifestOptions): Promise<RunManifestResult> {
  const path = resolve(options.manifest);
  const manifest = await readManifest(path);
  if (!hasLocalFiles(manifest)) return run(manifest, options);
  ensureServable(path, options);
  const server = await LocalFileServer.start();
  try {
    return await run(
      replaceLocalFiles(manifest, dirname(path), (file) => server.serve(file)),
      options,
    );
  } finally {
    await server.close();
  }
}

async function run(manifest: ManifestBody, options: RunManifestOptions): Promise<RunManifestResult> {
  const { client, connectionId, signal } = options;
  const connection = { connections: client.manifestConnections, connectionId };
  const start = async () => client.manifestConnections.run(connectionId, manifest, { signal });
  const runFiles = filesOf(manifest);
  options.onProgress?.({ step: "files", connectionId, files: runFiles });
  // Whatever another run did, it was not told of this manifest.
  const { url, isNew, run: seen } = await runToEnd(client, connection, start, () => false, options);
  const files = outcomesOf(runFiles, seen);
  return { connectionId, runUrl: url, isNewRun: isNew, result: seen?.result ?? "Undetermined", files, run: seen };
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

async function readManifest(path: string): Promise<ManifestBody> {
  try {
    const manifest: unknown = JSON.parse((await readFile(path, "utf8")).replace(/^\ufeff/, ""));
    if (isManifest(manifest)) return manifest;
    throw new Error("it has not the form of one");
  } catch (error) {
    throw new ClientError("usage/manifest", `The manifest cannot be read: ${messageOf(error)}`, {
      cause: error,
      file: path,
      advice: 'It is JSON of the form { "sourceFiles": [{ "id", "name", "url", "connectorType" }] }.',
    });
  }
}

/** As far as it is looked into here; the service checks the rest. */
function isManifest(value: unknown): value is ManifestBody {
  if (!isObject(value)) return false;
  const { documentAttributeSchemaUrl, sourceFiles = [] } = value;
  return isOptionalText(documentAttributeSchemaUrl) && areFiles(sourceFiles);
}

function areFiles(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((file: unknown) => isObject(file) && isOptionalText(file.url) && areFiles(file.children ?? []))
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isOptionalText(value: unknown): boolean {
  return value === undefined || typeof value === "string";
}

function ensureServable(path: string, { client, wait }: RunManifestOptions): void {
  const { hostname } = new URL(client.url);
  const isHere = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  if (isHere && wait !== false) return;
  const why = isHere
    ? "they are served until the run is over, which is not waited for"
    : `${hostname} cannot reach them`;
  throw new ClientError("usage/local-files", `The manifest names files on this machine; ${why}.`, {
    file: path,
    advice: isHere
      ? "Wait for the end of the run."
      : "Put the files where the service can reach them, and give their URLs.",
  });
}
