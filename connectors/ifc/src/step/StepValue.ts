/** A reference to another instance, `#12`. */
export class StepReference {
  public constructor(public readonly id: number) {}
}

/** A value of an enumeration, `.TRUE.` without its dots. */
export class StepEnum {
  public constructor(public readonly name: string) {}
}

/** A value with its type, `IFCLABEL('x')`. */
export class StepTyped {
  public constructor(
    /** In upper case. */
    public readonly type: string,
    public readonly value: StepValue,
  ) {}
}

/** A number with a decimal point is real, one without is an integer; binaries are texts of digits. `null` is `$` or `*`. */
export type StepValue = null | string | number | StepReference | StepEnum | StepTyped | readonly StepValue[];

/** The instances that a value refers to, in order. */
export function* referencesIn(value: StepValue | undefined): Generator<number> {
  if (value instanceof StepReference) yield value.id;
  else if (value instanceof StepTyped) yield* referencesIn(value.value);
  else if (Array.isArray(value)) for (const item of value as readonly StepValue[]) yield* referencesIn(item);
}

/** The instance that a value refers to, if it is a reference. */
export function referenceIn(value: StepValue | undefined): number | undefined {
  return value instanceof StepReference ? value.id : undefined;
}

/** The text of a value, also of a typed one. */
export function textIn(value: StepValue | undefined): string | undefined {
  const plain = value instanceof StepTyped ? value.value : value;
  return typeof plain === "string" ? plain : undefined;
}

/** The number of a value, also of a typed one. */
export function numberIn(value: StepValue | undefined): number | undefined {
  const plain = value instanceof StepTyped ? value.value : value;
  return typeof plain === "number" ? plain : undefined;
}

/** The numbers of a list. */
export function numbersIn(value: StepValue | undefined): number[] {
  return Array.isArray(value)
    ? (value as readonly StepValue[]).map(numberIn).filter((number) => number !== undefined)
    : [];
}
