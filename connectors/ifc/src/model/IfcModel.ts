import type { StepFile } from "../step/StepFile.js";
import { expectDefined } from "../expectDefined.js";
import { AllEditions } from "./editions/AllEditions.js";
import { Attachments } from "./relations/Attachments.js";
import { checkAttributeCounts } from "./editions/attributeCounts.js";
import { Attributes } from "./Attributes.js";
import { bisKindOf, classChainOf } from "./editions/bisClasses.js";
import { CircleLevels } from "./circles/CircleLevels.js";
import { defaultTolerance } from "./circles/segments.js";
import { ContentHasher } from "./content/ContentHasher.js";
import { DanglingReferences } from "./DanglingReferences.js";
import { EntityOrder } from "./EntityOrder.js";
import { EntitySets, type SetSource } from "./sets/EntitySets.js";
import { identify, type Identifiers } from "./identifiers.js";
import { IfcFile } from "./IfcFile.js";
import type { IfcSchema } from "./editions/IfcSchema.js";
import { measuresOf } from "./curves/measuresOf.js";
import { Ledger } from "./ledger/Ledger.js";
import { EntityLinks } from "./links/EntityLinks.js";
import { LinkSurvey } from "./links/LinkSurvey.js";
import { ShapeReader } from "./lines/ShapeReader.js";
import type { NamedValue, ValueSet } from "./NamedValue.js";
import { GeoReader } from "./places/GeoReader.js";
import type { EntityRecord, GeoReferences, ReportedIssue, Survey, SurveyedClass, SurveyedSet } from "./records.js";
import { Relations } from "./relations/Relations.js";
import { SetSurvey } from "./sets/SetSurvey.js";
import type { ShapeOptions } from "./meshed/ShapeOptions.js";
import { SharedGeometry } from "./meshed/SharedGeometry.js";
import { SliceCutter } from "./meshed/SliceCutter.js";
import { Styles } from "./meshed/Styles.js";
import { sortByContent } from "./sortByContent.js";
import { Units } from "./units/Units.js";

/** The entities of an IFC file, and all that is known of them but for their meshes. */
export class IfcModel {
  public readonly file: IfcFile;
  public readonly units: Units;
  private readonly _editions = new AllEditions();
  /** What the products show without a body, and where they are. */
  public readonly shapes: ShapeReader;
  private readonly _relations: Relations;
  private readonly _attachments: Attachments;
  private readonly _order: EntityOrder;
  private readonly _hasher: ContentHasher;
  private readonly _checksums = new Map<number, string>();
  private readonly _identifiers: Identifiers;
  private readonly _links: EntityLinks;
  private readonly _attributes: Attributes;
  private readonly _sets: EntitySets;
  private readonly _shared: SharedGeometry;
  private readonly _circles: CircleLevels;
  private readonly _styles: Styles;
  private readonly _unitsDigest: string;
  private readonly _dangling: DanglingReferences;
  private readonly _groupDigests = new WeakMap<readonly number[], string>();

