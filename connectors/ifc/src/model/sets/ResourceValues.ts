import { StepReference, StepTyped, type StepValue } from "../../step/StepValue.js";
import { setAttributeOf } from "../content/setAttributes.js";
import type { IfcFile } from "../IfcFile.js";
import { inlineText } from "./inlineText.js";
import type { NamedValue } from "../NamedValue.js";
import { sortByContent } from "../sortByContent.js";
import { titleOf } from "./titles.js";
import type { Units } from "../units/Units.js";
import { joinValues, readValue } from "./values.js";

/** Instances within each other deeper than this are written as one text. */
const deepest = 8;

/** Lists with more members than this become one text, where each member consists of plain values. */
const mostNumbered = 4;

/** Attributes that say who wrote an instance when. */
const ofTheExport: ReadonlySet<string> = new Set(["OwnerHistory"]);

/** Types whose instances are written as one text, because no property could hold a part of them. */
const geometry = [
  "IFCREPRESENTATIONITEM",
  "IFCREPRESENTATION",
  "IFCPRODUCTREPRESENTATION",
  "IFCREPRESENTATIONMAP",
  "IFCREPRESENTATIONCONTEXT",
  "IFCOBJECTPLACEMENT",
] as const;

/** Where a value is: how it is called, and how deep in instances within each other. */
interface Position {
  readonly label: string;
  readonly depth: number;
}

/** Reads a property or a quantity. */
export type ReadProperty = (id: number, path: string, depth: number) => NamedValue[];

/**
 * Reads instances that are no entities of their own, such as an IfcTaskTime or an IfcDocumentReference, as values with
 * names: `ScheduleStart`, and with dots for what they refer to, `RecurrencePattern.Interval`.
 */
export class ResourceValues {
  public constructor(
    private readonly _file: IfcFile,
    private readonly _units: Units,
    private readonly _readProperty: ReadProperty,
  ) {}

  /**
   * The attributes of an instance that have values.
   * @param left - the names of attributes to leave out
   */
  public attributes(id: number, left: ReadonlySet<string> = ofTheExport): NamedValue[] {
    return this._attributes(id, { label: "", depth: 0 }, left);
  }

  /** A single attribute under a name; none for an attribute that the type does not have. */
  public attribute(id: number, attribute: string, label: string): NamedValue[] {
    const index = this._file.schema.indexOf(this._file.typeOf(id), attribute);
    const measure = this._file.schema.attributesOf(this._file.typeOf(id))[index]?.measure;
    return this._value(this._file.step.valuesOf(id)[index], { label, depth: 0 }, measure);
  }

  /**
   * A measure under a name.
   * @param unit - the instance of its unit. Default: the project's unit of the measure
   */
  public measure(label: string, value: StepValue | undefined, measure?: string, unit?: number): NamedValue[] {
    const read = readValue(this._file.schema, value, measure);
    if (read === undefined) return [];
    const symbol = typeof read.value === "number" ? this._unit(read.measure, unit) : undefined;
    return [{ label, ...read, ...(symbol !== undefined && { unit: symbol }) }];
  }

  /** A list of values as one text, with the unit behind it. */
  public list(label: string, value: StepValue | undefined, unit?: number): NamedValue[] {
    const items = Array.isArray(value) ? (value as readonly StepValue[]) : [];
    const text = joinValues(items);
    if (text === undefined) return [];
    const [first] = items;
    const type = first instanceof StepTyped ? first.type : undefined;
    const isMeasured = first instanceof StepTyped ? typeof first.value === "number" : typeof first === "number";
    const measure = type === undefined ? undefined : this._file.schema.spell(type);
    const symbol = isMeasured ? this._unit(measure, unit) : undefined;
    return [
      {
        label,
        type: "string",
        value: symbol === undefined ? text : `${text} ${symbol}`,
        ...(measure !== undefined && { measure }),
        ...(symbol !== undefined && { unit: symbol }),
      },
    ];
  }

  private _unit(measure: string | undefined, unit: number | undefined): string | undefined {
    return unit === undefined ? this._units.of(measure?.toUpperCase() ?? "") : this._units.symbolOf(unit);
  }

