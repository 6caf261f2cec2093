import { readFileSync } from "node:fs";
import { validate, type Schema } from "jsonschema";
import { faultOfDateForm } from "../cells/DateForm.js";
import { faultOfText } from "../format/optionFaults.js";
import type { TextDialect } from "../text/TextDialect.js";
import { describeFaults } from "./formFaults.js";

/** The JSON Schema of mappings; it lies beside the source also when the code is built. */
export const schemaFile = new URL("../../../src/tables/mapping/mapping.schema.json", import.meta.url);

/**
 * The fault of a value that must be a {@link TextDialect} or the path of a file with one.
 * @public
 */
export function faultOfDialect(value: unknown): string | undefined {
  if (typeof value === "string") return faultOfText(value);
  const { definitions } = JSON.parse(readFileSync(schemaFile, "utf8")) as Schema;
  const { errors } = validate(value, { $ref: "#/definitions/dialect", definitions }, { nestedErrors: true });
  const [deepest] = errors.toSorted((left, right) => right.path.length - left.path.length);
  if (deepest === undefined) return faultOfForms(value as TextDialect);
  const faults = errors.filter(({ property }) => property === deepest.property);
  const at = deepest.path.length === 0 ? "" : ` at ${deepest.path.join("/")}`;
  return `is wrong${at}: ${describeFaults(deepest, faults)}`;
}

/** What no JSON Schema can tell. */
function faultOfForms({ dates = [], decimal = ".", thousands }: TextDialect): string | undefined {
  for (const form of dates) {
    const fault = faultOfDateForm(form);
    if (fault !== undefined) return `is wrong at dates: "${form}" ${fault}`;
  }
  return thousands === decimal ? `is wrong at thousands: "${decimal}" is the decimal separator` : undefined;
}
