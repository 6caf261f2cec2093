import { readFile } from "node:fs/promises";

/** Reads a JSON file, with or without a byte order mark. @throws what `readFile` and `JSON.parse` throw */
export async function readJson(path: string): Promise<unknown> {
  return JSON.parse((await readFile(path, "utf8")).replace(/^\ufeff/, ""));
}
