/** Two lists of things of which some are the same. */
export interface Unpaired<T> {
  a: T[];
  b: T[];
}

/** Adds a value to the list under a key. */
export function addTo<K, V>(groups: Map<K, V[]>, key: K, value: V): void {
  const known = groups.get(key);
  if (known === undefined) groups.set(key, [value]);
  else known.push(value);
}

/** Takes pairs with the same key out of two lists, in order. What has no key is left. */
export function takePairs<T>(
  left: Unpaired<T>,
  keyOfA: (value: T) => string | undefined,
  keyOfB: (value: T) => string | undefined = keyOfA,
): [a: T, b: T][] {
  const free = new Map<string | undefined, T[]>();
  for (const value of left.b.toReversed()) addTo(free, keyOfB(value), value); // taken from the end, which costs nothing
  const pairs: [T, T][] = [];
  for (const value of left.a) {
    const key = keyOfA(value);
    const match = key === undefined ? undefined : free.get(key)?.pop();
    if (match !== undefined) pairs.push([value, match]);
  }
  const takenOfA = new Set(pairs.map(([a]) => a));
  const takenOfB = new Set(pairs.map(([, b]) => b));
  left.a = left.a.filter((value) => !takenOfA.has(value));
  left.b = left.b.filter((value) => !takenOfB.has(value));
  return pairs;
}
