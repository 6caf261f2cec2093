import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { KnownLocations, type IModelDb } from "@itwin/core-backend";
import { importSchemaFile } from "../../connector/schema/importSchemas.js";
import { parseClassName } from "../../connector/schema/classNames.js";
import { isFullName, type Mapping } from "./Mapping.js";

/** Where the platform keeps the schemas that it brings. */
const folders = ["Domain", "Dgn", "Standard"];

/** Imports the schemas that a mapping needs: the files that it names, and what the platform brings. */
export async function importMappedSchemas(imodel: IModelDb, mapping: Mapping, sourcePath: string): Promise<void> {
  for (const file of mapping.schemaFiles ?? [])
    await importSchemaFile(imodel, { file: resolve(dirname(sourcePath), file) });
  for (const schema of schemasOf(mapping)) {
    const file = imodel.querySchemaVersion(schema) === undefined ? platformFile(schema) : undefined;
    if (file !== undefined) await importSchemaFile(imodel, { file });
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
