import { DOMImplementation, XMLSerializer } from "@xmldom/xmldom";
import type { IModelDb } from "@itwin/core-backend";
import { Schema, SchemaContext, SchemaJsonLocater, type SchemaProps } from "@itwin/ecschema-metadata";
import { hasSchema } from "../../imodel/schemaVersions.js";

/** A context that knows the schemas of an iModel as they are now. */
export function schemaContextOf(imodel: IModelDb): SchemaContext {
  const context = new SchemaContext();
  const isThere = (name: string) => imodel.querySchemaVersion(name) !== undefined;
  context.addLocater(new SchemaJsonLocater((name) => (isThere(name) ? imodel.getSchemaProps(name) : undefined)));
  return context;
}

/**
 * Imports a schema in the JSON format of ECSchemas, unless the iModel has it in this version or a later one. What it
 * refers to must be in the iModel.
 */
export async function importSchemaJson(imodel: IModelDb, schema: SchemaProps): Promise<void> {
  if (hasSchema(imodel, schema)) return;
  await imodel.importSchemaStrings([await toXml(imodel, schema)]);
}

/** The iModel takes nothing but XML. */
async function toXml(imodel: IModelDb, props: SchemaProps): Promise<string> {
  const schema = await Schema.fromJson(props, schemaContextOf(imodel));
  const document = new DOMImplementation().createDocument(null, "");
  await schema.toXml(document);
  return new XMLSerializer().serializeToString(document);
}
