import type { StepFile } from "../step/StepFile.js";
import { expectDefined } from "../expectDefined.js";
import { Attributes } from "./Attributes.js";
import { bisKindOf, classChainOf } from "./bisClasses.js";
import { Classifications } from "./Classifications.js";
import { ContentHasher } from "./ContentHasher.js";
import { EntityOrder } from "./EntityOrder.js";
import { EntityReferences } from "./EntityReferences.js";
import { identify, type Identifiers } from "./identifiers.js";
import { IfcFile } from "./IfcFile.js";
import type { IfcSchema } from "./IfcSchema.js";
import { LeftOut } from "./LeftOut.js";
import { Materials } from "./Materials.js";
import type { NamedValue, ValueSet } from "./NamedValue.js";
import { PropertySets } from "./PropertySets.js";
import { GeoReader } from "./places/GeoReader.js";
import type { EntityRecord, GeoReferences, ReportedIssue, Survey, SurveyedClass } from "./records.js";
import { Relations } from "./Relations.js";
import { SetSurvey } from "./SetSurvey.js";
import { SharedGeometry } from "./SharedGeometry.js";
import { Units } from "./Units.js";

/** The entities of an IFC file, and all that is known of them but for their meshes. */
export class IfcModel {
  public readonly file: IfcFile;
  public readonly units: Units;
  private readonly _relations: Relations;
  private readonly _order: EntityOrder;
  private readonly _hasher: ContentHasher;
  private readonly _identifiers: Identifiers;
  private readonly _references: EntityReferences;
  private readonly _attributes: Attributes;
  private readonly _sets: PropertySets;
  private readonly _materials: Materials;
  private readonly _classifications: Classifications;
  private readonly _shared: SharedGeometry;
  private readonly _unitsDigest: string;

  public constructor(step: StepFile, schema: IfcSchema) {
    this.file = new IfcFile(step, schema);
    this._relations = new Relations(step, schema);
    this._order = new EntityOrder(this.file, this._relations);
    this._hasher = this._makeHasher();
    this._identifiers = identify(this.file, this._order.ids, (id) => this._hasher.contentOf(id));
    this._references = new EntityReferences(this._relations, this._order, this._identifiers.of);
    this.units = new Units(this.file, this._assignedUnits());
    this._unitsDigest = this._hasher.digestOfSet(this.units.assigned);
    this._attributes = new Attributes(this.file, this.units);
    this._sets = new PropertySets(this.file, this.units);
    this._materials = new Materials(this.file, this._sets);
    this._classifications = new Classifications(this.file);
    this._shared = new SharedGeometry(this.file, (id) => this._hasher.digestOf(id));
  }

  /** How many entities there are. */
  public get size(): number {
    return this._order.ids.length;
  }

  /** The identifier of an entity. */
  public identifierOf(id: number): string {
    return expectDefined(this._identifiers.of.get(id));
  }

  /** Entities in order: parents before children, types before what is of them. */
  public records(start: number, count: number): EntityRecord[] {
    return this._order.ids.slice(start, start + count).map((id) => this._record(id));
  }

  /** The direct attributes of an entity. */
  public attributesOf(id: number): NamedValue[] {
    return this._attributes.read(id);
  }

  /** What becomes aspects of an entity: its own property sets and quantities, its materials, its classifications. */
  public setsOf(id: number): ValueSet[] {
    const related = (name: "IfcRelAssociatesMaterial" | "IfcRelAssociatesClassification") =>
      this._relations.relatingOf(name, id).map((relating) => relating.id);
    return [
      ...this._propertySetsOf(id).map((set) => this._sets.read(set)),
      ...related("IfcRelAssociatesMaterial").flatMap((material) => this._materials.read(material)),
      ...related("IfcRelAssociatesClassification").map((reference) => this._classifications.read(reference)),
    ];
  }

  /** What the file says of its place on the Earth. */
  public geoReferences(): GeoReferences {
    return new GeoReader(this.file, this.units, (id) => this._propertySetsOf(id)).read();
  }

  /** Whether web-ifc must not be asked for the mesh of an entity, because its references have no end. */
  public isCyclic(id: number): boolean {
    return [id, ...this._cutsOf(id)].some((reached) => {
      this._hasher.digestOf(reached); // which follows the references
      return this._hasher.isCyclic(reached);
    });
  }

  /** The key under which a geometry of an entity is shared; undefined for one of its own. */
  public sharedKeyOf(id: number, geometry: number): string | undefined {
    return this._cutsOf(id).length > 0 ? undefined : this._shared.keyOf(geometry);
  }

  /** Whether an entity says that it has a body. */
  public hasBody(id: number): boolean {
    const representation = this.file.reference(id, "Representation");
    if (representation === undefined) return false;
    return this.file
      .references(representation, "Representations")
      .some((shape) => this.file.text(shape, "RepresentationIdentifier") === "Body");
  }

