import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";

/** Identifies the content of a file. */
export interface FileStamp {
  /** In bytes. */
  size: number;
  /** SHA-256, in hexadecimal digits. */
  checksum: string;
}

/** Reads a whole file and returns its size and checksum. */
export async function stampOf(path: string): Promise<FileStamp> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return { size: (await stat(path)).size, checksum: hash.digest("hex") };
}

/** How a file can differ from the one that was recorded. */
export type FileFault = "missing" | "altered";

/** Compares a file with its recorded stamp. Returns undefined if they agree. */
export async function faultOf(path: string, expected: FileStamp): Promise<FileFault | undefined> {
  if (!existsSync(path)) return "missing";
  const { size, checksum } = await stampOf(path);
  return size === expected.size && checksum === expected.checksum ? undefined : "altered";
}
