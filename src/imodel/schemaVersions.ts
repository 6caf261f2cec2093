import { readFileSync } from "node:fs";
import type { IModelDb, SchemaImportOptions } from "@itwin/core-backend";
import { ConnectorError } from "../ConnectorError.js";
import { queryRows } from "./queries.js";

/** What tells a version of an ECSchema from others. */
export interface SchemaVersion {
  name: string;
  /** Such as `01.00.05`. */
  version: string;
}

/**
 * Name and version of a schema file.
 * @throws ConnectorError `schema/not-a-schema`
 */
export function identifySchemaFile(file: string): SchemaVersion {
  const schema = identifySchema(readFileSync(file, "utf8"));
  if (schema !== undefined) return schema;
  throw new ConnectorError("schema/not-a-schema", `${file} is not an ECSchema XML file.`, {
    source: { file },
    advice: "Name a file in the format ECXML 3.",
  });
}

/** Name and version of a schema in the format ECXML, or undefined where the text is something else. */
export function identifySchema(xml: string): SchemaVersion | undefined {
  const [tag = ""] = /<ECSchema\s[^>]*>/.exec(xml) ?? [];
  const attribute = (name: string) => new RegExp(`\\s${name}\\s*=\\s*["']([^"']*)["']`).exec(tag)?.[1];
  const [name, version] = [attribute("schemaName"), attribute("version")];
  return name === undefined || version === undefined ? undefined : { name, version };
}

/** A schema of an iModel. */
export interface KnownSchema extends SchemaVersion {
  alias: string;
}

/** The schemas of an iModel: the one of a name, or all. */
export function readSchemas(imodel: IModelDb, name?: string): KnownSchema[] {
  const condition = name === undefined ? "" : "WHERE Name=?";
  const ecsql = `SELECT Name, Alias, VersionMajor, VersionWrite, VersionMinor FROM meta.ECSchemaDef ${condition}`;
  return queryRows(imodel, ecsql, name === undefined ? [] : [{ text: name }], (row) => {
    const version = [2, 3, 4].map((column) => String(row.getValueInteger(column)).padStart(2, "0")).join(".");
    return { name: row.getValueString(0), alias: row.getValueString(1), version };
  });
}

/** The name of the schema that has an alias, such as `BisCore` for `bis`. */
export function schemaOfAlias(imodel: IModelDb, alias: string): string | undefined {
  return readSchemas(imodel).find((schema) => schema.alias.toLowerCase() === alias.toLowerCase())?.name;
}

/** Whether an iModel has a schema in this version or a later one. */
export function hasSchema(imodel: IModelDb, { name, version }: SchemaVersion): boolean {
  const known = imodel.querySchemaVersion(name);
  return known !== undefined && compareVersions(known, version) >= 0;
}

/**
 * Makes an iModel keep the schemas that it has as they are: an import leaves them out, whatever their version.
 * @returns what ends that
 */
export function keepSchemas(imodel: IModelDb): () => void {
  const isUnknown = (xml: string) => {
    const schema = identifySchema(xml);
    return schema === undefined || imodel.querySchemaVersion(schema.name) === undefined;
  };
  const importSchemas = imodel.importSchemas.bind(imodel);
  const importSchemaStrings = imodel.importSchemaStrings.bind(imodel);
  const kept = {
    importSchemas: async (files: string[], options?: SchemaImportOptions) =>
      importSchemas(
        files.filter((file) => isUnknown(readFileSync(file, "utf8"))),
        options,
      ),
    importSchemaStrings: async (schemas: string[], options?: SchemaImportOptions) =>
      importSchemaStrings(schemas.filter(isUnknown), options),
  };
  Object.assign(imodel, kept);
  return () => {
    for (const name of Object.keys(kept)) Reflect.deleteProperty(imodel, name); // those of its class are seen again
  };
}

function compareVersions(left: string, right: string): number {
  const rightParts = right.split(".").map(Number);
  const differences = left.split(".").map((part, index) => Number(part) - (rightParts[index] ?? 0));
  return differences.find((difference) => difference !== 0) ?? 0;
}
