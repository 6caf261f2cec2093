import type { ValidationError } from "jsonschema";
import { listNames } from "../format/SourceErrors.js";

/** For a value that may have several forms, the description of all forms says more than why one of them does not fit. */
export function describeFaults(deepest: ValidationError, faults: readonly ValidationError[]): string {
  const unknown = faults.find(({ name }) => name === "additionalProperties");
  if (unknown !== undefined) return `it must not have additional properties (${String(unknown.argument)})`;
  const { schema } = faults.find(({ name }) => name === "oneOf") ?? {};
  const description = typeof schema === "object" ? schema.description : undefined;
  if (description !== undefined)
    return `it must be ${description.charAt(0).toLowerCase()}${description.slice(1).replace(/\.$/, "")}`;
  return describeFault(deepest);
}

function describeFault({ name, argument, message }: ValidationError): string {
  if (name === "required") return `it must have the property "${String(argument)}"`;
  if (name === "enum") return `it must be one of ${listNames(argument as string[])}`;
  if (name === "minProperties") return `it must have at least ${String(argument)} property`;
  return `it ${message}`;
}
