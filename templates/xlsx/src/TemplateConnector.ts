import { readFile } from "node:fs/promises";
import * as xlsx from "@e965/xlsx";
import {
  TableConnector,
  type CellContent,
  type SourceErrors,
  type Table,
  type TableDocument,
  type TableFormat,
  type TableReader,
  type TableRow,
} from "itwin-connector-framework/tables";

/** Brings the rows of the first sheet of a workbook into an iModel, an element for each row. */
export class TemplateConnector extends TableConnector {
  protected override readonly format: TableFormat = {
    name: "Template name",
    code: "template-connector",
    schemaPrefix: "TemplateSchema",
    packageJson: new URL("../../package.json", import.meta.url),
  };

  protected override async openTables({ path, errors, options }: TableDocument): Promise<TableReader> {
    const workbook = parse(await readFile(path), errors);
    const [sheet = ""] = workbook.SheetNames;
    const table: Table = {
      name: options.className,
      isText: false, // a text is a text, and a number a number
      rowNoun: "row",
      rows: () => readRows(workbook.Sheets[sheet]),
      locate: (row, cell) => ({ sheet, cell: cell ?? `A${row}` }),
    };
    return { tables: [table] };
  }
}

function parse(content: Uint8Array, errors: SourceErrors): xlsx.WorkBook {
  try {
    return xlsx.read(content, { dense: true, cellDates: true, UTC: true });
  } catch (error) {
    throw errors.make("syntax", `The file is not a workbook: ${(error as Error).message}`, {
      source: {},
      advice: "Save it anew as .xlsx.",
      cause: error,
    });
  }
}

/** The rows that hold anything, the header first. Each has at least the columns of the header. */
function* readRows(sheet: xlsx.WorkSheet | undefined): Generator<TableRow> {
  const cells = sheet === undefined ? [] : xlsx.utils.sheet_to_json<CellContent[]>(sheet, { header: 1, UTC: true });
  let width = 0;
  for (const [index, row] of cells.entries()) {
    if (row.every((cell) => cell === undefined || cell === null || cell === "")) continue;
    width ||= row.length;
    yield { number: index + 1, cells: Array.from({ length: Math.max(width, row.length) }, (_, column) => row[column]) };
  }
}
