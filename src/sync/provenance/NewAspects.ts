import type { IModelDb } from "@itwin/core-backend";
import { Id64, type Id64String } from "@itwin/core-bentley";
import { queryOf } from "../../imodel/queries.js";
import { findLastAspect, itemsBetweenEcsql, readItem, type KnownItem, type Origin } from "./provenanceQueries.js";

/** Local ids run up to this; the first ones are reserved. */
const lastLocalId = 0xffffffffff;
const firstLocalId = 1;

/**
 * Finds the ExternalSourceAspects that a connector has written by itself during the run.
 *
 * Ids of a briefcase only grow, one by one. So whatever lies between two aspects of ours, or after the last one, was
 * written by someone else; where there is no gap nothing has to be read.
 */
export class NewAspects {
  private readonly _briefcaseId: number;
  /** The local part of the id of the last aspect that is known. */
  private _last: number;
  private readonly _end: Id64String;
  /** All aspects of this run have ids between these two. */
  public readonly range: readonly [after: Id64String, before: Id64String];
  private readonly _itemsBetween: ReturnType<typeof queryOf>;

  public constructor(imodel: IModelDb) {
    this._briefcaseId = imodel.getBriefcaseId();
    this._end = this._idOf(lastLocalId);
    this._itemsBetween = queryOf(imodel, itemsBetweenEcsql);
    const last = findLastAspect(imodel, this._idOf(firstLocalId), this._end);
    this._last = last === undefined ? firstLocalId : Id64.getLocalId(last);
    this.range = [this._idOf(this._last), this._end];
  }

  /** @returns what makes the aspects that are taken in from now on unknown again */
  public mark(): () => void {
    const last = this._last;
    return () => {
      this._last = last;
    };
  }

  /** Takes note of an aspect of ours, and returns what others wrote before it. */
  public passOwn(aspectId: Id64String): (KnownItem & Origin)[] {
    const previous = this._last;
    this._last = Id64.getLocalId(aspectId);
    return this._last === previous + 1 ? [] : this._readBetween(previous, aspectId);
  }

  /** Returns what others wrote since the last aspect of ours: a query of 2 µs where there is nothing. */
  public readOthers(): (KnownItem & Origin)[] {
    const items = this._readBetween(this._last, this._end);
    const last = items.at(-1);
    if (last !== undefined) this._last = Id64.getLocalId(last.record.aspectId);
    return items;
  }

  private _readBetween(after: number, before: Id64String): (KnownItem & Origin)[] {
    const items: (KnownItem & Origin)[] = [];
    this._itemsBetween([this._idOf(after), before], (row) => items.push(readItem(row)));
    return items;
  }

  private _idOf(localId: number): Id64String {
    return Id64.fromLocalAndBriefcaseIds(localId, this._briefcaseId);
  }
}
