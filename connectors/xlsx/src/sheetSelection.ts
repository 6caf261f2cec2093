import type { Range } from "@e965/xlsx";
import type { SourceErrors } from "itwin-connector-framework/tables";
import { rangeOf, type NamedRange } from "./namedRanges.js";
import { isFilled } from "./sheetHeader.js";
import type { Sheet, Workbook } from "./workbook.js";
import type { SheetOptions, XlsxOptions } from "./xlsxOptions.js";

/** A sheet or a part of one, with what its options say. */
export interface SelectedSheet extends Sheet {
  /** The name of the sheet that it is a part of; its own name is that of the part. */
  readonly sheetName: string;
  readonly options: SheetOptions;
}

/**
 * The sheets that are read: those that the options name, else those that are not hidden. Empty ones are none, because
 * many a workbook has them. Tables and names of the workbook are parts of sheets that can be named as sheets are.
 * @param tableNames - those of a mapping
 * @throws ConnectorError where that leaves none, or a named one is not there
 */
export function selectSheets(
  { sheets, namedRanges }: Pick<Workbook, "sheets" | "namedRanges">,
  options: XlsxOptions,
  { errors, tableNames = [] }: { errors: SourceErrors; tableNames?: readonly string[] },
): SelectedSheet[] {
  const all = [
    ...sheets.map((sheet) => ({ ...sheet, sheetName: sheet.name, options: {} })),
    ...partsOf(sheets, namedRanges),
  ];
  const named = optionsByName(options);
  for (const name of named?.keys() ?? []) checkName(name, all, errors);
  const asked = named === undefined ? askedOf(all, options, tableNames) : all.filter(({ name }) => named.has(name));
  const { header, unitsRow, idByRow } = options;
  const chosen = asked
    .map((sheet) => ({ ...sheet, options: { header, unitsRow, idByRow, ...sheet.options, ...named?.get(sheet.name) } }))
    .map((sheet) => withinRange(sheet, rangeOf(sheet.options.range ?? "")))
    .filter(hasValues);
  if (chosen.length === 0) throw nothingToRead(sheets, errors);
  return chosen;
}

/** What is read by default. If the mapping names a part of a sheet, the sheet itself is not read. */
function askedOf(all: readonly SelectedSheet[], options: XlsxOptions, tableNames: readonly string[]): SelectedSheet[] {
  const parts = all.filter(({ name, sheetName }) => name !== sheetName && tableNames.includes(name));
  const divided = new Set(parts.map(({ sheetName }) => sheetName));
  const isShown = ({ isHidden }: SelectedSheet) => !isHidden || options.hiddenSheets === true;
  const whole = all.filter(({ name, sheetName }) => name === sheetName);
  return [
    ...whole.filter((sheet) => isShown(sheet) && (tableNames.includes(sheet.name) || !divided.has(sheet.name))),
    ...parts,
  ];
}

/** The parts that have no name of a sheet. */
function partsOf(sheets: readonly Sheet[], ranges: readonly NamedRange[]): SelectedSheet[] {
  return ranges.flatMap(({ name, range, header, ...part }) => {
    const sheet = sheets.find((each) => each.name === part.sheet);
    if (sheet === undefined || sheets.some((each) => each.name === name)) return [];
    const options = header === undefined ? {} : { header };
    return [withinRange({ ...sheet, name, sheetName: sheet.name, options }, range)];
  });
}

/** The cells of a range stay where they are in the sheet, so that their addresses are those of the sheet. */
function withinRange(sheet: SelectedSheet, range: Range | undefined): SelectedSheet {
  if (range === undefined) return sheet;
  const { s, e } = range;
  const rows = sheet.rows.slice(0, e.r + 1).map((row, number) => (number < s.r ? undefined : rowWithin(row, range)));
  const merges = sheet.merges.filter(({ s: { r, c } }) => r >= s.r && r <= e.r && c >= s.c && c <= e.c);
  return { ...sheet, rows, merges };
}

function rowWithin(row: Sheet["rows"][number], { s, e }: Range): Sheet["rows"][number] {
  return row?.slice(0, e.c + 1).map((cell, column) => (column < s.c ? undefined : cell));
}

function optionsByName({ sheets }: XlsxOptions): Map<string, SheetOptions> | undefined {
  if (sheets === undefined) return undefined;
  if (Array.isArray(sheets)) return new Map((sheets as string[]).map((name) => [name, {}]));
  return new Map(Object.entries(sheets as Record<string, SheetOptions>));
}

/** Whether a sheet has a value in a cell. */
export function hasValues({ rows }: Sheet): boolean {
  return rows.some((row) => row?.some(isFilled));
}

function checkName(name: string, all: readonly SelectedSheet[], errors: SourceErrors): void {
  if (all.some((sheet) => sheet.name === name)) return;
  const isSheet = (sheet: SelectedSheet) => sheet.name === sheet.sheetName;
  const parts = all.filter((sheet) => !isSheet(sheet)).map((sheet) => sheet.name);
  const others = parts.length === 0 ? "" : ` Tables and names: ${parts.join(", ")}.`;
  throw errors.make("unknown-sheet", `There is no sheet "${name}", which the option "sheets" names.`, {
    source: {},
    advice: `The sheets are: ${all
      .filter(isSheet)
      .map((sheet) => sheet.name)
      .join(", ")}.${others}`,
  });
}

function nothingToRead(workbook: readonly Sheet[], errors: SourceErrors): Error {
  const hidden = workbook.filter((sheet) => sheet.isHidden && hasValues(sheet)).map(({ name }) => name);
  const advice =
    hidden.length === 0
      ? "Name a workbook with values in its cells; to be rid of all rows, delete the iModel instead."
      : `Hidden sheets have some. Name them, as in "sheets": ${JSON.stringify(hidden)}, or set "hiddenSheets": true.`;
  return errors.make("empty-workbook", "None of the sheets that are read has a value in a cell.", {
    source: {},
    advice,
  });
}
