import * as tables from "itwin-connector-framework/tables";

/** The options of the connector; README.md tells what they are for. */
export type CsvOptions = tables.TableOptions & {
  /** What separates cells. Default: that of the dialect. */
  delimiter?: string;
  /** The encoding of a file without a byte order mark. */
  encoding?: string;
  /** How the text is written, or the path of a file that says it, relative to the source. */
  dialect?: tables.TextDialect | string;
  /** Whether rows are known by their lines, where no column holds an identifier. */
  idByRow?: boolean;
};

/** Checks of the options that no other format has. */
export const csvChecks: Readonly<Record<string, tables.OptionCheck>> = {
  delimiter: faultOfDelimiter,
  encoding: tables.faultOfEncoding,
  dialect: tables.faultOfDialect,
  idByRow: tables.faultOfFlag,
};

function faultOfDelimiter(value: unknown): string | undefined {
  const fault = tables.faultOfText(value);
  if (fault !== undefined || !/["\r\n]/.test(value as string)) return fault;
  return "holds a quote or a line break";
}
