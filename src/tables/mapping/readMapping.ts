import { readFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { Ajv, type ErrorObject } from "ajv";
import { ConnectorError, messageOf } from "../../ConnectorError.js";
import { listNames } from "../SourceErrors.js";
import type { Mapping } from "./Mapping.js";
import { unitNames, isUnit } from "./units.js";

/** The JSON Schema of mappings; it lies beside the source also when the code is built. */
const schemaFile = new URL("../../../src/tables/mapping/mapping.schema.json", import.meta.url);

/**
 * Reads a mapping and checks it.
 * @param given - the mapping itself, or the path of its file, relative to the source
 * @param code - what the codes of errors begin with
 * @throws ConnectorError `<code>/mapping`, with the path within the mapping
 */
export async function readMapping(given: unknown, sourcePath: string, code: string): Promise<Mapping> {
  const file = typeof given === "string" ? resolve(dirname(sourcePath), given) : undefined;
  const fail = (message: string, cause?: unknown) =>
    new ConnectorError(`${code}/mapping`, message, {
      ...(file !== undefined && { source: { file } }),
      advice: "docs/mapping.md explains mappings; editors check them against mapping.schema.json.",
      cause,
    });
  const mapping = file === undefined ? given : await parseFile(file, fail);
  const fault = findFault(mapping) ?? findInconsistency(mapping as Mapping);
  if (fault !== undefined) throw fail(`The mapping is wrong at ${fault}.`);
  return mapping as Mapping;
}

async function parseFile(file: string, fail: (message: string, cause: unknown) => Error): Promise<unknown> {
  try {
    return JSON.parse((await readFile(file, "utf8")).replace(/^\ufeff/, ""));
  } catch (error) {
    throw fail(`The mapping cannot be read: ${messageOf(error)}`, error);
  }
}

/** What the JSON Schema finds, the deepest first: an error of `oneOf` says less than what led to it. */
function findFault(mapping: unknown): string | undefined {
  const schema = JSON.parse(readFileSync(schemaFile, "utf8")) as object;
  const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);
  if (validate(mapping)) return undefined;
  const depth = ({ instancePath }: ErrorObject) => instancePath.split("/").length;
  const [deepest] = [...validate.errors!].sort((left, right) => depth(right) - depth(left));
  return describeFault(deepest!);
}

function describeFault({ instancePath, message, params }: ErrorObject): string {
  const { additionalProperty, allowedValues } = params as { additionalProperty?: string; allowedValues?: unknown[] };
  const detail = additionalProperty ?? allowedValues?.join(", ");
  return `${instancePath || "/"}: it ${message ?? "is wrong"}${detail === undefined ? "" : ` (${detail})`}`;
}

/** What no JSON Schema can say: tables that are referred to, and units that are known. */
function findInconsistency({ tables }: Mapping): string | undefined {
  for (const [name, { parent, relationships = [], properties = {} }] of Object.entries(tables)) {
    const path = `/tables/${name}`;
    const unknown = [...(parent ? [parent] : []), ...relationships].find(({ table }) => !Object.hasOwn(tables, table));
    if (unknown !== undefined) return `${path}: the mapping has no table "${unknown.table}"`;
    const entry = Object.entries(properties).find(([, to]) => typeof to === "object" && !isUnit(to.unit));
    if (entry !== undefined) return `${path}/properties/${entry[0]}/unit: it is none of ${listNames(unitNames)}`;
    const wrong = relationships.findIndex(({ property, separator }) => property && separator);
    if (wrong >= 0) return `${path}/relationships/${wrong}: a navigation property has one target`;
  }
  return undefined;
}
