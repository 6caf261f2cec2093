import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import type { SourceErrors } from "../format/SourceErrors.js";
import { LineCounter } from "./lineCounter.js";

/**
 * Receives the progress of reading a file: the bytes read so far, and the bytes of the whole file.
 * @public
 */
export type OnProgress = (done: number, total: number) => void;

/**
 * A text file with its encoding. Open it with {@link openText}.
 * @public
 */
export interface TextFile {
  /** The absolute path. */
  readonly path: string;
  /** A label of the WHATWG Encoding Standard. */
  readonly encoding: string;
  /** Makes errors about it. */
  readonly errors: SourceErrors;
}

/** So many bytes are read at a time. */
const chunkSize = 1 << 18;

/** So many bytes tell UTF-16 without a byte order mark. */
const startSize = 4096;

/**
 * A text file in its encoding: what its byte order mark says, else the given one, else UTF-16 where its bytes show it, else
 * UTF-8. The mark wins, as it does in browsers: no text in another encoding begins with these bytes.
 * @throws ConnectorError `<code>/compressed` for an archive
 * @public
 */
export async function openText(errors: SourceErrors, encoding?: string): Promise<TextFile> {
  const path = errors.file;
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(startSize), 0, startSize, 0);
    const start = buffer.subarray(0, bytesRead);
    if (isCompressed(start)) throw compressed(errors);
    return { path, errors, encoding: encodingOfMark(start) ?? encoding ?? encodingOfZeros(start) ?? "utf-8" };
  } finally {
    await file.close();
  }
}

function readBytes(path: string): AsyncIterable<Buffer> {
  return createReadStream(path, { highWaterMark: chunkSize });
}

/**
 * The text of a file, piece by piece, without its byte order mark.
 * @throws ConnectorError `<code>/encoding` for bytes that are no text in the encoding
 * @public
 */
export async function* readText(file: TextFile, onProgress?: OnProgress): AsyncGenerator<string> {
  const { size } = await stat(file.path);
  const decoder = new Decoder(file.encoding);
  let decoded = 0;
  for await (const bytes of readBytes(file.path)) {
    onProgress?.(decoded + bytes.length, size);
    const text = decoder.tryDecode(bytes);
    if (text === undefined) throw await invalidBytes(file, decoded);
    if (text.includes("\0")) throw await nulCharacter(file);
    decoded += bytes.length;
    yield text;
  }
  if (decoder.tryDecode() === undefined) throw await invalidBytes(file, decoded);
}

/**
 * The same text as UTF-8, whatever encoding the file has. A file in UTF-8 is only checked and not decoded, which takes a
 * tenth of the time.
 * @throws ConnectorError `<code>/encoding` for bytes that are no text in the encoding
 */
export async function* readUtf8(file: TextFile, onProgress?: OnProgress): AsyncGenerator<Buffer> {
  if (/^utf-?8$/i.test(file.encoding)) yield* readCheckedBytes(file, onProgress);
  else for await (const text of readText(file, onProgress)) yield Buffer.from(text);
}

async function* readCheckedBytes(file: TextFile, onProgress?: OnProgress): AsyncGenerator<Buffer> {
  const { size } = await stat(file.path);
  let done = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const bytes of readBytes(file.path)) {
    done += bytes.length;
    onProgress?.(done, size);
    const joined = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    const whole = joined.subarray(0, lengthOfWholeCharacters(joined));
    if (!isUtf8(whole)) throw await invalidBytes(file, done - joined.length);
    if (whole.includes(0)) throw await nulCharacter(file);
    const isStart = done === bytes.length;
    yield isStart && encodingOfMark(whole.subarray(0, 3)) !== undefined ? whole.subarray(3) : whole;
    rest = joined.subarray(whole.length);
  }
  if (rest.length > 0) throw await invalidBytes(file, done - rest.length);
}

/** The length of bytes without the character that only begins in them. */
function lengthOfWholeCharacters(bytes: Buffer): number {
  const lastFour = Math.max(0, bytes.length - 4);
  for (let at = bytes.length - 1; at >= lastFour; at--) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x80) break;
    if (byte >= 0xc0) return at + lengthOfCharacter(byte) > bytes.length ? at : bytes.length;
  }
  return bytes.length;
}

/** @param lead - the first of its bytes */
function lengthOfCharacter(lead: number): number {
  if (lead >= 0xf0) return 4;
  return lead >= 0xe0 ? 3 : 2;
}

/** The line in which the first place lies that `find` finds in a piece of the text; the last line without one. */
async function findLine(file: TextFile, find: (text: string) => number): Promise<number> {
  const decoder = new Decoder(file.encoding);
  const counter = new LineCounter();
  for await (const bytes of readBytes(file.path)) {
    const text = decoder.tryDecode(bytes) ?? "";
    const place = find(text);
    counter.add(place < 0 ? text : text.slice(0, place));
    if (place >= 0) break;
  }
  return counter.line;
}

