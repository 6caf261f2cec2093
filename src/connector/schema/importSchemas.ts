import type { IModelDb } from "@itwin/core-backend";
import { ConnectorError, messageOf } from "../../ConnectorError.js";
import { hasSchema, identifySchemaFile, readSchemas } from "../../imodel/schemaVersions.js";
import type { RunIssue } from "../../sync/items/SynchronizationStatistics.js";
import { findStandardSchema } from "../../units/readUnitsSchema.js";
import { checkDescription } from "./checkDescription.js";
import { checkMerged } from "./checkMerged.js";
import { checkUnits } from "./checkUnits.js";
import { completeDescription, type DynamicSchema } from "./DynamicSchema.js";
import { mergeSchemas } from "./mergeSchemas.js";
import { readSchema } from "./readSchema.js";
import { unitSchemas } from "./quantities.js";
import type { SchemaDescription, SchemaFile } from "./SchemaDescription.js";
import { referencedSchemas, schemaXml, type SchemaReference } from "./schemaXml.js";
import { UnitConversions } from "./UnitConversions.js";

/**
 * Imports a schema file, unless the iModel has the schema in this version or a later one.
 * @throws ConnectorError `schema/refused`
 */
export async function importSchemaFile(imodel: IModelDb, { file }: SchemaFile): Promise<void> {
  const { name, version } = identifySchemaFile(file);
  if (hasSchema(imodel, { name, version })) return;
  await refuseOnFailure(name, () => imodel.importSchemas([file]));
}

/**
 * Makes a described schema in the iModel, or adds to it what is new. Nothing is written where nothing is new.
 * @param owner - goes into the schema's description, by which it is told from schemas of others
 * @param conversions - learns which values are to be converted
 * @returns issues of properties that stay in the unit that they have
 * @throws ConnectorError `schema/...`
 */
export async function importDescription(
  imodel: IModelDb,
  given: SchemaDescription,
  owner: string,
  conversions = new UnitConversions(),
): Promise<RunIssue[]> {
  checkUnits(given);
  const described = completeDescription(given);
  checkDescription(imodel, described);
  const known = readSchema(imodel, given.name, owner);
  const schema = mergeSchemas(known, described);
  const issues = conversions.add(given, schema);
  if (schema !== known) await importSchema(imodel, schema, owner);
  return issues;
}

async function importSchema(imodel: IModelDb, schema: DynamicSchema, owner: string): Promise<void> {
  checkMerged(schema);
  if (schema.quantities.length > 0) await importUnits(imodel);
  const xml = schemaXml(schema, owner, findReferences(imodel, schema));
  await refuseOnFailure(schema.name, () => imodel.importSchemaStrings([xml]));
}

/** Imports the schemas of units in the versions that the platform ships, unless the iModel has these or later ones. */
async function importUnits(imodel: IModelDb): Promise<void> {
  for (const name of unitSchemas) await importSchemaFile(imodel, { file: findStandardSchema(name) });
}

function findReferences(imodel: IModelDb, schema: DynamicSchema): SchemaReference[] {
  return referencedSchemas(schema).map((name) => findReference(imodel, name, schema.name));
}

function findReference(imodel: IModelDb, name: string, of: string): SchemaReference {
  const [found] = readSchemas(imodel, name);
  if (found !== undefined) return found;
  throw new ConnectorError(
    "schema/unknown-reference",
    `${of} refers to a schema ${name}, which is not in the iModel.`,
    {
      advice: "Let the connector import it first, as a schema file.",
    },
  );
}

async function refuseOnFailure(name: string, importSchema: () => Promise<void>): Promise<void> {
  try {
    await importSchema();
  } catch (error) {
    throw new ConnectorError("schema/refused", `The iModel refuses the schema ${name}: ${messageOf(error)}`, {
      cause: error,
      advice: "Check the names and types of the schema, and that what it refers to was imported.",
    });
  }
}
