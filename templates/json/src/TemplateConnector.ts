import { readFile } from "node:fs/promises";
import {
  TableConnector,
  type CellContent,
  type SourceErrors,
  type TableDocument,
  type TableFormat,
  type TableReader,
  type TableRow,
} from "itwin-connector-framework/tables";

type JsonRecord = Record<string, unknown>;

/** Brings a list of JSON objects into an iModel, an element for each object. */
export class TemplateConnector extends TableConnector {
  protected override readonly format: TableFormat = {
    name: "Template name",
    code: "template-connector",
    schemaPrefix: "TemplateSchema",
    packageJson: new URL("../../package.json", import.meta.url),
  };

  protected override async openTables({ path, errors, options }: TableDocument): Promise<TableReader> {
    const records = checkRecords(parse(await readFile(path, "utf8"), errors), errors);
    const table = {
      name: options.className,
      isText: false, // a text is a text, and a number a number
      rowNoun: "row" as const,
      rows: () => readRows(records),
      locate: (row: number, cell?: string) => ({ entity: `${row}`, cell }),
    };
    return { tables: [table] };
  }
}

function parse(text: string, errors: SourceErrors): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw errors.make("syntax", `The file is not JSON: ${(error as Error).message}`, {
      source: {},
      advice: "Export the file anew.",
      cause: error,
    });
  }
}

function checkRecords(content: unknown, errors: SourceErrors): JsonRecord[] {
  const isRecord = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
  const wrong = Array.isArray(content) ? content.findIndex((value) => !isRecord(value)) : 0;
  if (wrong < 0) return content as JsonRecord[];
  throw errors.make("no-record", "The file is not a list of objects.", {
    source: Array.isArray(content) ? { entity: `${wrong + 1}` } : {},
    advice: 'Write a list such as [{ "id": "P-1", "name": "Pump" }].',
  });
}

/** The header first: all keys that any object has. */
function* readRows(records: JsonRecord[]): Generator<TableRow> {
  const keys = [...new Set(records.flatMap((record) => Object.keys(record)))];
  if (keys.length > 0) yield { number: 0, cells: keys };
  for (const [index, record] of records.entries())
    yield { number: index + 1, cells: keys.map((key) => (Object.hasOwn(record, key) ? toCell(record[key]) : null)) };
}

function toCell(value: unknown): CellContent {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : (value as CellContent);
}
