import type { NotImported } from "itwin-connector-framework";
import type { EntityOrder } from "./EntityOrder.js";
import type { IfcFile } from "./IfcFile.js";
import type { IfcAttribute } from "./IfcSchema.js";
import { nameOfReferred } from "./PropertySets.js";
import { isFollowed, type Relations } from "./Relations.js";

/** Attributes with references that are read, but for postal addresses. */
const readReferences: ReadonlySet<string> = new Set([
  "Representation",
  "ObjectPlacement",
  "RepresentationMaps",
  "HasPropertySets",
  "UnitsInContext",
  "RepresentationContexts",
  "OwnerHistory",
]);

/** Instances that belong to no object, or that objects only have by relationships that are not followed. */
const others: readonly string[] = [
  "IFCPROPERTYTEMPLATEDEFINITION",
  "IFCPROPERTYTEMPLATE",
  "IFCPRESENTATIONLAYERASSIGNMENT",
  "IFCEXTENDEDPROPERTIES",
  "IFCMATERIALPROPERTIES",
  "IFCPROFILEPROPERTIES",
  "IFCRESOURCELEVELRELATIONSHIP",
  "IFCMATERIALCLASSIFICATIONRELATIONSHIP",
  "IFCDOCUMENTINFORMATION",
  "IFCDOCUMENTINFORMATIONRELATIONSHIP",
  "IFCDOCUMENTREFERENCE",
  "IFCLIBRARYINFORMATION",
  "IFCLIBRARYREFERENCE",
  "IFCAPPROVAL",
  "IFCAPPROVALRELATIONSHIP",
  "IFCRESOURCEAPPROVALRELATIONSHIP",
  "IFCCONSTRAINT",
  "IFCCONSTRAINTRELATIONSHIP",
  "IFCCONSTRAINTAGGREGATIONRELATIONSHIP",
  "IFCPROPERTYCONSTRAINTRELATIONSHIP",
  "IFCPROPERTYDEPENDENCYRELATIONSHIP",
  "IFCORGANIZATIONRELATIONSHIP",
  "IFCTIMESERIES",
  "IFCTIMESERIESREFERENCERELATIONSHIP",
  "IFCTOPOLOGYREPRESENTATION",
  "IFCSTRUCTURALLOAD",
  "IFCBOUNDARYCONDITION",
];

/** Types of representations without surfaces (the schema's IfcShapeRepresentation.CorrectItemsForType). */
const flatTypes: ReadonlySet<string | undefined> = new Set(["Point", "PointCloud", "Curve", "Curve2D", "Curve3D", "Segment", "GeometricCurveSet", "Annotation2D", "Text", "BoundingBox"]); // prettier-ignore

/** Representations that only simplify a body: nothing is lost where the body is imported. */
const simplified: ReadonlySet<string | undefined> = new Set([
  "Axis",
  "Box",
  "CoG",
  "FootPrint",
  "Profile",
  "Reference",
]);

const noElement = "no element is made from it";

/** Finds what of a file no element gets: by what it is, so that the order of the instances makes no difference to the counts. */
export class LeftOut {
  private readonly _found = new Map<string, NotImported>();

  public constructor(
    private readonly _file: IfcFile,
    private readonly _relations: Relations,
    private readonly _order: EntityOrder,
  ) {}

  /** @param usedSets - the property sets that entities have */
  public find(usedSets: ReadonlySet<number>): NotImported[] {
    this._findRelationships();
    this._findParts();
    this._findAttributes();
    this._findSets(usedSets);
    this._findOthers();
    this._findReferenceValues();
    this._findRepresentations();
    return [...this._found.values()];
  }

  private _findRelationships(): void {
    const { step, schema } = this._file;
    for (const type of schema.typesIn(step, "IFCRELATIONSHIP"))
      if (!isFollowed(schema, type)) this._addAll(type, "relationships of this class are not supported");
  }

  private _findOthers(): void {
    const { step, schema } = this._file;
    for (const type of step.types) if (others.some((other) => schema.isA(type, other))) this._addAll(type, noElement);
  }

