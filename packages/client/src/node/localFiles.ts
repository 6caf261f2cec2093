import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ClientError, type ManifestBody } from "itwin-connector-client";

/**
 * Replaces each URL of a manifest that is the path of a file on this machine.
 * @param folder - the folder that relative paths start from
 * @throws ClientError `usage/no-file`
 */
export function replaceLocalFiles(
  manifest: ManifestBody,
  folder: string,
  toUrl: (path: string) => string,
): ManifestBody {
  const replace = (url: string | undefined, place: string) => {
    if (url === undefined || !isLocal(url)) return url;
    return toUrl(pathOf(url, folder, place));
  };
  const { documentAttributeSchemaUrl, sourceFiles } = manifest;
  return {
    ...manifest,
    documentAttributeSchemaUrl: replace(documentAttributeSchemaUrl, "documentAttributeSchemaUrl"),
    sourceFiles: sourceFiles?.map((file, index) => ({
      ...file,
      url: replace(file.url, `sourceFiles[${index}].url`),
      children: file.children?.map((child, number) => ({
        ...child,
        url: replace(child.url, `sourceFiles[${index}].children[${number}].url`),
      })),
    })),
  };
}

/** Whether a manifest names any file of this machine. */
export function hasLocalFiles(manifest: ManifestBody): boolean {
  const { documentAttributeSchemaUrl, sourceFiles = [] } = manifest;
  const files = sourceFiles.flatMap(({ url, children = [] }) => [url, ...children.map((child) => child.url)]);
  return [documentAttributeSchemaUrl, ...files].some((url) => url !== undefined && isLocal(url));
}

/** True without a scheme or with `file:`. `C:\plant.csv` has no scheme: a scheme has more letters than one. */
function isLocal(url: string): boolean {
  return /^file:/i.test(url) || !/^[a-z][a-z\d+.-]+:/i.test(url);
}

function pathOf(url: string, folder: string, place: string): string {
  const path = toPath(url, folder);
  if (path !== undefined && existsSync(path)) return path;
  throw new ClientError("usage/no-file", `${place} names a file that does not exist.`, {
    file: path ?? url,
    advice: "Give a URL, or a path that starts at the folder of the manifest.",
  });
}

/** Undefined for the URL of a file on another machine. */
function toPath(url: string, folder: string): string | undefined {
  if (!/^file:/i.test(url)) return resolve(folder, url);
  try {
    return fileURLToPath(url);
  } catch {
    return undefined;
  }
}
