import { parseClassName } from "../../imodel/classNames.js";
import type { DynamicClass, DynamicLink, DynamicNavigation, DynamicSchema } from "./DynamicSchema.js";
import { escapeXml } from "./escapeXml.js";
import { quantityXml, unitSchemas } from "./quantities.js";
import type { PropertyDescription, PropertyType } from "./SchemaDescription.js";

/** A schema to which another one refers. */
export interface SchemaReference {
  name: string;
  alias: string;
  /** As `01.00.00`. */
  version: string;
}

/** What tells the other two kinds of dates and times from a dateTime. */
const dateTimeInfos: Partial<Record<PropertyType, [element: string, value: string]>> = {
  date: ["DateTimeComponent", "Date"],
  dateTimeUtc: ["DateTimeKind", "Utc"],
};

/** The names of the schemas to which a schema refers, beside the two that all refer to. */
export function referencedSchemas({ name, classes, links, quantities }: DynamicSchema): string[] {
  const classNames = [
    ...classes.flatMap(({ baseClass, navigations }) => [baseClass, ...navigations.map(({ target }) => target)]),
    ...links.flatMap(({ baseClass, source, target }) => [baseClass, source, target]),
  ];
  const names = new Set(["BisCore", "CoreCustomAttributes", ...(quantities.length > 0 ? unitSchemas : [])]);
  for (const className of classNames) names.add(parseClassName(className, name).schema);
  names.delete(name);
  return [...names];
}

/** A schema as ECSchema XML. */
export function schemaXml(schema: DynamicSchema, owner: string, references: readonly SchemaReference[]): string {
  const { name, alias, minorVersion, classes, links, quantities } = schema;
  const aliases = new Map(references.map((reference) => [reference.name, reference.alias]));
  const writer = new ClassWriter(name, aliases, new Map(quantities.map((quantity) => [quantity.unit, quantity.name])));
  const version = `01.00.${String(minorVersion).padStart(2, "0")}`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<ECSchema schemaName="${name}" alias="${alias}" version="${version}" description="${escapeXml(owner)}" xmlns="http://www.bentley.com/schemas/Bentley.ECXML.3.2">
${references.map((reference) => `<ECSchemaReference name="${reference.name}" version="${reference.version}" alias="${reference.alias}"/>`).join("\n")}
<ECCustomAttributes><DynamicSchema xmlns="CoreCustomAttributes.01.00.00"/></ECCustomAttributes>
${quantities.map((quantity) => quantityXml(quantity, aliases)).join("\n")}
${classes.map((item) => writer.classXml(item)).join("\n")}
${links.map((item) => writer.linkXml(item)).join("\n")}
</ECSchema>`;
}

class ClassWriter {
  public constructor(
    private readonly _schema: string,
    private readonly _aliases: ReadonlyMap<string, string>,
    /** The kinds of quantity by the names of their units. */
    private readonly _quantities: ReadonlyMap<string, string>,
  ) {}

  public classXml({ name, baseClass, properties, navigations, ...texts }: DynamicClass): string {
    return `<ECEntityClass typeName="${name}"${textsXml(texts)}>
<BaseClass>${this._refer(baseClass)}</BaseClass>
${properties.map((property) => this._propertyXml(property)).join("\n")}
${navigations.map(navigationXml).join("\n")}
</ECEntityClass>
${navigations.map((navigation) => this._navigationClassXml(name, navigation)).join("\n")}`;
  }

  public linkXml({ name, baseClass, source, target, properties, ...texts }: DynamicLink): string {
    return `<ECRelationshipClass typeName="${name}"${textsXml(texts)} modifier="None" strength="referencing">
<BaseClass>${this._refer(baseClass)}</BaseClass>
${properties.map((property) => this._propertyXml(property)).join("\n")}
${this._endsXml(source, target, "(0..*)")}
</ECRelationshipClass>`;
  }

  private _propertyXml({ name, type, unit, ...texts }: PropertyDescription): string {
    const info = dateTimeInfos[type];
    const quantity = unit === undefined ? "" : ` kindOfQuantity="${this._quantities.get(unit)}"`;
    const start = `<ECProperty propertyName="${name}"${textsXml(texts)}${quantity}`;
    if (info === undefined) return `${start} typeName="${type}"/>`;
    const [element, value] = info;
    return `${start} typeName="dateTime"><ECCustomAttributes><DateTimeInfo xmlns="CoreCustomAttributes.01.00.00"><${element}>${value}</${element}></DateTimeInfo></ECCustomAttributes></ECProperty>`;
  }

  private _navigationClassXml(className: string, { relationship, target }: DynamicNavigation): string {
    return `<ECRelationshipClass typeName="${relationship}" modifier="None" strength="referencing">
${this._endsXml(`${this._schema}:${className}`, target, "(0..1)")}
</ECRelationshipClass>`;
  }

  private _endsXml(source: string, target: string, targetMultiplicity: string): string {
    const end = (className: string) => `<Class class="${this._refer(className)}"/>`;
    return `<Source multiplicity="(0..*)" roleLabel="refers to" polymorphic="true">${end(source)}</Source>
<Target multiplicity="${targetMultiplicity}" roleLabel="is referred to by" polymorphic="true">${end(target)}</Target>`;
  }

  /** A class of another schema is written with the alias of that schema. */
  private _refer(className: string): string {
    const { schema, name } = parseClassName(className, this._schema);
    return schema === this._schema ? name : `${this._aliases.get(schema)}:${name}`;
  }
}

function navigationXml({ name, relationship, ...texts }: DynamicNavigation): string {
  return `<ECNavigationProperty propertyName="${name}" relationshipName="${relationship}" direction="Forward"${textsXml(texts)}/>`;
}

function textsXml({ label, description }: { label?: string; description?: string }): string {
  const attribute = (name: string, text: string | undefined) => (text ? ` ${name}="${escapeXml(text)}"` : "");
  return attribute("displayLabel", label) + attribute("description", description);
}
