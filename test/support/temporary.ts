import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folders: string[] = [];

/** A new folder for one test, removed at the end of all. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "connector-framework-"));
  folders.push(folder);
  return folder;
}

/** Removes what `temporaryFolder` made. */
export function removeTemporaryFolders(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

/** Makes the folder that all processes of the tests share. */
export function makeSharedFolder(): void {
  process.env.TEST_SHARED_FOLDER = mkdtempSync(join(tmpdir(), "connector-framework-shared-"));
}

/** The folder that all processes of the tests share, until they are over. */
export function sharedFolder(): string {
  return process.env.TEST_SHARED_FOLDER!;
}

/** Removes what `makeSharedFolder` made. */
export function removeSharedFolder(): void {
  rmSync(sharedFolder(), { recursive: true, force: true });
}

/** What a file holds, as a hash: the same for the same bytes. */
export function contentOf(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}
