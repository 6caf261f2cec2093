import type { BisKind } from "./bisClasses.js";
import type { EntityOrder } from "./EntityOrder.js";
import type { RecordedReference } from "./records.js";
import type { RelationName, Relations } from "./Relations.js";

/** Relationships that an entity has as the related one: from the part to the whole. */
const fromRelated = [
  "IfcRelContainedInSpatialStructure",
  "IfcRelReferencedInSpatialStructure",
  "IfcRelVoidsElement",
  "IfcRelFillsElement",
] as const;

/** Relationships that an entity has as the relating one: from the group to its members. */
const fromRelating = ["IfcRelAssignsToGroup", "IfcRelServicesBuildings"] as const;

/** Between which sorts of elements and types BIS has a relationship of its own. */
const typeRelationships: Partial<Record<BisKind, { of: BisKind; className: string }>> = {
  physical: { of: "physicalType", className: "BisCore:PhysicalElementIsOfType" },
  spatial: { of: "spatialType", className: "BisCore:SpatialLocationIsOfType" },
};

/** The names of the relationships that become link-table relationships of the dynamic schema. */
export const linkNames: readonly RelationName[] = [...fromRelated, ...fromRelating, "IfcRelDefinesByType"];

/** Finds the references from entities to others. */
export class EntityReferences {
  public constructor(
    private readonly _relations: Relations,
    private readonly _order: EntityOrder,
    private readonly _identifiers: ReadonlyMap<number, string>,
  ) {}

  /** The references of an entity, in an order that does not depend on that of the file. */
  public of(id: number): RecordedReference[] {
    const found = new Map<string, RecordedReference>();
    for (const reference of this._find(id)) found.set(`${reference.className} ${reference.target}`, reference);
    return [...found].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, reference]) => reference);
  }

  private *_find(id: number): Generator<RecordedReference> {
    for (const name of fromRelated)
      for (const { id: whole } of this._relations.relatingOf(name, id)) yield* this._link(name, whole);
    for (const name of fromRelating)
      for (const { id: member } of this._relations.relatedOf(name, id)) yield* this._link(name, member);
    for (const { id: type } of this._relations.relatingOf("IfcRelDefinesByType", id)) yield* this._type(id, type);
  }

  private *_type(id: number, type: number): Generator<RecordedReference> {
    const kind = this._order.kindOf(id);
    const relationship = kind === undefined ? undefined : typeRelationships[kind];
    const target = this._identifiers.get(type);
    if (target === undefined) return;
    if (relationship !== undefined && relationship.of === this._order.kindOf(type))
      yield { target, property: "typeDefinition", className: relationship.className };
    else yield* this._link("IfcRelDefinesByType", type);
  }

  /** A relationship to something that is not in the file says nothing. */
  private *_link(name: RelationName, id: number): Generator<RecordedReference> {
    const target = this._identifiers.get(id);
    if (target !== undefined) yield { target, className: name };
  }
}
