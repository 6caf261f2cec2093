import type { IModelDb } from "@itwin/core-backend";
import { ConnectorError } from "../../ConnectorError.js";
import type { Id64String } from "@itwin/core-bentley";
import { findClassId, readClassName, readClassNames } from "../../imodel/classMetadata.js";
import { schemaOfAlias } from "../../imodel/schemaVersions.js";
import { adviseName } from "../../sync/values/nearestName.js";
import { parseClassName } from "../../imodel/classNames.js";
import type { DynamicClass, DynamicLink, DynamicSchema } from "./DynamicSchema.js";
import { faultOfElementBase, faultOfEnd, faultOfLinkBase, faultOfTarget } from "./baseClasses.js";
import { findReservedNames } from "./propertyNames.js";
import type { PropertyDescription, PropertyType } from "./SchemaDescription.js";

/** The name of an EC schema, class or property (EC specification): letters, digits and underscores of ASCII. */
const ecName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Names that would reach into the objects of JavaScript wherever classes or properties are held by their names. */
const specialNames = new Set(["__proto__"]);

/** Every type of a property; as the keys of a record, so that none can be left out. */
const propertyTypes = Object.keys({
  string: true,
  int: true,
  long: true,
  double: true,
  boolean: true,
  date: true,
  dateTime: true,
  dateTimeUtc: true,
  point2d: true,
  point3d: true,
  binary: true,
} satisfies Record<PropertyType, true>);

/** A property or navigation property of a described class. */
type Named = Pick<PropertyDescription, "name"> & Partial<Pick<PropertyDescription, "type">>;

/**
 * Checks what a connector describes before it becomes a schema: the names against the rules of EC, the properties against
 * those of the base class and of JavaScript, and that every class that is referred to exists.
 * @throws ConnectorError `schema/invalid-name`, `schema/duplicate-name`, `schema/invalid-type`, `schema/unknown-class`,
 * `schema/wrong-class`
 */
export function checkDescription(imodel: IModelDb, schema: DynamicSchema): void {
  new DescriptionCheck(imodel, schema).run();
}

class DescriptionCheck {
  private readonly _classes: ReadonlyMap<string, DynamicClass>;
  private readonly _links: ReadonlyMap<string, DynamicLink>;
  /** The names of the classes of relationships, in lower case. */
  private readonly _relationships: ReadonlySet<string>;
  private readonly _reserved = new Map<string, ReadonlySet<string>>();

  public constructor(
    private readonly _imodel: IModelDb,
    private readonly _schema: DynamicSchema,
  ) {
    const { classes, links } = _schema;
    this._classes = new Map(classes.map((described) => [this._keyOf(described.name), described]));
    this._links = new Map(links.map((described) => [this._keyOf(described.name), described]));
    const relationships = classes.flatMap(({ navigations }) => navigations.map(({ relationship }) => relationship));
    const linkNames = [...links.map(({ name }) => name), ...relationships];
    this._relationships = new Set(linkNames.map((name) => this._keyOf(name)));
  }

  public run(): void {
    const { name, alias, classes, links } = this._schema;
    checkName(name, "The schema");
    checkName(alias, `The alias of the schema ${name}`);
    this._checkAlias();
    const navigationClasses = classes.flatMap(({ navigations }) => navigations.map(({ relationship }) => relationship));
    this._checkClassNames([...[...classes, ...links].map((described) => described.name), ...navigationClasses]);
    for (const described of classes) this._checkClass(described);
    for (const link of links) this._checkLink(link);
  }

  private _checkAlias(): void {
    const { name, alias } = this._schema;
    const owner = schemaOfAlias(this._imodel, alias);
    if (owner === undefined || owner.toLowerCase() === name.toLowerCase()) return;
    throw new ConnectorError(
      "schema/duplicate-name",
      `The alias of the schema ${name}, ${alias}, is that of ${owner}.`,
      {
        advice: "Give it an alias of its own, or none.",
      },
    );
  }

