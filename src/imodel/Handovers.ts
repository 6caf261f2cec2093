import type { Id64String } from "@itwin/core-bentley";

/** That an element has a value which another element had before. */
export interface Handover {
  takerId: Id64String;
  giverId: Id64String;
}

/** So many are applied in half a second at most, whatever their order is; ten times as many take a hundred times as long. */
const fewHandovers = 1000;

/** Which element has taken a value from which. An element takes at most two: a code and a federation GUID. */
export class Handovers {
  private readonly _giversOf = new Map<Id64String, Set<Id64String>>();
  private readonly _takersOf = new Map<Id64String, Id64String[]>();

  /** Whether there are so many that a changeset with them would take long to apply: SQLite tries each again and again. */
  public get areMany(): boolean {
    return this._giversOf.size > fewHandovers;
  }

  /** The elements that have taken a value. */
  public get takerIds(): Id64String[] {
    return [...this._giversOf.keys()];
  }

  /** Takes in a handover. */
  public add({ takerId, giverId }: Handover): void {
    this._giversOf.set(takerId, (this._giversOf.get(takerId) ?? new Set()).add(giverId));
    this._takersOf.set(giverId, [...(this._takersOf.get(giverId) ?? []), takerId]);
  }

  /**
   * The elements that hand values on in a circle, and those that wait for one of them. All others can be written one after
   * the other: first those that take from nobody who takes, then who takes from them, and so on.
   */
  public inCircles(): Id64String[] {
    const waitsFor = new Map([...this._giversOf].map(([id, givers]) => [id, givers.size]));
    const free = [...this._takersOf.keys()].filter((id) => !waitsFor.has(id));
    for (const giver of free)
      for (const taker of this._takersOf.get(giver) ?? []) {
        const left = (waitsFor.get(taker) ?? 0) - 1;
        waitsFor.set(taker, left);
        if (left === 0) free.push(taker);
      }
    return [...waitsFor].filter(([, left]) => left > 0).map(([id]) => id);
  }
}
