import { InstanceSet } from "../step/InstanceSet.js";
import { bisKindOf, type BisKind } from "./editions/bisClasses.js";
import type { IfcFile } from "./IfcFile.js";
import type { Relations } from "./relations/Relations.js";
import { sortByContent } from "./sortByContent.js";

/** Kinds of elements that are in one model, where some can be children of others. */
const models: Readonly<Record<BisKind, number>> = {
  physical: 1,
  spatial: 1,
  group: 2,
  record: 3,
  physicalType: 4,
  spatialType: 4,
};

/** What others refer to comes first: then references are made together with the element. */
const order: readonly BisKind[] = ["spatialType", "physicalType", "spatial", "physical", "record", "group"];

/** The entities of a file, each after its parent, and types before the objects that are of them. */
export class EntityOrder {
  /** The instances of all entities, in order. */
  public readonly ids: readonly number[];
  /** The same as a set. */
  public readonly entities: InstanceSet;
  /** Those whose parents go in a circle. They have none. */
  public readonly inCircles = new Set<number>();
  private readonly _kinds = new Map<number, BisKind>();
  private readonly _parents = new Map<number, number>();

  public constructor(
    private readonly _file: IfcFile,
    relations: Relations,
  ) {
    for (const id of _file.all("IFCOBJECTDEFINITION")) {
      const kind = bisKindOf(_file.schema, _file.typeOf(id));
      if (kind !== undefined) this._kinds.set(id, kind);
    }
    for (const [id, kind] of this._kinds) this._findParent(id, kind, relations);
    this.ids = this._sort();
    this.entities = new InstanceSet(_file.step);
    for (const id of this.ids) this.entities.add(id);
  }

  /** Whether an instance is an entity, and which sort of element stands for it. */
  public kindOf(id: number): BisKind | undefined {
    return this._kinds.get(id);
  }

  /** The whole that an entity is a part of. */
  public parentOf(id: number): number | undefined {
    return this._parents.get(id);
  }

  private _findParent(id: number, kind: BisKind, relations: Relations): void {
    const wholes = [...relations.relatingOf("IfcRelAggregates", id), ...relations.relatingOf("IfcRelNests", id)];
    const parents = wholes.filter(({ id: whole }) => whole !== id && this._modelOf(whole) === models[kind]);
    const [parent] =
      parents.length > 1 ? sortByContent(parents, (whole) => this._file.text(whole.id, "GlobalId")) : parents;
    if (parent !== undefined) this._parents.set(id, parent.id);
    if (wholes.some(({ id: whole }) => whole === id)) this.inCircles.add(id);
  }

  private _modelOf(id: number): number | undefined {
    const kind = this._kinds.get(id);
    return kind === undefined ? undefined : models[kind];
  }

  private _sort(): number[] {
    const sorted = new Set<number>();
    for (const kind of order) for (const [id, own] of this._kinds) if (own === kind) this._addAfterParent(id, sorted);
    return [...sorted];
  }

  /** A loop instead of a recursion, because a chain of parents can be long. */
  private _addAfterParent(id: number, sorted: Set<number>): void {
    const chain: number[] = [];
    const seen = new Set<number>();
    for (let next: number | undefined = id; next !== undefined && !sorted.has(next); next = this._parents.get(next)) {
      if (seen.has(next)) {
        this._open(this._circleOf(next));
        break;
      }
      seen.add(next);
      chain.push(next);
    }
    for (const member of chain.reverse()) sorted.add(member);
  }

  private _open(circle: readonly number[]): void {
    for (const member of circle) {
      this.inCircles.add(member);
      this._parents.delete(member);
    }
  }

  private _circleOf(start: number): number[] {
    const circle = [start];
    for (let next = this._parents.get(start); next !== undefined && next !== start; next = this._parents.get(next))
      circle.push(next);
    return circle;
  }
}
