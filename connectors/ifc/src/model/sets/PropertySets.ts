import type { IfcFile } from "../IfcFile.js";
import type { NamedValue, ValueSet } from "../NamedValue.js";
import { ResourceValues } from "./ResourceValues.js";
import type { Units } from "../units/Units.js";
import { sortByContent } from "../sortByContent.js";

/** Attributes of a bounded property, and what they are called behind the name of the property. */
const bounds = { UpperBoundValue: "UpperBound", LowerBoundValue: "LowerBound", SetPointValue: "SetPoint" };

/** Complex properties within each other deeper than this go in a circle. */
const deepest = 20;

/** What a set without a name is called. */
const unnamed = "Unnamed";

/** Reads property sets, sets of quantities, and those that the schema itself defines, such as IfcDoorLiningProperties. */
export class PropertySets {
  /** Reads what properties refer to. */
  public readonly resources: ResourceValues;

  public constructor(
    private readonly _file: IfcFile,
    units: Units,
  ) {
    this.resources = new ResourceValues(_file, units, (id, path, depth) => this._property(id, path, depth));
  }

  /** A set with all properties that have a value. Two of one name are told apart by a number. */
  public read(id: number): ValueSet {
    return { name: this._nameOf(id), values: tellApart([...this._ownValues(id), ...this._valuesOf(id)]) };
  }

  /** Properties, in the order of their names. */
  public properties(ids: readonly number[]): NamedValue[] {
    return tellApart(this._properties(ids, "", 0));
  }

  private _valuesOf(id: number): NamedValue[] {
    if (this._file.isA(id, "IFCPROPERTYSET"))
      return this._properties(this._file.references(id, "HasProperties"), "", 0);
    if (this._file.isA(id, "IFCELEMENTQUANTITY"))
      return this._properties(this._file.references(id, "Quantities"), "", 0);
    return this.resources.attributes(id, ofEveryRoot);
  }

  /** What a set says of itself; its name is that of the class. */
  private _ownValues(id: number): NamedValue[] {
    return this._parts(id, "", { Description: "SetDescription", MethodOfMeasurement: "MethodOfMeasurement" });
  }

  private _nameOf(id: number): string {
    const name = this._file.text(id, "Name");
    if (this._file.isA(id, "IFCPROPERTYSET") || this._file.isA(id, "IFCELEMENTQUANTITY")) return name ?? unnamed;
    return this._file.schema.spell(this._file.typeOf(id));
  }

  private _properties(ids: readonly number[], path: string, depth: number): NamedValue[] {
    if (depth > deepest) return [];
    const lists = ids.map((id) => this._property(id, path, depth));
    return (hasRepeated(lists) ? sortByContent(lists) : lists).flat();
  }

  private _property(id: number, path: string, depth: number): NamedValue[] {
    const label = path + (this._file.text(id, "Name") ?? unnamed);
    const description = this._file.text(id, "Description") ?? this._file.text(id, "Specification");
    const values = this._valuesOfProperty(id, label, depth);
    return description === undefined ? values : values.map((value) => ({ description, ...value }));
  }

  private _valuesOfProperty(id: number, label: string, depth: number): NamedValue[] {
    switch (this._file.typeOf(id)) {
      case "IFCPROPERTYSINGLEVALUE":
        return this.resources.measure(label, this._file.value(id, "NominalValue"), undefined, this._unitOf(id));
      case "IFCPROPERTYENUMERATEDVALUE":
        return this._enumerated(id, label);
      case "IFCPROPERTYLISTVALUE":
        return this.resources.list(label, this._file.value(id, "ListValues"), this._unitOf(id));
      case "IFCPROPERTYBOUNDEDVALUE":
        return this._bounded(id, label);
      case "IFCPROPERTYTABLEVALUE":
        return this._table(id, label);
      case "IFCPROPERTYREFERENCEVALUE":
        return this._parts(id, label, { PropertyReference: "", UsageName: ".UsageName" });
      case "IFCCOMPLEXPROPERTY":
        return [
          ...this._parts(id, label, { UsageName: ".UsageName" }),
          ...this._properties(this._file.references(id, "HasProperties"), `${label}.`, depth + 1),
        ];
      case "IFCPHYSICALCOMPLEXQUANTITY":
        return [
          ...this._parts(id, label, ofComplexQuantities),
          ...this._properties(this._file.references(id, "HasQuantities"), `${label}.`, depth + 1),
        ];
      default:
        return this._quantity(id, label);
    }
  }

