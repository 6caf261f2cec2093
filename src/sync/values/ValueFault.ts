import { inspect } from "node:util";

/** A value that an iModel would drop, change or store wrongly. */
export interface ValueFault {
  /** The property, with the way to the value within it, such as `placement.origin[0]`. */
  property: string;
  value: unknown;
  /** What it should be, such as `a whole number from 0 to 9`. */
  expected: string;
}

/**
 * Finds out what is wrong with a value of a property. Undefined and null are no values, and need no check.
 * @param props - all values of the element, where it is one of them
 */
export type FaultFinder = (
  value: unknown,
  property: string,
  props?: Readonly<Record<string, unknown>>,
) => ValueFault | undefined;

/** A longer value is cut in messages. */
const longestValue = 60;

/** A value in a message: texts in quotes, with invisible characters escaped. */
export function describeValue(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : inspect(value, { breakLength: Infinity, depth: 2 });
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}

/** Makes a {@link FaultFinder} of a test. */
export function expecting(expected: string, isRight: (value: unknown) => boolean): FaultFinder {
  return (value, property) => (isRight(value) ? undefined : { property, value, expected });
}

/** The first fault of several finders, which are asked in turn. */
export function firstFault(faults: Iterable<ValueFault | undefined>): ValueFault | undefined {
  for (const fault of faults) if (fault !== undefined) return fault;
  return undefined;
}
