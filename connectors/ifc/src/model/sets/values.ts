import { StepEnum, StepReference, StepTyped, type StepValue } from "../../step/StepValue.js";
import type { IfcSchema } from "../editions/IfcSchema.js";
import type { NamedValue, ValueType } from "../NamedValue.js";

/** The value of a property with its type; undefined for none, and for a reference. */
export function readValue(
  schema: IfcSchema,
  value: StepValue | undefined,
  measure: string | undefined,
): Pick<NamedValue, "type" | "measure" | "value"> | undefined {
  if (value instanceof StepTyped) return readValue(schema, value.value, value.type);
  const plain = value === undefined ? undefined : plainValue(value, measure);
  if (plain === undefined) return undefined;
  return { ...plain, ...(measure !== undefined && { measure: schema.spell(measure) }) };
}

/** A list as one text, since a property of the iModel has one value. */
export function joinValues(values: readonly StepValue[]): string | undefined {
  const texts = values.map(textOf).filter((text) => text !== undefined);
  return texts.length === 0 ? undefined : texts.join("; ");
}

function plainValue(
  value: StepValue,
  measure: string | undefined,
): { type: ValueType; value: NamedValue["value"] } | undefined {
  if (typeof value === "number") return plainNumber(value, measure);
  const isBoolean = measure === "IFCBOOLEAN" && value instanceof StepEnum && value.name !== "U";
  if (isBoolean) return { type: "boolean", value: value.name === "T" };
  const text = textOf(value);
  return text === undefined ? undefined : { type: "string", value: text };
}

/** A number that its type cannot hold is of the nearest type that can: 2.5 of IfcInteger is a double, 1e400 a text. */
function plainNumber(value: number, measure: string | undefined): { type: ValueType; value: NamedValue["value"] } {
  if (!Number.isFinite(value)) return { type: "string", value: String(value) };
  return { type: isInteger(measure) && Number.isSafeInteger(value) ? "long" : "double", value };
}

function isInteger(measure: string | undefined): boolean {
  return measure !== undefined && integerTypes.has(measure);
}

const integerTypes = new Set(["IFCINTEGER", "IFCPOSITIVEINTEGER", "IFCTIMESTAMP", "IFCDIMENSIONCOUNT"]);

const logicals: Readonly<Record<string, string>> = { T: "TRUE", F: "FALSE", U: "UNKNOWN" };

function textOf(value: StepValue): string | undefined {
  if (value === null || value instanceof StepReference) return undefined;
  if (value instanceof StepTyped) return textOf(value.value);
  if (value instanceof StepEnum) return logicals[value.name] ?? value.name;
  if (typeof value === "object") return joinValues(value);
  return String(value);
}
