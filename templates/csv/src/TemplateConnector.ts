import { pipeline } from "node:stream";
import { CsvError, parse } from "csv-parse";
import {
  countLineBreaks,
  findDelimiter,
  openText,
  readText,
  TableConnector,
  type TableDocument,
  type TableFormat,
  type TableReader,
  type TableRow,
  type TextFile,
} from "itwin-connector-framework/tables";

/** Brings the rows of a CSV file into an iModel, an element for each row. */
export class TemplateConnector extends TableConnector {
  protected override readonly format: TableFormat = {
    name: "Template name",
    code: "template-connector",
    schemaPrefix: "TemplateSchema",
    packageJson: new URL("../../package.json", import.meta.url),
  };

  protected override async openTables({ errors, options, onProgress }: TableDocument): Promise<TableReader> {
    const file = await openText(errors);
    const delimiter = await findDelimiter(file);
    const table = {
      name: options.className,
      isText: true, // types are found out from the texts
      rowNoun: "line" as const,
      rows: () => readRows(file, delimiter, onProgress),
      locate: (line: number, cell?: string) => ({ line, cell }),
    };
    return { tables: [table] };
  }
}

/** The rows of the file as a stream, the header first. */
async function* readRows(
  file: TextFile,
  delimiter: string,
  onProgress: TableDocument["onProgress"],
): AsyncGenerator<TableRow> {
  const parser = parse({ delimiter, relax_column_count: true, max_record_size: 10_000_000 });
  pipeline(readText(file, onProgress), parser, () => {}); // what goes wrong ends the loop below
  let number = 1;
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      if (cells.length > 1 || cells[0] !== "") yield { number, cells };
      number += 1 + countLineBreaks(cells);
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw file.errors.make("syntax", error.message, {
      source: { line: number },
      advice: "See RFC 4180.",
      cause: error,
    });
  }
}
