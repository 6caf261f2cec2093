import type { IfcAttribute } from "./IfcSchema.js";
import type { IfcFile } from "./IfcFile.js";
import type { NamedValue, ValueDescription, ValueType } from "./NamedValue.js";
import type { Units } from "./Units.js";
import { joinValues, readValue } from "./values.js";
import { degreesOf } from "./degrees.js";

/** Lists of degrees, minutes, seconds and millionths. */
const angles = new Set(["RefLatitude", "RefLongitude"]);

/** Reads the direct attributes of entities. What they refer to is found as relationships, aspects and geometry. */
export class Attributes {
  private readonly _described = new Map<string, readonly ValueDescription[]>();

  public constructor(
    private readonly _file: IfcFile,
    private readonly _units: Units,
  ) {}

  /** The attributes of a type that are values, or postal addresses. */
  public describe(type: string): readonly ValueDescription[] {
    let described = this._described.get(type);
    if (described === undefined) {
      const attributes = this._file.schema.attributesOf(type);
      described = attributes.filter(isKept).map((attribute) => this._description(attribute));
      this._described.set(type, described);
    }
    return described;
  }

  /** The attributes of an entity that have values. */
  public read(id: number): NamedValue[] {
    const values = this.describe(this._file.typeOf(id)).map((described) => ({
      ...described,
      value: this._value(id, described),
    }));
    return values.filter((value): value is NamedValue => value.value !== undefined);
  }

  private _description(attribute: IfcAttribute): ValueDescription {
    const { name: label, measure } = attribute;
    if (angles.has(label)) return { label, type: "double", measure: "IfcCompoundPlaneAngleMeasure", unit: "°" };
    const type = typeOf(attribute);
    const unit = type === "double" && measure !== undefined ? this._units.of(measure) : undefined;
    return { label, type, ...(measure && { measure: this._file.schema.spell(measure) }), ...(unit && { unit }) };
  }

  private _value(id: number, { label }: ValueDescription): NamedValue["value"] | undefined {
    if (angles.has(label)) return degreesOf(this._file.numbers(id, label));
    const reference = this._file.reference(id, label);
    if (reference !== undefined) return this._address(reference);
    const attribute = this._file.schema.attributesOf(this._file.typeOf(id)).find(({ name }) => name === label);
    return readValue(this._file.schema, this._file.value(id, label), attribute?.measure)?.value;
  }

  private _address(id: number): string | undefined {
    return joinValues(this._file.step.valuesOf(id));
  }
}

/** Whether an attribute refers to an address, which is kept as one text. */
export function isAddress({ name, holds }: IfcAttribute): boolean {
  return holds === "reference" && name.endsWith("Address");
}

function isKept(attribute: IfcAttribute): boolean {
  if (attribute.holds === "references") return false;
  return attribute.holds !== "reference" || isAddress(attribute);
}

function typeOf({ holds, measure }: IfcAttribute): ValueType {
  if (holds === "real") return "double";
  if (holds === "integer") return "long";
  return measure === "IFCBOOLEAN" ? "boolean" : "string";
}
