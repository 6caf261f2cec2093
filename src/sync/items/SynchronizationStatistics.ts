import { BeEvent, type Id64String } from "@itwin/core-bentley";
import type { SourceLocation } from "../../ConnectorError.js";
import type { NotImported } from "./NotImportedLedger.js";
import { NotImportedReports, type NotImportedReport } from "./NotImportedReports.js";
import type { RejectedItem } from "./RejectedItem.js";

/**
 * One source item that was written or deleted.
 * @public
 */
export interface ItemChange {
  /** What was done with its element. */
  change: "inserted" | "updated" | "replaced" | "deleted";
  /** The kind of the item. */
  kind: string;
  /** The identifier of the item within its scope and kind. */
  identifier: string;
  /** The element that stands, or stood, for it. */
  elementId: Id64String;
}

/**
 * How grave an issue is: an error, something that was left out or replaced (`Critical`), a warning, or just information.
 * @public
 */
export type IssueLevel = "Error" | "Critical" | "Warning" | "Info";

/**
 * Something that a user should know about a run that went on.
 * @public
 */
export interface RunIssue {
  /** Stable code, such as `sync/definition-in-use`. */
  code: string;
  /** One sentence for the user. It says where, if the place is known. */
  message: string;
  /** The element that it is about. */
  elementId?: Id64String;
  /** How grave it is. Default: what is usual for the code. */
  level?: IssueLevel;
  /** Where in the source it lies. */
  source?: SourceLocation;
  /** One sentence that tells the user what to do. */
  advice?: string;
}

/** So many changes and issues are listed one by one; all are counted. */
const listedChanges = 100;
const listedIssues = 1000;

/**
 * What a Synchronizer has done.
 * @public
 */
export class SynchronizationStatistics {
  /** Source items that the iModel did not know. */
  public new = 0;
  /** Source items with another content than before, replaced ones included. */
  public changed = 0;
  /** Source items that were recognized as unchanged; nothing was written for them. */
  public unchanged = 0;
  /** Source items that vanished and whose elements were deleted. */
  public deleted = 0;
  /** Changed items whose element had to be deleted and inserted, because its class or model changed. */
  public replaced = 0;
  /** Source items that were skipped, so that the iModel does not hold them in their present state. */
  public skipped = 0;
  /** Elements inserted, parts included. */
  public elementsInserted = 0;
  /** Elements updated, parts included. */
  public elementsUpdated = 0;
  /** Elements deleted, parts included. */
  public elementsDeleted = 0;
  /** Link-table relationships inserted. Those that go with an element do not count as deleted. */
  public relationshipsInserted = 0;
  /** Link-table relationships whose properties changed. */
  public relationshipsUpdated = 0;
  /** Link-table relationships that an entity no longer gives. */
  public relationshipsDeleted = 0;
  /** The first hundred changes, one by one. */
  public readonly changes: ItemChange[] = [];
  /** What the user should know, the first thousand. */
  public readonly issues: RunIssue[] = [];
  /** How many more issues there were. */
  public unlistedIssues = 0;
  /** How the source was read where it leaves that open, a sentence without a full stop for each table or file. */
  public readonly readAs: string[] = [];
  /**
   * Source items that came again in another state.
   * @internal
   */
  public duplicates = 0;
  /**
   * The first source item that was skipped.
   * @internal
   */
  public firstRejected?: RejectedItem;
  /** Raised for each source item that was skipped. */
  public readonly onReject = new BeEvent<(item: RejectedItem) => void>();
  private readonly _notImported = new NotImportedReports();

  /** What connectors reported as not imported, most frequent first: a thousand combinations of what and reason at most. */
  public get notImported(): readonly NotImported[] {
    return this._notImported.sum.entries;
  }

  /** How many things more were not imported. */
  public get unlistedNotImported(): number {
    return this._notImported.sum.unlisted;
  }

  /** Elements inserted, updated and deleted. Zero where nothing changed. */
  public get elementsWritten(): number {
    return this.elementsInserted + this.elementsUpdated + this.elementsDeleted;
  }

  /** Source items that were looked at. */
  public get items(): number {
    return this.new + this.changed + this.unchanged;
  }

  /**
   * Takes in that something was not imported of a document. {@link Synchronizer.reportNotImported} knows which document.
   * @internal
   */
  public reportNotImported(report: NotImportedReport, linkId: Id64String | undefined): void {
    this._notImported.add(report, linkId);
  }

  /**
   * Takes in what an earlier run did not import of a document that is unchanged.
   * @internal
   */
  public recallNotImported(linkId: Id64String, kept: { entries: readonly NotImported[]; unlisted: number }): void {
    this._notImported.recall(linkId, kept);
  }

  /**
   * What this run did not import of a document.
   * @internal
   */
  public notImportedOf(linkId: Id64String): { entries: readonly NotImported[]; unlisted: number } {
    const { entries, unlisted } = this._notImported.of(linkId);
    return { entries, unlisted };
  }

  /** Reports something that the user should know. */
  public report(issue: RunIssue): void {
    if (this.issues.length < listedIssues) this.issues.push(issue);
    else this.unlistedIssues++;
  }

  /** Counts a source item that was skipped, and hands it to who collects them. The issue is reported apart from it. */
  public reject(item: RejectedItem): void {
    this.skipped++;
    this.firstRejected ??= item;
    this.onReject.raiseEvent(item);
  }

  /**
   * Notes what was counted, listed and reported so far.
   * @returns what takes back all that comes later, except for what was not imported
   * @internal
   */
  public mark(): () => void {
    const counts = Object.entries(this).filter(([, value]) => typeof value === "number");
    const [changes, issues] = [this.changes.length, this.issues.length];
    return () => {
      Object.assign(this, Object.fromEntries(counts));
      this.changes.length = changes;
      this.issues.length = issues;
    };
  }

  /** Lists a change, while there is room. */
  public list(change: ItemChange): void {
    if (this.changes.length < listedChanges) this.changes.push(change);
  }
}
