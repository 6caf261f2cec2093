import { expectDefined } from "@itwin/core-bentley";
import type { IModelDb } from "@itwin/core-backend";
import type {
  ElementClassDescription,
  LinkClassDescription,
  NewAspectProps,
  SchemaDescription,
} from "itwin-connector-framework";
import { namePropertyFor } from "itwin-connector-framework/internal";
import { baseClasses } from "../model/bisClasses.js";
import { linkNames } from "../model/EntityReferences.js";
import type { NamedValue, ValueSet } from "../model/NamedValue.js";
import type { Survey, SurveyedClass } from "../model/records.js";
import { readKnownClasses, type KnownClass } from "./knownClasses.js";
import { PropertyNames } from "./PropertyNames.js";

/** Relationships that BIS has a base class for. */
const linkBases: Readonly<Record<string, string>> = { IfcRelAssignsToGroup: "BisCore:ElementGroupsMembers" };

/** A class of the dynamic schema with the names of its properties. */
interface IfcClass {
  readonly name: string;
  readonly base?: string;
  readonly properties: PropertyNames;
}

/** The dynamic schema: a class for each entity type in use and its supertypes, and one for each property set. */
export class IfcClasses {
  private readonly _entities = new Map<string, IfcClass>();
  private readonly _sets = new Map<string, IfcClass>();
  private readonly _description: SchemaDescription;

  /** @param schemaName - the schema, in which the iModel may have classes already */
  public constructor(
    imodel: IModelDb,
    private readonly _schemaName: string,
    survey: Survey,
  ) {
    const known = readKnownClasses(imodel, _schemaName);
    const entities = survey.classes.map((surveyed) => this._addEntity(surveyed, known));
    const sets = this._addSets(survey, known);
    const links = linkNames.map((name): LinkClassDescription => ({
      name,
      source: "BisCore:Element",
      target: "BisCore:Element",
      ...(linkBases[name] && { baseClass: linkBases[name] }),
    }));
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
    const entries = values.map((value) => [this._keyIn(className, value), value.value] as const);
    return Object.fromEntries(entries.filter(([key]) => key !== undefined)) as Record<string, unknown>;
  }

  /** A set as the props of an aspect. */
  public aspectProps({ name, values }: ValueSet): NewAspectProps {
    const aspectClass = expectDefined(this._sets.get(name));
    const entries = values.map((value) => [expectDefined(aspectClass.properties.keyFor(value)), value.value] as const);
    return { classFullName: this.fullName(aspectClass.name), ...Object.fromEntries(entries) };
  }

  private _keyIn(className: string, value: NamedValue): string | undefined {
    for (let next: string | undefined = className; next !== undefined; next = this._entities.get(next)?.base) {
      const key = this._entities.get(next)?.properties.keyFor(value);
      if (key !== undefined) return key;
    }
    return undefined;
  }

  private _addEntity(
    { name, base, kind, values }: SurveyedClass,
    known: readonly KnownClass[],
  ): ElementClassDescription {
    const properties = new PropertyNames(known.find((other) => other.name === name)?.properties ?? []);
    for (const value of values) properties.add(value);
    this._entities.set(name, { name, base, properties });
    return { name, baseClass: base ?? baseClasses[kind], properties: properties.properties };
  }

  private _addSets({ sets }: Survey, known: readonly KnownClass[]): ElementClassDescription[] {
    const entities = new Set([...this._entities.keys(), ...linkNames].map((name) => name.toLowerCase()));
    const taken = new Set(known.map(({ name }) => name.toLowerCase()));
    return sets.map(({ name: label, values }) => {
      const same = known.find((other) => other.label === label && !entities.has(other.name.toLowerCase()));
      const name = same?.name ?? namePropertyFor(label, entities, taken);
      const properties = new PropertyNames(same?.properties ?? []);
      for (const value of values) properties.add(value);
      this._sets.set(label, { name, properties });
      return { name, label, baseClass: "BisCore:ElementMultiAspect", properties: properties.properties };
    });
  }
}
