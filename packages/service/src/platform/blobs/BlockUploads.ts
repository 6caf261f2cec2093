import { Readable } from "node:stream";
import { DOMParser, onErrorStopParsing, type Document } from "@xmldom/xmldom";
import { HttpError } from "../errors.js";
import { blocksPrefix, type BlobStatus, type ServedBlobStore } from "./BlobStore.js";
import { contentTooLarge } from "./uploadStream.js";

/** A block that has arrived and waits to be put together with others. */
export interface Block {
  /** Its id in base64, as the client chose it. */
  id: string;
  /** In bytes. */
  size: number;
}

/** The elements of a block list that name a block. */
const blockKinds: ReadonlySet<string> = new Set(["Latest", "Uncommitted", "Committed"]);

/** Azure's bound for the blocks of a blob. Twice as many tags, and a few around them, are parsed; more would take long. */
const maxBlocks = 50_000;
const maxTags = 2 * maxBlocks + 10;

/** Azure's bound for the id of a block, in bytes. */
const maxIdBytes = 64;

/**
 * Uploads in blocks, as Azure's block blobs have them: each block is sent by itself, again if need be, and a list of their
 * ids makes the blob. Blocks wait in the store as blobs of their own, so that an upload can be taken up again after a
 * failure of either side.
 */
export class BlockUploads {
  public constructor(
    private readonly _store: ServedBlobStore,
    private readonly _maxBytes: number,
  ) {}

  /**
   * Writes a block; one of the same id is replaced.
   * @throws HttpError 400 for an id that is not one
   */
  public async put(key: string, id: string, content: Readable): Promise<void> {
    await this._store.put(blockKey(key, id), content);
  }

  /** The blocks that have arrived for a blob. */
  public async list(key: string): Promise<Block[]> {
    const prefix = blocksPrefix(key);
    const blobs = await this._store.list(prefix);
    return blobs.map((blob) => ({
      id: Buffer.from(blob.key.slice(prefix.length), "hex").toString("base64"),
      size: blob.size,
    }));
  }

  /**
   * Makes a blob of blocks, in the order that is given, and removes all blocks that waited.
   * @throws HttpError 400 where a block is missing, 413 where they are too much
   */
  public async commit(key: string, ids: string[]): Promise<BlobStatus> {
    const sizes = new Map((await this.list(key)).map(({ id, size }) => [id, size]));
    // A client that did not hear of its success asks again.
    const made = sizes.size === 0 ? await this._store.stat(key) : undefined;
    if (made !== undefined) return made;
    if (totalOf(ids, sizes) > this._maxBytes) throw contentTooLarge();
    const status = await this._store.put(key, Readable.from(this._contents(key, ids)));
    await this._store.deleteAll(blocksPrefix(key));
    return status;
  }

  private async *_contents(key: string, ids: string[]): AsyncGenerator<Buffer> {
    for (const id of ids) yield* (await this._store.get(blockKey(key, id))) as AsyncIterable<Buffer>;
  }
}

/** The size of the blocks with some ids. A block may be used several times. */
function totalOf(ids: string[], sizes: Map<string, number>): number {
  return ids.reduce((sum, id) => {
    const size = sizes.get(id);
    if (size === undefined) throw invalidBlockList();
    return sum + size;
  }, 0);
}

/** Hexadecimal, as some file systems do not tell the letters of base64 apart by their case. */
function blockKey(key: string, id: string): string {
  const bytes = Buffer.from(id, "base64");
  if (bytes.length === 0 || bytes.length > maxIdBytes || bytes.toString("base64") !== id)
    throw new HttpError(400, "InvalidQueryParameterValue", "The id of a block is base64 of 1 to 64 bytes.", {
      target: "blockid",
    });
  return blocksPrefix(key) + bytes.toString("hex");
}

/**
 * The ids in the body that puts a blob together. Where to find a block (`Latest`, `Uncommitted`, `Committed`) makes no
 * difference here, as a blob is put together once.
 * @throws HttpError 400
 */
export function readBlockList(xml: string): string[] {
  try {
    if (xml.split("<", maxTags + 2).length > maxTags + 1) throw new Error("too long");
    return idsIn(new DOMParser({ onError: onErrorStopParsing }).parseFromString(xml, "text/xml"));
  } catch {
    throw invalidBlockList();
  }
}

/** A document type is refused: no client needs one, and entities could grow without a limit. */
function idsIn({ doctype, documentElement }: Document): string[] {
  if (doctype !== null || documentElement?.tagName !== "BlockList") throw new Error("not a list of blocks");
  return Array.from(documentElement.childNodes)
    .filter(({ nodeName }) => blockKinds.has(nodeName))
    .map(({ textContent }) => textContent?.trim() ?? "");
}

/** The answer to who asks which blocks have arrived, as Azure gives it. */
export function writeBlockList(blocks: Block[]): string {
  const entries = blocks.map(({ id, size }) => `<Block><Name>${id}</Name><Size>${size}</Size></Block>`);
  const uncommitted = `<UncommittedBlocks>${entries.join("")}</UncommittedBlocks>`;
  return `<?xml version="1.0" encoding="utf-8"?><BlockList><CommittedBlocks />${uncommitted}</BlockList>`;
}

function invalidBlockList(): HttpError {
  return new HttpError(400, "InvalidBlockList", "The list of blocks is not valid: a block of it has not arrived.");
}
