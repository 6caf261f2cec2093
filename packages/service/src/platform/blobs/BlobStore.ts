import type { Readable } from "node:stream";
import { ConnectorError } from "itwin-connector-framework";
import type { UrlSigner } from "./UrlSigner.js";

/** What is known of a blob. */
export interface BlobStatus {
  /** In bytes. */
  size: number;
  /** When its content arrived, as the store's clock has it. */
  modifiedAt: Date;
}

/** A part of a blob, in bytes: from `start` to `end`, both of them in it. */
export interface ByteRange {
  start: number;
  end: number;
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

  /** Writes a blob; one that was there is replaced. A stream that breaks off leaves what was there. */
  put(key: string, content: Readable): Promise<BlobStatus>;

  /**
   * The content of a blob, as a stream.
   * @param range - the part that is wanted. Default: all.
   * @throws ConnectorError `service/blob-missing`
   */
  get(key: string, range?: ByteRange): Promise<Readable>;

  /** Removes a blob, if it is there, and blocks for it that were never put together. */
  delete(key: string): Promise<void>;

  /** Removes the blobs whose keys start so. `prefix` ends with `/`. */
  deleteAll(prefix: string): Promise<void>;
}

/**
 * What a store reports of a blob.
 * @throws Error where it leaves something out
 */
export function toStatus(key: string, size: number | undefined, modifiedAt: Date | undefined): BlobStatus {
  if (size === undefined || modifiedAt === undefined) throw new Error(`the store does not describe the blob ${key}`);
  return { size, modifiedAt };
}

/** A blob in a list. */
export interface ListedBlob {
  key: string;
  /** In bytes. */
  size: number;
}

/** A store that clients reach through the service, at `/blobs`. */
export interface ServedBlobStore extends BlobStore {
  /** Makes and checks the URLs. */
  readonly signer: UrlSigner;

  /** The blobs whose keys start so. `prefix` ends with `/`. */
  list(prefix: string): Promise<ListedBlob[]>;
}

/** Whether clients reach a store through the service. */
export function isServed(blobs: BlobStore): blobs is ServedBlobStore {
  return "signer" in blobs;
}

/** Where the blocks of a blob wait until they are put together: the start of their keys. */
export function blocksPrefix(key: string): string {
  return `blocks/${key}/`;
}

/** A blob that should be there and is not. */
export function blobMissing(key: string, cause?: unknown): ConnectorError {
  return new ConnectorError("service/blob-missing", `The file ${key} is not in the storage of the service.`, {
    advice: "Restore it from a backup, or upload it again.",
    cause,
  });
}
