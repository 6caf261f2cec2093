/**
 * A value that must be there, because another place checks it. The thread that reads files has this function of its own:
 * loading core-bentley for the one there takes longer than reading a small file.
 * @throws Error if the value is missing
 */
export function expectDefined<T>(value: T | null | undefined): T {
  if (value === undefined || value === null) throw new Error("a value is missing that must be there");
  return value;
}
