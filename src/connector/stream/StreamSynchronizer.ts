import { ElementOwnsChildElements } from "@itwin/core-backend";
import { expectDefined, type Id64String } from "@itwin/core-bentley";
import type { RelatedElementProps } from "@itwin/core-common";
import {
  ConnectorError,
  describeLocation,
  messageOf,
  type SourceLocation,
  type ErrorRecovery,
} from "../../ConnectorError.js";
import {
  ItemState,
  type KnownElement,
  type SourceItem,
  type SynchronizationResults,
} from "../../sync/items/SourceItem.js";
import { describeRejected, type RejectedItem } from "../../sync/items/RejectedItem.js";
import { ElementKeys } from "../../sync/provenance/ElementKeys.js";
import type { Synchronizer } from "../../sync/Synchronizer.js";
import { refuseMisspelt } from "../../sync/values/misspelt.js";
import { naming } from "../../sync/values/naming.js";
import type { ValueOwner } from "../../sync/values/ValueOwner.js";
import { checkReferences } from "./checkReferences.js";
import type { UnitConversions } from "../schema/UnitConversions.js";
import { withConvertedLinks } from "./convertedLinks.js";
import type { EntityElements } from "./EntityElements.js";
import { itemOf } from "./entityItem.js";
import { References, type ReferringEntity } from "./References.js";
import type { EntityReference, ParentReference, SourceEntity } from "./SourceEntity.js";
import { WaitingEntities, type PendingEntity } from "./WaitingEntities.js";

/** What a stream is synchronized with. */
export interface StreamContext {
  synchronizer: Synchronizer;
  elements: EntityElements;
  /** The RepositoryLink of the document, the scope of all entities that name no other. */
  documentId: Id64String;
  /** Converts values into the units that the iModel has. */
  conversions: UnitConversions;
  /** Whether elements of entities that vanished will be deleted. */
  detectsDeletions: boolean;
  /** Whether the run goes on without an entity with a value that the iModel cannot hold. */
  invalidValues: ErrorRecovery;
}

/**
 * Brings a stream of entities into the iModel, one by one: those that are new or changed become elements, parents before
 * children, and references are made as soon as both of their ends are there.
 */
export class StreamSynchronizer {
  private readonly _references: References;
  private readonly _waiting: WaitingEntities;
  private readonly _usedScopes: Set<Id64String>;
  private readonly _scopes: ElementKeys;

  public constructor(private readonly _context: StreamContext) {
    const { synchronizer, documentId, invalidValues } = _context;
    this._references = new References(synchronizer, documentId, {
      invalidValues,
      onSkipped: (entity, scopeId, error) => this._skipReferences(entity, scopeId, error),
    });
    this._usedScopes = new Set([documentId]);
    this._scopes = new ElementKeys(synchronizer.imodel, documentId);
    this._waiting = new WaitingEntities(_context.documentId);
  }

  /** Takes in the next entity. */
  public async add(given: SourceEntity): Promise<void> {
    checkEntity(given);
    const { synchronizer, documentId, conversions } = this._context;
    const entity = withConvertedLinks(given, conversions);
    const { kind, id, scope: scopeId = documentId } = entity;
    this._usedScopes.add(scopeId);
    const known = synchronizer.findItem(scopeId, kind, id);
    if (!this._hasSoundReferences(entity, scopeId, known)) return;
    const isRepeated = known?.isSeen ?? false;
    const item = itemOf(entity, this._scopes, conversions.key);
    const state = this._compare(entity, scopeId, item);
    if (isRepeated) return;
    if (state === ItemState.Unchanged && known !== undefined) this._references.takeUnchanged(entity, known, scopeId);
    else await this._writeOrWait({ entity, scopeId, item, isNew: known === undefined });
  }

  /** One that is skipped for a fault of what it says of others is in the source all the same. */
  private _hasSoundReferences(entity: SourceEntity, scopeId: Id64String, known: KnownElement | undefined): boolean {
    if (entity.parent === undefined && entity.relationships === undefined) return true;
    const { synchronizer, documentId } = this._context;
    try {
      checkReferences(entity, documentId, this._ownerOf(entity));
      return true;
    } catch (error) {
      if (!(error instanceof ConnectorError) || error.recovery !== "skippable") throw error;
      if (known !== undefined) synchronizer.onElementSeen(known.elementId);
      this._skip(entity, scopeId, error);
      return false;
    }
  }

