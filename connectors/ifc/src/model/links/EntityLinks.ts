import { expectDefined } from "../../expectDefined.js";
import type { BisKind } from "../editions/bisClasses.js";
import type { EntityOrder } from "../EntityOrder.js";
import type { IfcFile } from "../IfcFile.js";
import type { NamedValue } from "../NamedValue.js";
import type { RecordedReference } from "../records.js";
import type { ResourceValues } from "../sets/ResourceValues.js";
import { attributeLinksOf } from "./attributeLinks.js";
import { countsEach, endsOf, isBetweenEntities, type RelationshipEnds } from "./relationshipEnds.js";

/** A link from an entity to another one. */
interface Link {
  readonly target: number;
  /** The name of its class. */
  readonly className: string;
  /** The instance of IfcRelationship that says so; undefined for an attribute of the entity. */
  readonly by?: number;
}

/** A link with its properties. */
type ReadLink = Extract<RecordedReference, { values: unknown }>;

/** The references of so many entities are kept, about 40 MB: the survey asks for them, and later their records. */
const mostKept = 50_000;

/** Between which sorts of elements and types BIS has a relationship of its own. */
const typeRelationships: Partial<Record<BisKind, { of: BisKind; className: string }>> = {
  physical: { of: "physicalType", className: "BisCore:PhysicalElementIsOfType" },
  spatial: { of: "spatialType", className: "BisCore:SpatialLocationIsOfType" },
};

/** How a class of links between the same elements is called, beside the first one: `IfcRelSpaceBoundary_2`. */
export function copyName(name: string, copy: number): string {
  return copy === 1 ? name : `${name}_${copy}`;
}

/** What the links of a file are found from. */
export interface LinkContext {
  readonly file: IfcFile;
  readonly order: EntityOrder;
  /** The identifiers of entities, by instance. */
  readonly identifiers: ReadonlyMap<number, string>;
  readonly values: ResourceValues;
}

/** The links between the entities of a file: all relationships of IFC but those that make a parent, a type or an aspect. */
export class EntityLinks {
  private readonly _links = new Map<number, Link[]>();
  private readonly _loose = new Map<number, number[]>();
  private readonly _unused: number[] = [];
  /** What relationships with several links say: each of them says the same. */
  private readonly _ofSeveral = new Map<number, NamedValue[] | undefined>();
  private readonly _kept = new Map<number, readonly RecordedReference[]>();

  public constructor(private readonly _context: LinkContext) {
    const { step, schema } = _context.file;
    for (const type of step.types) if (isBetweenEntities(schema, type)) this._readType(type);
    for (const id of _context.order.ids)
      for (const { target, className } of attributeLinksOf(_context.file, id))
        if (_context.order.kindOf(target) !== undefined) this._add(id, { target, className });
  }

  /** Relationships with nothing at the other end, such as a boundary between a space and the outside. */
  public looseOf(id: number): readonly number[] {
    return this._loose.get(id) ?? [];
  }

  /** Relationships that are not read: an end of them is not an entity, such as a point. */
  public get unused(): readonly number[] {
    return this._unused;
  }

  /** The references of an entity, in an order that does not depend on that of the file. */
  public of(id: number): readonly RecordedReference[] {
    const kept = this._kept.get(id);
    this._kept.delete(id);
    if (kept !== undefined) return kept;
    const references = this._referencesOf(id);
    if (this._kept.size < mostKept) this._kept.set(id, references);
    return references;
  }

  private _referencesOf(id: number): RecordedReference[] {
    const links = this._links.get(id) ?? [];
    const type = this._typeOf(id, links);
    if (type === undefined) return this._numbered(links);
    const isType = ({ className, target }: Link) => className === type.className && target === type.target;
    return [...this._typeReference(id, type), ...this._numbered(links.filter((link) => !isType(link)))];
  }

  /** The link that becomes the type of the element: of several, the one with the first identifier. */
  private _typeOf(id: number, links: readonly Link[]): Link | undefined {
    const identifierOf = ({ target }: Link) => this._context.identifiers.get(target) ?? "";
    const types = links.filter((link) => this._typeReference(id, link).length > 0);
    return types.sort((left, right) => (identifierOf(left) < identifierOf(right) ? -1 : 1))[0];
  }

