import type { NotImported } from "itwin-connector-framework";
import { InstanceSet } from "../../step/InstanceSet.js";
import { referencesIn } from "../../step/StepValue.js";
import type { ContentHasher } from "../content/ContentHasher.js";
import type { EntityOrder } from "../EntityOrder.js";
import type { IfcFile } from "../IfcFile.js";
import { isBetweenEntities } from "../links/relationshipEnds.js";
import { entityName } from "../entityName.js";
import { isMissed, reasonOf } from "./outcomes.js";

/** What the ledger is made from. The hasher has hashed all entities with all that belongs to them. */
export interface LedgerContext {
  readonly file: IfcFile;
  readonly order: EntityOrder;
  readonly hasher: ContentHasher;
  /** Relationships with an end that is not an entity. */
  readonly unusedLinks: readonly number[];
  /** The names of the sets that entities have. */
  readonly sets: ReadonlySet<string>;
}

/** Instances of a type. */
interface Counted {
  readonly first: number;
  count: number;
}

/**
 * Finds what of a file does not reach the iModel: each instance is part of an entity, or is counted here by what it is, so
 * that the order of the instances makes no difference to the counts.
 */
export class Ledger {
  private readonly _found = new Map<string, NotImported>();
  private readonly _read: InstanceSet;

  public constructor(private readonly _context: LedgerContext) {
    this._read = new InstanceSet(_context.file.step);
  }

  /** All that is not imported. */
  public find(): NotImported[] {
    this._readRelationships();
    this._readOthers();
    const unread = this._countUnread();
    for (const type of this._context.file.step.types) this._findType(type, unread.get(type));
    this._findUnusedMaps();
    return [...this._found.values()];
  }

  private _findType(type: string, unread: Counted | undefined): void {
    const { file } = this._context;
    const reason = reasonOf(file.schema, type);
    if (reason !== undefined) this._addAll(type, reason, countOf(file.step.idsOf(type)));
    else this._addAll(type, this._reasonFor(type), unread);
  }

  /** The instances of each type that nothing has read, in one pass over all of them. */
  private _countUnread(): Map<string, Counted> {
    const { step } = this._context.file;
    const counted: (Counted | undefined)[] = [];
    for (let place = 0; place < step.size; place++) {
      if (this._read.hasAt(place) || this._context.hasher.hasReachedAt(place)) continue;
      const known = counted[step.typeAt(place)];
      if (known === undefined) counted[step.typeAt(place)] = { first: step.idAt(place), count: 1 };
      else known.count++;
    }
    return new Map(counted.flatMap((known, type) => (known === undefined ? [] : [[step.typeNameOf(type), known]])));
  }

  /** Shapes of types that no object takes over. */
  private _findUnusedMaps(): void {
    const { file } = this._context;
    const used = new Set([...file.all("IFCMAPPEDITEM")].map((item) => file.reference(item, "MappingSource")));
    const unused = [...file.all("IFCREPRESENTATIONMAP")].filter((map) => !used.has(map) && this._isRead(map));
    this._addAll("IFCREPRESENTATIONMAP", "no element shows it", countOf(unused));
  }

  private _reasonFor(type: string): string {
    const isRelationship = this._context.file.isTypeA(type, "IFCRELATIONSHIP");
    return isRelationship ? "an end of it is not imported" : "no element refers to it";
  }

  private _isRead(id: number): boolean {
    return this._read.has(id) || this._context.hasher.hasReached(id);
  }

  /** Relationships with entities at their ends, and all that their attributes reach. */
  private _readRelationships(): void {
    const { file, unusedLinks, order } = this._context;
    const unused = new Set(unusedLinks);
    for (const id of file.all("IFCRELATIONSHIP")) {
      const isUsed = isBetweenEntities(file.schema, file.typeOf(id)) ? !unused.has(id) : this._isAssociated(id);
      if (isUsed) this._take(id);
    }
    for (const id of order.ids) this._read.add(id);
  }

  /** Whether an entity has what a relationship to a set or a resource gives. */
  private _isAssociated(id: number): boolean {
    const { file, order, hasher } = this._context;
    const others = file.step.valuesOf(id).flatMap((value) => [...referencesIn(value)]);
    const isOfEntity = others.some((other) => order.kindOf(other) !== undefined);
    return isOfEntity || (file.isA(id, "IFCRELDEFINESBYTEMPLATE") && others.some((other) => hasher.hasReached(other)));
  }

  /** What is read although nothing of an entity leads there. */
  private _readOthers(): void {
    const { file, sets } = this._context;
    for (const id of file.all("IFCCOORDINATEOPERATION"))
      if (this._isRead(file.reference(id, "SourceCRS") ?? id)) this._take(id);
    this._readOwnerHistories();
    for (const id of file.all("IFCPROPERTYSETTEMPLATE")) if (sets.has(file.text(id, "Name") ?? "")) this._take(id);
  }

  /** Who wrote the file when is no part of an element. Few histories are those of all entities. */
  private _readOwnerHistories(): void {
    const { file } = this._context;
    const left = new Set(file.all("IFCOWNERHISTORY"));
    for (const id of file.all("IFCROOT")) {
      if (left.size === 0) return;
      const history = file.reference(id, "OwnerHistory");
      if (history !== undefined && left.delete(history)) this._take(history);
    }
  }

  /** An instance with all that it reaches. */
  private _take(id: number): void {
    const { file } = this._context;
    const stack = [id];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      if (this._isRead(next)) continue;
      this._read.add(next);
      for (const value of file.step.valuesOf(next))
        for (const other of referencesIn(value))
          if (!file.isA(other, "IFCROOT") || file.isA(other, "IFCPROPERTYTEMPLATEDEFINITION")) stack.push(other);
    }
  }

  private _addAll(type: string, reason: string, counted: Counted | undefined): void {
    if (counted === undefined) return;
    const { schema } = this._context.file;
    const { first, count } = counted;
    this._add({ what: schema.spell(type), reason, isLoss: isMissed(schema, type), count }, first);
  }

  private _add(entry: Omit<NotImported, "example">, first: number): void {
    const key = `${entry.what}\n${entry.reason}`;
    const known = this._found.get(key);
    if (known !== undefined) known.count += entry.count;
    else this._found.set(key, { ...entry, example: lineNameOf(this._context.file, first) });
  }
}

function countOf(ids: readonly number[]): Counted | undefined {
  const [first] = ids;
  return first === undefined ? undefined : { first, count: ids.length };
}

/** `#12 (line 34)`. */
function lineNameOf(file: IfcFile, id: number): string {
  return entityName(file, id).replace(/^[^#]+/, "");
}
