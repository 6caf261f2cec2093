import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { Ajv, type ErrorObject } from "ajv";
import { messageOf } from "../../ConnectorError.js";
import { readJson } from "../../files/readJson.js";
import { listNames } from "../SourceErrors.js";
import type { Mapping, TableMapping } from "./Mapping.js";
import { MappingPlace } from "./MappingPlace.js";
import { unitNames, isUnit } from "./units.js";

/** A mapping that was read and checked. */
export interface ReadMapping {
  mapping: Mapping;
  /** Where it is, for what turns out to be wrong later. */
  place: MappingPlace;
}

/** The JSON Schema of mappings; it lies beside the source also when the code is built. */
const schemaFile = new URL("./mapping.schema.json", import.meta.url);

/**
 * Reads a mapping and checks it.
 * @param given - the mapping itself, or the path of its file, relative to the source
 * @param code - what the codes of errors begin with
 * @throws ConnectorError `<code>/mapping`, with the path within the mapping
 */
export async function readMapping(given: unknown, sourcePath: string, code: string): Promise<ReadMapping> {
  const file = typeof given === "string" ? resolve(dirname(sourcePath), given) : undefined;
  const place = new MappingPlace(code, file);
  const mapping = (file === undefined ? given : await parseFile(file, place)) as Mapping;
  checkForm(mapping, place);
  for (const [name, table] of Object.entries(mapping.tables)) checkTable(table, mapping, place.at("tables", name));
  return { mapping, place };
}

async function parseFile(file: string, place: MappingPlace): Promise<unknown> {
  try {
    return await readJson(file);
  } catch (error) {
    throw place.unreadable(messageOf(error), error);
  }
}

/** Refuses what the JSON Schema does; it tells of the deepest fault, which says more than one of what is around it. */
function checkForm(mapping: unknown, place: MappingPlace): void {
  const schema = JSON.parse(readFileSync(schemaFile, "utf8")) as object;
  const validate = new Ajv({ allErrors: true, strict: false, verbose: true }).compile(schema);
  if (validate(mapping)) return;
  const depth = ({ instancePath }: ErrorObject) => instancePath.split("/").length;
  const [deepest] = [...validate.errors!].sort((left, right) => depth(right) - depth(left));
  const { instancePath } = deepest!;
  const faults = validate.errors!.filter((error) => error.instancePath === instancePath);
  throw place.at(...keysOf(instancePath)).wrong(describeFaults(faults));
}

function keysOf(pointer: string): string[] {
  const keys = pointer.split("/").slice(1);
  return keys.map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Where there are several forms, those that do not fit tell less than what all of them are. */
function describeFaults(faults: readonly ErrorObject[]): string {
  const ofForms = faults.find(({ keyword }) => keyword === "oneOf");
  const { description } = (ofForms?.parentSchema ?? {}) as { description?: string };
  const unknown = faults.find(({ keyword }) => keyword === "additionalProperties");
  if (unknown === undefined && description !== undefined)
    return `it must be ${description.charAt(0).toLowerCase()}${description.slice(1).replace(/\.$/, "")}`;
  return describeFault(unknown ?? faults[0]!);
}

function describeFault({ message, params }: ErrorObject): string {
  const { additionalProperty, allowedValues } = params as { additionalProperty?: string; allowedValues?: unknown[] };
  const detail = additionalProperty ?? allowedValues?.join(", ");
  return `it ${message ?? "is wrong"}${detail === undefined ? "" : ` (${detail})`}`;
}

/** Refuses what no JSON Schema can: tables that are not there, and units that are not known. */
function checkTable(table: TableMapping, { tables }: Mapping, place: MappingPlace): void {
  const { parent, relationships = [], properties = {} } = table;
  const checkTarget = (target: string, at: MappingPlace) => {
    if (!Object.hasOwn(tables, target)) throw at.at("table").wrong(`the mapping has no table "${target}"`);
  };
  if (parent !== undefined) checkTarget(parent.table, place.at("parent"));
  for (const [column, to] of Object.entries(properties))
    if (typeof to === "object" && !isUnit(to.unit))
      throw place.at("properties", column, "unit").wrong(`it is none of ${listNames(unitNames)}`);
  relationships.forEach((relationship, index) => {
    const at = place.at("relationships", index);
    checkTarget(relationship.table, at);
    if (relationship.property !== undefined && relationship.separator !== undefined)
      throw at.at("separator").wrong("a navigation property has one target");
  });
}
