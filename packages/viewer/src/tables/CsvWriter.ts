import type { Value } from "../elements/values.js";
import { textOf } from "../elements/values.js";
import { FlatColumns } from "./columnNames.js";
import type { ElementRow, TableColumns } from "./ElementRows.js";
import { baseNames, baseValues, sourceNames, sourceValues } from "./flatNames.js";
import type { TableWriter } from "./TableWriter.js";

/**
 * Writes a table as comma-separated values (RFC 4180): UTF-8, lines that end with CR LF, a line of names first. A unit
 * stands behind the name, in square brackets.
 */
export class CsvWriter implements TableWriter {
  private _columns?: FlatColumns;

  public begin(columns: TableColumns): string {
    this._columns = new FlatColumns(
      columns,
      [...baseNames, ...sourceNames].map((name) => name.toLowerCase()),
    );
    const names = this._columns.columns.map(({ name, unit }) => (unit === undefined ? name : `${name} [${unit}]`));
    return csvLine([...baseNames, ...names, ...sourceNames]);
  }

  public row({ base, element, aspects, provenance }: ElementRow): string {
    const columns = this._columns;
    if (columns === undefined) throw new Error("the line of names comes first");
    const cells = new Array<string[]>(columns.columns.length);
    for (const [index, { values, columns: own }, at] of columns.valuesOf(element, aspects)) {
      const value = values[at] ?? null;
      if (value !== null) (cells[index] ??= []).push(textOf(value, own[at]));
    }
    const texts = Array.from(cells, (given: string[] | undefined) => joined(given ?? []));
    return csvLine([...baseValues(base, element.info.name), ...texts, ...sourceValues(provenance)]);
  }

  public end(): string {
    return "";
  }
}

/** Several values, of aspects of one class, are a JSON array, so that they can be told apart. */
function joined(texts: readonly string[]): string {
  return texts.length > 1 ? JSON.stringify(texts) : (texts[0] ?? "");
}

/** A line of cells. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(quoted).join(",")}\r\n`;
}

/** The cells of a row of a query. */
export function csvCells(values: readonly Value[]): string[] {
  return values.map((value) => textOf(value));
}

function quoted(cell: string): string {
  return /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
