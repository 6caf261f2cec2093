import type { TableRow } from "itwin-connector-framework/tables";
import { plainForm, type RowForm } from "../rows/RowForm.js";
import { isBlank } from "./cells.js";
import type { Sample } from "./Sample.js";

/** The delimiters that are recognized. The first one is taken where none is found. */
const knownDelimiters = [",", ";", "\t", "|"];

/** So many rows tell the delimiter. */
const countedRows = 200;

/** A line such as `sep=;`, which spreadsheets write and read. */
const sepLine = /^\ufeff*"?sep=([^"\r\n]+)"?$/i;

/** The delimiter that the first line names, and the line that follows it. */
export function readSepLine({ lines: [line = ""] }: Sample): { delimiter?: string; firstLine: number } {
  const delimiter = sepLine.exec(line)?.[1];
  return { delimiter, firstLine: delimiter === undefined ? 1 : 2 };
}

/**
 * Finds out what separates cells: of comma, semicolon, tab and bar the one that the first line has most of, if the rows have as
 * many; else the one that cuts the most rows into as many cells. Several spaces do if no other one does.
 * @param form - how quotes are written
 */
export function findDelimiter(sample: Sample, firstLine: number, form: Partial<RowForm>): string | undefined {
  const header = sample.firstRow(firstLine).replace(/"[^"]*"/g, "");
  const candidates = knownDelimiters.map((delimiter) => {
    const rows = sample.rows({ ...plainForm(delimiter), ...form, delimiter }, firstLine);
    return rate(delimiter, header, rows.filter((row) => !isBlank(row)).slice(0, countedRows));
  });
  const byHeader = best(candidates, ({ headerCount }) => headerCount);
  if (byHeader.headerCount > 1 && byHeader.count === byHeader.headerCount) return byHeader.delimiter;
  const byRows = best(candidates, ({ share }) => share);
  if (byRows.share > 0.5 && byRows.share > byHeader.share) return byRows.delimiter;
  if (byHeader.headerCount === 1 && isAligned(sample, firstLine)) return undefined;
  return byHeader.delimiter;
}

interface Candidate {
  delimiter: string;
  /** How many cells the first row has. What is in quotes does not count. */
  headerCount: number;
  /** How many cells most rows have. */
  count: number;
  /** The part of the rows that have so many; zero where that is one. */
  share: number;
}

function rate(delimiter: string, header: string, rows: readonly TableRow[]): Candidate {
  const counts = new Map<number, number>();
  for (const { cells } of rows) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  const [[count, most] = [1, 0]] = [...counts].toSorted((left, right) => right[1] - left[1]);
  const share = count > 1 ? most / rows.length : 0;
  return { delimiter, headerCount: header.split(delimiter).length, count, share };
}

function best(candidates: readonly Candidate[], value: (candidate: Candidate) => number): Candidate {
  const [first, ...others] = candidates as [Candidate, ...Candidate[]];
  return others.reduce((found, candidate) => (value(candidate) > value(found) ? candidate : found), first);
}

/** Whether several spaces stand between the cells of each line, and as many cells are in each. */
function isAligned(sample: Sample, firstLine: number): boolean {
  const lines = sample.lines.slice(firstLine - 1, countedRows).filter((line) => line.trim() !== "");
  const counts = new Set(lines.map((line) => line.trim().split(/[ \t]+/).length));
  const [count = 1] = counts;
  return counts.size === 1 && count > 1 && lines.length > 1 && lines.some((line) => /\S {2,}\S/.test(line));
}
