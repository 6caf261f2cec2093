import { join, resolve } from "node:path";
import { ConnectorError } from "itwin-connector-framework";
import { messageOf } from "itwin-connector-framework/internal";
import type { AzureStorageConfig, ServiceConfig } from "../config/ServiceConfig.js";
import { AzureBlobs } from "./AzureBlobs.js";
import type { BlobStore } from "./BlobStore.js";
import { FolderBlobs } from "./FolderBlobs.js";
import { S3Blobs } from "./S3Blobs.js";
import type { UrlSigner } from "./UrlSigner.js";

/** How long a store may take to answer when the service starts, in milliseconds. */
const patience = 15_000;

/**
 * Opens the store that the configuration names.
 * @param signer - signs the URLs of stores that clients reach through the service
 * @throws ConnectorError `service/storage` where it cannot be reached or used, and `service/missing-package`
 */
export async function openBlobStore(config: ServiceConfig, signer: UrlSigner): Promise<BlobStore> {
  try {
    return await open(config, signer);
  } catch (error) {
    if (error instanceof ConnectorError) throw error;
    throw new ConnectorError("service/storage", `The storage for files cannot be used: ${messageOf(error)}`, {
      advice: "Check `storage` in the configuration, and that it can be reached from here.",
      cause: error,
    });
  }
}

async function open(config: ServiceConfig, signer: UrlSigner): Promise<BlobStore> {
  const { storage, limits } = config;
  const signal = AbortSignal.timeout(patience);
  switch (storage.kind) {
    case "folder":
      return FolderBlobs.open(resolve(storage.folder ?? join(config.dataDirectory, "blobs")), signer);
    case "azure": {
      const connectionString = connectionStringOf(storage);
      return AzureBlobs.open({
        connectionString,
        container: storage.container,
        urlSeconds: limits.signedUrlSeconds,
        signal,
      });
    }
    case "s3":
      return S3Blobs.open({ config: storage, signer, maxBytes: limits.uploadBytes, signal });
  }
}

function connectionStringOf({ connectionString, connectionStringVariable }: AzureStorageConfig): string {
  const found = connectionString ?? (connectionStringVariable && process.env[connectionStringVariable]);
  if (found) return found;
  throw new Error(
    connectionStringVariable === undefined
      ? "there is no connection string for Azure"
      : `the environment variable ${connectionStringVariable} with the connection string for Azure is not set`,
  );
}
