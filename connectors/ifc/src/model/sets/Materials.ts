import type { IfcFile } from "../IfcFile.js";
import type { NamedValue, ValueSet } from "../NamedValue.js";
import type { PropertySets } from "./PropertySets.js";
import type { ResourceSets } from "./ResourceSets.js";
import { sortByContent } from "../sortByContent.js";

/** Attributes of materials and sets of them that lead to more of them. */
const contents: readonly string[] = [
  "ForLayerSet",
  "ForProfileSet",
  "MaterialLayers",
  "MaterialProfiles",
  "MaterialConstituents",
  "Materials",
];

/** Attributes that are read in another way. */
const readOtherwise: ReadonlySet<string> = new Set([...contents, "Name", "LayerSetName"]);
/** Those of them that are sets: their order means nothing. */
const sets: ReadonlySet<string> = new Set(["IFCMATERIALLIST", "IFCMATERIALCONSTITUENTSET"]);

/** Materials within each other deeper than this go in a circle. */
const deepest = 10;

/** Reads what an entity is made of: a set of values for each material, layer, profile and constituent, and for their sets. */
export class Materials {
  public constructor(
    private readonly _file: IfcFile,
    private readonly _sets: PropertySets,
    private readonly _resources: ResourceSets,
  ) {}

  /** The material of an IfcRelAssociatesMaterial with all that it consists of, in order, and the properties of each. */
  public read(id: number): ValueSet[] {
    const found = new Set<number>();
    const sets = this._read(id, { path: [], depth: 0 }, found);
    return [...sets, ...[...found].flatMap((material) => this._propertiesOf(material))];
  }

  /** @param path - the places within sets that lead to it, counted from 1 */
  private _read(id: number, at: { path: readonly number[]; depth: number }, found: Set<number>): ValueSet[] {
    const { path, depth } = at;
    if (depth > deepest) return [];
    for (const attribute of ["Material", "Profile"] as const)
      for (const part of this._file.references(id, attribute)) found.add(part);
    found.add(id);
    const own: ValueSet = { name: this._file.schema.spell(this._file.typeOf(id)), values: this._values(id, path) };
    const listed = contents.flatMap((attribute) => this._file.references(id, attribute));
    const isSet = sets.has(this._file.typeOf(id));
    const parts = isSet
      ? sortByContent(listed, (part) => this._read(part, { path: [], depth: depth + 1 }, found))
      : listed;
    return [
      own,
      ...parts.flatMap((part, index) => this._read(part, { path: [...path, index + 1], depth: depth + 1 }, found)),
    ];
  }

  private _propertiesOf(id: number): ValueSet[] {
    const name = this._file.text(id, "Name") ?? this._file.text(id, "ProfileName");
    const owner = this._file.isA(id, "IFCPROFILEDEF") ? "Profile" : "Material";
    return this._resources.attachedTo(id, this._text(owner, name));
  }

  private _values(id: number, path: readonly number[]): NamedValue[] {
    const name = this._text("Name", this._file.text(id, "Name") ?? this._file.text(id, "LayerSetName"));
    return [...this._text("Position", path.join(".")), ...name, ...this._sets.resources.attributes(id, readOtherwise)];
  }

  private _text(label: string, value: string | undefined): NamedValue[] {
    return value ? [{ label, type: "string", value }] : [];
  }
}