  private _attributes(id: number, { label: path, depth }: Position, left: ReadonlySet<string>): NamedValue[] {
    const attributes = this._file.schema.attributesOf(this._file.typeOf(id));
    const values = this._file.step.valuesOf(id);
    const set = setAttributeOf(this._file.schema, this._file.typeOf(id));
    return attributes.flatMap(({ name, measure }, index) => {
      const value = name === set ? this._sorted(values[index]) : values[index];
      return left.has(name) ? [] : this._value(value, { label: path + name, depth }, measure);
    });
  }

  /** The members of a set, which are numbered, in the order of what they say. */
  private _sorted(value: StepValue | undefined): StepValue | undefined {
    const contentOf = (item: StepValue) => (item instanceof StepReference ? inlineText(this._file, item.id) : item);
    return Array.isArray(value) ? sortByContent(value as readonly StepValue[], contentOf) : value;
  }

  private _value(value: StepValue | undefined, at: Position, measure?: string): NamedValue[] {
    if (value instanceof StepReference) return this._referred(value.id, at);
    if (!Array.isArray(value)) return this.measure(at.label, value, measure);
    const items = value as readonly StepValue[];
    if (items.some((item) => item instanceof StepReference)) return this._members(items, at);
    return this.list(at.label, measure === undefined ? items : items.map((item) => typed(item, measure)));
  }

  private _members(items: readonly StepValue[], { label, depth }: Position): NamedValue[] {
    const [first] = items;
    if (first !== undefined && items.length === 1) return this._value(first, { label, depth });
    const texts = items.map((item) => (item instanceof StepReference ? this._plainText(item.id) : undefined));
    const isPlain = texts.every((text) => text !== undefined);
    if (isPlain && items.length > mostNumbered) return [{ label, type: "string", value: texts.join("; ") }];
    return items.flatMap((item, index) => this._value(item, { label: `${label} ${index + 1}`, depth }));
  }

  /** The values of an instance that refers to nothing. */
  private _plainText(id: number): string | undefined {
    const values = this._file.step.valuesOf(id);
    const refers = values.some((value) => value instanceof StepReference);
    return refers ? undefined : joinValues(values)?.replaceAll("; ", ", ");
  }

  private _referred(id: number, at: Position): NamedValue[] {
    const { label, depth } = at;
    const isA = (type: string) => this._file.isA(id, type);
    if (this._file.typeOf(id) === "" || isA("IFCOWNERHISTORY")) return [];
    if (isA("IFCPROPERTY") || isA("IFCPHYSICALQUANTITY")) return this._readProperty(id, `${label}.`, depth + 1);
    if (isA("IFCMEASUREWITHUNIT")) return this._measured(id, label);
    const text = this._wholeText(id, depth);
    return text === undefined ? this._resource(id, at) : this._text(label, text);
  }

  private _measured(id: number, label: string): NamedValue[] {
    const unit = this._file.reference(id, "UnitComponent");
    return this.measure(label, this._file.value(id, "ValueComponent"), undefined, unit);
  }

  /** The text of an instance that has no properties of its own: geometry, an entity, a unit. */
  private _wholeText(id: number, depth: number): string | undefined {
    if (geometry.some((type) => this._file.isA(id, type)) || depth >= deepest) return inlineText(this._file, id);
    if (this._file.isA(id, "IFCROOT")) return this._file.text(id, "GlobalId");
    return this._file.isUnit(id) ? this._units.symbolOf(id) : undefined;
  }

  /** What names the instance stands under its label, and the rest behind a dot. */
  private _resource(id: number, { label, depth }: Position): NamedValue[] {
    const { text, attributes } = titleOf(this._file, id);
    const left = new Set([...ofTheExport, ...attributes]);
    return [...this._text(label, text), ...this._attributes(id, { label: `${label}.`, depth: depth + 1 }, left)];
  }

  private _text(label: string, value: string | undefined): NamedValue[] {
    return value === undefined ? [] : [{ label, type: "string", value }];
  }
}

/** A value of a list with the type that the schema gives it. */
function typed(value: StepValue, measure: string): StepValue {
  return value instanceof StepTyped ? value : new StepTyped(measure, value);
}
