import type { SourceErrors } from "itwin-connector-framework/tables";
import { isFilled } from "./sheetHeader.js";
import type { Sheet } from "./workbook.js";
import type { SheetOptions, XlsxOptions } from "./xlsxOptions.js";

/** A sheet with what its options say. */
export interface SelectedSheet extends Sheet {
  readonly options: SheetOptions;
}

/**
 * The sheets that are read: those that the options name, else those that are not hidden. Empty ones are none, because
 * many a workbook has them.
 * @throws ConnectorError where that leaves none, or a named one is not there
 */
export function selectSheets(workbook: readonly Sheet[], options: XlsxOptions, errors: SourceErrors): SelectedSheet[] {
  const named = optionsByName(options);
  for (const name of named?.keys() ?? []) checkName(name, workbook, errors);
  const asked = workbook.filter(({ name, isHidden }) =>
    named === undefined ? !isHidden || options.hiddenSheets === true : named.has(name),
  );
  const filled = asked.filter(hasValues);
  if (filled.length === 0) throw nothingToRead(workbook, errors);
  const { header, idByRow } = options;
  return filled.map((sheet) => ({ ...sheet, options: { header, idByRow, ...named?.get(sheet.name) } }));
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

function checkName(name: string, workbook: readonly Sheet[], errors: SourceErrors): void {
  if (workbook.some((sheet) => sheet.name === name)) return;
  throw errors.make("unknown-sheet", `There is no sheet "${name}", which the option "sheets" names.`, {
    source: {},
    advice: `The sheets are: ${workbook.map((sheet) => sheet.name).join(", ")}.`,
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
