import type { StepVisitor } from "../../step/walkValues.js";
import { ContentBuffer, marks } from "../content/ContentBuffer.js";
import type { IfcFile } from "../IfcFile.js";

/** The attributes of a property whose texts decide what it is called, and how it is described. */
const names = ["Name", "Description", "Specification"] as const;

/** Attributes of a set that become properties of their own where they have a value. */
const ownProperties = ["Description", "MethodOfMeasurement"] as const;

/** What stands for a value: its type, in bytes that are no {@link marks}. */
const valueTypes = { text: 101, integer: 102, real: 103, endless: 104 } as const;

/**
 * Tells sets of properties apart by all but their values: the names of their properties, the types of the values and their
 * units. Many thousand sets of a file have some hundred shapes, so that a survey has to read few of them.
 */
export class PropertyShapes {
  private readonly _writer: ShapeWriter;

  public constructor(private readonly _file: IfcFile) {
    this._writer = new ShapeWriter(_file);
  }

  /**
   * The shape of an IfcPropertySet or an IfcElementQuantity that has single values only; undefined for any other instance. It
   * names units by the numbers of their instances, so that it holds within its file only.
   */
  public of(set: number): string | undefined {
    const properties = this._propertiesOf(set);
    if (properties === undefined) return undefined;
    this._writer.begin();
    this._writer.textOf(this._file.typeOf(set));
    this._writer.textOf(this._file.text(set, "Name") ?? "");
    for (const attribute of ownProperties)
      this._writer.textOf(this._file.value(set, attribute) === null ? "" : attribute);
    for (const property of properties) if (!this._isSingle(property) || !this._writer.add(property)) return undefined;
    return this._writer.end();
  }

  /** Whether properties of a set have one name, so that what they say tells them apart. */
  public hasRepeatedNames(set: number): boolean {
    const properties = this._propertiesOf(set) ?? [];
    return new Set(properties.map((property) => this._file.text(property, "Name"))).size < properties.length;
  }

  private _propertiesOf(set: number): number[] | undefined {
    const type = this._file.typeOf(set);
    if (type === "IFCPROPERTYSET") return this._file.references(set, "HasProperties");
    return type === "IFCELEMENTQUANTITY" ? this._file.references(set, "Quantities") : undefined;
  }

  private _isSingle(property: number): boolean {
    const type = this._file.typeOf(property);
    return type === "IFCPROPERTYSINGLEVALUE" || this._file.isTypeA(type, "IFCPHYSICALSIMPLEQUANTITY");
  }
}

/** Writes the shapes of properties. */
class ShapeWriter implements StepVisitor {
  private readonly _buffer = new ContentBuffer();
  private readonly _named = new Map<string, ReadonlySet<number>>();
  private _namedHere: ReadonlySet<number> = new Set();
  private _isNamed = false;
  private _isSingle = true;

  public constructor(private readonly _file: IfcFile) {}

  public begin(): void {
    this._buffer.cut(0);
  }

  public end(): string {
    return this._buffer.digestFrom(0);
  }

  public textOf(text: string): void {
    this._buffer.text(text);
  }

  /** @returns whether the property has a single value */
  public add(property: number): boolean {
    const type = this._file.typeOf(property);
    const place = this._file.step.placeOf(property);
    if (place === undefined) return false;
    this._buffer.text(type);
    this._namedHere = this._namedOf(type);
    this._isSingle = true;
    this._file.step.walk(place, this);
    this._buffer.mark(marks.end);
    return this._isSingle;
  }

  public attribute(index: number): void {
    this._isNamed = this._namedHere.has(index);
  }

  public item(): void {
    this._isSingle = false;
  }

  public reference(id: number): void {
    this._buffer.number(id);
  }

  public number(value: number): void {
    if (Number.isSafeInteger(value)) this._buffer.mark(valueTypes.integer);
    else this._buffer.mark(Number.isFinite(value) ? valueTypes.real : valueTypes.endless);
  }

  public text(bytes: Buffer, start: number, end: number): void {
    if (this._isNamed) this._buffer.encodedText(bytes, start, end);
    else this._buffer.mark(valueTypes.text);
  }

  public binary(): void {
    this._buffer.mark(valueTypes.text);
  }

  public enumeration(bytes: Buffer, start: number, end: number): void {
    this._buffer.name(marks.name, bytes, start, end);
  }

  public nothing(): void {
    this._buffer.mark(marks.nothing);
  }

  public beginList(): void {
    this._isSingle = false;
  }

  public endList(): void {
    this._isSingle = false;
  }

  public beginTyped(bytes: Buffer, start: number, end: number): void {
    this._buffer.name(marks.typed, bytes, start, end);
  }

  public endTyped(): void {
    // the value has ended
  }

  private _namedOf(type: string): ReadonlySet<number> {
    let named = this._named.get(type);
    if (named === undefined) {
      named = new Set(names.map((name) => this._file.schema.indexOf(type, name)));
      this._named.set(type, named);
    }
    return named;
  }
}
