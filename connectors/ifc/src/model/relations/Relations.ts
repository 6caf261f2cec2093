import type { StepFile } from "../../step/StepFile.js";
import { referencesIn } from "../../step/StepValue.js";
import type { IfcSchema } from "../editions/IfcSchema.js";
import { LinkTable, type Related } from "./LinkTable.js";

/** Relationships that decide more than a link, with the attributes of their two sides. */
const sides = {
  IfcRelAggregates: ["RelatedObjects", "RelatingObject"],
  IfcRelNests: ["RelatedObjects", "RelatingObject"],
  IfcRelVoidsElement: ["RelatedOpeningElement", "RelatingBuildingElement"],
  IfcRelDefinesByType: ["RelatedObjects", "RelatingType"],
  IfcRelDefinesByProperties: ["RelatedObjects", "RelatingPropertyDefinition"],
  IfcRelAssociatesMaterial: ["RelatedObjects", "RelatingMaterial"],
  IfcRelAssociatesClassification: ["RelatedObjects", "RelatingClassification"],
  IfcRelAssociatesDocument: ["RelatedObjects", "RelatingDocument"],
  IfcRelAssociatesLibrary: ["RelatedObjects", "RelatingLibrary"],
  IfcRelAssociatesApproval: ["RelatedObjects", "RelatingApproval"],
  IfcRelAssociatesConstraint: ["RelatedObjects", "RelatingConstraint"],
  IfcRelAssociatesAppliedValue: ["RelatedObjects", "RelatingAppliedValue"],
  IfcRelAssociatesProfileDef: ["RelatedObjects", "RelatingProfileDef"],
  IfcRelAssociatesProfileProperties: ["RelatedObjects", "RelatingProfileProperties"],
} as const;

/** The name of such a relationship. */
export type RelationName = keyof typeof sides;

/** The relationships of a file, from either side. */
export class Relations {
  private readonly _tables = new Map<RelationName, LinkTable>();

  public constructor(file: StepFile, schema: IfcSchema) {
    for (const name of Object.keys(sides) as RelationName[])
      this._tables.set(name, new LinkTable(readLinks(name, file, schema)));
  }

  /** What an instance is related to: the whole of a part, the type of an object. */
  public relatingOf(name: RelationName, relatedId: number): readonly Related[] {
    return this._tables.get(name)?.relatingOf(relatedId) ?? [];
  }

  /** What is related to an instance: the parts of a whole, the objects of a type. */
  public relatedOf(name: RelationName, relatingId: number): readonly Related[] {
    return this._tables.get(name)?.relatedOf(relatingId) ?? [];
  }
}

function* readLinks(
  name: RelationName,
  file: StepFile,
  schema: IfcSchema,
): Generator<readonly [relating: number, related: number, by: number]> {
  const [relatedSide, relatingSide] = sides[name];
  for (const type of schema.typesIn(file, name.toUpperCase())) {
    const relatedIndex = schema.indexOf(type, relatedSide);
    const relatingIndex = schema.indexOf(type, relatingSide);
    for (const by of file.idsOf(type)) {
      const values = file.valuesOf(by);
      for (const relatingId of referencesIn(values[relatingIndex]))
        for (const relatedId of referencesIn(values[relatedIndex])) yield [relatingId, relatedId, by];
    }
  }
}
