import * as zlib from "node:zlib";

/** An entry of a zip that unpacks to more is taken for an attack on the memory. */
const largestEntry = 2 ** 30;

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const deflated = 8;

/** What is wrong with a zip, as a part of a sentence. */
export class ZipError extends Error {}

/** The files in a zip, by their names. */
export type ZipFiles = Map<string, Buffer>;

interface Entry {
  name: string;
  method: number;
  crc: number;
  size: number;
  data: Buffer;
}

/**
 * Unpacks a zip, and compares what is in it with the checksums in its directory, which the parser does not: a changed byte
 * would be a changed value.
 * @throws ZipError
 */
export function unzip(zip: Buffer): ZipFiles {
  try {
    return new Map(Array.from(readEntries(zip), (entry) => [entry.name, unpack(entry)]));
  } catch (error) {
    if (error instanceof ZipError) throw error;
    const fault = error instanceof RangeError ? "it is cut off" : `its content cannot be unpacked (${String(error)})`;
    throw new ZipError(fault, { cause: error });
  }
}

function unpack({ name, method, data, size, crc }: Entry): Buffer {
  const content = method === deflated ? zlib.inflateRawSync(data, { maxOutputLength: largestEntry }) : data;
  if (content.length === size && zlib.crc32(content) === crc) return content;
  throw new ZipError(`${name} has another checksum than it should`);
}

/** The entries as the directory at the end of the file lists them. */
function* readEntries(zip: Buffer): Generator<Entry> {
  const end = zip.lastIndexOf(Buffer.from("PK\x05\x06"));
  if (end < 0 || zip.readUInt32LE(end) !== endSignature) throw new RangeError("no directory");
  let position = zip.readUInt32LE(end + 16);
  for (let count = zip.readUInt16LE(end + 10); count > 0; count--) {
    if (zip.readUInt32LE(position) !== entrySignature) throw new RangeError("no entry");
    const nameLength = zip.readUInt16LE(position + 28);
    const name = zip.toString("utf8", position + 46, position + 46 + nameLength);
    yield { name, ...readEntry(zip, position) };
    position += 46 + nameLength + zip.readUInt16LE(position + 30) + zip.readUInt16LE(position + 32);
  }
}

function readEntry(zip: Buffer, position: number): Omit<Entry, "name"> {
  const local = zip.readUInt32LE(position + 42);
  const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  const packed = zip.readUInt32LE(position + 20);
  if (start + packed > zip.length) throw new RangeError("cut off");
  return {
    method: zip.readUInt16LE(position + 10),
    crc: zip.readUInt32LE(position + 16),
    size: zip.readUInt32LE(position + 24),
    data: zip.subarray(start, start + packed),
  };
}
