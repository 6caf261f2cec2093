import { expectDefined, type Id64String } from "@itwin/core-bentley";
import type { RelatedElementProps } from "@itwin/core-common";
import { ConnectorError, type ErrorRecovery } from "../../ConnectorError.js";
import type { KnownElement } from "../../sync/items/SourceItem.js";
import type { Synchronizer } from "../../sync/Synchronizer.js";
import { normalizeClassName, propsKeyOf } from "../../imodel/classNames.js";
import type { ValueOwner } from "../../sync/values/ValueOwner.js";
import { hashOf } from "./entityItem.js";
import { LinkWriter, type NewLink } from "./LinkWriter.js";
import {
  targetIdsOf,
  type ElementWithAspect,
  type MadeLink,
  type MadeReferences,
  type MadeTarget,
} from "./MadeReferences.js";
import { MadeReferencesIndex } from "./MadeReferencesIndex.js";
import { readItemsOf } from "./namedElements.js";
import { NavigationWriter } from "./NavigationWriter.js";
import type { RecordedReferences } from "./ReferenceJson.js";
import {
  isNavigation,
  type EntityReference,
  type EntityRelationship,
  type LinkRelationship,
  type NavigationRelationship,
  type SourceEntity,
} from "./SourceEntity.js";

/** What is known of an entity whose references are to be made. */
export type ReferringEntity = Pick<SourceEntity, "kind" | "id" | "relationships" | "location" | "data" | "record">;

/** What becomes of references that the iModel cannot hold. */
export interface ReferencePolicy {
  /** Whether the run goes on without them. */
  invalidValues: ErrorRecovery;
  /** Called once for an entity that is without some of its references. */
  onSkipped: (entity: ReferringEntity, scopeId: Id64String, error: ConnectorError) => void;
}

/** An entity that refers to one that has not come yet. */
interface LateEntity {
  entity: ReferringEntity;
  known: ElementWithAspect;
  scopeId: Id64String;
}

/** An entity whose references are compared with what was made for it. */
interface Reconciliation {
  entity: ReferringEntity;
  made: MadeReferences;
  scopeId: Id64String;
  /** Whether what was made has changed already. */
  mustSave: boolean;
  /** What was recorded of a new entity with its element. */
  recorded?: RecordedReferences;
  isLast?: boolean;
}

/** Navigation properties as they were written with an element. */
type WrittenNavigations = Readonly<Record<string, RelatedElementProps>>;

/** How the element of an entity was written. */
export interface WrittenEntity {
  scopeId: Id64String;
  written: WrittenNavigations;
  /** What was recorded with the element of a new entity. */
  recorded?: RecordedReferences;
}

/** A link as it is wanted, with its target found. */
interface WantedLink extends MadeTarget {
  className: string;
  properties?: LinkRelationship["properties"];
}

/**
 * Brings the references between entities to the state of the source: link-table relationships and navigation
 * properties. Each entity is compared with what was made for it; a target that has not come yet is looked up again at
 * the end of the stream.
 */
export class References {
  public readonly index: MadeReferencesIndex;
  private readonly _links: LinkWriter;
  private readonly _navigations: NavigationWriter;
  private readonly _late: LateEntity[] = [];
  private readonly _skipped = new Set<Id64String>();

  public constructor(
    private readonly _synchronizer: Synchronizer,
    private readonly _documentId: Id64String,
    private readonly _policy: ReferencePolicy,
  ) {
    this.index = new MadeReferencesIndex(_synchronizer, _documentId);
    this._links = new LinkWriter(_synchronizer);
    this._navigations = new NavigationWriter(_synchronizer);
  }

  /** The element of an entity. */
  public find({ kind, id, scope = this._documentId }: EntityReference): Id64String | undefined {
    return this._synchronizer.findItem(scope, kind, id)?.elementId;
  }

  /** The navigation properties of an entity for the props of its element, as far as their targets are there. */
  public navigationProps({ relationships = [] }: SourceEntity): Record<string, RelatedElementProps> {
    const props: Record<string, RelatedElementProps> = {};
    for (const { property, target, className } of relationships.filter(isNavigation)) {
      const id = this.find(target);
      if (id !== undefined) props[propsKeyOf(property)] = { id, ...(className && { relClassName: className }) };
    }
    return props;
  }

  /**
   * What will be recorded of a new entity if all of its references can be made to the entities that are there.
   * @param written - the navigation properties that {@link navigationProps} gave
   */
  public expect(
    entity: SourceEntity,
    scopeId: Id64String,
    written: WrittenNavigations,
  ): RecordedReferences | undefined {
    const { relationships = [] } = entity;
    this.index.read(scopeId); // before the record is there, which tells of links that are yet to be made
    const links = [...this._resolveLinks(relationships.filter(isLink)).found.values()].map(madeOf);
    return this.index.recordOf({ scopeId, links, navigations: this._writtenNavigations(relationships, written) });
  }