  public constructor(
    step: StepFile,
    schema: IfcSchema,
    private readonly _options: ShapeOptions = { chordTolerance: defaultTolerance },
  ) {
    const { chordTolerance } = _options;
    this.file = new IfcFile(step, schema);
    this._dangling = new DanglingReferences(this.file);
    this._relations = new Relations(step, schema);
    this._attachments = new Attachments(this.file);
    this._order = new EntityOrder(this.file, this._relations);
    this._hasher = this._makeHasher();
    this._identifiers = identify(this.file, this._order.ids, (id) => this._hasher.contentOf(id));
    this.units = new Units(this.file, this._assignedUnits());
    this._unitsDigest = this._hasher.digestOfSet(this.units.assigned);
    this._attributes = new Attributes(this.file, this.units, this._editions);
    this._sets = new EntitySets(this.file, this.units, this._relations, this._attachments);
    const { file, _order: order, _identifiers: identifiers } = this;
    this._links = new EntityLinks({ file, order, identifiers: identifiers.of, values: this._sets.values });
    this._shared = new SharedGeometry(this.file, (id) => `${this._hasher.digestOf(id)}${this._fineness}`);
    const measures = measuresOf(this.file, this.units);
    this.shapes = new ShapeReader(this.file, this._relations, { measures, tolerance: chordTolerance });
    this._styles = new Styles(this.file, this._relations, this._attachments);
    this._circles = new CircleLevels(this.file, this.shapes.curves, chordTolerance);
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

  /** What could not be read of the attributes so far. */
  public get attributeIssues(): ReportedIssue[] {
    return this._attributes.issues;
  }

  /** What becomes aspects of an entity: its own property sets, its materials, documents and so on. */
  public setsOf(id: number): ValueSet[] {
    return sortByContent(this._setSources(id).flatMap((source) => source.read()));
  }

  /** What the file says of its place on the Earth. */
  public geoReferences(): GeoReferences {
    return new GeoReader(this.file, this.units, (id) => this._sets.propertySetsOf(id)).read();
  }

  /** Whether web-ifc must not be asked for the mesh of an entity, because its references have no end. */
  public isCyclic(id: number): boolean {
    return [id, ...this._cutsOf(id)].some((reached) => {
      if (!this._hasher.hasReached(reached)) this._hasher.digestOf(reached); // which follows the references
      return this._hasher.isCyclic(reached);
    });
  }

  /** Why web-ifc must not be asked for the mesh of an entity, as a part of a sentence: something that it needs is missing. */
  public whyWithoutGeometry(id: number): string | undefined {
    for (const shown of [id, ...this._cutsOf(id)]) {
      const reason = this._dangling.whyWithoutGeometry(shown);
      if (reason !== undefined) return reason;
    }
    return undefined;
  }

  /** The key under which a geometry of an entity is shared; undefined for one of its own. */
  public sharedKeyOf(id: number, geometry: number): string | undefined {
    return this._cutsOf(id).length > 0 ? undefined : this._shared.keyOf(geometry);
  }

  /** The level of the number of segments that the circles of an entity need. */
  public circleLevelOf(id: number): number {
    return this._circles.levelOf([id, ...this._cutsOf(id)]);
  }

  /**
   * Cuts out what web-ifc meshes.
   * @param replacements - lines that stand in a slice in place of an instance
   */
  public cutterOf(replacements: ReadonlyMap<number, string>): SliceCutter {
    const { file, _relations: relations, _attachments: attachments } = this;
    return new SliceCutter({ file, relations, attachments, replacements });
  }

  /** Whether the file says how an entity looks. */
  public isStyled(id: number): boolean {
    return this._styles.has(id);
  }

  /** Whether an entity says that it has a body. */
  public hasBody(id: number): boolean {
    const representation = this.file.reference(id, "Representation");
    if (representation === undefined) return false;
    return this.file
      .references(representation, "Representations")
      .some((shape) => this.file.text(shape, "RepresentationIdentifier") === "Body");
  }

  /** What the file is made of. It reads and hashes all of it once. */
  public survey(): Survey {
    const sets = new SetSurvey(this.file);
    const links = new LinkSurvey(this.file.schema);
    for (const id of this._order.ids) {
      for (const source of this._setSources(id)) sets.take(source);
      for (const reference of this._links.of(id)) links.add(reference);
      this._checksumOf(id); // while the values are at hand
    }
    const surveyed = sets.sets.map((set) => (this._isLikeEntity(set.name) ? { ...set, isLikeEntity: true } : set));
    return {
      schema: this.file.schema.name,
      entities: this.size,
      classes: this._surveyClasses(),
      sets: surveyed,
      links: links.links,
      issues: this._issues(),
      notImported: this._makeLedger(surveyed).find(),
    };
  }

  private _isLikeEntity(name: string): boolean {
    const type = name.toUpperCase();
    const isRelationship = this._editions.supertypesOf(type).has("IFCRELATIONSHIP");
    return isRelationship || bisKindOf(this._editions, type) !== undefined;
  }

  private _setSources(id: number): SetSource[] {
    const loose = this._links.looseOf(id).map((by) => ({ instance: by, read: () => [this._looseSet(by)] }));
    return [...this._sets.of(id), ...loose];
  }

  /** A relationship with nothing at its other end cannot be a link. */
  private _looseSet(by: number): ValueSet {
    const type = this.file.schema.spell(this.file.typeOf(by));
    return { name: `${type}_OneEnd`, values: this._links.valuesOf(by) };
  }

  private _makeLedger(sets: readonly SurveyedSet[]): Ledger {
    return new Ledger({
      file: this.file,
      order: this._order,
      hasher: this._hasher,
      unusedLinks: this._links.unused,
      sets: new Set(sets.map(({ name }) => name)),
    });
  }

  private _makeHasher(): ContentHasher {
    const { file, _attachments: attachments, _order: order } = this;
    return new ContentHasher({
      file: file.step,
      schema: file.schema,
      entities: order.entities,
      identifierOf: (id) => file.text(id, "GlobalId") ?? "",
      attributesInOtherPlaces: (type) => this._editions.attributesInOtherPlaces(file.schema, type),
      attachedTo: (id) => attachments.of(id),
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
      references: this._links.of(id),
      sharedGeometry: this._shared.keysOf(id),
    };
  }

  /** Of all that the element is made of, except what the framework adds: its parent and its references. */
  private _checksumOf(id: number): string {
    let checksum = this._checksums.get(id);
    if (checksum === undefined) this._checksums.set(id, (checksum = this._computeChecksum(id)));
    return checksum;
  }

  /** What other options than those of all files do to meshes and curves. */
  private get _fineness(): string {
    const { chordTolerance, circleSegments } = this._options;
    if (circleSegments !== undefined) return ` ${circleSegments} segments`;
    return chordTolerance === defaultTolerance ? "" : ` ${chordTolerance} m`;
  }

  private _computeChecksum(id: number): string {
    return this._hasher.hash(
      [
        this._hasher.contentOf(id),
        this._unitsDigest,
        this._hasher.digestOfSet([...this._sets.sourcesOf(id), ...this._links.looseOf(id)]),
        this._hasher.digestOfSet(this._cutsOf(id)),
        this._sets.intentsOf(id).join(),
        this.file.reference(id, "Representation") === undefined ? "" : this._fineness,
        this._shared.keysOf(id).join(), // a geometry that no other entity shows any more is no GeometryPart
        ...this.shapes.basesOf(id).map((group) => this._digestOfGroup(group)),
      ].join("\n"),
    );
  }

  /** The segments of an alignment are one group for each of them. */
  private _digestOfGroup(group: readonly number[]): string {
    let digest = this._groupDigests.get(group);
    if (digest === undefined) {
      digest = this._hasher.hash(group.map((id) => this._hasher.digestOf(id)).join());
      this._groupDigests.set(group, digest);
    }
    return digest;
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
    for (const type of [...used].sort()) {
      const chain = classChainOf(this._editions, type);
      const kind = expectDefined(bisKindOf(this._editions, type));
      for (const [index, member] of chain.entries())
        if (!classes.has(member))
          classes.set(member, this._surveyClass(member, { base: chain[index - 1], kind, isUsed: used.has(member) }));
    }
    return [...classes.values()];
  }

  private _surveyClass(type: string, { base, kind, isUsed }: Omit<SurveyedClass, "name" | "values">): SurveyedClass {
    return {
      name: this._editions.spell(type),
      ...(base !== undefined && { base: this._editions.spell(base) }),
      kind,
      values: this._attributes.describe(type),
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
      ...this._emptyIssues(),
      ...this._unitIssues(),
      ...this._dangling.issues,
      ...checkAttributeCounts(this.file),
    ];
  }

  /** In a small iModel nothing else would tell that an export has failed. */
  private _emptyIssues(): ReportedIssue[] {
    if (this.size > 1) return [];
    return [{ code: "ifc/empty", message: "The file has its IfcProject and nothing else. Export it again if that is a mistake." }]; // prettier-ignore
  }

  private _unitIssues(): ReportedIssue[] {
    if (this.units.length !== undefined) return [];
    return [{ code: "ifc/no-length-unit", message: "The project assigns no unit of length; metres are assumed." }];
  }
}
