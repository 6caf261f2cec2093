import { open } from "node:fs/promises";

/** Brings what was written to a file to the disk. Windows does so only for who may write to it. */
export async function syncFile(path: string): Promise<void> {
  await sync(path, "r+");
}

/** The same for the names in a folder. Windows cannot open folders, and need not: NTFS keeps a journal of its own. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform !== "win32") await sync(path, "r");
}

async function sync(path: string, flags: "r" | "r+"): Promise<void> {
  const handle = await open(path, flags);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
