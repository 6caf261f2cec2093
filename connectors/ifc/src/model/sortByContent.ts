/** Sorts by what values say, so that the order in which a file has them makes no difference. */
export function sortByContent<T>(values: readonly T[], keyOf: (value: T) => unknown = (value) => value): T[] {
  const keyed = values.map((value) => ({ value, key: JSON.stringify(keyOf(value)) }));
  return keyed
    .sort(({ key: left }, { key: right }) => (left < right ? -1 : Number(left > right)))
    .map(({ value }) => value);
}
