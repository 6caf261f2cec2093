import type { Document } from "@gltf-transform/core";
import { EXTStructuralMetadata, type ClassProperty, type PropertyTable, type Schema } from "@gltf-transform/extensions";
import type { ElementProperties } from "../graphics/readProperties.js";

type PropertyName = keyof ElementProperties;

/** Each element has one of its own. */
const texts: readonly PropertyName[] = ["id", "label", "code", "federationGuid", "sourceIdentifier"];
/** Many elements share one. */
const names: readonly PropertyName[] = ["class", "category", "model", "sourceKind", "sourceDocument"];

/** Writes the properties of elements as a property table: the feature id of an element is its row. */
export function writePropertyTable(document: Document, rows: readonly ElementProperties[]): PropertyTable {
  const extension = document.createExtension(EXTStructuralMetadata);
  const writer = new TableWriter(extension, rows);
  for (const name of texts) writer.addTexts(name);
  for (const name of names) writer.addNames(name);
  const metadata = extension.createStructuralMetadata().setSchema(writer.schema).addPropertyTable(writer.table);
  document.getRoot().setExtension("EXT_structural_metadata", metadata);
  return writer.table;
}

class TableWriter {
  public readonly schema: Schema;
  public readonly table: PropertyTable;
  private readonly _class;

  public constructor(
    private readonly _extension: EXTStructuralMetadata,
    private readonly _rows: readonly ElementProperties[],
  ) {
    this._class = _extension.createClass().setName("Element of an iModel");
    this.schema = _extension.createSchema().setId("iModel").setClass("Element", this._class);
    this.table = _extension.createPropertyTable().setName("Elements").setClass("Element").setCount(_rows.length);
  }

  public addTexts(name: PropertyName): void {
    const values = this._rows.map((row) => row[name]);
    if (values.every((value) => value === "")) return;
    const { bytes, offsets } = encode(values);
    const column = this._extension.createPropertyTableProperty().setValues(bytes).setStringOffsets(offsets);
    this.table.setProperty(name, column.setStringOffsetType("UINT32"));
    this._addProperty(name).setType("STRING").setNoData("");
  }

  /** As numbers of the values of an enumeration. */
  public addNames(name: PropertyName): void {
    const numbers = new Map<string, number>();
    const values = this._rows.map((row) => {
      const number = numbers.get(row[name]) ?? numbers.size;
      numbers.set(row[name], number);
      return number;
    });
    if (numbers.size === 0 || (numbers.size === 1 && numbers.has(""))) return;
    const isSmall = numbers.size < 0xffff;
    const type = `${name}Names`;
    const enumeration = this._extension
      .createEnum()
      .setName(name)
      .setValueType(isSmall ? "UINT16" : "UINT32");
    for (const [value, number] of numbers)
      enumeration.addEnumValue(
        this._extension
          .createEnumValue()
          .setName(value === "" ? none : value)
          .setValue(number),
      );
    this.schema.setEnum(type, enumeration);
    const array = isSmall ? Uint16Array.from(values) : Uint32Array.from(values);
    this.table.setProperty(name, this._extension.createPropertyTableProperty().setValues(padded(bytesOf(array))));
    const property = this._addProperty(name).setType("ENUM").setEnumType(type);
    if (numbers.has("")) property.setNoData(none);
  }

  private _addProperty(name: PropertyName): ClassProperty {
    const property = this._extension.createClassProperty();
    this._class.setProperty(name, property);
    return property;
  }
}

/** The name of the value of elements that have none; the name of a value may not be empty. */
const none = "(none)";

function encode(values: readonly string[]): { bytes: Uint8Array; offsets: Uint8Array } {
  const text = Buffer.from(values.join(""));
  const lengthOf = lengthIn(text, values);
  const offsets = new Uint32Array(values.length + 1);
  values.forEach((value, index) => (offsets[index + 1] = (offsets[index] ?? 0) + lengthOf(value)));
  return { bytes: padded(text), offsets: padded(bytesOf(offsets)) };
}

/** How many bytes a value takes: in plain ASCII as many as it has characters, which is known at once. */
function lengthIn(text: Buffer, values: readonly string[]): (value: string) => number {
  const characters = values.reduce((sum, { length }) => sum + length, 0);
  return characters === text.length ? ({ length }) => length : (value) => Buffer.byteLength(value);
}

function bytesOf(array: Uint16Array | Uint32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** Buffer views begin at multiples of 4 bytes. */
function padding(length: number): number {
  return Math.ceil(length / 4) * 4;
}

function padded(bytes: Uint8Array): Uint8Array {
  if (bytes.length % 4 === 0) return bytes;
  const longer = new Uint8Array(padding(bytes.length));
  longer.set(bytes);
  return longer;
}
