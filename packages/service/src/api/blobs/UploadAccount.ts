import type { BlobStatus } from "../../platform/blobs/BlobStore.js";

/** Who keeps account of uploads. */
export interface UploadAccount {
  /** Whether there still is something that an upload can belong to. */
  isExpected(key: string): Promise<boolean>;
  /** Is told of each upload that has arrived whole, before the client is. */
  arrived(key: string, status: BlobStatus): Promise<void>;
}
