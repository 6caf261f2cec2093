/** A double holds all numbers of so many digits. */
const mostDigits = 15;

/** The powers of ten that a double holds exactly. */
const powers = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);

const [plus, minus, dot, zero, nine] = [0x2b, 0x2d, 0x2e, 0x30, 0x39] as const;

/**
 * The number between two offsets; NaN where there is none. Short ones without an exponent are a quotient of two exact
 * numbers, and so correctly rounded; making a text of each would cost most of the time that reading a file takes.
 */
export function stepNumber(bytes: Buffer, start: number, end: number): number {
  const first = bytes[start];
  const isSigned = first === minus || first === plus;
  const number = shortNumber(bytes, isSigned ? start + 1 : start, end);
  if (Number.isNaN(number)) return start === end ? NaN : Number(bytes.toString("latin1", start, end));
  return first === minus ? -number : number;
}

/** The number of a few digits, with a point or without; NaN for anything else. */
function shortNumber(bytes: Buffer, start: number, end: number): number {
  let mantissa = 0;
  let point = end;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte >= zero && byte <= nine) mantissa = mantissa * 10 + (byte - zero);
    else if (byte === dot && point === end) point = at;
    else return NaN;
  }
  const decimals = Math.max(end - point - 1, 0);
  const digits = point - start + decimals;
  return digits === 0 || digits > mostDigits ? NaN : mantissa / (powers[decimals] ?? NaN);
}
