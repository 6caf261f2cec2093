import type { BlobStatus } from "../../platform/blobs/BlobStore.js";

/** Who keeps account of uploads. */
export interface UploadAccount {
  /** Whether there still is something that an upload can belong to. */
  isExpected(key: string): Promise<boolean>;
  /** Called for each complete upload, before the client gets its answer. */
  arrived(key: string, status: BlobStatus): Promise<void>;
}