  /** A whole and its parts have to be in one model, and a part has one whole. */
  private _findParts(): void {
    for (const id of this._order.ids)
      for (const name of ["IfcRelAggregates", "IfcRelNests"] as const)
        for (const { id: whole, by } of this._relations.relatingOf(name, id))
          if (whole !== this._order.parentOf(id) && !this._order.inCircles.has(id))
            this._add(`part of ${name}`, "it is in another model than the whole, or has another whole", by);
  }

  private _findAttributes(): void {
    for (const id of this._order.ids) {
      const type = this._file.typeOf(id);
      const values = this._file.step.valuesOf(id);
      for (const [index, attribute] of this._file.schema.attributesOf(type).entries())
        if (isLeftOut(attribute) && hasContent(values[index]))
          this._add(`${this._file.schema.spell(type)}.${attribute.name}`, "what it refers to is not supported", id);
    }
  }

  private _findSets(usedSets: ReadonlySet<number>): void {
    for (const id of this._file.all("IFCPROPERTYSETDEFINITION"))
      if (!usedSets.has(id)) this._add(this._spell(id), "no entity has it", id);
  }

  /** Others are kept as the name of what they refer to. */
  private _findReferenceValues(): void {
    for (const id of this._file.all("IFCPROPERTYREFERENCEVALUE")) {
      const target = this._file.reference(id, "PropertyReference");
      if (target !== undefined && nameOfReferred(this._file, target) === undefined)
        this._add(this._spell(id), "what it refers to has no name", id);
    }
  }

  private _findRepresentations(): void {
    const covered = this._findCovered();
    for (const id of this._file.all("IFCSHAPEREPRESENTATION")) {
      if (!this._isFlat(id) || covered.has(id)) continue;
      const identifier = this._identifierOf(id) ?? this._file.text(id, "RepresentationType");
      this._add(`${this._spell(id)} "${identifier}"`, "only surfaces and solids are supported", id);
    }
  }

  /** Representations that only simplify the body of each object that has them. */
  private _findCovered(): Set<number> {
    const covered = new Set<number>();
    const alone = new Set<number>();
    for (const shape of this._file.all("IFCPRODUCTREPRESENTATION")) {
      const all = this._file.references(shape, "Representations").flatMap((id) => [id, ...this._mappedBy(id)]);
      const flat = all.filter((id) => this._isFlat(id) && simplified.has(this._identifierOf(id)));
      const hasBody = all.some((id) => !this._isFlat(id) && !this._isMapped(id));
      for (const id of flat) (hasBody ? covered : alone).add(id);
    }
    for (const id of alone) covered.delete(id);
    return covered;
  }

  /** What a representation takes from elsewhere, as those of the objects of one type do. */
  private _mappedBy(id: number): number[] {
    if (!this._isMapped(id)) return [];
    const maps = this._file
      .references(id, "Items")
      .flatMap((item) => this._file.reference(item, "MappingSource") ?? []);
    return maps.flatMap((map) => this._file.reference(map, "MappedRepresentation") ?? []);
  }

  private _isMapped(id: number): boolean {
    return this._file.text(id, "RepresentationType") === "MappedRepresentation";
  }

  private _isFlat(id: number): boolean {
    return flatTypes.has(this._file.text(id, "RepresentationType"));
  }

  private _identifierOf(id: number): string | undefined {
    return this._file.text(id, "RepresentationIdentifier");
  }

  private _addAll(type: string, reason: string): void {
    const ids = this._file.step.idsOf(type);
    if (ids[0] !== undefined) this._add(this._file.schema.spell(type), reason, ids[0], ids.length);
  }

  private _add(what: string, reason: string, id: number, count = 1): void {
    const key = `${what}\n${reason}`;
    const known = this._found.get(key);
    if (known === undefined) this._found.set(key, { what, reason, example: `#${id}`, count });
    else known.count += count;
  }

  private _spell(id: number): string {
    return this._file.schema.spell(this._file.typeOf(id));
  }
}

function isLeftOut({ name, holds }: IfcAttribute): boolean {
  if (holds !== "reference" && holds !== "references") return false;
  return !readReferences.has(name) && !(holds === "reference" && name.endsWith("Address"));
}

function hasContent(value: unknown): boolean {
  return value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0);
}
