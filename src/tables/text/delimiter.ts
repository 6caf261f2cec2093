import { readText, type TextFile } from "./TextFile.js";

/** The delimiters that are recognized. The first one is taken where none is found. */
const knownDelimiters = [",", ";", "\t", "|"];

/** A header is not longer, in characters. */
const longestHeader = 10_000_000;

/**
 * Finds out what separates the cells of a text: of comma, semicolon, tab and bar the one that its first line has most of.
 * What stands in quotes does not count.
 * @public
 */
export async function findDelimiter(file: TextFile): Promise<string> {
  const unquoted = (await readHeaderLine(file)).replace(/"[^"]*"/g, "");
  const count = (delimiter: string) => unquoted.split(delimiter).length - 1;
  return knownDelimiters.reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
}

async function readHeaderLine(file: TextFile): Promise<string> {
  let start = "";
  for await (const text of readText(file)) {
    start += text;
    const [line] = /^(?:"[^"]*"|[^"\r\n])*[\r\n]/.exec(start) ?? [];
    if (line !== undefined) return line;
    if (start.length > longestHeader) break;
  }
  return start;
}
