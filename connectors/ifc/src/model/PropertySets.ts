import { StepTyped, type StepValue } from "../step/StepValue.js";
import type { IfcFile } from "./IfcFile.js";
import type { NamedValue, ValueSet } from "./NamedValue.js";
import type { Units } from "./Units.js";
import { joinValues, readValue } from "./values.js";

/** Attributes of a bounded property, and what they are called behind the name of the property. */
const bounds = { UpperBoundValue: "UpperBound", LowerBoundValue: "LowerBound", SetPointValue: "SetPoint" };

/** Complex properties within each other deeper than this go in a circle. */
const deepest = 20;

/** What a set without a name is called. */
const unnamed = "Unnamed";

/** Reads property sets, sets of quantities, and those that the schema itself defines, such as IfcDoorLiningProperties. */
export class PropertySets {
  public constructor(
    private readonly _file: IfcFile,
    private readonly _units: Units,
  ) {}

  /** A set with all properties that have a value. Two of one name are told apart by a number. */
  public read(id: number): ValueSet {
    const values = this._file.isA(id, "IFCPROPERTYSET")
      ? this._properties(this._file.references(id, "HasProperties"), "", 0)
      : this._file.isA(id, "IFCELEMENTQUANTITY")
        ? this._properties(this._file.references(id, "Quantities"), "", 0)
        : this.attributes(id);
    return { name: this._nameOf(id), values: tellApart(values) };
  }

  /** The attributes of an instance that have values, but for those that every set has. */
  public attributes(id: number): NamedValue[] {
    const attributes = this._file.schema.attributesOf(this._file.typeOf(id));
    const values = this._file.step.valuesOf(id);
    return attributes.flatMap(({ name, measure }, index) =>
      ofEveryRoot.has(name) ? [] : this._value(name, values[index], measure),
    );
  }

  private _nameOf(id: number): string {
    const name = this._file.text(id, "Name");
    if (this._file.isA(id, "IFCPROPERTYSET") || this._file.isA(id, "IFCELEMENTQUANTITY")) return name ?? unnamed;
    return this._file.schema.spell(this._file.typeOf(id));
  }

  private _properties(ids: readonly number[], path: string, depth: number): NamedValue[] {
    return depth > deepest ? [] : ids.flatMap((id) => this._property(id, path, depth));
  }

  private _property(id: number, path: string, depth: number): NamedValue[] {
    const label = path + (this._file.text(id, "Name") ?? unnamed);
    switch (this._file.typeOf(id)) {
      case "IFCPROPERTYSINGLEVALUE":
        return this._single(id, label);
      case "IFCPROPERTYENUMERATEDVALUE":
        return this._list(label, this._file.value(id, "EnumerationValues"));
      case "IFCPROPERTYLISTVALUE":
        return this._list(label, this._file.value(id, "ListValues"));
      case "IFCPROPERTYBOUNDEDVALUE":
        return this._bounded(id, label);
      case "IFCPROPERTYTABLEVALUE":
        return this._table(id, label);
      case "IFCPROPERTYREFERENCEVALUE":
        return this._reference(id, label);
      case "IFCCOMPLEXPROPERTY":
        return this._properties(this._file.references(id, "HasProperties"), `${label}.`, depth + 1);
      case "IFCPHYSICALCOMPLEXQUANTITY":
        return this._properties(this._file.references(id, "HasQuantities"), `${label}.`, depth + 1);
      default:
        return this._quantity(id, label);
    }
  }

  private _single(id: number, label: string): NamedValue[] {
    return this._value(label, this._file.value(id, "NominalValue"), undefined, this._file.reference(id, "Unit"));
  }

  private _bounded(id: number, label: string): NamedValue[] {
    const unit = this._file.reference(id, "Unit");
    return Object.entries(bounds).flatMap(([attribute, name]) =>
      this._value(`${label}.${name}`, this._file.value(id, attribute), undefined, unit),
    );
  }

  private _list(label: string, value: StepValue | undefined): NamedValue[] {
    if (!Array.isArray(value)) return [];
    const items = value as readonly StepValue[];
    const text = joinValues(items);
    const [first] = items;
    const measure = first instanceof StepTyped ? this._file.schema.spell(first.type) : undefined;
    return text === undefined ? [] : [{ label, type: "string", value: text, ...(measure && { measure }) }];
  }

  /** Both columns, each as one text. */
  private _table(id: number, label: string): NamedValue[] {
    return ["DefiningValues", "DefinedValues"].flatMap((column) =>
      this._list(`${label}.${column}`, this._file.value(id, column)),
    );
  }

  /** What is referred to by its name; a reference to something without one says nothing that can be kept. */
  private _reference(id: number, label: string): NamedValue[] {
    const target = this._file.reference(id, "PropertyReference");
    const value = target === undefined ? undefined : nameOfReferred(this._file, target);
    return value === undefined ? [] : [{ label, type: "string", value }];
  }

  /** `LengthValue` of an IfcQuantityLength, `AreaValue` of an IfcQuantityArea, and so on. */
  private _quantity(id: number, label: string): NamedValue[] {
    const attributes = this._file.schema.attributesOf(this._file.typeOf(id));
    const attribute = attributes.find(({ name }) => name.endsWith("Value"));
    if (attribute === undefined) return [];
    return this._value(
      label,
      this._file.value(id, attribute.name),
      attribute.measure,
      this._file.reference(id, "Unit"),
    );
  }

  private _value(label: string, value: StepValue | undefined, measure?: string, unitId?: number): NamedValue[] {
    const read = readValue(this._file.schema, value, measure);
    if (read === undefined) return [];
    const unit =
      unitId === undefined ? this._units.of(read.measure?.toUpperCase() ?? "") : this._units.symbolOf(unitId);
    const isNumber = typeof read.value === "number";
    return [{ label, ...read, ...(isNumber && unit !== undefined && { unit }) }];
  }
}

/** The name of what a property refers to, if it has one. */
export function nameOfReferred(file: IfcFile, id: number): string | undefined {
  return file.text(id, "Name") ?? file.text(id, "Identification");
}

const ofEveryRoot = new Set(["GlobalId", "OwnerHistory", "Name", "Description"]);

function tellApart(values: readonly NamedValue[]): NamedValue[] {
  const counts = new Map<string, number>();
  return values.map((value) => {
    const count = (counts.get(value.label) ?? 0) + 1;
    counts.set(value.label, count);
    return count === 1 ? value : { ...value, label: `${value.label} (${count})` };
  });
}
