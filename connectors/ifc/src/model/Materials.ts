import type { IfcFile } from "./IfcFile.js";
import type { NamedValue, ValueSet } from "./NamedValue.js";
import type { PropertySets } from "./PropertySets.js";

/** Attributes of materials and sets of them that lead to more of them. */
const contents: readonly string[] = [
  "ForLayerSet",
  "ForProfileSet",
  "MaterialLayers",
  "MaterialProfiles",
  "MaterialConstituents",
  "Materials",
];

/** Materials within each other deeper than this go in a circle. */
const deepest = 10;

/** Reads what an entity is made of: a set of values for each material, layer, profile and constituent, and for their sets. */
export class Materials {
  public constructor(
    private readonly _file: IfcFile,
    private readonly _sets: PropertySets,
  ) {}

  /** The material of an IfcRelAssociatesMaterial with all that it consists of, in order. */
  public read(id: number): ValueSet[] {
    return this._read(id, [], 0);
  }

  /** @param path - the places within sets that lead to it, counted from 1 */
  private _read(id: number, path: readonly number[], depth: number): ValueSet[] {
    if (depth > deepest) return [];
    const type = this._file.typeOf(id);
    const own: ValueSet = { name: this._file.schema.spell(type), values: this._values(id, path) };
    const parts = contents.flatMap((attribute) => this._file.references(id, attribute));
    return [own, ...parts.flatMap((part, index) => this._read(part, [...path, index + 1], depth + 1))];
  }

  private _values(id: number, path: readonly number[]): NamedValue[] {
    const material = this._file.reference(id, "Material");
    const name = this._text("Name", this._file.text(id, "Name") ?? this._file.text(id, "LayerSetName"));
    return [
      ...this._text("Position", path.join(".")),
      ...name,
      ...this._text("Material", material === undefined ? undefined : this._file.text(material, "Name")),
      ...this._sets.attributes(id).filter(({ label }) => label !== "LayerSetName"),
    ];
  }

  private _text(label: string, value: string | undefined): NamedValue[] {
    return value ? [{ label, type: "string", value }] : [];
  }
}
