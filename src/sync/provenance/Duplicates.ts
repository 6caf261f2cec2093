import { duplicateIssue, hasState, isOtherState, type Checksums } from "../items/changeDetection.js";
import type { SourceItem } from "../items/SourceItem.js";
import type { SynchronizationStatistics } from "../items/SynchronizationStatistics.js";
import type { ProvenanceRecord } from "./ProvenanceRecord.js";

/** Finds items that come twice in a run, and reports them. */
export class Duplicates {
  public constructor(
    private readonly _statistics: SynchronizationStatistics,
    private readonly _checksums: Checksums,
  ) {}

  /**
   * Whether an item comes again in another state than the run has seen it in, or without any state after it was written: to
   * be written again, as far as anyone can tell. If so, it is reported.
   */
  public find(record: ProvenanceRecord, item: SourceItem, kind: string): boolean {
    const { seen, elementId } = record;
    if (seen === undefined) return false;
    const isOther = hasState(item) ? isOtherState(item, seen, this._checksums) : record.isWritten;
    if (!isOther) return false;
    this._statistics.duplicates++;
    const issue = duplicateIssue({ ...item, kind }, seen, this._checksums.stateOf(item));
    this._statistics.report({ ...issue, elementId });
    return true;
  }
}
