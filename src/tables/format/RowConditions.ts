import { faultOfFlag } from "./optionFaults.js";

/**
 * A value that a cell can be compared with.
 * @public
 */
export type ConditionValue = string | number | boolean;

/**
 * What the cells of a column must be; each member that is given must hold.
 * @public
 */
export interface ColumnCondition {
  /** The value, or one of the values. */
  is?: ConditionValue | readonly ConditionValue[];
  /** A value, or values, that the cell does not have. An empty cell has no value. */
  not?: ConditionValue | readonly ConditionValue[];
  /** The least value: a number, or a text such as a date of ISO 8601. */
  from?: number | string;
  /** The greatest value: a number, or a text such as a date of ISO 8601. */
  to?: number | string;
  /** A regular expression that the text of the cell matches in some place. */
  matches?: string;
  /** Whether the cell is empty. */
  isEmpty?: boolean;
}

/**
 * Which rows of a table are read, by column: a value, a list of values, or a condition. All columns must hold. Rows that are
 * left out are treated as if the source did not have them.
 * @public
 */
export type RowConditions = Readonly<Record<string, ConditionValue | readonly ConditionValue[] | ColumnCondition>>;

const checks: Readonly<Record<keyof ColumnCondition, (value: unknown) => boolean>> = {
  is: isValueOrList,
  not: isValueOrList,
  from: isLimit,
  to: isLimit,
  matches: isExpression,
  isEmpty: (value) => faultOfFlag(value) === undefined,
};

/** The fault of a value that must be {@link RowConditions}, as the end of a sentence. */
export function faultOfConditions(value: unknown): string | undefined {
  if (!isObject(value)) return "is not an object with a condition for each column";
  for (const [column, condition] of Object.entries(value)) {
    const fault = faultOfCondition(condition);
    if (fault !== undefined) return `has for the column "${column}" ${fault}`;
  }
  return undefined;
}

function faultOfCondition(condition: unknown): string | undefined {
  if (isValueOrList(condition)) return undefined;
  if (!isObject(condition)) return "neither a value nor a list of values nor a condition";
  for (const [name, value] of Object.entries(condition)) {
    if (!Object.hasOwn(checks, name))
      return `an unknown condition "${name}"; there are ${Object.keys(checks).join(", ")}`;
    if (!checks[name as keyof ColumnCondition](value)) return `a wrong value of "${name}"`;
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isValue(value: unknown): value is ConditionValue {
  return (
    typeof value === "string" || typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value))
  );
}

function isValueOrList(value: unknown): value is ConditionValue | readonly ConditionValue[] {
  return Array.isArray(value) ? value.length > 0 && value.every(isValue) : isValue(value);
}

function isLimit(value: unknown): boolean {
  return isValue(value) && typeof value !== "boolean";
}

function isExpression(value: unknown): boolean {
  try {
    return typeof value === "string" && new RegExp(value, "u").source !== "";
  } catch {
    return false;
  }
}
