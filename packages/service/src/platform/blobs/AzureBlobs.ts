import type { Readable } from "node:stream";
import type { BlockBlobClient, ContainerClient } from "@azure/storage-blob";
import { blobMissing, toStatus, type BlobStatus, type BlobStore, type ByteRange } from "./BlobStore.js";
import { attachmentNamed } from "../contentDisposition.js";
import { importOptional } from "./importOptional.js";

/** What `put` holds of a blob in memory: so many blocks of so many bytes. */
const blockBytes = 8 * 1024 ** 2;
const blocksAtOnce = 4;

/** A store that cannot be reached is to say why before patience ends. */
const retryOptions = { maxTries: 4, retryDelayInMs: 500 };

/** What is needed to open a container. */
export interface AzureBlobsOptions {
  connectionString: string;
  container: string;
  /** How long the URLs for clients hold. */
  urlSeconds: number;
  /** Ends the attempt to reach the store. */
  signal?: AbortSignal;
}

/** Block blobs in a container of Azure Blob Storage. Clients upload and download there, past the service. */
export class AzureBlobs implements BlobStore {
  private constructor(
    private readonly _container: ContainerClient,
    private readonly _urlSeconds: number,
    private readonly _azure: typeof import("@azure/storage-blob"),
  ) {}

  /** Opens the container, which is made if it is missing. */
  public static async open({
    connectionString,
    container,
    urlSeconds,
    signal,
  }: AzureBlobsOptions): Promise<AzureBlobs> {
    const azure = await importOptional("@azure/storage-blob", () => import("@azure/storage-blob"));
    const service = azure.BlobServiceClient.fromConnectionString(connectionString, { retryOptions });
    const client = service.getContainerClient(container);
    await client.createIfNotExists({ abortSignal: signal });
    return new AzureBlobs(client, urlSeconds, azure);
  }

  public async uploadUrl(key: string): Promise<string> {
    const permissions = this._azure.BlobSASPermissions.parse("rcw"); // read: which blocks have arrived
    return this._blob(key).generateSasUrl({ permissions, ...this._validity() });
  }

  public async downloadUrl(key: string, fileName: string): Promise<string> {
    const permissions = this._azure.BlobSASPermissions.parse("r");
    const contentDisposition = attachmentNamed(fileName);
    return this._blob(key).generateSasUrl({ permissions, contentDisposition, ...this._validity() });
  }

  public async stat(key: string): Promise<BlobStatus | undefined> {
    try {
      const { contentLength, lastModified } = await this._blob(key).getProperties();
      return toStatus(key, contentLength, lastModified);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  public async put(key: string, content: Readable): Promise<BlobStatus> {
    await this._blob(key).uploadStream(content, blockBytes, blocksAtOnce);
    const status = await this.stat(key);
    if (status === undefined) throw blobMissing(key);
    return status;
  }

  public async get(key: string, range?: ByteRange): Promise<Readable> {
    const count = range && range.end - range.start + 1;
    try {
      const { readableStreamBody } = await this._blob(key).download(range?.start, count);
      return readableStreamBody as Readable;
    } catch (error) {
      throw isMissing(error) ? blobMissing(key, error) : error;
    }
  }

  public async delete(key: string): Promise<void> {
    await this._blob(key).deleteIfExists({ deleteSnapshots: "include" });
  }

  public async deleteAll(prefix: string): Promise<void> {
    for await (const { name } of this._container.listBlobsFlat({ prefix })) await this.delete(name);
  }

  private _validity(): { expiresOn: Date } {
    return { expiresOn: new Date(Date.now() + this._urlSeconds * 1000) };
  }

  private _blob(key: string): BlockBlobClient {
    return this._container.getBlockBlobClient(key);
  }
}

function isMissing(error: unknown): boolean {
  return (error as { statusCode?: number }).statusCode === 404;
}
