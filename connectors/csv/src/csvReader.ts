import { pipeline } from "node:stream";
import { CsvError, parse, type Parser } from "csv-parse";
import * as tables from "itwin-connector-framework/tables";

/** A CSV file with all that is needed to read it. */
export interface CsvFile extends tables.TextFile {
  readonly delimiter: string;
}

/** A longer row is taken for one whose quote is never closed, before it fills the memory. In bytes. */
const longestRow = 10_000_000;

const opening = "The quote that opens the cell";
const seeWhether = "See whether the quote is closed that opens the cell.";
const doubleIt = 'Double each quote within a quoted cell: "5"" pipe".';
const closeIt = `Close the quote where the cell ends. ${doubleIt}`;
const quoteIt = `Put the whole cell in quotes. ${doubleIt}`;
const readUp = "See RFC 4180 for how rows, cells and quotes are written.";

type Fault = readonly [key: string, message: string, advice: string];

/** What is wrong, by the code of the parser. */
const faults: Record<string, Fault> = {
  CSV_QUOTE_NOT_CLOSED: ["unclosed-quote", `${opening} is never closed.`, "Close it where the cell ends."],
  CSV_MAX_RECORD_SIZE: ["row-too-long", "The row goes on for more than 10 MB from this cell.", seeWhether],
  CSV_INVALID_CLOSING_QUOTE: ["text-after-quote", `${opening} is closed, but text follows it.`, closeIt],
  INVALID_OPENING_QUOTE: ["stray-quote", "There is a quote in the middle of a cell.", quoteIt],
};
const otherFault: Fault = ["syntax", "The row is not CSV.", readUp];

/** Finds out how to read a file: its encoding and its delimiter, as far as they are not given. */
export async function openCsv(
  errors: tables.SourceErrors,
  given: { encoding?: string; delimiter?: string },
): Promise<CsvFile> {
  const file = await tables.openText(errors, given.encoding);
  return { ...file, delimiter: given.delimiter ?? (await tables.findDelimiter(file)) };
}

/** The rows of a file, the header first. Empty lines are no rows. */
export async function* readRows(file: CsvFile, onProgress?: tables.OnProgress): AsyncGenerator<tables.TableRow> {
  let number = 1;
  try {
    for await (const cells of openParser(file, { onProgress }) as AsyncIterable<string[]>) {
      const lastNumber = number + tables.countLineBreaks(cells);
      if (cells.length > 1 || cells[0] !== "") yield { number, lastNumber, cells };
      number = lastNumber + 1;
    }
  } catch (error) {
    throw error instanceof CsvError ? await explain(error, file) : error;
  }
}

/** @param to so many rows at most */
function openParser(file: CsvFile, { to = -1, onProgress }: { to?: number; onProgress?: tables.OnProgress }): Parser {
  const parser = parse({
    delimiter: file.delimiter,
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_column_count: true,
    max_record_size: longestRow,
    to,
  });
  // An error of the text destroys the parser with that error, and so ends the loop over its rows.
  pipeline(tables.readText(file, onProgress), parser, () => {});
  return parser;
}

/** The parser tells how many bytes there are before the cell, of the text as UTF-8, and how many cells in its row. */
async function explain(error: CsvError, file: CsvFile): Promise<Error> {
  const { bytes = 0, index = 0 } = error as { bytes?: number; index?: number };
  const [key, message, advice] = faults[error.code] ?? otherFault;
  const line = await tables.findLineOfByte(file, bytes);
  // Empty where the fault is in the first row.
  const [header] = (await openParser(file, { to: 1 })
    .toArray()
    .catch(() => [])) as string[][];
  return file.errors.make(key, message, { source: { line, cell: header?.[index] }, advice, cause: error });
}