  private _checkClassNames(names: readonly string[]): void {
    for (const name of names) checkName(name, `A class of ${this._schema.name}`);
    refuseDuplicates(names, (name) => `The schema ${this._schema.name} has two classes named "${name}".`);
  }

  private _checkClass({ name, baseClass, properties, navigations }: DynamicClass): void {
    this._checkReference(baseClass, `The base class of ${this._fullName(name)}`, faultOfElementBase);
    for (const { name: property, target } of navigations)
      this._checkReference(target, `The target of ${this._fullName(name)}.${property}`, faultOfTarget);
    this._checkProperties(name, [...properties, ...navigations], this._reservedBy(baseClass));
    for (const property of properties) this._checkType(name, property);
  }

  private _checkLink({ name, baseClass, source, target, properties }: DynamicLink): void {
    const fullName = this._fullName(name);
    if (this._links.has(baseClass.toLowerCase())) this._rootOf(baseClass);
    else this._checkReference(baseClass, `The base class of ${fullName}`, faultOfLinkBase);
    for (const [end, className] of Object.entries({ source, target }) as ["source" | "target", string][]) {
      const what = `The ${end} of ${fullName}`;
      this._checkReference(className, what, faultOfTarget);
      this._checkEnd(className, what, baseClass, end);
    }
    this._checkProperties(name, properties, this._reservedBy(baseClass));
    for (const property of properties) this._checkType(name, property);
  }

  private _checkProperties(className: string, properties: readonly Named[], reserved: ReadonlySet<string>): void {
    const owner = this._fullName(className);
    for (const { name } of properties) {
      checkName(name, `A property of ${owner}`);
      if (reserved.has(name.toLowerCase()))
        throw invalidName(
          name,
          `${owner} cannot have a property named "${name}"`,
          "its base class, or elements in JavaScript, have a member of that name",
          `${name}_`,
        );
    }
    refuseDuplicates(
      properties.map(({ name }) => name),
      (name) => `${owner} has two properties named "${name}".`,
    );
  }

  private _checkType(className: string, { name, type }: PropertyDescription): void {
    if (propertyTypes.includes(type)) return;
    throw new ConnectorError(
      "schema/invalid-type",
      `${this._fullName(className)}.${name} has the type "${type}", which does not exist.`,
      { advice: adviseName(type, propertyTypes) },
    );
  }

  /**
   * Classes of other schemas must be there already; a missing schema is reported where the references are collected.
   * @param faultOf - why a class of the iModel cannot be referred to, as the end of a sentence
   */
  private _checkReference(
    className: string,
    what: string,
    faultOf: (imodel: IModelDb, classId: Id64String) => string | undefined,
  ): void {
    const isLink = this._relationships.has(className.toLowerCase());
    if (isLink) throw wrongClass(what, className, "is a class of relationships of the same schema");
    const own = this._classes.get(className.toLowerCase());
    if (own !== undefined && faultOf === faultOfLinkBase) throw wrongClass(what, className, "is a class of elements");
    if (own !== undefined && faultOf !== faultOfTarget) return;
    const classId = own === undefined ? this._findClass(className, what) : this._findRoot(className);
    const fault = classId === undefined ? undefined : faultOf(this._imodel, classId);
    if (fault !== undefined) throw wrongClass(what, className, fault);
  }

  private _findClass(className: string, what: string): Id64String | undefined {
    const { schema, name } = parseClassName(className, "");
    const isOwn = schema.toLowerCase() === this._schema.name.toLowerCase();
    if (!isOwn && this._imodel.querySchemaVersion(schema) === undefined) {
      const meant = schemaOfAlias(this._imodel, schema);
      if (meant !== undefined)
        throw unknownClass(what, className, `Use "${meant}:${name}": ${schema} is the alias of that schema.`);
      return undefined;
    }
    const classId = findClassId(this._imodel, className);
    const found = classId && readClassName(this._imodel, classId);
    if (isOwn ? found !== undefined : found?.startsWith(`${schema}:`)) return classId;
    if (found !== undefined) throw unknownClass(what, className, `Use "${found}".`);
    const known = isOwn ? [...this._classes.values()].map((own) => own.name) : readClassNames(this._imodel, schema);
    throw unknownClass(what, className, adviseName(name, known));
  }

