import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { undoAtExit } from "./undoAtExit.js";

/** A folder that nobody else uses. */
export interface TemporaryFolder {
  readonly path: string;
  /** Removes it. If the process ends before that, it is removed as well. */
  readonly remove: () => void;
}

/** Makes a folder that nobody else uses; who asks for it removes it. */
export function makeTemporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), "itwin-connector-framework-"));
  const removeFiles = () => rmSync(path, { recursive: true, force: true });
  const forget = undoAtExit(removeFiles);
  const remove = () => {
    removeFiles();
    forget();
  };
  return { path, remove };
}

/** Does what needs such a folder, and removes it. */
export async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const { path, remove } = makeTemporaryFolder();
  try {
    return await work(path);
  } finally {
    remove();
  }
}
