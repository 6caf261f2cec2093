import type { IfcFile } from "../IfcFile.js";
import { LinkTable } from "./LinkTable.js";

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
  private readonly _attached: LinkTable;

  public constructor(private readonly _file: IfcFile) {
    this._attached = new LinkTable(readAttachments(_file));
  }

  /** All instances that say something of one. */
  public of(id: number): readonly number[] {
    return this._attached.relatedOf(id).map(({ by }) => by);
  }

  /** Those of a type and its subtypes, given in upper case. */
  public ofType(id: number, type: string): number[] {
    return this.of(id).filter((attached) => this._file.isA(attached, type));
  }
}

function* readAttachments(file: IfcFile): Generator<readonly [target: number, attached: number, by: number]> {
  const { step, schema } = file;
  for (const type of step.types) {
    const attribute = backReferenceOf(schema, type);
    if (attribute === undefined) continue;
    for (const id of step.idsOf(type)) for (const target of file.references(id, attribute)) yield [target, id, id];
  }
}