  /**
   * The element of an entity was written, with the navigation properties that {@link navigationProps} gave. One that leads to
   * the entity itself is not among them if it is new, and leads to the former element if that was replaced.
   */
  public takeWritten(entity: SourceEntity, known: KnownElement, { scopeId, written, recorded }: WrittenEntity): void {
    const before = this.index.of(scopeId, known.elementId);
    const { relationships = [] } = entity;
    if (before === undefined && relationships.length === 0) return;
    const navigations = this._writtenNavigations(relationships, written);
    this._reconcile({
      entity,
      made: { ...madeNothing(known, scopeId), links: before?.links ?? [], navigations },
      scopeId,
      mustSave: true,
      recorded,
    });
  }

  /** An entity is unchanged; what it refers to may have come, gone or been replaced since. */
  public takeUnchanged(entity: SourceEntity, known: KnownElement, scopeId: Id64String): void {
    if (entity.relationships === undefined || entity.relationships.length === 0) return;
    const made = this.index.of(scopeId, known.elementId) ?? madeNothing(known, scopeId);
    this._reconcile({ entity, made, scopeId, mustSave: false });
  }

  /** Makes the references to what came later. */
  public finish(): void {
    for (const { entity, known, scopeId } of this._late) {
      const made = this.index.of(scopeId, known.elementId) ?? madeNothing(known, scopeId);
      const missing = this._reconcile({ entity, made, scopeId, mustSave: false, isLast: true });
      for (const target of missing) this._reportMissing(entity, target, known.elementId);
    }
    this._late.length = 0;
  }

  /** Items that the stream has not reported in a scope that it has filled will be deleted. Nothing may refer to them then. */
  public dropVanished(usedScopes: ReadonlySet<Id64String>): void {
    const { imodel } = this._synchronizer;
    const all = [...this.index.all()];
    const seen = this._synchronizer.findSeen(new Set(all.flatMap((made) => [made.elementId, ...targetIdsOf(made)])));
    const referring = all.filter(({ elementId }) => seen.has(elementId));
    const unseen = new Set(referring.flatMap(targetIdsOf).filter((id) => !seen.has(id)));
    const vanished = new Map([...readItemsOf(imodel, unseen)].filter(([, { scope }]) => usedScopes.has(scope)));
    const affected = referring.filter((made) => targetIdsOf(made).some((id) => vanished.has(id)));
    const sources = readItemsOf(
      imodel,
      affected.map(({ elementId }) => elementId),
    );
    for (const made of affected) {
      const targetIds = new Set(targetIdsOf(made).filter((id) => vanished.has(id)));
      for (const id of targetIds)
        this._reportMissing(
          expectDefined(sources.get(made.elementId)),
          expectDefined(vanished.get(id)),
          made.elementId,
        );
      this._drop(made, targetIds);
    }
  }

  /** Reports that an entity refers to one that the source does not have. */
  private _reportMissing(source: EntityReference, target: EntityReference, elementId: Id64String): void {
    this._synchronizer.statistics.report({
      code: "stream/unresolved-target",
      message: `${source.kind} "${source.id}" refers to ${target.kind} "${target.id}", which is not in the source.`,
      elementId,
    });
  }

  /**
   * Makes the references of an entity that are not there yet, and removes those that it does not give.
   * @returns the targets that are not there; unless it is the last time, they are looked up again at the end
   */
  private _reconcile(given: Reconciliation): EntityReference[] {
    const { entity, made, scopeId, mustSave, recorded, isLast = false } = given;
    const { kind, id, relationships = [], location } = entity;
    const navigations = relationships.filter(isNavigation);
    const { found, missing } = this._resolveLinks(relationships.filter(isLink));
    const attempt = new ReferenceAttempt({
      name: `${kind} "${id}"`,
      location,
      recovery: this._policy.invalidValues,
    });
    const isChanged = [
      this._reconcileLinks(made, found, attempt),
      this._setNavigations(made, navigations, attempt),
    ].includes(true);
    if (isChanged || mustSave) this.index.save(made, recorded);
    if (attempt.error !== undefined) this._skip(entity, made, attempt.error);
    for (const { target } of navigations) if (this.find(target) === undefined) missing.push(target);
    const { elementId, aspectId } = made;
    if (missing.length > 0 && !isLast)
      this._late.push({ entity: this._keep(entity), known: { elementId, aspectId }, scopeId });
    return missing;
  }

  /** A reference that could not be made is tried again at the end. It is reported once. */
  private _skip(entity: ReferringEntity, { elementId, scopeId }: MadeReferences, error: ConnectorError): void {
    if (this._skipped.has(elementId)) return;
    this._skipped.add(elementId);
    this._policy.onSkipped(entity, scopeId, error);
  }