/**
 * The line in which a byte of the text lies, where the text is taken as UTF-8. Empty lines from there on are passed over:
 * what begins in them is what follows them.
 * @public
 */
export async function findLineOfByte(file: TextFile, offset: number): Promise<number> {
  let left = offset;
  return findLine(file, (text) => {
    const bytes = Buffer.from(text);
    left -= bytes.length;
    if (left >= 0) return -1;
    const place = bytes.subarray(0, bytes.length + left).toString().length;
    const next = text.slice(place).search(/[^\r\n]/);
    return next < 0 ? text.length : place + next;
  });
}

/** A strict decoder that answers `undefined` to what it cannot decode. */
class Decoder {
  private readonly _decoder: InstanceType<typeof TextDecoder>;

  public constructor(encoding: string) {
    this._decoder = new TextDecoder(encoding, { fatal: true });
  }

  /** The text of the next bytes; without bytes, what is left at the end of the file. */
  public tryDecode(bytes?: Uint8Array): string | undefined {
    try {
      const text = bytes === undefined ? this._decoder.decode() : this._decoder.decode(bytes, { stream: true });
      return this._decoder.encoding === "windows-1252" ? text.replace(controlCharacters, toWindows1252) : text;
    } catch {
      return undefined;
    }
  }
}

// Node 20.18.3 and later 20s decode windows-1252 as ISO 8859-1 (nodejs/node#56542): what lies between 80 and 9F comes
// out as control characters. Where that is mended there are none left to replace but the five that stay as they are.
const controlCharacters = /[\u0080-\u009f]/g;
const windows1252From80 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

function toWindows1252(character: string): string {
  return windows1252From80.charAt(character.charCodeAt(0) - 0x80);
}

function encodingOfMark(start: Buffer): string | undefined {
  if (start.length >= 3 && start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return "utf-8";
  if (start[0] === 0xff && start[1] === 0xfe) return "utf-16le";
  if (start[0] === 0xfe && start[1] === 0xff) return "utf-16be";
  return undefined;
}

/** In UTF-16, one of the two bytes of most characters in tables is zero; UTF-8 has no zeros. */
function encodingOfZeros(start: Buffer): string | undefined {
  const pairs = Math.floor(start.length / 2);
  const zeros = [0, 0] as [even: number, odd: number];
  for (let index = 0; index < pairs * 2; index++) if (start[index] === 0) zeros[index % 2 === 0 ? 0 : 1]++;
  const [even, odd] = zeros;
  if (odd > pairs / 4 && even === 0) return "utf-16le";
  return even > pairs / 4 && odd === 0 ? "utf-16be" : undefined;
}

/** Whether a file begins as one of gzip or ZIP. */
function isCompressed(start: Buffer): boolean {
  return (start[0] === 0x1f && start[1] === 0x8b) || start.subarray(0, 4).toString("latin1") === "PK\u0003\u0004";
}

function compressed(errors: SourceErrors): Error {
  return errors.make("compressed", "The file is compressed.", {
    source: {},
    advice: "Unpack it, and name what is in it.",
  });
}

async function invalidBytes(file: TextFile, decoded: number): Promise<Error> {
  const isUtf8 = file.encoding.toLowerCase().startsWith("utf");
  return file.errors.make("encoding", `The line is not ${file.encoding} text.`, {
    source: { line: await findInvalidLine(file, decoded) },
    advice: `Name the encoding of the file, such as "encoding": "${isUtf8 ? "windows-1252" : "utf-8"}", or save it as UTF-8.`,
  });
}

async function nulCharacter(file: TextFile): Promise<Error> {
  return file.errors.make("encoding", "The line holds a NUL character, which no text has.", {
    source: { line: await findLine(file, (text) => text.indexOf("\0")) },
    advice: 'Name the encoding of the file, such as "encoding": "utf-16le", or save it as UTF-8.',
  });
}

/** Byte by byte from the piece on that could not be decoded, since a decoder does not tell where it stopped. */
async function findInvalidLine(file: TextFile, decoded: number): Promise<number> {
  const decoder = new Decoder(file.encoding);
  const counter = new LineCounter();
  let position = 0;
  for await (const bytes of readBytes(file.path)) {
    position += bytes.length;
    const pieces = position <= decoded ? [bytes] : Array.from(bytes, (byte) => Uint8Array.of(byte));
    for (const piece of pieces) {
      const text = decoder.tryDecode(piece);
      if (text === undefined) return counter.line;
      counter.add(text);
    }
  }
  return counter.line;
}
