import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { KnownLocations, type IModelDb } from "@itwin/core-backend";
import { messageOf } from "../../ConnectorError.js";
import { importSchemaFile } from "../../connector/schema/importSchemas.js";
import { parseClassName } from "../../imodel/classNames.js";
import { isFullName, type Mapping } from "./Mapping.js";
import type { MappingPlace } from "./MappingPlace.js";
import type { ReadMapping } from "./readMapping.js";

/** Where the platform keeps the schemas that it brings. */
const folders = ["Domain", "Dgn", "Standard"];

/** Imports the schemas that a mapping needs: the files that it names, and what the platform brings. */
export async function importMappedSchemas(
  imodel: IModelDb,
  { mapping, place }: ReadMapping,
  sourcePath: string,
): Promise<void> {
  for (const [index, file] of (mapping.schemaFiles ?? []).entries())
    await importNamed(imodel, resolve(dirname(sourcePath), file), place.at("schemaFiles", index));
  for (const schema of schemasOf(mapping)) {
    const file = imodel.querySchemaVersion(schema) === undefined ? platformFile(schema) : undefined;
    if (file !== undefined) await importSchemaFile(imodel, { file });
  }
}

async function importNamed(imodel: IModelDb, file: string, place: MappingPlace): Promise<void> {
  try {
    await importSchemaFile(imodel, { file });
  } catch (error) {
    const advice = "Name an ECSchema XML file relative to the source, after those that it refers to.";
    throw place.wrong(`the schema cannot be imported: ${messageOf(error).replace(/\.$/, "")}`, {
      advice,
      cause: error,
    });
  }
}

function schemasOf({ tables }: Mapping): Set<string> {
  const names = Object.values(tables).flatMap((table) => [
    table.class,
    table.baseClass,
    table.parent?.relationship,
    ...(table.relationships ?? []).map((relationship) => relationship.class),
  ]);
  const fullNames = names.filter((name) => name !== undefined).filter(isFullName);
  return new Set(fullNames.map((name) => parseClassName(name, "").schema));
}

function platformFile(schema: string): string | undefined {
  const files = folders.map((folder) =>
    join(KnownLocations.nativeAssetsDir, "ECSchemas", folder, `${schema}.ecschema.xml`),
  );
  return files.find((file) => existsSync(file));
}
