import type { ValueFault } from "./ValueFault.js";

/** What a value within a geometry stream must be like. The property of a fault is the way to it from the value. */
export type Shape = (value: unknown) => ValueFault | undefined;

/** The members of an object, by their names. */
type Members = Readonly<Record<string, Shape>>;

/** Anything: the iModel takes it, or it makes no difference to what is drawn. */
export const anything: Shape = () => undefined;

/** A value that passes a test. */
export function shaped(expected: string, isRight: (value: unknown) => boolean): Shape {
  return (value) => (isRight(value) ? undefined : { property: "", value, expected });
}

/** An object with some members, and perhaps others. */
export function record(required: Members, optional: Members = {}): Shape {
  const shapes = new Map(Object.entries({ ...required, ...optional }));
  const names = Object.keys(required);
  return (value) => {
    if (!isRecord(value)) return { property: "", value, expected: `an object with ${[...shapes.keys()].join(", ")}` };
    for (const name of names) if (value[name] === undefined) return within(`.${name}`, required[name]?.(undefined));
    for (const key in value) {
      const member = value[key];
      if (member === undefined) continue;
      const shape = shapes.get(key);
      if (shape === undefined) return unknownMember(`.${key}`, member, [...shapes.keys()]);
      const fault = shape(member);
      if (fault !== undefined) return within(`.${key}`, fault);
    }
    return undefined;
  };
}

/** A shape with a rule that looks at several members. */
export function also(shape: Shape, rule: (value: Readonly<Record<string, unknown>>) => ReturnType<Shape>): Shape {
  return (value) => shape(value) ?? rule(value as Readonly<Record<string, unknown>>);
}

/** An array of so many members of one shape. */
export function list(member: Shape, least: number, most = Infinity): Shape {
  const size = most === least ? `${least}` : most === Infinity ? `at least ${least}` : `${least} to ${most}`;
  return (value) => {
    if (!Array.isArray(value) || value.length < least || value.length > most)
      return {
        property: "",
        value,
        expected: `an array with ${size} ${least === 1 && most > 1 ? "entry" : "entries"}`,
      };
    for (let index = 0; index < value.length; index++) {
      const fault = member(value[index]);
      if (fault !== undefined) return within(`[${index}]`, fault);
    }
    return undefined;
  };
}

/** An object with exactly one member, whose name says what it is. */
export function oneOf(kinds: ReadonlyMap<string, Shape>): Shape {
  return (value) => {
    const expected = `an object with one of ${[...kinds.keys()].join(", ")}`;
    if (!isRecord(value)) return { property: "", value, expected };
    let only: string | undefined;
    for (const key in value) {
      if (value[key] === undefined) continue;
      const isKnown = kinds.has(key);
      if (only !== undefined && isKnown)
        return { property: `.${key}`, value: value[key], expected: `in an entry of its own, apart from ${only}` };
      if (!isKnown) return unknownMember(`.${key}`, value[key], [...kinds.keys()]);
      only = key;
    }
    return only === undefined ? { property: "", value, expected } : within(`.${only}`, kinds.get(only)?.(value[only]));
  };
}

/** A fault of a member as one of its owner. */
export function within(owner: string, fault: ValueFault): ValueFault;
export function within(owner: string, fault: ValueFault | undefined): ValueFault | undefined;
export function within(owner: string, fault: ValueFault | undefined): ValueFault | undefined {
  return fault && { ...fault, property: owner + fault.property };
}

/** The fault of a member that its owner does not have. */
export function unknownMember(property: string, value: unknown, known: readonly string[]): ValueFault {
  return { property, value, expected: `nothing: its members are ${known.join(", ")}` };
}

/** Whether a value is an object with named members. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