  /** The content, which may be large, is only kept where it may go into the file of rejects. */
  private _keep({ kind, id, relationships, location, data, record = data }: ReferringEntity): ReferringEntity {
    const isNeeded = this._policy.invalidValues === "skippable";
    return { kind, id, relationships, location, ...(isNeeded && { record }) };
  }

  private _drop(made: MadeReferences, targetIds: ReadonlySet<Id64String>): void {
    for (const link of made.links) if (targetIds.has(link.targetId)) this._links.delete(made.elementId, link);
    made.links = made.links.filter(({ targetId }) => !targetIds.has(targetId));
    for (const [property, { targetId }] of made.navigations)
      if (targetIds.has(targetId)) this._navigations.clear(made, property);
    this.index.save(made);
  }

  private _resolveLinks(links: LinkRelationship[]): { found: Map<string, WantedLink>; missing: EntityReference[] } {
    const found = new Map<string, WantedLink>();
    const missing: EntityReference[] = [];
    for (const { className, target, properties } of links) {
      const targetId = this.find(target);
      if (targetId === undefined) {
        missing.push(target);
        continue;
      }
      const link = { className: normalizeClassName(className), target, targetId, properties };
      if (!found.has(keyOf(link))) found.set(keyOf(link), link);
    }
    return { found, missing };
  }

  private _reconcileLinks(made: MadeReferences, wanted: Map<string, WantedLink>, attempt: ReferenceAttempt): boolean {
    const known = new Map(made.links.map((link) => [keyOf(link), link]));
    const gone = made.links.filter((link) => !wanted.has(keyOf(link)));
    for (const link of gone) this._links.delete(made.elementId, link);
    const links: MadeLink[] = [];
    for (const [key, link] of wanted) {
      const { owner } = attempt;
      const kept = attempt.make(() => this._writeLink({ ...link, sourceId: made.elementId, owner }, known.get(key)));
      if (kept !== undefined) links.push(kept);
    }
    const isChanged =
      gone.length > 0 || links.length !== made.links.length || links.some((link) => !made.links.includes(link));
    made.links = links;
    return isChanged;
  }

  /** @returns the link that is there now, if the framework has made it */
  private _writeLink(wanted: WantedLink & NewLink, known: MadeLink | undefined): MadeLink | undefined {
    const link = madeOf(wanted);
    if (known !== undefined && known.properties === link.properties) return known;
    const isMade = known === undefined ? this._links.insert(wanted) : this._links.replace(wanted);
    return isMade ? link : undefined;
  }

  private _writtenNavigations(
    relationships: readonly EntityRelationship[],
    written: WrittenNavigations,
  ): Map<string, MadeTarget> {
    const navigations = new Map<string, MadeTarget>();
    for (const { property, target } of relationships.filter(isNavigation)) {
      const targetId = this.find(target);
      const isWritten = targetId !== undefined && written[propsKeyOf(property)]?.id === targetId;
      if (isWritten) navigations.set(property, { target, targetId });
    }
    return navigations;
  }

  private _setNavigations(
    made: MadeReferences,
    navigations: NavigationRelationship[],
    attempt: ReferenceAttempt,
  ): boolean {
    let isChanged = false;
    const { owner } = attempt;
    for (const { property, target, className } of navigations) {
      const targetId = this.find(target);
      if (targetId === undefined || made.navigations.get(property)?.targetId === targetId) continue;
      attempt.make(() => this._navigations.set(made, { property, target, targetId, className, owner }));
      isChanged = true;
    }
    return isChanged;
  }
}

/** Makes the references of an entity, and goes on without one that the iModel cannot hold if the owner can be skipped. */
class ReferenceAttempt {
  /** What is wrong with the first reference that could not be made. */
  public error?: ConnectorError;

  public constructor(public readonly owner: ValueOwner) {}

  public make<T>(write: () => T): T | undefined {
    try {
      return write();
    } catch (error) {
      if (!(error instanceof ConnectorError) || error.recovery !== "skippable") throw error;
      this.error ??= error;
      return undefined;
    }
  }
}

/** An element for which nothing was made yet. What is known is a record whose members a spread would leave out. */
function madeNothing({ elementId, aspectId }: ElementWithAspect, scopeId: Id64String): MadeReferences {
  return { elementId, aspectId, scopeId, links: [], navigations: new Map() };
}

function madeOf({ className, target, targetId, properties }: WantedLink): MadeLink {
  return { className, target, targetId, properties: properties && hashOf(properties) };
}

function isLink(relationship: EntityRelationship): relationship is LinkRelationship {
  return !isNavigation(relationship);
}

function keyOf({ className, targetId }: { className: string; targetId: Id64String }): string {
  return `${targetId} ${className.toLowerCase()}`;
}
