import { expectDefined, type Id64String } from "@itwin/core-bentley";
import { IModel } from "@itwin/core-common";
import type { ElementIdentity, ElementTable, ItemIdentity } from "./ElementTable.js";
import { addTo } from "./groups.js";
import { splitCodeIdentifier } from "./References.js";

/** Stands for "no element" in place of the place of one. */
export const unmatched = -1;

/** What leads to the elements of B: places in the table by a key. */
type Lookup = Map<string, number[]>;

/**
 * Finds for elements of A those of B that stand for the same thing: by the items of the source that they stand for,
 * else by code, else by federation GUID. Items and codes hold within a scope, which is an element too, and is matched
 * first, in the same way.
 */
export class ElementMatcher {
  /** For each element of A the place of its match in B, or `unmatched`. */
  public readonly matchOfA: Int32Array;
  /** For each element of B the place of its match in A, or `unmatched`. */
  public readonly matchOfB: Int32Array;
  private readonly _byItem: Lookup = new Map();
  private readonly _byCode: Lookup = new Map();
  private readonly _byGuid: Lookup = new Map();
  /** The ways of finding an element, the surest first. */
  private readonly _ways = [
    (element: ElementIdentity) => this._findByItem(element),
    (element: ElementIdentity) => this._findByCode(element),
    (element: ElementIdentity) => this._findByGuid(element),
  ];
  /** Elements whose scope is being looked for, so that scopes that go round in circles come to an end. */
  private readonly _pending = new Set<number>();

  public constructor(
    public readonly a: ElementTable,
    public readonly b: ElementTable,
  ) {
    this.matchOfA = new Int32Array(a.elements.length).fill(unmatched);
    this.matchOfB = new Int32Array(b.elements.length).fill(unmatched);
    b.elements.forEach((element, index) => this._register(element, index));
    const [rootOfA, rootOfB] = [a, b].map((table) => table.indexOf(IModel.rootSubjectId));
    this.match(expectDefined(rootOfA), expectDefined(rootOfB));
  }

  /** Matches all elements that can be matched with what is known so far. Provenance of any goes before code of any. */
  public matchByIdentity(): void {
    for (const find of this._ways)
      for (let index = 0; index < this.matchOfA.length; index++)
        if (this.matchOfA[index] === unmatched) this._take(index, find);
  }

  /** The number that an element of A has on both sides: the place of its match in B, or `unmatched`. */
  public numberOfA(index: number): number {
    return this.matchOfA[index] ?? unmatched;
  }

  /** The number that an element of B has on both sides: its place, or `unmatched`. */
  public numberOfB(index: number): number {
    return this.matchOfB[index] === unmatched ? unmatched : index;
  }

  /** Notes that two elements stand for the same thing. */
  public match(indexOfA: number, indexOfB: number): void {
    this.matchOfA[indexOfA] = indexOfB;
    this.matchOfB[indexOfB] = indexOfA;
  }

  private _register(element: ElementIdentity, index: number): void {
    for (const item of element.items ?? []) addTo(this._byItem, this._itemKeyOfB(item), index);
    if (element.codeValue !== undefined)
      addTo(this._byCode, this._codeKey(element, this._indexInB(element.codeScopeId)), index);
    if (element.federationGuid !== undefined) addTo(this._byGuid, element.federationGuid, index);
  }

  private _take(index: number, find: (element: ElementIdentity) => number[] | undefined): void {
    if (this._pending.has(index)) return;
    this._pending.add(index);
    const element = this.a.at(index);
    const free = find(element)?.filter((candidate) => this.matchOfB[candidate] === unmatched) ?? [];
    // An item may be represented by several elements: those of the same class belong together.
    const best = free.find((candidate) => this.b.at(candidate).className === element.className) ?? free[0];
    if (best !== undefined) this.match(index, best);
    this._pending.delete(index);
  }

  private _findByItem(element: ElementIdentity): number[] | undefined {
    return firstOf(element.items ?? [], (item) => {
      const scope = this._resolve(item.scopeId);
      return scope === unmatched ? undefined : this._byItem.get(this._itemKey(item, scope, this._identifierOfA(item)));
    });
  }

  private _findByCode(element: ElementIdentity): number[] | undefined {
    if (element.codeValue === undefined) return undefined;
    const scope = this._resolve(element.codeScopeId);
    return scope === unmatched ? undefined : this._byCode.get(this._codeKey(element, scope));
  }

  private _findByGuid({ federationGuid }: ElementIdentity): number[] | undefined {
    return federationGuid === undefined ? undefined : this._byGuid.get(federationGuid);
  }

  /** The element of B that is the same as one of A; it is looked for if need be. */
  private _resolve(idInA: Id64String): number {
    const index = this.a.indexOf(idInA);
    if (index === undefined) return unmatched;
    for (const find of this._ways) if (this.matchOfA[index] === unmatched) this._take(index, find);
    return this.numberOfA(index);
  }

  private _indexInB(id: Id64String): number {
    return this.b.indexOf(id) ?? unmatched;
  }

  private _codeKey({ codeSpec, codeValue }: ElementIdentity, scope: number): string {
    return `${codeSpec}\n${scope}\n${codeValue}`;
  }

  private _itemKey({ kind }: ItemIdentity, scope: number, identifier: string): string {
    return `${scope}\n${kind}\n${identifier}`;
  }

  private _itemKeyOfB(item: ItemIdentity): string {
    const code = splitCodeIdentifier(item.identifier);
    const identifier =
      code === undefined
        ? item.identifier
        : `${this.b.codeSpecName(code.specId)}/${this._indexInB(code.scopeId)}/${code.value}`;
    return this._itemKey(item, this._indexInB(item.scopeId), identifier);
  }

  private _identifierOfA({ identifier }: ItemIdentity): string {
    const code = splitCodeIdentifier(identifier);
    if (code === undefined) return identifier;
    return `${this.a.codeSpecName(code.specId)}/${this._resolve(code.scopeId)}/${code.value}`;
  }
}

function firstOf<T, R>(values: T[], find: (value: T) => R | undefined): R | undefined {
  for (const value of values) {
    const found = find(value);
    if (found !== undefined) return found;
  }
  return undefined;
}
