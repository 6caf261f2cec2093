import type { IModelDb } from "@itwin/core-backend";
import {
  ECClassModifier,
  ECName,
  EntityClass,
  SchemaMatchType,
  SchemaKey,
  type ECClass,
  type SchemaProps,
} from "@itwin/ecschema-metadata";
import { ConnectorError, messageOf } from "../ConnectorError.js";
import { parseClassName, propsKeyOf } from "../imodel/classNames.js";
import { importSchemaJson, schemaContextOf } from "../connector/schema/importSchemaJson.js";
import type { CheckedAttributes, ClassProps, DocumentAttributes } from "../sync/documents/DocumentAttributes.js";
import { checkValue } from "./attributeValues.js";

/** Properties of the document's element that an aspect's attributes may have as well. */
const elementNames = ["CodeValue", "UserLabel"];

/** Properties that the platform or the framework looks after. */
const ownNames = [
  "Model",
  "Parent",
  "LastMod",
  "CodeSpec",
  "CodeScope",
  "FederationGuid",
  "JsonProperties",
  "RepositoryGuid",
  "Element",
];

/** The relationship of an element to each kind of aspects. */
const aspectKinds = [
  ["ElementUniqueAspect", "BisCore:ElementOwnsUniqueAspect"],
  ["ElementMultiAspect", "BisCore:ElementOwnsMultiAspects"],
] as const;

/**
 * Imports the schema of attributes where that is needed, and sees whether they fit.
 * @throws ConnectorError `document/...`
 */
export async function prepareAttributes(imodel: IModelDb, given: DocumentAttributes): Promise<CheckedAttributes> {
  const { schema, className, properties } = given;
  if (schema !== undefined) await importSchema(imodel, schema);
  const ecClass = await findClass(imodel, className);
  const kind = await kindOf(ecClass);
  const texts = await textsOf(ecClass, kind, properties);
  const props: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(properties))
    if (!(name in texts)) props[await propertyNamed(ecClass, name, value)] = value;
  const own: ClassProps = { classFullName: ecClass.fullName.replace(".", ":"), props };
  return {
    given: { className: own.classFullName, properties },
    ...(kind === "element" ? { element: own } : { aspect: { ...own, relClassName: kind } }),
    codeValue: texts.CodeValue,
    userLabel: texts.UserLabel,
  };
}

async function importSchema(imodel: IModelDb, schema: object): Promise<void> {
  try {
    await importSchemaJson(imodel, schema as SchemaProps);
  } catch (error) {
    throw new ConnectorError("document/schema", `The schema of the document's attributes fails: ${messageOf(error)}`, {
      cause: error,
      advice: "Check it against https://dev.bentley.com/json_schemas/ec/32/ecschema, and what it refers to.",
    });
  }
}

async function findClass(imodel: IModelDb, className: string): Promise<ECClass> {
  const { schema, name } = parseClassName(className, "");
  const found = ECName.validate(schema)
    ? await schemaContextOf(imodel).getSchema(new SchemaKey(schema), SchemaMatchType.Latest)
    : undefined;
  const ecClass = await found?.getItem(name, EntityClass);
  if (ecClass !== undefined) return ecClass;
  throw new ConnectorError("document/unknown-class", `There is no entity class ${className} for the document.`, {
    advice: "Give the schema that has it with the attributes, and the class as Schema:Class.",
  });
}

/** @returns the relationship of an element to such an aspect, or that it is a class of document elements */
async function kindOf(ecClass: ECClass): Promise<string> {
  if (ecClass.modifier !== ECClassModifier.Abstract) {
    if (await ecClass.is("RepositoryLink", "BisCore")) return "element";
    for (const [base, relClassName] of aspectKinds) if (await ecClass.is(base, "BisCore")) return relClassName;
  }
  throw new ConnectorError("document/unsuitable-class", `A document cannot be or have a ${ecClass.fullName}.`, {
    advice: "Name a class that is not abstract, derived from BisCore:RepositoryLink or from a class of ElementAspects.",
  });
}

/** Code and label of the document's element, unless an aspect has such properties of its own. */
async function textsOf(
  ecClass: ECClass,
  kind: string,
  properties: DocumentAttributes["properties"],
): Promise<Partial<Record<string, string>>> {
  const texts: Partial<Record<string, string>> = {};
  for (const name of elementNames) {
    const value = properties[name];
    if (value === undefined || (kind !== "element" && (await ecClass.getProperty(name)) !== undefined)) continue;
    if (typeof value !== "string")
      throw new ConnectorError("document/wrong-value", `${name} is a string, which ${JSON.stringify(value)} is not.`, {
        advice: "Correct the value among the attributes of the document, or leave it out.",
      });
    texts[name] = value;
  }
  return texts;
}

/** @returns the name of a property in TypeScript */
async function propertyNamed(ecClass: ECClass, name: string, value: unknown): Promise<string> {
  const property = ownNames.includes(name) ? undefined : await ecClass.getProperty(name);
  if (property === undefined)
    throw new ConnectorError(
      "document/unknown-property",
      `${ecClass.fullName} has no property ${name} that attributes of a document can set.`,
      { advice: "Correct the name, or add the property to the schema in a new version." },
    );
  await checkValue(property, value);
  return propsKeyOf(property.name);
}
