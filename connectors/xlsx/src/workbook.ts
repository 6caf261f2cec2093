import { readFile } from "node:fs/promises";
import { posix } from "node:path";
import * as xlsx from "@e965/xlsx";
import type { CellObject, WorkBook, WorkSheet } from "@e965/xlsx";
import * as codePages from "@e965/xlsx/dist/cpexcel.full.mjs";
import type { SourceErrors, TableDocument } from "itwin-connector-framework/tables";
import { keepCellsExact } from "./exactCells.js";
import { findNamedRanges, type NamedRange } from "./namedRanges.js";
import { readOdsSheets } from "./odsSheets.js";
import { unzip, ZipError, type ZipFiles } from "./zip.js";

/** A cell as the parser gives it. */
export type Cell = CellObject;

/** A sheet of a workbook. */
export interface Sheet {
  readonly name: string;
  readonly isHidden: boolean;
  /** The cells by row and column, both counted from 0; with holes. */
  readonly rows: readonly (readonly (Cell | undefined)[] | undefined)[];
  /** The merged cells. */
  readonly merges: NonNullable<WorkSheet["!merges"]>;
  /** Whether days are counted from 1904 and not from 1900. */
  readonly is1904: boolean;
}

/** What a workbook holds. */
export interface Workbook {
  readonly sheets: readonly Sheet[];
  /** The sheets without cells, such as charts, by name. */
  readonly others: readonly OtherSheet[];
  /** Its tables, and the names that stand for a range. */
  readonly namedRanges: readonly NamedRange[];
  /** The names of the files in it, if it is a zip. */
  readonly entries: readonly string[];
}

/** A sheet without cells. */
export interface OtherSheet {
  readonly name: string;
  /** As the parser calls it: `chart`, `macro` or `dialog`. */
  readonly type: string;
}

// Workbooks of before 1997 hold texts in the code page of their system.
xlsx.set_cptable(codePages);

/** The part of the parser that takes the files of a zip. It has no types. */
const zipParser = xlsx as unknown as { parse_zip(zip: object, options: xlsx.ParsingOptions): WorkBook };

/**
 * Dates stay numbers with their format, because the parser's own dates are off by rounding. `WTF` makes the parser throw
 * where it would otherwise leave out a sheet that it cannot read.
 */
const parsing = { type: "buffer", dense: true, cellNF: true, cellText: false, cellHTML: false, WTF: true } as const;

/**
 * Reads a workbook, all of it: the parser knows no other way.
 * @throws ConnectorError for a file that is not a workbook, or is damaged
 */
export async function readWorkbook({ path, errors, onProgress }: TableDocument): Promise<Workbook> {
  const content = await readFile(path);
  const files = filesOf(content, errors);
  const workbook = parse(files ?? content, errors);
  const odsSheets = files && readOdsSheets(files);
  onProgress(content.length, content.length);
  const sheets = workbook.SheetNames.map((name, index) => sheetOf(workbook, name, index));
  return {
    sheets: sheets.filter((sheet) => "rows" in sheet).map((sheet) => ({ ...sheet, ...odsSheets?.get(sheet.name) })),
    others: sheets.filter((sheet) => "type" in sheet),
    namedRanges: findNamedRanges(workbook, files),
    entries: [...(files?.keys() ?? [])],
  };
}

/**
 * The files of a workbook that is a zip; undefined for one that is a compound file. The parser takes any file for a text with
 * cells in it; only these two containers are workbooks.
 */
function filesOf(content: Buffer, errors: SourceErrors): ZipFiles | undefined {
  const signature = content.length < 4 ? 0 : content.readUInt32BE(0);
  if (signature === 0xd0cf11e0) return undefined;
  if (signature !== 0x504b0304) throw notAWorkbook(errors);
  try {
    return unzip(content);
  } catch (error) {
    if (!(error instanceof ZipError)) throw error;
    throw errors.make("damaged", `The workbook is damaged: ${error.message}.`, {
      source: {},
      advice: "Fetch or export the file again.",
      cause: error,
    });
  }
}

function parse(content: ZipFiles | Buffer, errors: SourceErrors): WorkBook {
  try {
    return content instanceof Map ? parseFiles(content) : xlsx.read(content, parsing);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (/password|encrypt/i.test(message)) throw encrypted(errors, error);
    throw errors.make("damaged", `The workbook cannot be read: ${message}.`, {
      source: {},
      advice: "Open it in a spreadsheet program, and save it again.",
      cause: error,
    });
  }
}

/** The parser gets unpacked files, so that it need not unpack them once more. */
function parseFiles(files: ZipFiles): WorkBook {
  keepCellsExact(files);
  const paths = [...files.keys()];
  const entries = paths.map((path) => ({ name: posix.basename(path), type: 2, content: files.get(path) }));
  return zipParser.parse_zip(
    { FullPaths: paths.map((path) => `Root Entry/${path}`), FileIndex: entries },
    { ...parsing },
  );
}

/** A chart or a macro has no cells. */
function sheetOf({ Sheets, Workbook }: WorkBook, name: string, index: number): Sheet | OtherSheet {
  const sheet = Sheets[name] ?? {};
  const type = sheet["!type"] ?? "sheet";
  if (type !== "sheet") return { name, type };
  return {
    name,
    ...cellsOf(sheet),
    isHidden: (Workbook?.Sheets?.[index]?.Hidden ?? 0) !== 0,
    is1904: Workbook?.WBProps?.date1904 === true,
  };
}

function cellsOf(sheet: WorkSheet): Pick<Sheet, "rows" | "merges"> {
  return { rows: sheet["!data"] ?? [], merges: sheet["!merges"] ?? [] };
}

function notAWorkbook(errors: SourceErrors): Error {
  return errors.make("not-a-workbook", "The file is no workbook.", {
    source: {},
    advice:
      "Name an .xlsx, .xlsm, .xlsb, .xls (of Excel 5 or later) or .ods file; for texts there is the CSV connector.",
  });
}

function encrypted(errors: SourceErrors, cause: unknown): Error {
  return errors.make("encrypted", "The workbook is protected with a password.", {
    source: {},
    advice: "Save a copy without a password.",
    cause,
  });
}
