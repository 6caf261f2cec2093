import type { IfcFile } from "./IfcFile.js";
import type { NamedValue, ValueSet } from "./NamedValue.js";

/** References within each other deeper than this go in a circle. */
const deepest = 20;

/** What a reference says, under one name in all schemas. */
const attributes: Readonly<Record<string, readonly string[]>> = {
  Identification: ["Identification", "ItemReference"],
  Name: ["Name"],
  Location: ["Location"],
  Edition: ["Edition"],
};

/** Reads how an entity is classified. */
export class Classifications {
  public constructor(private readonly _file: IfcFile) {}

  /** The classification or the reference into one that an IfcRelAssociatesClassification gives. */
  public read(id: number): ValueSet {
    const system = this._systemOf(id, 0);
    const values = Object.entries(attributes).flatMap(([label, names]) => this._text(label, id, names));
    const name = system === undefined || system === id ? [] : this._text("Classification", system, ["Name"]);
    return { name: this._file.schema.spell(this._file.typeOf(id)), values: [...name, ...values] };
  }

  /** The classification itself, above references to parts of it. */
  private _systemOf(id: number, depth: number): number | undefined {
    if (this._file.typeOf(id) === "IFCCLASSIFICATION") return id;
    const source = this._file.reference(id, "ReferencedSource");
    return source === undefined || depth > deepest ? undefined : this._systemOf(source, depth + 1);
  }

  private _text(label: string, id: number, names: readonly string[]): NamedValue[] {
    const value = names.map((name) => this._file.text(id, name)).find((text) => text !== undefined);
    return value === undefined ? [] : [{ label, type: "string", value }];
  }
}
