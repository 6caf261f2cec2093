import * as tables from "itwin-connector-framework/tables";
import { openCsv, readRows } from "./csvReader.js";

/** The options of the connector; README.md tells what they are for. */
export type CsvOptions = tables.TableOptions & { delimiter?: string; encoding?: string };

/** CSV, with the options that no other format has. */
export const csvFormat: tables.TableFormat = {
  name: "CSV",
  code: "csv",
  schemaPrefix: "Csv",
  packageJson: new URL("../package.json", import.meta.url),
  options: {
    delimiter: faultOfDelimiter,
    encoding: tables.faultOfEncoding,
  },
};

function faultOfDelimiter(value: unknown): string | undefined {
  const fault = tables.faultOfText(value);
  if (fault !== undefined || !/["\r\n]/.test(value as string)) return fault;
  return "holds a quote or a line break";
}

/** Brings the rows of a CSV file into an iModel, an element for each row. */
export class CsvConnector extends tables.TableConnector<CsvOptions> {
  protected override readonly format = csvFormat;

  protected override async openTables(document: tables.TableDocument<CsvOptions>): Promise<tables.TableReader> {
    const { errors, options, onProgress } = document;
    const file = await openCsv(errors, options);
    const table: tables.Table = {
      name: options.className,
      isText: true,
      rowNoun: "line",
      hint: `Is ${JSON.stringify(file.delimiter)} the delimiter?`,
      rows: () => readRows(file, onProgress),
      locate: (line, cell) => ({ line, ...(cell !== undefined && { cell }) }),
    };
    return { tables: [table] };
  }
}