  /** What the file is made of. It reads all sets once. */
  public survey(): Survey {
    const sets = new SetSurvey();
    const usedSets = new Set<number>();
    for (const id of this._order.ids) {
      for (const set of this.setsOf(id)) sets.add(set);
      const own = this._propertySetsOf(id);
      this._hasher.digestOfSet(own); // while their values are at hand
      for (const set of own) usedSets.add(set);
    }
    return {
      schema: this.file.schema.name,
      entities: this.size,
      classes: this._surveyClasses(),
      sets: sets.sets,
      issues: this._issues(),
      notImported: new LeftOut(this.file, this._relations, this._order).find(usedSets),
    };
  }

  private _makeHasher(): ContentHasher {
    const { file, _relations: relations, _order: order } = this;
    const attachments = ["IfcStyledItem", "IfcIndexedColourMap", "IfcMaterialDefinitionRepresentation"] as const;
    return new ContentHasher({
      file: file.step,
      schema: file.schema,
      identifierOf: (id) => (order.kindOf(id) === undefined ? undefined : (file.text(id, "GlobalId") ?? "")),
      attachedTo: (id) => attachments.flatMap((name) => relations.relatedOf(name, id).map(({ by }) => by)),
    });
  }

  private _assignedUnits(): number[] {
    const [project] = this.file.all("IFCPROJECT");
    const assignment = project === undefined ? undefined : this.file.reference(project, "UnitsInContext");
    return assignment === undefined ? [] : this.file.references(assignment, "Units");
  }

  private _record(id: number): EntityRecord {
    const parent = this._order.parentOf(id);
    return {
      id: this.identifierOf(id),
      instance: id,
      className: this.file.schema.spell(this.file.typeOf(id)),
      kind: expectDefined(this._order.kindOf(id)),
      checksum: this._checksumOf(id),
      ...(parent !== undefined && { parent: this.identifierOf(parent) }),
      references: this._references.of(id),
      sharedGeometry: this._shared.keysOf(id),
    };
  }

  /** Of all that the element is made of, except what the framework adds: its parent and its references. */
  private _checksumOf(id: number): string {
    const related = (name: "IfcRelAssociatesMaterial" | "IfcRelAssociatesClassification") =>
      this._hasher.digestOfSet(this._relations.relatingOf(name, id).map((relating) => relating.id));
    return this._hasher.hash(
      [
        this._hasher.contentOf(id),
        this._unitsDigest,
        this._hasher.digestOfSet(this._propertySetsOf(id)),
        related("IfcRelAssociatesMaterial"),
        related("IfcRelAssociatesClassification"),
        this._hasher.digestOfSet(this._cutsOf(id)),
      ].join("\n"),
    );
  }

  /** Its own, whether a relationship gives them or, for a type, the type itself. */
  private _propertySetsOf(id: number): number[] {
    const related = this._relations.relatingOf("IfcRelDefinesByProperties", id).map((relating) => relating.id);
    return [...new Set([...related, ...this.file.references(id, "HasPropertySets")])];
  }

  /** The openings that cut an entity, or the whole that it is a part of. */
  private _cutsOf(id: number): number[] {
    const cuts: number[] = [];
    for (let next: number | undefined = id; next !== undefined; next = this._order.parentOf(next))
      cuts.push(...this._relations.relatedOf("IfcRelVoidsElement", next).map((opening) => opening.id));
    return cuts;
  }

  private _surveyClasses(): SurveyedClass[] {
    const used = new Set(this._order.ids.map((id) => this.file.typeOf(id)));
    const classes = new Map<string, SurveyedClass>();
    for (const type of used) {
      const chain = classChainOf(this.file.schema, type);
      const kind = expectDefined(bisKindOf(this.file.schema, type));
      for (const [index, member] of chain.entries())
        classes.set(member, this._surveyClass(member, { base: chain[index - 1], kind, isUsed: used.has(member) }));
    }
    return [...classes.values()];
  }

  private _surveyClass(type: string, { base, kind, isUsed }: Omit<SurveyedClass, "name" | "values">): SurveyedClass {
    const inherited = new Set(base === undefined ? [] : this._attributes.describe(base).map(({ label }) => label));
    return {
      name: this.file.schema.spell(type),
      ...(base !== undefined && { base: this.file.schema.spell(base) }),
      kind,
      values: this._attributes.describe(type).filter(({ label }) => !inherited.has(label)),
      isUsed,
    };
  }

  private _issues(): ReportedIssue[] {
    const { repeated, missing } = this._identifiers;
    return [
      ...repeated.map((globalId) => ({
        code: "ifc/duplicate-global-id",
        message: `Several entities have the GlobalId ${globalId}; by type, name, tag and content they are told apart.`,
      })),
      ...missing.map((id) => ({
        code: "ifc/no-global-id",
        message: `#${id}, ${this.file.schema.spell(this.file.typeOf(id))}, has no GlobalId, and is known by its type and content.`,
      })),
      ...[...this._order.inCircles].map((id) => ({
        code: "ifc/circle-of-parts",
        message: `${this.identifierOf(id)} is a part of itself, by IfcRelAggregates or IfcRelNests; it gets no parent.`,
      })),
      ...this._unitIssues(),
    ];
  }

  private _unitIssues(): ReportedIssue[] {
    if (this.units.length !== undefined) return [];
    return [{ code: "ifc/no-length-unit", message: "The project assigns no unit of length; metres are assumed." }];
  }
}
