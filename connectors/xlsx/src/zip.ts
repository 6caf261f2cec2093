import * as zlib from "node:zlib";

/** An entry of a zip that unpacks to more is taken for an attack on the memory. */
const largestEntry = 2 ** 30;

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const deflated = 8;

interface Entry {
  name: string;
  method: number;
  crc: number;
  size: number;
  data: Buffer;
}

/**
 * Compares what is in a zip with the checksums in its directory, which the parser does not: a changed byte would be a
 * changed value.
 * @returns what is wrong; undefined if nothing is
 */
export function findDamagedEntry(zip: Buffer): string | undefined {
  try {
    for (const entry of readEntries(zip)) {
      const content = unpack(entry);
      if (content.length !== entry.size || zlib.crc32(content) !== entry.crc)
        return `${entry.name} has another checksum than it should`;
    }
    return undefined;
  } catch (error) {
    return error instanceof RangeError ? "it is cut off" : `its content cannot be unpacked (${String(error)})`;
  }
}

/** The content of an entry of a zip that is not damaged; undefined where there is none of that name. */
export function readZipEntry(zip: Buffer, name: string): Buffer | undefined {
  for (const entry of readEntries(zip)) if (entry.name === name) return unpack(entry);
  return undefined;
}

/** The names of all entries of a zip that is not damaged. */
export function zipEntryNames(zip: Buffer): string[] {
  return Array.from(readEntries(zip), ({ name }) => name);
}

function unpack({ method, data }: Entry): Buffer {
  return method === deflated ? zlib.inflateRawSync(data, { maxOutputLength: largestEntry }) : data;
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
