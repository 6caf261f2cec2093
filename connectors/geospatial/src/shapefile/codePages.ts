import { faultOfEncoding, type SourceErrors } from "itwin-connector-framework/tables";

/** Encodings by the mark in the header of a .dbf; those that a TextDecoder knows. */
const byMark: Readonly<Record<number, string>> = {
  0x03: "windows-1252",
  0x57: "windows-1252",
  0x13: "shift_jis",
  0x7b: "shift_jis",
  0x4d: "gbk",
  0x7a: "gbk",
  0x4f: "big5",
  0x78: "big5",
  0x4e: "euc-kr",
  0x79: "euc-kr",
  0x26: "ibm866",
  0x65: "ibm866",
  0xc8: "windows-1250",
  0xc9: "windows-1251",
  0xca: "windows-1254",
  0xcb: "windows-1253",
};

/** What is written in a .cpg, where it is not a label of the WHATWG Encoding Standard. */
const byName: Readonly<Record<string, string>> = {
  "65001": "utf-8",
  "932": "shift_jis",
  "936": "gbk",
  "950": "big5",
  "949": "euc-kr",
};

/**
 * The encoding of a .dbf: the given one, that of its .cpg, or that of its mark; else UTF-8, which refuses other texts.
 * @throws ConnectorError for a .cpg that names none
 */
export function encodingOf(
  { encoding, codePage }: { encoding?: string; codePage?: string },
  dbf: Buffer,
  errors: SourceErrors,
): string {
  if (encoding !== undefined) return encoding;
  if (codePage === undefined || codePage.trim() === "") return byMark[dbf[29] ?? 0] ?? "utf-8";
  const known = readCodePage(codePage);
  if (known !== undefined) return known;
  throw errors.make("encoding", `The .cpg names the encoding "${codePage.trim().slice(0, 40)}", which is not known.`, {
    source: {},
    advice: 'Name the encoding of the attributes with the option "encoding", such as "windows-1252".',
  });
}

/** `UTF-8`, `1252`, `ANSI 1252`, `CP1252` and `ISO 88591` are all in use. */
function readCodePage(text: string): string | undefined {
  const name = text.trim().toLowerCase();
  const number = /^(?:ansi|cp|oem|windows)?[ -]?(\d{3,5})$/.exec(name)?.[1] ?? "";
  const iso = /^(?:iso)?[ -]?8859[ -]?(\d{1,2})$/.exec(name)?.[1];
  const candidates = [
    name,
    Object.hasOwn(byName, number) ? byName[number] : `windows-${number}`,
    `ibm${number}`,
    `iso-8859-${iso ?? ""}`,
  ];
  return candidates.find((candidate) => faultOfEncoding(candidate) === undefined);
}
