import { readFile } from "node:fs/promises";
import { read, set_cptable, type CellObject, type WorkBook, type WorkSheet } from "@e965/xlsx";
import * as codePages from "@e965/xlsx/dist/cpexcel.full.mjs";
import type { SourceErrors, TableDocument } from "itwin-connector-framework/tables";
import { readOdsSheets } from "./odsSheets.js";
import { findDamagedEntry, zipEntryNames } from "./zip.js";

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
set_cptable(codePages);

/**
 * Dates stay numbers with their format, because the parser's own dates are off by rounding. `WTF` makes the parser throw
 * where it would otherwise leave out a sheet that it cannot read.
 */
const parsing = { type: "buffer", dense: true, cellNF: true, cellText: false, cellHTML: false, WTF: true } as const;

/**
 * Reads a workbook, all of it: the parser knows no other way.
 * @throws ConnectorError for a file that is none, or is damaged
 */
export async function readWorkbook({ path, errors, onProgress }: TableDocument): Promise<Workbook> {
  const content = await readFile(path);
  checkKind(content, errors);
  const workbook = parse(content, errors);
  const odsSheets = isZip(content) ? readOdsSheets(content) : undefined;
  onProgress(content.length, content.length);
  const sheets = workbook.SheetNames.map((name, index) => sheetOf(workbook, name, index));
  return {
    sheets: sheets.filter((sheet) => "rows" in sheet).map((sheet) => ({ ...sheet, ...odsSheets?.get(sheet.name) })),
    others: sheets.filter((sheet) => "type" in sheet),
    entries: isZip(content) ? zipEntryNames(content) : [],
  };
}

/** The parser takes any file for a text with cells in it; only these two containers are workbooks. */
function checkKind(content: Buffer, errors: SourceErrors): void {
  if (content.length < 4) throw notAWorkbook(errors);
  const isCompoundFile = content.readUInt32BE(0) === 0xd0cf11e0;
  if (!isZip(content) && !isCompoundFile) throw notAWorkbook(errors);
  const damaged = isZip(content) ? findDamagedEntry(content) : undefined;
  if (damaged !== undefined)
    throw errors.make("damaged", `The workbook is damaged: ${damaged}.`, {
      source: {},
      advice: "Fetch or export the file anew.",
    });
}

function isZip(content: Buffer): boolean {
  return content.readUInt32LE(0) === 0x04034b50;
}

function parse(content: Buffer, errors: SourceErrors): WorkBook {
  try {
    return read(content, parsing);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (/password|encrypt/i.test(message)) throw encrypted(errors, error);
    throw errors.make("damaged", `The workbook cannot be read: ${message}.`, {
      source: {},
      advice: "Open it in a spreadsheet program, and save it anew.",
      cause: error,
    });
  }
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
