import { counted } from "../../counted.js";
import { describeLocation } from "../../ConnectorError.js";
import { textOf } from "../cells/columnTypes.js";
import { shorten } from "../format/SourceErrors.js";
import type { Table, TableRow } from "../format/TableReader.js";
import type { CoordinateColumns } from "./coordinates.js";

/** So many rows are named in a message. */
const mostExamples = 3;

/** Rows that a message is about: how many they are, and where the first of them stand. */
export class RowExamples {
  private readonly _examples: string[] = [];
  private _count = 0;

  public constructor(
    private readonly _table: Table,
    private readonly _columns: CoordinateColumns,
  ) {}

  public get count(): number {
    return this._count;
  }

  public add(row: TableRow): void {
    this._count++;
    if (this._examples.length >= mostExamples) return;
    const { first, second } = this._columns;
    const values = [first, second].map(({ name, index }) => `${shorten(name)} ${shorten(textOf(row.cells[index]))}`);
    this._examples.push(`${describeLocation(this._table.locate(row.number))} (${values.join(", ")})`);
  }

  /** Such as `2 rows: line 3 (x 1, y 2), line 4 (x 3, y 4)`. */
  public toString(): string {
    const more = this._count > this._examples.length ? ", ..." : "";
    return `${counted(this._count, "row")}: ${this._examples.join(", ")}${more}`;
  }
}