  /**
   * Several links of a class to the same entity are of classes of their own, in the order of what they say. Those that say
   * the same are one, except where each relationship is at another place.
   */
  private _numbered(links: readonly Link[]): ReadLink[] {
    const { schema } = this._context.file;
    const read = links.map((link) => ({ link: this._read(link), by: link.by }));
    const keyed = read.map(({ link, by }) => ({
      link,
      by,
      key: JSON.stringify([link.className, link.target, link.values]),
    }));
    const sorted = keyed.sort(({ key: left }, { key: right }) => (left < right ? -1 : Number(left > right)));
    const counts = new Map<string, number>();
    const seen = new Set<string>();
    return sorted.flatMap(({ link, by, key }) => {
      const identity = countsEach(schema, link.className.toUpperCase()) ? `${by} ${key}` : key;
      if (seen.has(identity)) return [];
      seen.add(identity);
      const ends = JSON.stringify([link.className, link.target]);
      const count = (counts.get(ends) ?? 0) + 1;
      counts.set(ends, count);
      return [{ ...link, className: copyName(link.className, count) }];
    });
  }

  private _readType(type: string): void {
    const { step, schema } = this._context.file;
    const ends = endsOf(schema, type);
    const className = schema.spell(type);
    const isDecomposition = schema.isA(type, "IFCRELAGGREGATES") || schema.isA(type, "IFCRELNESTS");
    for (const by of step.idsOf(type)) {
      const isUsed = ends !== undefined && this._readRelationship({ by, className }, ends, isDecomposition);
      if (!isUsed) this._unused.push(by);
    }
  }

  /** @returns whether the relationship is read: it has entities at both ends, or an entity at one and nothing at the other */
  private _readRelationship(link: Omit<Link, "target">, ends: RelationshipEnds, isDecomposition: boolean): boolean {
    const { file, order } = this._context;
    const entities = (attribute: string) =>
      file.references(expectDefined(link.by), attribute).filter((id) => order.kindOf(id) !== undefined);
    const targets = entities(ends.to);
    const sources = entities(ends.from);
    if (sources.length === 0 || targets.length === 0) return this._readLoose(expectDefined(link.by), ends, [...sources, ...targets]); // prettier-ignore
    if (sources.length + targets.length > 2) this._ofSeveral.set(expectDefined(link.by), undefined);
    for (const source of sources)
      for (const target of targets)
        if (!isDecomposition || order.parentOf(target) !== source) this._add(source, { ...link, target });
    return true;
  }

  /** @returns whether one end is empty */
  private _readLoose(by: number, { from, to }: RelationshipEnds, entities: readonly number[]): boolean {
    const { file } = this._context;
    const isOpen = [from, to].some((attribute) => file.value(by, attribute) === null);
    if (!isOpen || entities.length === 0) return false;
    for (const id of entities) {
      const known = this._loose.get(id);
      if (known === undefined) this._loose.set(id, [by]);
      else known.push(by);
    }
    return true;
  }

  private _add(source: number, link: Link): void {
    const known = this._links.get(source);
    if (known === undefined) this._links.set(source, [link]);
    else known.push(link);
  }

  private _typeReference(id: number, { className, target }: Link): RecordedReference[] {
    if (className !== "IfcRelDefinesByType") return [];
    const { order, identifiers } = this._context;
    const kind = order.kindOf(id);
    const relationship = kind === undefined ? undefined : typeRelationships[kind];
    if (relationship?.of !== order.kindOf(target)) return [];
    return [{ target: expectDefined(identifiers.get(target)), property: "typeDefinition", className: expectDefined(relationship).className }]; // prettier-ignore
  }

  private _read({ target, className, by }: Link): ReadLink {
    const values = by === undefined ? [] : this._keptValuesOf(by);
    return { className, target: expectDefined(this._context.identifiers.get(target)), values };
  }

  private _keptValuesOf(by: number): NamedValue[] {
    if (!this._ofSeveral.has(by)) return this.valuesOf(by);
    const values = this._ofSeveral.get(by) ?? this.valuesOf(by);
    this._ofSeveral.set(by, values);
    return values;
  }

  /** What a relationship says beside its ends. */
  public valuesOf(by: number): NamedValue[] {
    const { file, values } = this._context;
    const { from, to } = expectDefined(endsOf(file.schema, file.typeOf(by)));
    return values.attributes(by, new Set(["GlobalId", "OwnerHistory", "RelatedObjectsType", from, to]));
  }
}
