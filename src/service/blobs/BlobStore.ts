import type { Readable } from "node:stream";

/** How much a blob holds. */
export interface BlobStatus {
  /** In bytes. */
  size: number;
}

/**
 * Where the service keeps files: uploads, and the versions of iModels. A blob is written whole or not at all, and never
 * changes: new content gets a new key. Keys are paths of names in ASCII, divided by `/`, such as `files/<id>/<upload>`.
 */
export interface BlobStore {
  /**
   * An absolute URL to which whoever has it can PUT the content of a blob, whole or in blocks as Azure's block blobs are
   * written (`comp=block`, `comp=blocklist`), until it runs out.
   * @param origin - of the service, for stores that the service itself receives uploads for
   */
  uploadUrl(key: string, origin: string): Promise<string>;

  /**
   * An absolute URL from which whoever has it can GET a blob, until it runs out.
   * @param fileName - what the file is to be called where it is saved
   */
  downloadUrl(key: string, fileName: string, origin: string): Promise<string>;

  /** Undefined where there is no such blob. */
  stat(key: string): Promise<BlobStatus | undefined>;

  /** Writes a blob; one that was there is replaced. */
  put(key: string, content: Readable): Promise<BlobStatus>;

  /**
   * The content of a blob, as a stream.
   * @throws ConnectorError `service/blob-missing`
   */
  get(key: string): Promise<Readable>;

  /** Removes a blob, if it is there. */
  delete(key: string): Promise<void>;
}
