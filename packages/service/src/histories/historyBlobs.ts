import { createHash, type Hash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ConnectorError } from "itwin-connector-framework";
import type { RecordedChangeset } from "itwin-connector-framework/internal";
import type { BankLayout, FileStamp } from "itwin-connector-framework/internal";
import type { HistoryGain } from "itwin-connector-framework/internal";
import type { Checkpoint } from "itwin-connector-framework/internal";
import type { BlobStore } from "../platform/blobs/BlobStore.js";

/** A file of the history of an iModel: where it is in the blob store and in a bank, and what it must be like. */
export interface HistoryFile extends FileStamp {
  key: string;
  path: string;
}

/** The blob of a changeset. Its id is a hash of what is in it. */
export function changesetKey(iModelId: string, { id }: Pick<RecordedChangeset, "id">): string {
  return `imodels/${iModelId}/changesets/${id}`;
}

/** The blob of a checkpoint. Two machines may make it of one version, byte by byte not the same: each has its own key. */
export function checkpointKey(iModelId: string, { changesetIndex, checksum }: Checkpoint): string {
  return `imodels/${iModelId}/checkpoints/${changesetIndex}-${checksum}`;
}

/** All files of changesets and checkpoints. */
export function historyFiles(
  layout: BankLayout,
  iModelId: string,
  { changesets, checkpoints }: HistoryGain,
): HistoryFile[] {
  const ofCheckpoints = checkpoints.map((checkpoint) => ({
    key: checkpointKey(iModelId, checkpoint),
    path: layout.checkpoint(iModelId, checkpoint.changesetIndex),
    size: checkpoint.size,
    checksum: checkpoint.checksum,
  }));
  const ofChangesets = changesets.map((changeset) => ({
    key: changesetKey(iModelId, changeset),
    path: layout.changeset(iModelId, changeset.id),
    size: changeset.size,
    checksum: changeset.checksum,
  }));
  return [...ofCheckpoints, ...ofChangesets];
}

/**
 * Sends a file to the blob store.
 * @throws ConnectorError `service/file-damaged` where it is not what was recorded; then there is no blob
 */
export async function upload(blobs: BlobStore, { key, path, checksum }: HistoryFile): Promise<void> {
  const hash = createHash("sha256");
  const content = Readable.from(
    checked(createReadStream(path), hash, checksum, () => damagedFile(path)),
    {
      objectMode: false,
    },
  );
  await blobs.put(key, content);
}

/**
 * Brings a blob to a path.
 * @throws ConnectorError `service/blob-missing`, `service/blob-damaged`
 */
export async function download(blobs: BlobStore, { key, checksum }: HistoryFile, path: string): Promise<void> {
  const content = await blobs.get(key);
  const hash = createHash("sha256");
  await pipeline(
    content,
    (chunks: AsyncIterable<Buffer>) => checked(chunks, hash, checksum, () => damagedBlob(key)),
    createWriteStream(path),
  );
}

/** Hands the content on, and fails at its end where it is not what it should be. */
async function* checked(
  chunks: AsyncIterable<Buffer>,
  hash: Hash,
  checksum: string,
  damage: () => Error,
): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest("hex") !== checksum) throw damage();
}

function damagedFile(path: string): ConnectorError {
  return new ConnectorError("service/file-damaged", `${path} is not what was written: its checksum differs.`, {
    recovery: "retriable",
    advice: "Check the disk of this machine, and run again.",
  });
}

function damagedBlob(key: string): ConnectorError {
  return new ConnectorError("service/blob-damaged", `The file ${key} in the storage of the service is damaged.`, {
    advice: "Restore it from a backup.",
  });
}
