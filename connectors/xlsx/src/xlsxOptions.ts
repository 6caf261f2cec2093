import { isName, isText, type OptionCheck, type TableOptions } from "itwin-connector-framework/tables";

/** How one sheet is read; what is left out, the options of all sheets say. */
export interface SheetOptions {
  /** The row of the header, counted from 1; 0 for a sheet without one. */
  header?: number;
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
  Pick<SheetOptions, "header" | "idByRow"> & {
    /** The sheets that are read, by name. */
    sheets?: readonly string[] | Readonly<Record<string, SheetOptions>>;
    /** Whether hidden sheets are read too. */
    hiddenSheets?: boolean;
  };

const isBoolean: OptionCheck = (value) => (typeof value === "boolean" ? undefined : "is neither true nor false");
const isRow: OptionCheck = (value) =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 1_048_576
    ? undefined
    : "is not the number of a row";

const sheetChecks: Record<keyof SheetOptions, OptionCheck> = {
  header: isRow,
  lastRow: isRow,
  idColumn: isText,
  idByRow: isBoolean,
  className: isName,
};

/** Checks of the options that no other format has. */
export const xlsxChecks: Readonly<Record<string, OptionCheck>> = {
  sheets: checkSheets,
  hiddenSheets: isBoolean,
  header: isRow,
  idByRow: isBoolean,
};

function checkSheets(value: unknown): string | undefined {
  if (Array.isArray(value))
    return value.length > 0 && value.every((name) => isText(name) === undefined) ? undefined : "is no list of names";
  if (typeof value !== "object" || value === null || Object.keys(value).length === 0)
    return "is neither a list of sheets nor an object with a member for each sheet";
  for (const [name, options] of Object.entries(value)) {
    const fault = checkSheet(options);
    if (fault !== undefined) return `has for sheet ${name} ${fault}`;
  }
  return undefined;
}

function checkSheet(options: unknown): string | undefined {
  if (typeof options !== "object" || options === null || Array.isArray(options)) return "no object of options";
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(sheetChecks, name)) return `an unknown option "${name}"`;
    const fault = sheetChecks[name as keyof SheetOptions](value);
    if (fault !== undefined) return `a "${name}" that ${fault}`;
  }
  return undefined;
}
