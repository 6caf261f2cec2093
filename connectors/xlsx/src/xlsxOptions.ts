import {
  faultOfFlag,
  faultOfName,
  faultOfText,
  faultOfTextList,
  type OptionCheck,
  type TableOptions,
} from "itwin-connector-framework/tables";

import { rangeOf } from "./namedRanges.js";

/** How one sheet is read; what is left out, the options of all sheets say. */
export interface SheetOptions {
  /** The row of the header, counted from 1; 0 for a sheet without one. */
  header?: number;
  /** The part of the sheet that is read, such as `B3:F20`. */
  range?: string;
  /** The row below the header that holds the units of the columns, counted from 1. */
  unitsRow?: number;
  /** The last row of the table, where remarks follow it. */
  lastRow?: number;
  /** The column of the identifiers. */
  idColumn?: string;
  /** Whether a row is known by its number, where no column holds an identifier. */
  idByRow?: boolean;
  /** The class of the rows. */
  className?: string;
}

/** The options of the connector; README.md tells what they are for. */
export type XlsxOptions = TableOptions &
  Pick<SheetOptions, "header" | "idByRow" | "unitsRow"> & {
    /** The sheets that are read, by name; also tables and names of the workbook that stand for a range. */
    sheets?: readonly string[] | Readonly<Record<string, SheetOptions>>;
    /** Whether hidden sheets are read too. */
    hiddenSheets?: boolean;
  };

/** A sheet has no more rows. */
const mostRows = 1_048_576;

const sheetChecks: Record<keyof SheetOptions, OptionCheck> = {
  header: faultOfRow,
  range: (value) => (rangeOf(String(value)) === undefined ? 'is not a range such as "B3:F20"' : undefined),
  unitsRow: faultOfRow,
  lastRow: faultOfRow,
  idColumn: faultOfText,
  idByRow: faultOfFlag,
  className: faultOfName,
};

/** Checks of the options that no other format has. */
export const xlsxChecks: Readonly<Record<string, OptionCheck>> = {
  sheets: faultOfSheets,
  hiddenSheets: faultOfFlag,
  header: faultOfRow,
  unitsRow: faultOfRow,
  idByRow: faultOfFlag,
};

function faultOfSheets(value: unknown): string | undefined {
  if (Array.isArray(value)) return faultOfTextList(value) && "is no list of names";
  if (typeof value !== "object" || value === null || Object.keys(value).length === 0)
    return "is neither a list of sheets nor an object with a member for each sheet";
  for (const [name, options] of Object.entries(value)) {
    const fault = faultOfSheet(options);
    if (fault !== undefined) return `has for sheet ${name} ${fault}`;
  }
  return undefined;
}

function faultOfSheet(options: unknown): string | undefined {
  if (typeof options !== "object" || options === null || Array.isArray(options)) return "no object of options";
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(sheetChecks, name)) return `an unknown option "${name}"`;
    const fault = sheetChecks[name as keyof SheetOptions](value);
    if (fault !== undefined) return `a "${name}" that ${fault}`;
  }
  return undefined;
}

function faultOfRow(value: unknown): string | undefined {
  const isValid = typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= mostRows;
  return isValid ? undefined : "is not the number of a row";
}
