import type { ECSqlStatement, ECSqlValue, SqliteStatement } from "@itwin/core-backend";
import type { GuidString, Id64String } from "@itwin/core-bentley";
import { ECSqlValueType } from "@itwin/core-common";

/** A row of a query, as `SqliteStatement` gives it: values by the number of their column, times as Julian days. */
export interface QueryRow extends Pick<
  SqliteStatement,
  | "getValueDouble"
  | "getValueGuid"
  | "getValueId"
  | "getValueInteger"
  | "getValueString"
  | "getValueStringMaybe"
  | "isValueNull"
> {
  getValue(column: number): { readonly value: unknown };
}

const [millisecondsPerDay, julianDayOf1970] = [86_400_000, 2_440_587.5];

/** The current row of an ECSQL statement: the same values as its SQL gives, by public calls. */
export class EcsqlRow implements QueryRow {
  public constructor(private readonly _statement: ECSqlStatement) {}

  public getValue(column: number): { readonly value: unknown } {
    const value = this._valueOf(column);
    return { value: isTime(value) ? julianDayOf(value) : (value.value as unknown) };
  }

  public getValueDouble(column: number): number {
    const value = this._valueOf(column);
    return isTime(value) ? julianDayOf(value) : value.getDouble();
  }

  public getValueGuid(column: number): GuidString {
    return this._valueOf(column).getGuid();
  }

  public getValueId(column: number): Id64String {
    return this._valueOf(column).getId();
  }

  public getValueInteger(column: number): number {
    return this._valueOf(column).getInteger();
  }

  /** SQL gives JSON for a struct array; ECSQL gives its content. */
  public getValueString(column: number): string {
    const value = this._valueOf(column);
    if (value.columnInfo.getType() !== ECSqlValueType.StructArray) return value.getString();
    return JSON.stringify((value.getArray() as Record<string, unknown>[]).map(withSchemaNames));
  }

  public getValueStringMaybe(column: number): string | undefined {
    return this.isValueNull(column) ? undefined : this.getValueString(column);
  }

  public isValueNull(column: number): boolean {
    return this._valueOf(column).isNull;
  }

  private _valueOf(column: number): ECSqlValue {
    return this._statement.getValue(column);
  }
}

/** ECSQL gives the members of a struct their names in JavaScript, which begin with a small letter. */
function withSchemaNames(struct: Record<string, unknown>): Record<string, unknown> {
  const members = Object.entries(struct);
  return Object.fromEntries(members.map(([name, value]) => [name.charAt(0).toUpperCase() + name.slice(1), value]));
}

function isTime(value: ECSqlValue): boolean {
  return value.columnInfo.getType() === ECSqlValueType.DateTime;
}

function julianDayOf(value: ECSqlValue): number {
  return Date.parse(value.getDateTime()) / millisecondsPerDay + julianDayOf1970;
}
