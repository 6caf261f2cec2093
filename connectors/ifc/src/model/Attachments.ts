import type { IfcFile } from "./IfcFile.js";

/** The types of instances that say something of others, by the attribute that leads to these. Nothing leads back. */
const backReferences: Readonly<Record<string, string>> = {
  IFCSTYLEDITEM: "Item",
  IFCINDEXEDCOLOURMAP: "MappedTo",
  IFCMATERIALDEFINITIONREPRESENTATION: "RepresentedMaterial",
  IFCMATERIALPROPERTIES: "Material",
  IFCPROFILEPROPERTIES: "ProfileDefinition",
  IFCPRESENTATIONLAYERASSIGNMENT: "AssignedItems",
  IFCSHAPEASPECT: "PartOfProductDefinitionShape",
  IFCEXTERNALREFERENCERELATIONSHIP: "RelatedResourceObjects",
  IFCMATERIALCLASSIFICATIONRELATIONSHIP: "ClassifiedMaterial",
};

/** The attribute of a type that leads to what its instances say something of; undefined for other types. */
export function backReferenceOf(schema: IfcFile["schema"], type: string): string | undefined {
  return Object.entries(backReferences).find(([name]) => schema.isA(type, name))?.[1];
}

/** Knows which instances say something of others, such as the style of an item or the properties of a material. */
export class Attachments {
  private readonly _attached = new Map<number, number[]>();

  public constructor(private readonly _file: IfcFile) {
    const { step, schema } = _file;
    for (const type of step.types) {
      const attribute = backReferenceOf(schema, type);
      if (attribute === undefined) continue;
      for (const id of step.idsOf(type)) for (const target of _file.references(id, attribute)) this._add(target, id);
    }
  }

  /** All instances that say something of one. */
  public of(id: number): readonly number[] {
    return this._attached.get(id) ?? [];
  }

  /** Those of a type and its subtypes, given in upper case. */
  public ofType(id: number, type: string): number[] {
    return this.of(id).filter((attached) => this._file.isA(attached, type));
  }

  private _add(target: number, id: number): void {
    const known = this._attached.get(target);
    if (known === undefined) this._attached.set(target, [id]);
    else known.push(id);
  }
}
