/** Ends a check: the connector does not do what it must. */
export class Finding extends Error {
  /**
   * @param expected - what should have been, as the end of "expected …"
   * @param found - what was
   */
  public constructor(
    public readonly expected: string,
    public readonly found: string,
  ) {
    super(`expected ${expected}; found ${found}`);
  }
}

/** Ends a check that cannot be carried out on this sample. */
export class Skipped extends Error {}

/** Ends the check where something does not hold. */
export function expectThat(holds: boolean, expected: string, found: string): void {
  if (!holds) throw new Finding(expected, found);
}

/** Ends the check where some of the counts are not the expected ones; the others do not matter. */
export function expectCounts(what: string, found: object, expected: object): void {
  const names = Object.keys(expected) as (keyof typeof found)[];
  const expectedCounts = expected;
  const holds = names.every((name) => found[name] === expectedCounts[name]);
  expectThat(holds, `${what} to count ${describe(names, expectedCounts)}`, describe(names, found));
}

function describe<T extends object>(names: readonly (keyof T)[], counts: T): string {
  return names.map((name) => `${String(counts[name])} ${String(name)}`).join(", ");
}
