import { endOfText, skipBlanks } from "./tokens.js";

const [open, close, quote, hash, slash, star] = [0x28, 0x29, 0x27, 0x23, 0x2f, 0x2a] as const;
const [backslash, underscore] = [0x5c, 0x5f] as const;

/** Where this stands in a text or at its end, readers differ on whether the text ends there. */
const ambiguous = "\\S\\'";

/**
 * The list of values with which bytes begin, as all readers understand it: a text that could be read in two ways has neither
 * quotes nor backslashes.
 * @param onReference - told the number of each instance that the list refers to
 */
export function readList(bytes: Buffer, onReference: (id: number) => void): Buffer {
  const texts: (readonly [start: number, end: number])[] = [];
  const end = walk(bytes, onReference, (from, to) => texts.push([from, to]));
  const list = bytes.subarray(0, end);
  if (!list.includes(ambiguous)) return list;
  const copy = Buffer.from(list);
  for (const [from, to] of texts)
    if (list.subarray(from, to + 1).includes(ambiguous)) simplify(copy.subarray(from, to));
  return copy;
}

function simplify(text: Buffer): void {
  for (const [at, byte] of text.entries()) if (byte === quote || byte === backslash) text[at] = underscore;
}

/** @returns the offset behind the list; the end of the bytes where it does not end */
function walk(bytes: Buffer, onReference: (id: number) => void, onText: (start: number, end: number) => void): number {
  let depth = 0;
  let position = 0;
  while (position < bytes.length) {
    const byte = bytes[position];
    if (byte === hash) position = readReference(bytes, position + 1, onReference);
    else if (byte === quote) {
      const end = endOfText(bytes, position + 1);
      if (end < 0) break;
      onText(position + 1, end);
      position = end + 1;
    } else if (byte === slash && bytes[position + 1] === star) position = skipBlanks(bytes, position);
    else {
      position++;
      if (byte === open) depth++;
      else if (byte === close && --depth === 0) return position;
    }
  }
  return bytes.length;
}

function readReference(bytes: Buffer, start: number, onReference: (id: number) => void): number {
  let [id, position] = [0, start];
  for (let digit = (bytes[position] ?? 0) - 48; digit >= 0 && digit <= 9; digit = (bytes[++position] ?? 0) - 48)
    id = id * 10 + digit;
  if (position > start) onReference(id);
  return position;
}
