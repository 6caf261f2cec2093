import type { IModelDb } from "@itwin/core-backend";
import { ConnectorError, messageOf } from "../../ConnectorError.js";
import { hasSchema, identifySchemaFile, readSchemas } from "../../imodel/schemaVersions.js";
import { checkDescription } from "./checkDescription.js";
import { checkMerged } from "./checkMerged.js";
import { completeDescription, type DynamicSchema } from "./DynamicSchema.js";
import { mergeSchemas } from "./mergeSchemas.js";
import { readSchema } from "./readSchema.js";
import type { SchemaDescription, SchemaFile } from "./SchemaDescription.js";
import { referencedSchemas, schemaXml, type SchemaReference } from "./schemaXml.js";

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
 * @throws ConnectorError `schema/...`
 */
export async function importDescription(imodel: IModelDb, given: SchemaDescription, owner: string): Promise<void> {
  const described = completeDescription(given);
  checkDescription(imodel, described);
  const known = readSchema(imodel, given.name, owner);
  const schema = known === undefined ? described : mergeSchemas(known, described);
  if (schema === known) return;
  checkMerged(schema);
  const xml = schemaXml(schema, owner, findReferences(imodel, schema));
  await refuseOnFailure(schema.name, () => imodel.importSchemaStrings([xml]));
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
