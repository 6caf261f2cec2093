import type { Readable } from "node:stream";
import type { ListObjectsV2CommandOutput, S3Client } from "@aws-sdk/client-s3";
import type { S3StorageConfig } from "../config/ServiceConfig.js";
import {
  blobMissing,
  blocksPrefix,
  toStatus,
  type BlobStatus,
  type ByteRange,
  type ListedBlob,
  type ServedBlobStore,
} from "./BlobStore.js";
import { importOptional } from "./importOptional.js";
import type { UrlSigner } from "./UrlSigner.js";

/** What `put` holds of a blob in memory: so many parts of so many bytes. */
const partsAtOnce = 4;
const minPartBytes = 8 * 1024 ** 2;
/** S3 takes no more parts of an object. */
const maxParts = 10_000;

type ClientPackage = typeof import("@aws-sdk/client-s3");
type UploadPackage = typeof import("@aws-sdk/lib-storage");

/** What is needed to open a bucket. */
export interface S3BlobsOptions {
  config: S3StorageConfig;
  signer: UrlSigner;
  /** The largest blob to expect, in bytes. */
  maxBytes: number;
  /** Ends the attempt to reach the store. */
  signal?: AbortSignal;
}

/** Blobs as objects in a bucket of a storage that speaks S3. Uploads and downloads go through the service itself. */
export class S3Blobs implements ServedBlobStore {
  private constructor(
    public readonly signer: UrlSigner,
    private readonly _client: S3Client,
    private readonly _bucket: string,
    private readonly _partBytes: number,
    private readonly _s3: ClientPackage,
    private readonly _upload: UploadPackage["Upload"],
  ) {}

  /** Opens a bucket, which must be there. */
  public static async open({ config, signer, maxBytes, signal }: S3BlobsOptions): Promise<S3Blobs> {
    const s3 = await importOptional("@aws-sdk/client-s3", () => import("@aws-sdk/client-s3"));
    const { Upload } = await importOptional("@aws-sdk/lib-storage", () => import("@aws-sdk/lib-storage"));
    const client = makeClient(s3, config);
    await client.send(new s3.HeadBucketCommand({ Bucket: config.bucket }), { abortSignal: signal });
    const partBytes = Math.max(minPartBytes, Math.ceil(maxBytes / maxParts));
    return new S3Blobs(signer, client, config.bucket, partBytes, s3, Upload);
  }

  public async uploadUrl(key: string, origin: string): Promise<string> {
    return this.signer.sign(origin, key, "upload");
  }

  public async downloadUrl(key: string, fileName: string, origin: string): Promise<string> {
    return this.signer.sign(origin, key, "download", fileName);
  }

  public async stat(key: string): Promise<BlobStatus | undefined> {
    try {
      const { ContentLength, LastModified } = await this._client.send(
        new this._s3.HeadObjectCommand(this._object(key)),
      );
      return toStatus(key, ContentLength, LastModified);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  public async put(key: string, content: Readable): Promise<BlobStatus> {
    const upload = new this._upload({
      client: this._client,
      params: { ...this._object(key), Body: content },
      partSize: this._partBytes,
      queueSize: partsAtOnce,
    });
    try {
      await upload.done();
    } catch (error) {
      throw content.errored ?? error; // what the clean-up after a stream that broke off comes to is of less interest
    }
    const status = await this.stat(key);
    if (status === undefined) throw blobMissing(key);
    return status;
  }

  public async get(key: string, range?: ByteRange): Promise<Readable> {
    const Range = range && `bytes=${range.start}-${range.end}`;
    try {
      const { Body } = await this._client.send(new this._s3.GetObjectCommand({ ...this._object(key), Range }));
      return Body as Readable;
    } catch (error) {
      throw isMissing(error) ? blobMissing(key, error) : error;
    }
  }

  public async delete(key: string): Promise<void> {
    await this._remove(key);
    await this.deleteAll(blocksPrefix(key));
  }

  public async deleteAll(prefix: string): Promise<void> {
    for (const { key } of await this.list(prefix)) await this._remove(key);
  }

  public async list(prefix: string): Promise<ListedBlob[]> {
    const found: ListedBlob[] = [];
    let next: string | undefined;
    do {
      const page: ListObjectsV2CommandOutput = await this._client.send(
        new this._s3.ListObjectsV2Command({ Bucket: this._bucket, Prefix: prefix, ContinuationToken: next }),
      );
      for (const { Key: key, Size: size } of page.Contents ?? [])
        if (key !== undefined && size !== undefined) found.push({ key, size });
      next = page.NextContinuationToken;
    } while (next !== undefined);
    return found;
  }

  private async _remove(key: string): Promise<void> {
    await this._client.send(new this._s3.DeleteObjectCommand(this._object(key)));
  }

  private _object(key: string): { Bucket: string; Key: string } {
    return { Bucket: this._bucket, Key: key };
  }
}

function makeClient({ S3Client }: ClientPackage, config: S3StorageConfig): S3Client {
  const { endpoint, region = "us-east-1", accessKeyId, secretAccessKey } = config;
  return new S3Client({
    endpoint,
    region,
    forcePathStyle: config.forcePathStyle ?? endpoint !== undefined,
    credentials:
      accessKeyId === undefined || secretAccessKey === undefined ? undefined : { accessKeyId, secretAccessKey },
    // The checksums that the SDK adds by itself are not understood by all that speaks S3.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
}

function isMissing(error: unknown): boolean {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 404;
}
