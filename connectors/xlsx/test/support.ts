import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  CFB as untypedCfb,
  utils,
  write,
  type BookType,
  type CellObject,
  type WorkBook,
  type WorkSheet,
} from "@e965/xlsx";
import { SourceErrors, type TableRow } from "itwin-connector-framework/tables";
import { temporaryFolder } from "../../../test/support/temporary.js";
import { SheetTable } from "../src/SheetTable.js";
import { selectSheets } from "../src/sheetSelection.js";
import { readWorkbook } from "../src/workbook.js";
import type { XlsxOptions } from "../src/xlsxOptions.js";

/** The part of the library that reads and writes zips, which has no types of its own. */
const CFB = untypedCfb as {
  read(content: Buffer, options: object): object;
  find(zip: object, path: string): { content: Buffer };
  write(zip: object, options: object): Buffer;
  utils: { cfb_add(zip: object, path: string, content: Buffer): void };
};

/** The tables of a workbook as the connector reads them, each with the cells of its rows; the first row is the header. */
export async function openSheets(
  content: Buffer,
  options: object = {},
): Promise<{ table: SheetTable; rows: TableRow["cells"][] }[]> {
  const path = join(temporaryFolder(), "plant.xlsx");
  writeFileSync(path, content);
  const errors = new SourceErrors("xlsx", path);
  const given = options as XlsxOptions;
  const workbook = await readWorkbook({ path, errors, options: given, onProgress: () => undefined });
  return selectSheets(workbook, given, { errors }).map((selected) => {
    const table = new SheetTable(selected, given, errors);
    return { table, rows: [...table.rows()].flat().map(({ cells }) => cells) };
  });
}

/** The module of the connector. */
export const connectorModule = fileURLToPath(new URL("../src/index.ts", import.meta.url));

/** Files of other people, which are not part of the project. */
export const sharedData = fileURLToPath(new URL("../../../../shared/data/xlsx", import.meta.url));

/** What a test puts into a cell: a value, or a cell as the library has it. */
export type Content = string | number | boolean | null | CellObject;

/** A sheet of rows. */
export function sheet(rows: Content[][], merges: string[] = []): WorkSheet {
  const made: WorkSheet = { "!merges": merges.map((range) => utils.decode_range(range)) };
  const width = Math.max(...rows.map((row) => row.length), 1);
  rows.forEach((row, r) => {
    row.forEach((content, c) => {
      if (content !== null) made[utils.encode_cell({ r, c })] = cellOf(content);
    });
  });
  made["!ref"] = utils.encode_range({ s: { r: 0, c: 0 }, e: { r: Math.max(rows.length, 1) - 1, c: width - 1 } });
  return made;
}

/** A cell with a number that is shown as a date. */
export function date(serial: number, z = "yyyy-mm-dd"): CellObject {
  return { t: "n", v: serial, z };
}

/** A workbook of sheets by name. */
export function book(sheets: [name: string, content: WorkSheet | Content[][]][], hidden: string[] = []): WorkBook {
  const made = utils.book_new();
  for (const [name, content] of sheets)
    utils.book_append_sheet(made, Array.isArray(content) ? sheet(content) : content, name);
  made.Workbook = { Sheets: made.SheetNames.map((name) => ({ name, Hidden: hidden.includes(name) ? 1 : 0 })) };
  return made;
}

/** The bytes of a workbook. */
export function bytes(workbook: WorkBook, bookType: BookType = "xlsx"): Buffer {
  return write(workbook, { type: "buffer", bookType, compression: true }) as Buffer;
}

/** The bytes of an .ods with hidden sheets, as LibreOffice writes it: they have another style than the others. */
export function odsWithHidden(sheets: Parameters<typeof book>[0], hidden: string[]): Buffer {
  const zip = CFB.read(bytes(book(sheets), "ods"), { type: "buffer" });
  const entry = CFB.find(zip, "/content.xml");
  const style =
    '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>';
  let xml = entry.content.toString("utf8").replace("</office:automatic-styles>", `${style}$&`);
  for (const name of hidden)
    xml = xml.replace(`table:name="${escaped(name)}" table:style-name="ta1"`, (tag) => tag.replace("ta1", "ta2"));
  CFB.utils.cfb_add(zip, "/content.xml", Buffer.from(xml));
  return CFB.write(zip, { fileType: "zip", type: "buffer", compression: true });
}

/** The bytes of an .xlsx with more files in it. */
export function withFiles(workbook: Buffer, names: readonly string[]): Buffer {
  return withContents(workbook, Object.fromEntries(names.map((name) => [name, "x"])));
}

/** The bytes of an .xlsx in which files are new, or have another content. */
export function withContents(workbook: Buffer, contents: Readonly<Record<string, string>>): Buffer {
  const zip = CFB.read(workbook, { type: "buffer" });
  for (const [name, content] of Object.entries(contents)) CFB.utils.cfb_add(zip, `/${name}`, Buffer.from(content));
  return CFB.write(zip, { fileType: "zip", type: "buffer", compression: true });
}

/** The bytes of an .xlsx whose first sheet, named Pumps, consists of XML, and so may its shared texts. */
export function xmlBook(sheetXml: string, sharedTexts?: string): Buffer {
  const base = book([["Pumps", [["text"]]]]);
  const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
  return withContents(write(base, { type: "buffer", bookType: "xlsx", bookSST: sharedTexts !== undefined }) as Buffer, {
    "xl/worksheets/sheet1.xml": `<worksheet ${main}><sheetData>${sheetXml}</sheetData></worksheet>`,
    ...(sharedTexts !== undefined && { "xl/sharedStrings.xml": `<sst ${main}>${sharedTexts}</sst>` }),
  });
}

function escaped(name: string): string {
  return name.replaceAll("&", "&amp;").replaceAll(">", "&gt;");
}

function cellOf(content: Exclude<Content, null>): CellObject {
  if (typeof content === "object") return content;
  if (typeof content === "string") return { t: "s", v: content };
  return typeof content === "number" ? { t: "n", v: content } : { t: "b", v: content };
}
