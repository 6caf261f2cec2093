import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { extname, join, sep } from "node:path";
import { send } from "./answers.js";
import { HttpError } from "./HttpError.js";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
};

/**
 * Sends a file of the page.
 * @param folder - what lies outside of it is not sent, whatever the path and wherever links lead
 * @throws HttpError 404
 */
export async function sendPageFile(response: ServerResponse, folder: string | undefined, path: string): Promise<void> {
  const file = folder === undefined ? undefined : await findFile(folder, path === "/" ? "/index.html" : path);
  const type = types[extname(file ?? "").toLowerCase()];
  if (file === undefined || type === undefined) throw new HttpError(404, "server/not-found", "There is no such file.");
  await send(response, createReadStream(file), type, { "Cache-Control": "no-cache" });
}

async function findFile(folder: string, path: string): Promise<string | undefined> {
  const name = decode(path);
  if (name === undefined || /[\\\0]/.test(name)) return undefined;
  try {
    const [root, file] = [await realpath(folder), await realpath(join(folder, name))];
    return file.startsWith(root + sep) && (await stat(file)).isFile() ? file : undefined;
  } catch {
    return undefined; // there is no such file
  }
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
