import type { SynchronizationContext } from "../provenance/SynchronizationContext.js";
import { readPlaces } from "../../imodel/elementQueries.js";
import { hasSucceeded } from "../provenance/JobSubjects.js";
import type { ElementProvenance, Origin } from "../provenance/provenanceQueries.js";
import { DeletionDetector } from "./DeletionDetector.js";
import { DeletionGuard } from "./DeletionGuard.js";
import type { DeletionLimit } from "./DeletionLimit.js";
import { ElementDeleter } from "./ElementDeleter.js";
import { OwnershipRules, type RunDocuments } from "./OwnershipRules.js";
import { PostponedParts } from "./PostponedParts.js";

/** The deletions of one synchronization: what carries them out, by which rules, and within which limit. */
export class RunDeletions {
  public readonly deleter: ElementDeleter;
  public readonly postponed: PostponedParts;
  private readonly _guard: DeletionGuard;
  private _hasOtherJobs?: boolean;

  /** @param _extentOf - tells what the run has recorded so far */
  public constructor(
    private readonly _context: SynchronizationContext,
    private readonly _extentOf: () => RunDocuments,
    limit: DeletionLimit,
  ) {
    this.deleter = new ElementDeleter(_context);
    const hasOtherJobs = () => (this._hasOtherJobs ??= this._ownership.hasOtherJobs());
    this.postponed = new PostponedParts(this.deleter, hasOtherJobs, _context.undo);
    this._guard = new DeletionGuard(_context, limit);
  }

  /** Counts an entity whose element was replaced. */
  public countReplaced(origin: Origin): void {
    this._context.statistics.replaced++;
    this._guard.countReplaced(origin);
  }

  /**
   * Deletes the elements of vanished entities.
   * @throws ConnectorError `run/too-many-deletions`
   */
  public detect(): void {
    this._detector.run();
  }

  /** Deletes what had to wait and is still there, if nothing was detected. */
  public settle(): void {
    if (this.postponed.hasAny) this._detector.deletePostponed();
  }

  /** Whether the element of an item is one of the job's. */
  public isOfJob(item: ElementProvenance): boolean {
    const place = readPlaces(this._context.imodel, [item.elementId]).get(item.elementId);
    return place !== undefined && this._ownership.isOfJob(place, item);
  }

  private get _detector(): DeletionDetector {
    const { deleter, postponed, _ownership: ownership, _guard: guard } = this;
    return new DeletionDetector(this._context, { deleter, ownership, postponed, guard, keepsReferenced: true });
  }

  private get _ownership(): OwnershipRules {
    const { imodel, connectorName, index } = this._context;
    const extent = this._extentOf();
    const { job, documents } = extent;
    return new OwnershipRules(imodel, {
      ...extent,
      connectorName,
      takesUnsourced: () => documents.length === 0 || (job !== undefined && !hasSucceeded(imodel, job.configLinkId)),
      isUsedScope: (scopeId) => index.isUsedScope(scopeId),
      isSeen: (item) => index.isSeen(item),
    });
  }
}
