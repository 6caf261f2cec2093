import type { StepFile } from "../step/StepFile.js";
import { referencesIn } from "../step/StepValue.js";
import type { IfcSchema } from "./IfcSchema.js";

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

/** What is on the other side of a relationship, and the instance that says so. */
export interface Related {
  readonly id: number;
  readonly by: number;
}

type Ends = Map<number, Related[]>;

/** The relationships of a file, from either side. */
export class Relations {
  private readonly _relating = new Map<RelationName, Ends>();
  private readonly _related = new Map<RelationName, Ends>();

  public constructor(file: StepFile, schema: IfcSchema) {
    for (const name of Object.keys(sides) as RelationName[]) this._read(name, file, schema);
  }

  /** What an instance is related to: the whole of a part, the type of an object. */
  public relatingOf(name: RelationName, relatedId: number): readonly Related[] {
    return this._relating.get(name)?.get(relatedId) ?? [];
  }

  /** What is related to an instance: the parts of a whole, the objects of a type. */
  public relatedOf(name: RelationName, relatingId: number): readonly Related[] {
    return this._related.get(name)?.get(relatingId) ?? [];
  }

  private _read(name: RelationName, file: StepFile, schema: IfcSchema): void {
    const relating: Ends = new Map();
    const related: Ends = new Map();
    this._relating.set(name, relating);
    this._related.set(name, related);
    const [relatedSide, relatingSide] = sides[name];
    for (const type of schema.typesIn(file, name.toUpperCase())) {
      const relatedIndex = schema.indexOf(type, relatedSide);
      const relatingIndex = schema.indexOf(type, relatingSide);
      for (const by of file.idsOf(type)) {
        const values = file.valuesOf(by);
        for (const relatingId of referencesIn(values[relatingIndex]))
          for (const relatedId of referencesIn(values[relatedIndex])) {
            add(relating, relatedId, { id: relatingId, by });
            add(related, relatingId, { id: relatedId, by });
          }
      }
    }
  }
}

function add(ends: Ends, id: number, related: Related): void {
  const known = ends.get(id);
  if (known === undefined) ends.set(id, [related]);
  else known.push(related);
}
