import { expectDefined } from "@itwin/core-bentley";
import type { IModelDb } from "@itwin/core-backend";
import type {
  ElementClassDescription,
  LinkClassDescription,
  NewAspectProps,
  PropertyDescription,
  SchemaDescription,
} from "itwin-connector-framework";
import { namePropertyFor } from "itwin-connector-framework/internal";
import { copyName } from "../model/links/EntityLinks.js";
import type { NamedValue, ValueDescription, ValueSet } from "../model/NamedValue.js";
import type { Survey, SurveyedLink } from "../model/records.js";
import { ClassTree } from "./ClassTree.js";
import { readKnownBases } from "./knownBases.js";
import { readKnownClasses, type KnownClass } from "./knownClasses.js";
import { PropertyNames } from "./PropertyNames.js";

/** Relationships that BIS has a base class for. */
const linkBases: Readonly<Record<string, string>> = { IfcRelAssignsToGroup: "BisCore:ElementGroupsMembers" };

/** The base class of sets. */
const aspectBase = "BisCore:ElementMultiAspect";

/** A class of the dynamic schema with the names of its properties. */
interface IfcClass {
  readonly name: string;
  readonly base?: string;
  readonly properties: PropertyNames;
}

/**
 * The dynamic schema: a class for each entity type in use and its supertypes, one for each property set, and one for each
 * relationship type.
 */
export class IfcClasses {
  private readonly _entities = new Map<string, IfcClass>();
  private readonly _sets = new Map<string, IfcClass>();
  private readonly _links = new Map<string, IfcClass>();
  private readonly _description: SchemaDescription;

  /** @param schemaName - the schema, in which the iModel may have classes already */
  public constructor(
    imodel: IModelDb,
    private readonly _schemaName: string,
    survey: Survey,
  ) {
    const known = readKnownClasses(imodel, _schemaName);
    const knownBases = readKnownBases(imodel, _schemaName);
    const tree = new ClassTree(survey.classes, known, knownBases);
    const entities = tree.needed.flatMap((name) => this._addEntity(name, tree));
    const sets = this._addSets(
      survey,
      known.filter(({ name }) => knownBases.get(name) === aspectBase),
      known,
    );
    const links = survey.links.flatMap((surveyed) => this._addLink(surveyed, known));
    this._description = { name: _schemaName, alias: _schemaName.toLowerCase(), classes: [...entities, ...sets], links };
  }

  /** What the framework makes the schema of. */
  public get description(): SchemaDescription {
    return this._description;
  }

  /** The full name of a class or a relationship. */
  public fullName(name: string): string {
    return name.includes(":") ? name : `${this._schemaName}:${name}`;
  }

  /** The values of an entity as props of its element. */
  public attributeProps(className: string, values: readonly NamedValue[]): Record<string, unknown> {
    return propsIn(this._entities, className, values);
  }

  /** The values of a link as its properties. */
  public linkProps(className: string, values: readonly NamedValue[]): Record<string, unknown> {
    return propsIn(this._links, className, values);
  }

  /** A set as the props of an aspect. */
  public aspectProps({ name, values }: ValueSet): NewAspectProps {
    const aspectClass = expectDefined(this._sets.get(name));
    const entries = values.map((value) => [expectDefined(aspectClass.properties.keyFor(value)), value.value] as const);
    return { classFullName: this.fullName(aspectClass.name), ...Object.fromEntries(entries) };
  }

  /** @returns nothing for a class that only the iModel has */
  private _addEntity(name: string, tree: ClassTree): ElementClassDescription[] {
    const base = tree.baseOf(name);
    const inherited = this._inherited(base);
    const below = tree.knownBelow(name).flatMap(({ properties }) => properties);
    const properties = new PropertyNames(tree.known(name)?.properties ?? [], [...inherited, ...below]);
    this._entities.set(name, { name, ...(base !== undefined && { base }), properties });
    const surveyed = tree.surveyed(name);
    if (surveyed === undefined) return [];
    for (const value of surveyed.values) if (keyIn(this._entities, name, value) === undefined) properties.add(value);
    return [{ name, baseClass: tree.baseClassOf(name), properties: properties.properties }];
  }

  private _inherited(base: string | undefined): PropertyDescription[] {
    const found: PropertyDescription[] = [];
    for (let next = base; next !== undefined; next = this._entities.get(next)?.base)
      found.push(...expectDefined(this._entities.get(next)).properties.properties);
    return found;
  }

  /** Between elements that have several links of a class, the second one is of a class below it, and so on. */
  private _addLink({ name, base, copies, values }: SurveyedLink, known: readonly KnownClass[]): LinkClassDescription[] {
    const properties = new PropertyNames(known.find((other) => other.name === name)?.properties ?? []);
    for (const value of values) properties.add(value);
    const ends = { source: "BisCore:Element", target: "BisCore:Element" };
    const baseClass = base ?? linkBases[name];
    const copied = Array.from({ length: copies - 1 }, (_, index) => copyName(name, index + 2));
    this._links.set(name, { name, ...(base !== undefined && { base }), properties });
    for (const copy of copied) this._links.set(copy, { name: copy, base: name, properties: new PropertyNames([]) });
    return [
      { name, ...ends, ...(baseClass !== undefined && { baseClass }), properties: properties.properties },
      ...copied.map((copy) => ({ name: copy, ...ends, baseClass: name })),
    ];
  }

  /**
   * @param knownSets - the classes of aspects that the iModel has
   * @param known - all classes that it has
   */
  private _addSets(
    { sets, links }: Survey,
    knownSets: readonly KnownClass[],
    known: readonly KnownClass[],
  ): ElementClassDescription[] {
    const others = [...this._entities.keys(), ...links.map(({ name }) => name)];
    const entities = new Set(others.map((name) => name.toLowerCase()));
    const taken = new Set(known.map(({ name }) => name.toLowerCase()));
    return sets.map(({ name: label, description, isLikeEntity = false, values }) => {
      const same = knownSets.find((other) => other.label === label);
      const name = same?.name ?? namePropertyFor(isLikeEntity ? `${label}_Set` : label, entities, taken);
      const properties = new PropertyNames(same?.properties ?? []);
      for (const value of values) properties.add(value);
      this._sets.set(label, { name, properties });
      return {
        name,
        label,
        ...(description !== undefined && { description }),
        baseClass: aspectBase,
        properties: properties.properties,
      };
    });
  }
}

/** The values of an instance of a class, by the names that properties of the class or its base classes have in props. */
function propsIn(
  classes: ReadonlyMap<string, IfcClass>,
  className: string,
  values: readonly NamedValue[],
): Record<string, unknown> {
  const entries = values.map((value) => [keyIn(classes, className, value), value.value] as const);
  return Object.fromEntries(entries.filter(([key]) => key !== undefined)) as Record<string, unknown>;
}

function keyIn(classes: ReadonlyMap<string, IfcClass>, className: string, value: ValueDescription): string | undefined {
  for (let next: string | undefined = className; next !== undefined; next = classes.get(next)?.base) {
    const key = classes.get(next)?.properties.keyFor(value);
    if (key !== undefined) return key;
  }
  return undefined;
}