  private _unitOf(id: number): number | undefined {
    return this._file.reference(id, "Unit");
  }

  /** Attributes of an instance, by what they are called behind its name. */
  private _parts(id: number, label: string, parts: Readonly<Record<string, string>>): NamedValue[] {
    return Object.entries(parts).flatMap(([attribute, suffix]) => this.resources.attribute(id, attribute, label + suffix)); // prettier-ignore
  }

  private _enumerated(id: number, label: string): NamedValue[] {
    const enumeration = this._file.reference(id, "EnumerationReference");
    const unit = enumeration === undefined ? undefined : this._unitOf(enumeration);
    return this.resources.list(label, this._file.value(id, "EnumerationValues"), unit);
  }

  private _bounded(id: number, label: string): NamedValue[] {
    return Object.entries(bounds).flatMap(([attribute, name]) =>
      this.resources.measure(`${label}.${name}`, this._file.value(id, attribute), undefined, this._unitOf(id)),
    );
  }

  /** Both columns, each as one text. */
  private _table(id: number, label: string): NamedValue[] {
    const column = (attribute: string, unit: string) =>
      this.resources.list(`${label}.${attribute}`, this._file.value(id, attribute), this._file.reference(id, unit));
    return [
      ...column("DefiningValues", "DefiningUnit"),
      ...column("DefinedValues", "DefinedUnit"),
      ...this._parts(id, label, { Expression: ".Expression", CurveInterpolation: ".CurveInterpolation" }),
    ];
  }

  /** `LengthValue` of an IfcQuantityLength, `AreaValue` of an IfcQuantityArea, and so on. */
  private _quantity(id: number, label: string): NamedValue[] {
    const attributes = this._file.schema.attributesOf(this._file.typeOf(id));
    const attribute = attributes.find(({ name }) => name.endsWith("Value"));
    if (attribute === undefined) return [];
    const { name, measure } = attribute;
    return [
      ...this.resources.measure(label, this._file.value(id, name), measure, this._unitOf(id)),
      ...this._parts(id, label, { Formula: ".Formula" }),
    ];
  }
}

/** Attributes of an IfcPhysicalComplexQuantity beside its quantities. */
const ofComplexQuantities = { Discrimination: ".Discrimination", Quality: ".Quality", Usage: ".Usage" };

/** Properties are a set: those of one name are told apart by what they say, not by their order in the file. */
function hasRepeated(lists: readonly (readonly NamedValue[])[]): boolean {
  const labels = lists.flatMap(([first]) => (first === undefined ? [] : [first.label]));
  return new Set(labels).size < labels.length;
}

const ofEveryRoot = new Set(["GlobalId", "OwnerHistory", "Name", "Description"]);

function tellApart(values: readonly NamedValue[]): NamedValue[] {
  const taken = new Set(values.map(({ label }) => label));
  const seen = new Set<string>();
  return values.map((value) => {
    const label = seen.has(value.label) ? numberedLabel(value.label, taken) : value.label;
    seen.add(label);
    taken.add(label);
    return label === value.label ? value : { ...value, label };
  });
}

/** A label with the first number that no other property has. */
function numberedLabel(label: string, taken: ReadonlySet<string>): string {
  let number = 2;
  while (taken.has(`${label} (${number})`)) number++;
  return `${label} (${number})`;
}