  /** Takes note that the stream has ended. */
  public finish(): void {
    for (const { entity, scopeId, parent } of this._waiting.all()) this._reportOrphan(entity, scopeId, parent);
    this._references.finish();
    if (this._context.detectsDeletions) this._references.dropVanished(this._usedScopes);
  }

  /** Whoever waits for what was written is written next: a queue, because a chain of children can be long. */
  private async _writeOrWait(first: PendingEntity): Promise<void> {
    const queue = [first];
    for (let pending = queue.pop(); pending !== undefined; pending = queue.pop()) {
      const { parent: reference } = pending.entity;
      const parent = reference && this._findParent(reference);
      if (reference !== undefined && parent === undefined) this._waiting.add({ ...pending, parent: reference });
      else if (await this._write(pending, parent)) queue.push(...this._waiting.take(refer(pending)).reverse());
    }
  }

  /** @returns whether the element is there now */
  private async _write(pending: PendingEntity, parent?: RelatedElementProps): Promise<boolean> {
    const { entity, scopeId, item, isNew } = pending;
    const { synchronizer, elements } = this._context;
    const known = synchronizer.findItem(scopeId, entity.kind, entity.id);
    if (isNew && known !== undefined) {
      this._compare(entity, scopeId, item); // it came twice while it waited: reports that
      return false;
    }
    const itemState = known === undefined ? ItemState.New : ItemState.Changed;
    const navigations = this._references.navigationProps(entity);
    const findTarget = (target: EntityReference) => this._references.find(target);
    const results = await this._try(entity, scopeId, () =>
      elements.make(entity, { owner: this._ownerOf(entity), itemState, parent, navigations, findTarget }),
    );
    if (results === undefined) return false;
    if (known !== undefined) this._references.index.of(scopeId, known.elementId); // read it before the element may go
    item.references = known === undefined ? this._references.expect(entity, scopeId, navigations) : undefined;
    const id = await this._try(entity, scopeId, () => this._update(pending, results));
    if (id === undefined) return false;
    if (known !== undefined && known.elementId !== id) this._references.index.move(known.elementId, id);
    const written = expectDefined(synchronizer.findItem(scopeId, entity.kind, entity.id));
    const recorded = item.references;
    this._references.takeWritten(entity, written, { scopeId, written: navigations, recorded });
    return true;
  }

  /** Where the run may go on without the entity, it is written whole or not at all. */
  private _update({ entity, scopeId, item }: PendingEntity, results: SynchronizationResults): Id64String {
    const { synchronizer, invalidValues } = this._context;
    const write = () => synchronizer.updateIModel(results, scopeId, item, entity.kind);
    naming(this._ownerOf(entity), () => (invalidValues === "skippable" ? synchronizer.attempts.run(write) : write()));
    return results.element.id;
  }

  private _ownerOf({ kind, id, location }: SourceEntity): ValueOwner {
    return { name: `${kind} "${id}"`, location, recovery: this._context.invalidValues };
  }

  private _findParent(parent: ParentReference): RelatedElementProps | undefined {
    const id = this._references.find(parent);
    if (id === undefined) return undefined;
    return { id, relClassName: parent.className ?? ElementOwnsChildElements.classFullName };
  }

