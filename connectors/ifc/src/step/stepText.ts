/** Parts 1 to 9 of ISO 8859, which `\P` names by letters. */
const codePages = "ABCDEFGHI";

const escapes =
  /\\X2\\((?:[0-9A-Fa-f]{4})*)\\X0\\|\\X4\\((?:[0-9A-Fa-f]{8})*)\\X0\\|\\X\\([0-9A-Fa-f]{2})|\\S\\([\s\S])|\\P([A-I])\\|\\\\/g;

/**
 * The text of a string as ISO 10303-21 encodes it (section 6.4.3), without its quotes. Bytes above 127, which the standard
 * does not allow and many programs write, are taken as UTF-8 where they are that, else as Latin-1.
 */
export function decodeStepText(bytes: Buffer): string {
  const text = decodeBytes(bytes).replaceAll("''", "'");
  return text.includes("\\") ? replaceEscapes(text) : text;
}

function decodeBytes(bytes: Buffer): string {
  const text = bytes.toString("latin1");
  // eslint-disable-next-line no-control-regex
  if (!/[^\x00-\x7f]/.test(text)) return text;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return text;
  }
}

function replaceEscapes(text: string): string {
  let page = "A";
  return text.replace(
    escapes,
    (all, hex4?: string, hex8?: string, hex2?: string, shifted?: string, nextPage?: string) => {
      if (hex4 !== undefined) return codeUnits(hex4, 4);
      if (hex8 !== undefined) return codeUnits(hex8, 8);
      if (hex2 !== undefined) return String.fromCharCode(parseInt(hex2, 16));
      if (shifted !== undefined) return decodeShifted(shifted, page);
      if (nextPage === undefined) return all.slice(1);
      page = nextPage;
      return "";
    },
  );
}

function codeUnits(hex: string, digits: number): string {
  const codes = hex.match(new RegExp(`.{${digits}}`, "g")) ?? [];
  return codes.map((code) => codePoint(parseInt(code, 16))).join("");
}

function codePoint(code: number): string {
  return code > 0x10ffff ? "\ufffd" : String.fromCodePoint(code);
}

function decodeShifted(character: string, page: string): string {
  const byte = (character.charCodeAt(0) + 128) & 0xff;
  return new TextDecoder(`iso-8859-${codePages.indexOf(page) + 1}`).decode(Uint8Array.of(byte));
}
