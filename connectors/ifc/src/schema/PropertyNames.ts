import type { PropertyDescription } from "itwin-connector-framework";
import { namePropertyFor } from "itwin-connector-framework/internal";
import { findUnitBySymbol } from "itwin-connector-framework/units";
import type { ValueDescription } from "../model/NamedValue.js";
import { normalizeUnitText } from "../model/units/unitText.js";
import type { KnownProperty } from "./knownClasses.js";

/** Names, in lower case, that elements and aspects use for something else: in EC, and as members of core-backend's classes. */
const reserved: ReadonlySet<string> = new Set(
  [
    "ECInstanceId ECClassId id classFullName className element elementId scope model code codeSpec codeScope codeValue",
    "parent category placement geom geometryStream inSpatialIndex origin yaw pitch roll bBoxLow bBoxHigh userLabel",
    "federationGuid jsonProperties lastMod typeDefinition physicalMaterial isPrivate recipe iModel props schema",
    "elementGeometryBuilderParams sourceId targetId constructor toJSON isInstanceOfEntity forEach forEachProperty __proto__",
  ]
    .join(" ")
    .toLowerCase()
    .split(" "),
);

/**
 * The properties of one class. A value is known by its label, type and unit, and keeps the property that it has in the
 * iModel; where a property of its label has another type or unit, it gets one of its own beside it.
 */
export class PropertyNames {
  private readonly _properties = new Map<string, PropertyDescription>();
  private readonly _labels: Set<string>;
  private readonly _taken: Set<string>;

  /**
   * @param known - the properties that the class has in the iModel
   * @param related - those of its base classes and of the classes below it, which must not get a second meaning
   */
  public constructor(known: readonly KnownProperty[], related: readonly PropertyDescription[] = []) {
    const all = [...known, ...related];
    this._taken = new Set(all.map(({ name }) => name.toLowerCase()));
    this._labels = new Set(all.map(({ name, label = name }) => label));
    for (const { name, label, type, description } of known)
      this._add({ name, label, type, unit: unitIn(description) }, description);
  }

  /** All properties: those that the iModel has, and those that were added. */
  public get properties(): PropertyDescription[] {
    return [...this._properties.values()];
  }

  /** Finds or adds a property for values. */
  public add(value: ValueDescription): void {
    const key = keyOf(value);
    if (this._properties.has(key)) return;
    const { label, type, unit } = value;
    const wanted = this._labels.has(label) ? `${label}_${unit ?? type}` : label;
    this._labels.add(label);
    const name = namePropertyFor(wanted.replaceAll(".", "_"), reserved, this._taken);
    this._add({ name, label, type, unit }, describe(value));
  }

  /** The values are those of the file, in its unit, which the property has where the platform knows it. */
  private _add(value: ValueDescription & { name: string }, description: string | undefined): void {
    const { name, label, type, unit } = value;
    const isNumber = type === "double" || type === "long";
    const known = isNumber ? findUnitBySymbol(unit) : undefined;
    const property = { name, label, type, description, ...(known !== undefined && { unit: known.fullName }) };
    this._properties.set(keyOf(value), property);
  }

  /** The name in the props of an element or aspect; undefined for a value that was not added. */
  public keyFor(value: ValueDescription): string | undefined {
    const name = this._properties.get(keyOf(value))?.name;
    return name === undefined ? undefined : name.charAt(0).toLowerCase() + name.slice(1);
  }
}

function keyOf({ label, type, unit }: ValueDescription): string {
  return JSON.stringify([label, type, unit && normalizeUnitText(unit)]);
}

/** `IfcLengthMeasure in mm`, and what the source says of the property: `IfcLengthMeasure in mm: the height of the sill`. */
function describe({ measure, type, unit, description }: ValueDescription): string {
  const text = unit === undefined ? (measure ?? type) : `${measure ?? type} in ${unit}`;
  return description === undefined ? text : `${text}: ${description}`;
}

function unitIn(description: string | undefined): string | undefined {
  return /^[^\s:]+ in ([^:]+)/.exec(description ?? "")?.[1];
}