  private _checkEnd(className: string, what: string, baseClass: string, end: "source" | "target"): void {
    const classId = this._findRoot(className);
    const baseId = this._findRoot(baseClass);
    if (classId === undefined || baseId === undefined) return;
    const fault = faultOfEnd(this._imodel, classId, baseId, end);
    if (fault !== undefined) throw wrongClass(what, className, fault);
  }

  /** A class of the same schema is what the first base class of another schema is. */
  private _findRoot(className: string): Id64String | undefined {
    return findClassId(this._imodel, this._rootOf(className));
  }

  /**
   * The nearest base class that is not of this description, or the class itself.
   * @throws ConnectorError `schema/unknown-class` for a class that is its own base class
   */
  private _rootOf(className: string): string {
    const visited = new Set<string>();
    let name = className;
    for (let own = this._find(name); own !== undefined; own = this._find(name)) {
      if (visited.has(name)) throw circularBase(name);
      visited.add(name);
      name = own.baseClass;
    }
    return name;
  }

  /** A class of elements, aspects or links of this description. */
  private _find(className: string): DynamicClass | DynamicLink | undefined {
    return this._classes.get(className.toLowerCase()) ?? this._links.get(className.toLowerCase());
  }

  /** The names that properties below a class cannot have; a base class of the same schema has those of its own base class. */
  private _reservedBy(baseClass: string): ReadonlySet<string> {
    const name = this._rootOf(baseClass);
    let reserved = this._reserved.get(name);
    if (reserved === undefined) {
      const isKnown = findClassId(this._imodel, name) !== undefined;
      this._reserved.set(name, (reserved = isKnown ? findReservedNames(this._imodel, name) : new Set()));
    }
    return reserved;
  }

  private _fullName(name: string): string {
    return `${this._schema.name}:${name}`;
  }

  private _keyOf(name: string): string {
    return this._fullName(name).toLowerCase();
  }
}

/** A connector in JavaScript may give something else than a text. */
function checkName(given: unknown, what: string): void {
  const name = String(given);
  const isValid = typeof given === "string" && ecName.test(name);
  if (isValid && !specialNames.has(name.toLowerCase())) return;
  const reason = isValid
    ? "JavaScript uses this name for itself"
    : "EC names have letters, digits and underscores only, and do not begin with a digit";
  throw invalidName(name, `${what} cannot be named "${name}"`, reason, suggestName(name));
}

function invalidName(name: string, message: string, reason: string, suggestion: string): ConnectorError {
  return new ConnectorError("schema/invalid-name", `${message}: ${reason}.`, {
    advice: `Name it "${suggestion}", and give "${name}" as its label.`,
  });
}

/** A valid EC name that resembles another name. */
function suggestName(name: string): string {
  const valid = name.replace(/[^A-Za-z0-9_]+/g, "_");
  if (specialNames.has(valid.toLowerCase())) return valid.replace(/_+$/, "").replace(/^_+/, "") + "_";
  return /^[A-Za-z_]/.test(valid) ? valid : `_${valid}`;
}

function refuseDuplicates(names: readonly string[], describe: (name: string) => string): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name.toLowerCase()))
      throw new ConnectorError("schema/duplicate-name", describe(name), {
        advice: "Give each a name of its own; EC names are the same in any case of letters.",
      });
    seen.add(name.toLowerCase());
  }
}

function unknownClass(what: string, className: string, advice: string): ConnectorError {
  return new ConnectorError("schema/unknown-class", `${what}, ${className}, does not exist.`, { advice });
}

function wrongClass(what: string, className: string, reason: string): ConnectorError {
  return new ConnectorError("schema/wrong-class", `${what}, ${className}, ${reason}.`, {
    advice: "Name a class that fits there.",
  });
}

function circularBase(className: string): ConnectorError {
  return new ConnectorError("schema/unknown-class", `${className} is derived from itself.`, {
    advice: "Give it a base class that is not derived from it.",
  });
}
