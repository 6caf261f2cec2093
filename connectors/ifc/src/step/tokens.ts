const [quote, slash, star, backslash] = [0x27, 0x2f, 0x2a, 0x5c] as const;
const [comma, close, upperS] = [0x2c, 0x29, 0x53] as const;

/** Characters of keywords and numbers end at these. */
const delimiters = new Uint8Array(256);
for (const delimiter of Buffer.from(" \t\r\n,();'\"/=")) delimiters[delimiter] = 1;

/** The offset behind a keyword, number, reference or enumeration value that begins at an offset. */
export function endOfToken(bytes: Buffer, from: number): number {
  let position = from;
  while (position < bytes.length && delimiters[bytes[position] ?? 0] === 0) position++;
  return position;
}

/** The offset of the next byte that is neither white space nor within a comment. */
export function skipBlanks(bytes: Buffer, from: number): number {
  let position = from;
  for (;;) {
    while ((bytes[position] ?? Infinity) <= 32) position++;
    if (bytes[position] !== slash || bytes[position + 1] !== star) return position;
    const end = bytes.indexOf("*/", position + 2, "latin1");
    if (end < 0) return bytes.length;
    position = end + 2;
  }
}

/**
 * The offset of the quote that ends a text; -1 where it does not end.
 *
 * A quote is part of the text where it is doubled, and where it is a shifted character, `\S\'`, which is written once
 * (ISO 10303-21, section 6.4.3). Some programs double it there too, and some write paths such as 'C:\S\'. What follows
 * tells: a text ends before a comma or a parenthesis.
 * @param start - behind the quote that begins the text
 */
export function endOfText(bytes: Buffer, start: number): number {
  for (let position = start; position < bytes.length; position++) {
    const byte = bytes[position];
    if (byte === quote) {
      if (bytes[position + 1] !== quote) return position;
      position++;
    } else if (byte === backslash) {
      position = endOfDirective(bytes, position);
      if (bytes[position] === quote) return endOfShiftedText(bytes, start);
    }
  }
  return -1;
}

/** Of a text with a shifted quote. */
function endOfShiftedText(bytes: Buffer, start: number): number {
  const single = endWhere(bytes, start, true);
  if (isFollowedByDelimiter(bytes, single)) return single;
  const doubled = endWhere(bytes, start, false);
  return isFollowedByDelimiter(bytes, doubled) ? doubled : single;
}

/** @param isShifted - whether a quote behind `\S\` is that character, and not a quote as any other */
function endWhere(bytes: Buffer, start: number, isShifted: boolean): number {
  for (let position = start; position < bytes.length; position++) {
    if (bytes[position] === backslash) {
      const end = endOfDirective(bytes, position);
      position = bytes[end] === quote && !isShifted ? end - 1 : end;
    } else if (bytes[position] === quote) {
      if (bytes[position + 1] !== quote) return position;
      position++;
    }
  }
  return -1;
}

function isFollowedByDelimiter(bytes: Buffer, end: number): boolean {
  if (end < 0) return false;
  const next = bytes[skipBlanks(bytes, end + 1)];
  return next === comma || next === close;
}

/** The offset of the last byte of what a backslash begins; that of the backslash itself where it begins nothing. */
function endOfDirective(bytes: Buffer, position: number): number {
  const next = bytes[position + 1];
  if (next === backslash) return position + 1;
  if (next === upperS && bytes[position + 2] === backslash) return position + 3;
  const length = lengthOfName(bytes, position + 1);
  return length > 0 && bytes[position + 1 + length] === backslash ? position + 1 + length : position;
}

/** The length of the name of a directive, such as `X2`; 0 for anything else. */
function lengthOfName(bytes: Buffer, position: number): number {
  const [first = 0, second = 0] = [bytes[position], bytes[position + 1]];
  if (first === 0x50) return second >= 0x41 && second <= 0x49 ? 2 : 0; // P, and a letter for its page
  if (first !== 0x58) return 0; // X
  return second === 0x30 || second === 0x32 || second === 0x34 ? 2 : 1;
}
