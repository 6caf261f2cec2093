import { expectDefined } from "@itwin/core-bentley";
import { ConnectorError } from "../../ConnectorError.js";
import { normalizeClassName, propsKeyOf } from "../../imodel/classNames.js";
import type { RunIssue } from "../../sync/items/SynchronizationStatistics.js";
import { findUnit } from "../../units/findUnit.js";
import type { Unit } from "../../units/Unit.js";
import { unitConversion } from "../../units/unitConversion.js";
import type { DynamicClass, DynamicLink, DynamicSchema } from "./DynamicSchema.js";
import { unitNamed } from "./quantities.js";
import type { PropertyDescription, SchemaDescription } from "./SchemaDescription.js";
import { faultOfConversion } from "./unitFaults.js";

/** How a property's values are converted. */
interface Converter {
  /** The property in the props of an element. */
  readonly key: string;
  readonly convert: (value: number) => number;
}

/** A class with the conversions of its own properties. */
interface ConvertedClass {
  readonly baseClass?: string;
  readonly own: readonly Converter[];
}

/** A property as it is described, and as the iModel has it. */
interface Described {
  readonly fullName: string;
  readonly property: PropertyDescription;
  readonly settled: PropertyDescription;
}

/** Converts the values that a connector gives into the units that the iModel has. */
export class UnitConversions {
  /** By the full names of the classes in lower case. */
  private readonly _classes = new Map<string, ConvertedClass>();
  private readonly _converters = new Map<string, readonly Converter[]>();
  private readonly _described: string[] = [];

  /**
   * Adds a schema.
   * @param settled - the schema as the iModel has it with the units of the description
   * @returns issues of properties that stay in the unit that they have
   * @throws ConnectorError `schema/incompatible` for a property that has a unit of another quantity
   */
  public add(given: SchemaDescription, settled: DynamicSchema): RunIssue[] {
    const described = new Map(
      [...given.classes, ...(given.links ?? [])].map((item) => [item.name.toLowerCase(), item]),
    );
    const issues: RunIssue[] = [];
    for (const item of [...settled.classes, ...settled.links]) {
      const { properties = [] } = described.get(item.name.toLowerCase()) ?? {};
      this._addClass(settled.name, item, properties, issues);
    }
    return issues;
  }

  /** What is converted from which unit to which, for checksums; undefined where nothing is. */
  public get key(): string | undefined {
    return this._described.length === 0 ? undefined : [...this._described].sort().join(" ");
  }

  /** Props with their values converted: a copy, or the props themselves where nothing is to be converted. */
  public convert<T extends object>(className: string, props: T): T {
    if (this._described.length === 0) return props;
    const values = this._convertedValues(className, props);
    return values === undefined ? props : { ...props, ...values };
  }

  /** An element with its values converted, likewise. */
  public convertElement<T extends { classFullName: string }>(element: T): T {
    if (this._described.length === 0) return element;
    const values = this._convertedValues(element.classFullName, element);
    if (values === undefined) return element;
    return Object.assign(Object.create(Object.getPrototypeOf(element) as object) as T, element, values);
  }

  private _convertedValues(className: string, props: object) {
    const converters = this._convertersOf(normalizeClassName(className).toLowerCase());
    const given = props as Readonly<Record<string, unknown>>;
    const values = converters
      .filter(({ key }) => given[key] !== undefined)
      .map(({ key, convert }) => [key, convertValue(given[key], convert)] as const);
    return values.length === 0 ? undefined : Object.fromEntries(values);
  }

  /** Those of the class itself come before those of its base classes. */
  private _convertersOf(className: string): readonly Converter[] {
    const known = this._converters.get(className);
    if (known !== undefined) return known;
    const { own, baseClass } = this._classes.get(className) ?? { own: [] };
    const inherited = baseClass === undefined ? [] : this._convertersOf(baseClass.toLowerCase());
    const keys = new Set(own.map(({ key }) => key));
    const all = [...own, ...inherited.filter(({ key }) => !keys.has(key))];
    this._converters.set(className, all);
    return all;
  }

  private _addClass(
    schema: string,
    { name, baseClass, properties: settled }: DynamicClass | DynamicLink,
    properties: readonly PropertyDescription[],
    issues: RunIssue[],
  ): void {
    const byName = new Map(settled.map((property) => [property.name.toLowerCase(), property]));
    const own = properties.flatMap((property) => {
      const fullName = `${schema}:${name}.${property.name}`;
      const found = expectDefined(byName.get(property.name.toLowerCase()));
      return this._converterOf({ fullName, property, settled: found }, issues) ?? [];
    });
    this._classes.set(`${schema}:${name}`.toLowerCase(), { baseClass, own });
  }

  private _converterOf({ fullName, property, settled }: Described, issues: RunIssue[]): Converter | undefined {
    if (property.unit === undefined) {
      if (settled.unit !== undefined) issues.push(unnamedIssue(fullName, unitNamed(settled.unit)));
      return undefined;
    }
    const [wanted, from] = [property.unit, property.sourceUnit ?? property.unit].map((text) =>
      expectDefined(findUnit(text)),
    ) as [Unit, Unit];
    const to = settled.unit === undefined ? wanted : unitNamed(settled.unit);
    refuseOther(fullName, { wanted, to, type: property.type });
    if (settled.unit !== wanted.fullName)
      issues.push(keptIssue(fullName, wanted, settled.unit === undefined ? undefined : to));
    if (from.name === to.name) return undefined;
    this._described.push(`${fullName}:${from.name}>${to.name}`);
    return { key: propsKeyOf(settled.name), convert: unitConversion(from, to) };
  }
}

/** Points have a value for each axis. What is no number is left to the check of values. */
function convertValue(value: unknown, convert: (value: number) => number): unknown {
  if (typeof value === "number") return convert(value);
  if (Array.isArray(value)) return value.map((axis: unknown) => convertValue(axis, convert));
  if (typeof value !== "object" || value === null) return value;
  const { x, y, z } = value as { x?: unknown; y?: unknown; z?: unknown };
  const axes = Object.entries({ x, y, z }).filter(([, axis]) => axis !== undefined);
  return Object.fromEntries(axes.map(([name, axis]) => [name, convertValue(axis, convert)]));
}

function refuseOther(fullName: string, { wanted, to, type }: { wanted: Unit; to: Unit; type: string }): void {
  const isWhole = (type === "int" || type === "long") && wanted.name !== to.name;
  const fault = faultOfConversion(wanted, to) ?? (isWhole ? `an ${type} cannot be converted` : undefined);
  if (fault === undefined) return;
  throw new ConnectorError(
    "schema/incompatible",
    `The unit of ${fullName} is ${to.label} in the iModel and ${wanted.label} in the source: ${fault}.`,
    { advice: "Give it another name: what a schema has cannot change, only grow." },
  );
}

function unnamedIssue(fullName: string, { label }: Unit): RunIssue {
  const message = `${fullName} is kept in ${label}, and the source names no unit. Its values are taken as they are.`;
  return { code: "schema/no-unit", message };
}

function keptIssue(fullName: string, wanted: Unit, kept: Unit | undefined): RunIssue {
  const message =
    kept === undefined
      ? `${fullName} has no unit in the iModel, since subclasses keep the same property in other units. Its values are in ${wanted.label}.`
      : `${fullName} stays in ${kept.label}, the unit that the iModel has. The source names ${wanted.label}; its values are converted.`;
  return { code: "schema/unit-kept", message };
}
