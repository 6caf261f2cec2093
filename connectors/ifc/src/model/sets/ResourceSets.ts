import { backReferenceOf, type Attachments } from "../relations/Attachments.js";
import type { IfcFile } from "../IfcFile.js";
import type { NamedValue, ValueSet } from "../NamedValue.js";
import type { PropertySets } from "./PropertySets.js";

/** Attributes that hold the properties of a material or a profile. */
const propertyLists = ["Properties", "ExtendedProperties"] as const;

/** Instances attached to others that become sets of their own. */
const attachedTypes = ["IFCMATERIALPROPERTIES", "IFCPROFILEPROPERTIES"] as const;

/** Relationships between resources, with the attribute that leads to what they attach. */
const attachedReferences: Readonly<Record<string, string>> = {
  IFCEXTERNALREFERENCERELATIONSHIP: "RelatingReference",
  IFCMATERIALCLASSIFICATIONRELATIONSHIP: "MaterialClassifications",
};

/** Reads instances that are no entities of their own as sets of values, one for each instance. */
export class ResourceSets {
  public constructor(
    private readonly _file: IfcFile,
    private readonly _sets: PropertySets,
    private readonly _attachments: Attachments,
  ) {}

  /**
   * An instance as a set of the name of its type. Properties of materials and profiles are a set of the name that they give.
   * @param lead - values that come first
   */
  public read(id: number, lead: readonly NamedValue[]): ValueSet {
    const type = this._file.typeOf(id);
    const lists = propertyLists.filter((name) => this._file.references(id, name).length > 0);
    const name = lists.length === 0 ? undefined : this._file.text(id, "Name");
    const back = backReferenceOf(this._file.schema, type);
    const left = new Set(["GlobalId", "OwnerHistory", ...lists, ...(back ? [back] : []), ...(name ? ["Name"] : [])]);
    const properties = lists.flatMap((list) => this._file.references(id, list));
    const values = [...lead, ...this._sets.resources.attributes(id, left), ...this._sets.properties(properties)];
    return { name: name ?? this._file.schema.spell(type), values };
  }

  /** What is attached to a resource: properties of a material, references to documents and classifications. */
  public attachedTo(id: number, lead: readonly NamedValue[]): ValueSet[] {
    const own = attachedTypes.flatMap((type) => this._attachments.ofType(id, type));
    const referred = Object.entries(attachedReferences).flatMap(([type, attribute]) =>
      this._attachments.ofType(id, type).flatMap((by) => this._file.references(by, attribute)),
    );
    return [...own, ...referred].map((attached) => this.read(attached, lead));
  }
}