  /** @returns undefined for an entity that is skipped */
  private async _try<T>(entity: SourceEntity, scopeId: Id64String, work: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw describeFault(entity, error);
      if (error.recovery !== "skippable") throw error;
      this._skip(entity, scopeId, error);
      return undefined;
    }
  }

  /** An element that the iModel has for the entity counts as seen already, so it stays. */
  private _skip(entity: SourceEntity, scopeId: Id64String, error: ConnectorError): void {
    const { synchronizer } = this._context;
    const elementId = synchronizer.findItem(scopeId, entity.kind, entity.id)?.elementId;
    if (elementId !== undefined) synchronizer.attempts.noteSkipped(elementId);
    const rejected = rejectedItem(entity, error);
    this._report(rejected, scopeId, describeRejected(rejected));
  }

  private _report(rejected: RejectedItem, scopeId: Id64String, message: string): void {
    const { synchronizer } = this._context;
    const { kind, identifier, reason, place } = rejected;
    const elementId = synchronizer.findItem(scopeId, kind, identifier)?.elementId;
    const source = { ...place, entity: place?.entity ?? identifier };
    synchronizer.statistics.report({ code: reason.code, message, elementId, level: "Critical", source });
    this._reject(rejected);
  }

  /** The entity stays in the iModel without them. The next run writes it again. */
  private _skipReferences(entity: ReferringEntity, scopeId: Id64String, error: ConnectorError): void {
    const rejected = rejectedItem(entity, error);
    const where = describeLocation(rejected.place);
    this._report(rejected, scopeId, `${where && `${where}: `}a reference was skipped: ${error.message}`);
    this._context.synchronizer.attempts.forgetState(scopeId, entity.kind, entity.id);
  }

  private _reject(rejected: RejectedItem): void {
    const { synchronizer, documentId } = this._context;
    synchronizer.statistics.reject(rejected);
    synchronizer.attempts.reopenDocument(documentId);
  }

  /** Compares an entity with what the iModel knows. A duplicate, which the Synchronizer reports, is rejected. */
  private _compare(entity: SourceEntity, scopeId: Id64String, item: SourceItem): ItemState {
    const { synchronizer } = this._context;
    const { statistics } = synchronizer;
    const { duplicates } = statistics;
    const { state } = synchronizer.detectChanges(scopeId, entity.kind, item);
    const reason = { code: "sync/duplicate-item", message: "It comes twice, in different states." };
    if (statistics.duplicates > duplicates) this._reject(rejectedItem(entity, reason));
    return state;
  }

  private _reportOrphan(entity: SourceEntity, scopeId: Id64String, { kind, id }: EntityReference): void {
    const message = `its parent ${kind} "${id}" is not there.`;
    this._skip(entity, scopeId, new ConnectorError("stream/unresolved-parent", message));
  }
}

function rejectedItem(
  entity: ReferringEntity,
  { code, message, source = entity.location }: RejectedItem["reason"] & { source?: SourceLocation },
): RejectedItem {
  const { kind, id: identifier, data, record = data } = entity;
  return { kind, identifier, reason: { code, message }, place: source, data: record };
}

function refer({ entity: { kind, id }, scopeId: scope }: PendingEntity) {
  return { kind, id, scope };
}

function checkEntity(entity: SourceEntity): void {
  const { kind, id, location } = entity;
  if (typeof kind !== "string" || kind === "" || typeof id !== "string" || id === "")
    throw new ConnectorError("stream/no-identifier", "An entity of the source has no kind or no identifier.", {
      source: location,
      advice: "Give each entity a kind and an identifier, both as texts that are not empty.",
    });
  if (!hasState(entity))
    throw new ConnectorError("stream/no-state", `${kind} "${id}" has neither data nor a version nor a checksum.`, {
      source: location,
      advice: "Give its content as data; without it no change of the entity would be noticed.",
    });
  refuseMisspelt(entity, entityKeys, { name: `${kind} "${id}"`, location });
}

/** The members of an entity. */
const entityKeys = [
  "kind",
  "id",
  "toElement",
  "data",
  "version",
  "checksum",
  "parent",
  "relationships",
  "scope",
  "location",
  "record",
];

/** A promise or a function as data is a fault of the connector: its content would never be looked at. */
function hasState({ data, version, checksum }: SourceEntity): boolean {
  if (version || checksum) return true;
  return data !== undefined && data !== null && typeof data !== "function" && !(data instanceof Promise);
}

function describeFault({ kind, id, location }: SourceEntity, error: unknown): ConnectorError {
  return new ConnectorError(
    "stream/element-failed",
    `No element could be made of ${kind} "${id}": ${messageOf(error)}`,
    {
      source: { ...location, entity: id },
      cause: error,
      advice:
        "Fix the connector. If toElement throws a ConnectorError that is skippable, the run goes on without the entity.",
    },
  );
}
