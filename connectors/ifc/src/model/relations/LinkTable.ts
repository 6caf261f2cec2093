import { IdColumn } from "../../step/IdColumn.js";
import { NumberIndex } from "../../step/NumberIndex.js";

/** What is on the other side of a relationship, and the instance that says so. */
export interface Related {
  readonly id: number;
  readonly by: number;
}

type Ids = Uint32Array | Float64Array;

const none: readonly Related[] = [];

/** The relationships of one class, found from either side: 20 bytes for each pair that is related. */
export class LinkTable {
  private readonly _relating: Ids;
  private readonly _related: Ids;
  private readonly _by: Ids;
  private readonly _fromRelating: NumberIndex;
  private readonly _fromRelated: NumberIndex;

  /** @param links - both sides of each pair, and the relationship */
  public constructor(links: Iterable<readonly [relating: number, related: number, by: number]>) {
    const columns = [new IdColumn(), new IdColumn(), new IdColumn()] as const;
    for (const link of links) for (const [side, column] of columns.entries()) column.push(link[side] ?? 0);
    this._relating = columns[0].take();
    this._related = columns[1].take();
    this._by = columns[2].take();
    this._fromRelating = new NumberIndex(this._relating);
    this._fromRelated = new NumberIndex(this._related);
  }

  /** What an instance is related to, in the order of the links. */
  public relatingOf(related: number): readonly Related[] {
    return this._find(related, this._fromRelated, this._relating);
  }

  /** What is related to an instance, in the order of the links. */
  public relatedOf(relating: number): readonly Related[] {
    return this._find(relating, this._fromRelating, this._related);
  }

  private _find(id: number, index: NumberIndex, others: Ids): readonly Related[] {
    let rank = index.rankOf(id);
    if (rank >= others.length || index.numberAt(rank) !== id) return none;
    const found: Related[] = [];
    for (; rank < others.length && index.numberAt(rank) === id; rank++) {
      const place = index.placeAt(rank);
      found.push({ id: others[place] ?? 0, by: this._by[place] ?? 0 });
    }
    return found;
  }
}
