import type { AllEditions, EditionAttribute } from "./editions/AllEditions.js";
import type { IfcAttribute } from "./editions/IfcSchema.js";
import type { IfcFile } from "./IfcFile.js";
import type { NamedValue, ValueDescription, ValueType } from "./NamedValue.js";
import { entityName } from "./entityName.js";
import type { ReportedIssue } from "./records.js";
import type { Units } from "./units/Units.js";
import { joinValues, readValue } from "./sets/values.js";
import { degreesOf } from "./degrees.js";

/** Lists of degrees, minutes, seconds and millionths. */
const angles = new Set(["RefLatitude", "RefLongitude"]);

/** Reads the direct attributes of entities. What they refer to is found as relationships, aspects and geometry. */
export class Attributes {
  private readonly _ofFile = new Map<string, readonly ValueDescription[]>();
  /** By type and attribute, the first instance with a value that does not fit. */
  private readonly _unfit = new Map<string, { first: number; count: number }>();

  public constructor(
    private readonly _file: IfcFile,
    private readonly _units: Units,
    private readonly _editions: AllEditions,
  ) {}

  /** The attributes that a type has in any edition, as far as they are values, or postal addresses. */
  public describe(type: string): ValueDescription[] {
    const described = this._describeAll(this._editions.attributesOf(type));
    return [
      ...new Map(described.map((value) => [JSON.stringify([value.label, value.type, value.unit]), value])).values(),
    ];
  }

  /** The attributes of an entity that have values. */
  public read(id: number): NamedValue[] {
    const values = this._describeInFile(this._file.typeOf(id)).map((described) => ({
      ...described,
      value: this._value(id, described),
    }));
    return values.filter((value): value is NamedValue => value.value !== undefined);
  }

  /** Values that do not fit their attributes, such as a text for a number. */
  public get issues(): ReportedIssue[] {
    return [...this._unfit].map(([attribute, { first, count }]) => ({
      code: "ifc/value",
      message: `${attribute} of ${entityName(this._file, first)}${count === 1 ? "" : ` and ${count - 1} others`} has a value of another type than ${this._file.schema.name} says. It is left out. Correct the file, or its FILE_SCHEMA.`,
    }));
  }

  private _describeInFile(type: string): readonly ValueDescription[] {
    let described = this._ofFile.get(type);
    if (described === undefined) {
      described = this._describeAll(this._editions.attributesIn(this._file.schema, type));
      this._ofFile.set(type, described);
    }
    return described;
  }

  private _describeAll(attributes: readonly EditionAttribute[]): ValueDescription[] {
    return attributes.filter(({ attribute }) => isKept(attribute)).map((found) => this._description(found));
  }

  private _description({ attribute, edition }: EditionAttribute): ValueDescription {
    const { name: label, measure } = attribute;
    if (angles.has(label)) return { label, type: "double", measure: "IfcCompoundPlaneAngleMeasure", unit: "°" };
    const type = typeOf(attribute);
    const unit = type === "double" && measure !== undefined ? this._units.of(measure) : undefined;
    return { label, type, ...(measure && { measure: edition.spell(measure) }), ...(unit && { unit }) };
  }

  private _value(id: number, { label, type }: ValueDescription): NamedValue["value"] | undefined {
    if (angles.has(label)) return degreesOf(this._file.numbers(id, label));
    const reference = this._file.reference(id, label);
    if (reference !== undefined) return this._address(reference);
    const attribute = this._file.schema.attributesOf(this._file.typeOf(id)).find(({ name }) => name === label);
    const measure = type === "boolean" ? "IFCBOOLEAN" : attribute?.measure;
    return this._fitting(id, label, type, readValue(this._file.schema, this._file.value(id, label), measure)?.value);
  }

  private _fitting(id: number, label: string, type: ValueType, value: NamedValue["value"] | undefined) {
    if (value === undefined || fits(type, value)) return value;
    if (type === "string") return String(value);
    const key = `${this._file.schema.spell(this._file.typeOf(id))}.${label}`;
    const known = this._unfit.get(key);
    if (known === undefined) this._unfit.set(key, { first: id, count: 1 });
    else known.count++;
    return undefined;
  }

  private _address(id: number): string | undefined {
    return joinValues(this._file.step.valuesOf(id));
  }
}

function fits(type: ValueType, value: NamedValue["value"]): boolean {
  if (type === "long") return Number.isSafeInteger(value);
  return typeof value === (type === "double" ? "number" : type);
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
