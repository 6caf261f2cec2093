import type { Readable } from "node:stream";

/** The current content of a file in the storage. */
export interface StoredContent {
  /** The path of the file in the storage, its name included. */
  path: string;
  content: Readable;
}

/** The files of the storage, as a worker needs them: a part of `StorageFiles`. */
export interface Files {
  /** @throws ConnectorError where there is no such file, or nothing was uploaded */
  openContent(itemId: string): Promise<StoredContent>;
}
