import type { Attachments } from "../relations/Attachments.js";
import { Classifications } from "./Classifications.js";
import { isAddress } from "../Attributes.js";
import type { IfcFile } from "../IfcFile.js";
import { Materials } from "./Materials.js";
import type { NamedValue, ValueSet } from "../NamedValue.js";
import { PropertySets } from "./PropertySets.js";
import type { Relations } from "../relations/Relations.js";
import { ResourceSets } from "./ResourceSets.js";
import { Textures } from "./Textures.js";
import type { Units } from "../units/Units.js";

/** Relationships from an entity to a document, a library and so on, which become aspects of the entity. */
export const associations = [
  "IfcRelAssociatesDocument",
  "IfcRelAssociatesLibrary",
  "IfcRelAssociatesApproval",
  "IfcRelAssociatesConstraint",
  "IfcRelAssociatesAppliedValue",
  "IfcRelAssociatesProfileDef",
  "IfcRelAssociatesProfileProperties",
] as const;

/** Attributes of entities with references that are read in another way. */
const readOtherwise: ReadonlySet<string> = new Set([
  "Representation",
  "ObjectPlacement",
  "RepresentationMaps",
  "HasPropertySets",
  "UnitsInContext",
  "RepresentationContexts",
  "OwnerHistory",
]);

/** The names of IfcShapeAspects and IfcPresentationLayerAssignments. */
const ofNames: ReadonlySet<string> = new Set(["ShapeRepresentations", "PartOfProductDefinitionShape", "AssignedItems", "LayerStyles"]); // prettier-ignore

/** Where sets of an entity come from. */
export interface SetSource {
  /** The instance that says all of them; undefined where something of the entity itself is in them too. */
  readonly instance?: number;
  read(): readonly ValueSet[];
}

/** Reads what becomes aspects of an entity. */
export class EntitySets {
  private readonly _sets: PropertySets;
  private readonly _resources: ResourceSets;
  private readonly _materials: Materials;
  private readonly _classifications: Classifications;
  private readonly _textures: Textures;

  public constructor(
    private readonly _file: IfcFile,
    units: Units,
    private readonly _relations: Relations,
    private readonly _attachments: Attachments,
  ) {
    this._sets = new PropertySets(_file, units);
    this._resources = new ResourceSets(_file, this._sets, _attachments);
    this._materials = new Materials(_file, this._sets, this._resources);
    this._classifications = new Classifications(_file, this._sets.resources);
    this._textures = new Textures(_file, _attachments);
  }

  /** The reader of values that relationships have. */
  public get values(): PropertySets["resources"] {
    return this._sets.resources;
  }

  /** The property sets and quantities of an entity, whether a relationship gives them or, for a type, the type itself. */
  public propertySetsOf(id: number): number[] {
    return [...new Set([...this._related("IfcRelDefinesByProperties", id), ...this._file.references(id, "HasPropertySets")])]; // prettier-ignore
  }

  /** Where all sets of an entity come from, in an order that the file gives. */
  public of(id: number): SetSource[] {
    const shared = (instances: readonly number[], read: (instance: number) => readonly ValueSet[]) =>
      instances.map((instance) => ({ instance, read: () => read(instance) }));
    return [
      ...shared(this.propertySetsOf(id), (set) => [this._sets.read(set)]),
      ...shared(this._related("IfcRelAssociatesMaterial", id), (material) => this._materials.read(material)),
      ...shared(this._related("IfcRelAssociatesClassification", id), (reference) => [
        this._classifications.read(reference),
      ]),
      {
        read: () => [
          ...associations.flatMap((name) => this._associated(name, id)),
          ...this._ofAttributes(id),
          ...this._ofShape(id),
        ],
      },
    ];
  }

  /** Instances beside those of its own attributes that decide the sets of an entity. */
  public sourcesOf(id: number): number[] {
    const names = ["IfcRelDefinesByProperties", "IfcRelAssociatesMaterial", "IfcRelAssociatesClassification"] as const;
    return [...new Set([...[...names, ...associations].flatMap((name) => this._related(name, id)), ...this.propertySetsOf(id)])]; // prettier-ignore
  }

  /** What the relationships themselves say in the sets of an entity. */
  public intentsOf(id: number): string[] {
    const by = associations.flatMap((name) => this._relations.relatingOf(name, id)).map((relating) => relating.by);
    return by.flatMap((relationship) => this._file.text(relationship, "Intent") ?? []).sort();
  }

  private _related(name: Parameters<Relations["relatingOf"]>[0], id: number): number[] {
    return this._relations.relatingOf(name, id).map((relating) => relating.id);
  }

  private _associated(name: (typeof associations)[number], id: number): ValueSet[] {
    return this._relations.relatingOf(name, id).flatMap(({ id: relating, by }) => {
      const intent = this._file.text(by, "Intent");
      const lead = [...text("Intent", intent)];
      return [this._resources.read(relating, lead), ...this._resources.attachedTo(relating, lead)];
    });
  }

  /** What attributes of the entity refer to, such as the time of a task. */
  private _ofAttributes(id: number): ValueSet[] {
    const type = this._file.typeOf(id);
    return this._file.schema.attributesOf(type).flatMap((attribute) => {
      const { name, holds } = attribute;
      if ((holds !== "reference" && holds !== "references") || readOtherwise.has(name) || isAddress(attribute))
        return [];
      const referred = this._file.references(id, name).filter((target) => !this._file.isA(target, "IFCROOT"));
      return referred.map((target, index) => {
        const position = referred.length > 1 ? text("Position", String(index + 1)) : [];
        return this._resources.read(target, [...text("Attribute", name), ...position]);
      });
    });
  }

  /** Names of parts of the shape, the layers on which it is, and the textures that it has. */
  private _ofShape(id: number): ValueSet[] {
    const shapes = [...this._file.references(id, "Representation"), ...this._file.references(id, "RepresentationMaps")];
    const layers = shapes.flatMap((shape) => this._partsOf(shape)).flatMap((part) => this._attachments.ofType(part, "IFCPRESENTATIONLAYERASSIGNMENT")); // prettier-ignore
    const aspects = shapes.flatMap((shape) => this._attachments.ofType(shape, "IFCSHAPEASPECT"));
    const textures = new Set(shapes.flatMap((shape) => this._textures.of(shape)));
    return [
      ...[...new Set([...aspects, ...layers])].map((part) => this._named(part)),
      ...[...textures].map((texture) => this._resources.read(texture, [])),
    ];
  }

  /** The representations of a shape or a map with their items, also of those that they take from elsewhere. */
  private _partsOf(shape: number, seen = new Set<number>()): number[] {
    if (seen.has(shape)) return []; // it goes in a circle
    seen.add(shape);
    const own = ["Representations", "MappedRepresentation"].flatMap((name) => this._file.references(shape, name));
    const items = own.flatMap((representation) => this._file.references(representation, "Items"));
    const maps = items.flatMap((item) => this._file.references(item, "MappingSource"));
    return [...own, ...items, ...maps.flatMap((map) => this._partsOf(map, seen))];
  }

  private _named(id: number): ValueSet {
    return { name: this._file.schema.spell(this._file.typeOf(id)), values: this.values.attributes(id, ofNames) };
  }
}

function text(label: string, value: string | undefined): NamedValue[] {
  return value === undefined ? [] : [{ label, type: "string", value }];
}
