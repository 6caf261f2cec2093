import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import {
  ClientError,
  runManifest,
  type ManifestBody,
  type RunManifestOptions,
  type RunManifestResult,
} from "itwin-connector-client";
import { messageOf } from "../ClientError.js";
import { LocalFileServer } from "./LocalFileServer.js";
import { hasLocalFiles, replaceLocalFiles } from "./localFiles.js";

/** Options of `runManifestFile`. */
export interface RunManifestFileOptions extends Omit<RunManifestOptions, "manifest"> {
  /** The path of a JSON file with the manifest. */
  manifest: string;
}

/**
 * Runs a manifest that is in a file. A URL in it may be the path of a local file, relative to the folder of the manifest:
 * the file is served on 127.0.0.1 until the run ends. The service must run on this machine and allow 127.0.0.1 in its
 * manifests.
 * @throws ClientError `usage/manifest`, `usage/no-file` or `usage/local-files` before anything is sent; `client/...`
 */
export async function runManifestFile(options: RunManifestFileOptions): Promise<RunManifestResult> {
  const path = resolve(options.manifest);
  const manifest = await readManifest(path);
  if (!hasLocalFiles(manifest)) return runManifest({ ...options, manifest });
  ensureServable(path, options);
  const server = await LocalFileServer.start();
  try {
    const served = replaceLocalFiles(manifest, dirname(path), (file) => server.serve(file));
    return await runManifest({ ...options, manifest: served });
  } finally {
    await server.close();
  }
}

async function readManifest(path: string): Promise<ManifestBody> {
  try {
    const manifest: unknown = JSON.parse((await readFile(path, "utf8")).replace(/^\ufeff/, ""));
    if (isManifest(manifest)) return manifest;
    throw new Error("it does not have the form of a manifest");
  } catch (error) {
    throw new ClientError("usage/manifest", `The manifest cannot be read: ${messageOf(error)}`, {
      cause: error,
      file: path,
      advice: 'It is JSON of the form { "sourceFiles": [{ "id", "name", "url", "connectorType" }] }.',
    });
  }
}

/** Checks what is read here. The service checks the rest. */
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

function ensureServable(path: string, { client, wait }: RunManifestFileOptions): void {
  const { hostname } = new URL(client.url);
  const isHere = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  if (isHere && wait !== false) return;
  const why = isHere ? "they are served until the end of the run, but wait is false" : `${hostname} cannot reach them`;
  throw new ClientError("usage/local-files", `The manifest names files on this machine; ${why}.`, {
    file: path,
    advice: isHere
      ? "Wait for the end of the run."
      : "Put the files where the service can reach them, and give their URLs.",
  });
}
