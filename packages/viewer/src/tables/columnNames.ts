import { headingOf, type Column } from "../elements/PropertyReader.js";
import type { ClassColumns, RowPart, TableColumns } from "./ElementRows.js";

/** A column of a flat table. */
export interface FlatColumn {
  /** Such as `Width` or `Pset_DoorCommon.FireRating`. */
  readonly name: string;
  readonly unit?: string;
}

/**
 * The columns of a table in which each element is one row: the union of the columns of all classes. Properties of the same
 * name and unit share one. Those of aspects have the label of their class in front.
 */
export class FlatColumns {
  public readonly columns: readonly FlatColumn[];
  private readonly _indices = new Map<string, number>();

  /** @param taken - names that other columns have */
  public constructor({ elements, aspects }: TableColumns, taken: readonly string[] = []) {
    const columns: FlatColumn[] = [];
    const names = new Set(taken);
    const add = (column: Column, prefix: string) => {
      const key = keyOf(column, prefix);
      if (this._indices.has(key)) return;
      this._indices.set(key, columns.length);
      columns.push({ name: unused(prefix + headingOf(column), names), unit: column.unit?.unit });
    };
    for (const { columns: own } of elements) for (const column of own) add(column, "");
    for (const { info, columns: own } of aspects) for (const column of own) add(column, `${info.label}.`);
    this.columns = columns;
  }

  /** Where the values of an element, or of one of its aspects, stand. */
  public indicesOf({ info, columns }: ClassColumns, isAspect: boolean): number[] {
    const prefix = isAspect ? `${info.label}.` : "";
    return columns.map((column) => this._indices.get(keyOf(column, prefix)) ?? -1);
  }

  /** The values of a row by their columns. Several aspects of one class give several values. */
  public *valuesOf(
    element: RowPart,
    aspects: readonly RowPart[],
  ): Generator<[index: number, part: RowPart, at: number]> {
    for (const part of [element, ...aspects])
      for (const [at, index] of this.indicesOf(part, part !== element).entries()) yield [index, part, at];
  }
}

function keyOf({ name, unit }: Column, prefix: string): string {
  return JSON.stringify([prefix, name, unit?.unit]);
}

/** A name that no other column has, compared without case as programs for tables do. */
function unused(name: string, taken: Set<string>): string {
  let candidate = name;
  for (let number = 2; taken.has(candidate.toLowerCase()); number++) candidate = `${name} (${number})`;
  taken.add(candidate.toLowerCase());
  return candidate;
}
