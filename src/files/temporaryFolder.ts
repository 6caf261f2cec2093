import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Makes a folder that nobody else uses; who asks for it removes it. */
export function makeTemporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "itwin-connector-framework-"));
}

/** Does what needs such a folder, and removes it. */
export async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = makeTemporaryFolder();
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
