import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { DocumentProperties } from "../../sync/documents/DocumentProperties.js";

/**
 * What identifies a document, and the state it is in.
 *
 * A document in the same state as in the last successful run is skipped whole. Its version or its checksum makes up that
 * state, together with the connector's version and arguments; without both it is read in every run.
 * @public
 */
export interface SourceDocument {
  /** The same in every version of the document, such as its file name. */
  id: string;
  /** A revision or the like. Where it is given, the checksum is not looked at. */
  version?: string;
  /** A hash of the content. */
  checksum?: string;
  /** Where the document can be found. */
  url?: string;
  /** What else is known of it. */
  properties?: DocumentProperties;
}

/** So many bytes are read at a time. */
const chunkSize = 1 << 20;

/**
 * The SHA-256 of a file, which is read as a stream: about a second for a gigabyte.
 * @param onProgress - is told how many bytes are done, of how many
 * @public
 */
export async function hashFile(path: string, onProgress?: (done: number, total: number) => void): Promise<string> {
  const { size } = await stat(path);
  const hash = createHash("sha256");
  let done = 0;
  for await (const bytes of createReadStream(path, { highWaterMark: chunkSize }) as AsyncIterable<Buffer>) {
    hash.update(bytes);
    onProgress?.((done += bytes.length), size);
  }
  return hash.digest("base64url");
}
