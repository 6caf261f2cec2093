import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { validate, type Schema } from "jsonschema";
import { messageOf } from "../../ConnectorError.js";
import { readJson } from "../../files/readJson.js";
import { faultOfDialect, schemaFile } from "./dialectForm.js";
import { describeFaults } from "./formFaults.js";
import type { Mapping, PropertyMappingEntry, TableMapping } from "./Mapping.js";
import { faultOfConditions } from "../format/RowConditions.js";
import { MappingPlace } from "./MappingPlace.js";
import { faultOfUnits } from "./units.js";

/** A mapping that was read and checked. */
export interface ReadMapping {
  mapping: Mapping;
  /** Where it is, for what turns out to be wrong later. */
  place: MappingPlace;
}

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
  checkDialect(mapping, place);
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

/** Refuses what the JSON Schema refuses. The deepest fault is reported: it says more than the faults around it. */
function checkForm(mapping: unknown, place: MappingPlace): void {
  const schema = JSON.parse(readFileSync(schemaFile, "utf8")) as Schema;
  const { errors } = validate(mapping, schema, { nestedErrors: true });
  const [deepest] = errors.toSorted((left, right) => right.path.length - left.path.length);
  if (deepest === undefined) return;
  const faults = errors.filter(({ property }) => property === deepest.property);
  throw place.at(...deepest.path.map(String)).wrong(describeFaults(deepest, faults));
}

function checkDialect({ dialect }: Mapping, place: MappingPlace): void {
  const fault = dialect === undefined ? undefined : faultOfDialect(dialect);
  if (fault !== undefined) throw place.at("dialect").wrong(fault.replace(/^is wrong(?: at )?/, "").replace(/^: /, ""));
}

function checkUnits(entry: PropertyMappingEntry, place: MappingPlace): void {
  const { unit, type = "double" } = entry;
  const wrong = faultOfUnits(entry);
  if (wrong !== undefined) throw place.at(wrong.member).wrong(wrong.fault, wrong);
  if (unit !== undefined && !["int", "long", "double"].includes(type))
    throw place.at("unit").wrong(`a property of the type ${type} has no unit`, { advice: "Leave it out." });
}

/** Refuses what no JSON Schema can: tables that are not there, and units that are not known. */
function checkTable(table: TableMapping, { tables }: Mapping, place: MappingPlace): void {
  const { parent, relationships = [], properties = {}, where } = table;
  const wrong = where && faultOfConditions(where); // such as an invalid regular expression
  if (wrong !== undefined) throw place.at("where").wrong(`it ${wrong}`);
  const checkTarget = (target: string, at: MappingPlace) => {
    if (!Object.hasOwn(tables, target)) throw at.at("table").wrong(`the mapping has no table "${target}"`);
  };
  if (parent !== undefined) checkTarget(parent.table, place.at("parent"));
  for (const [column, to] of Object.entries(properties))
    if (typeof to === "object") checkUnits(to, place.at("properties", column));
  relationships.forEach((relationship, index) => {
    const at = place.at("relationships", index);
    checkTarget(relationship.table, at);
    if (relationship.property !== undefined && relationship.separator !== undefined)
      throw at.at("separator").wrong("a navigation property has one target");
  });
}
