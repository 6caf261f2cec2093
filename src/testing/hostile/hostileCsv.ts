import type { HostileCell } from "./HostileTable.js";
import { hostileTablesAs, sourceOf, type HostileSource, type HostileSources } from "./HostileSource.js";

/**
 * Hostile CSV files: the hostile tables, and what only text can be: badly encoded, badly quoted, cut off.
 * @public
 */
export function hostileCsv(fileName = "hostile.csv"): HostileSources {
  const { plain, sources } = hostileTablesAs(fileName, ({ header, rows }) => toCsv([header, ...rows]));
  return { fileName, plain, sources: [...sources, ...encodings(), ...syntax()] };
}

function encodings(): HostileSource[] {
  const text = "id,name\na,Gr\u00fc\u00dfe\nb,two\n";
  const utf8 = Buffer.from(text);
  const utf16 = Buffer.from(text, "utf16le");
  return [
    sourceOf("mixed encodings", Buffer.concat([utf8, Buffer.from("c,Gr\u00fc\u00dfe\n", "latin1")])),
    sourceOf("mixed encodings, far into the file", farInto(Buffer.from([0xff, 0xfe, 0x0a]))),
    sourceOf("UTF-16 with a mark", Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]), 2),
    sourceOf("UTF-16 without a mark", utf16),
    sourceOf("UTF-16 that is cut off", Buffer.concat([Buffer.from([0xff, 0xfe]), utf16.subarray(0, -3)])),
    sourceOf("UTF-8 that is cut off", Buffer.from("id,name\na,\u00fc").subarray(0, -1)),
    sourceOf("UTF-8 of half characters", Buffer.from([...Buffer.from("id,name\na,"), 0xed, 0xa0, 0x80])),
    sourceOf("two byte order marks", `\ufeff\ufeff${text}`),
    sourceOf("a block of NUL bytes", Buffer.concat([utf8, Buffer.alloc(4096)])),
    sourceOf("a NUL byte far into the file", farInto(Buffer.from("x,\0\n"))),
  ];
}

function syntax(): HostileSource[] {
  return [
    sourceOf("nothing", "", 0),
    sourceOf("line breaks alone", "\n\r\n\r\n\n", 0),
    sourceOf("a quote that is never closed", 'id,name\na,"one\nb,two\n'),
    sourceOf("a quote that is never closed, far into the file", farInto(Buffer.from('x,"\n'))),
    sourceOf("text after a quote", 'id,name\na,"one"two\n'),
    sourceOf("a quote in a cell", 'id,name\na,5" pipe\n'),
    sourceOf("all sorts of line ends", "id,name\ra,one\r\nb,two\nc,three", 3),
    sourceOf("a directive of a spreadsheet", "sep=;\nid;name\na;one\n"),
    sourceOf("a picture", Buffer.from("89504e470d0a1a0a0000000d49484452", "hex")),
    sourceOf("an archive", Buffer.from("504b0304140000000800", "hex")),
  ];
}

/** Something after more rows than are read at a time. */
function farInto(bytes: Buffer): Buffer {
  const rows = Array.from({ length: 30_000 }, (_, index) => `${index},row ${index}\n`);
  return Buffer.concat([Buffer.from(`id,name\n${rows.join("")}`), bytes, Buffer.from("last,row\n")]);
}

/** Every cell in quotes, so that the reader and nobody else decides what it is. */
function toCsv(rows: readonly (readonly HostileCell[])[]): string {
  return rows.map((cells) => `${cells.map((cell) => `"${textOf(cell).replaceAll('"', '""')}"`).join()}\n`).join("");
}

/** A cell as a spreadsheet exports it. */
export function textOf(cell: HostileCell): string {
  return cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell ?? "");
}
