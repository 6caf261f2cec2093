import type { Subject } from "@itwin/core-backend";
import { BeEvent, BentleyStatus, type AccessToken } from "@itwin/core-bentley";
import type { NotImportedReport } from "../sync/items/NotImportedReports.js";
import type { Synchronizer } from "../sync/Synchronizer.js";
import type { ConnectorJobDefArgs } from "./ConnectorJobDefArgs.js";

/**
 * What brings one kind of source into iModels. A connector author extends it; `ConnectorRunner` calls its members in
 * the order in which they stand in docs/life-cycle.md.
 *
 * A connector throws to end the run: a `ConnectorError` for what a user can fix, anything else for a fault of its
 * own. The iModel is as it was then.
 * @public
 */
export abstract class ITwinConnector {
  /** Raised by `reportProgress`. */
  public readonly onProgress = new BeEvent<(done: number, total: number) => void>();

  private _synchronizer?: Synchronizer;
  private _jobSubject?: Subject;

  /** An id of the application that the connector reads for, as registered with the iTwin Platform, or any other. */
  public abstract getApplicationId(): string;

  /** The version of the connector. Recorded with the job and with each document. */
  public abstract getApplicationVersion(): string;

  /** The name of the connector. Recorded with the job and with each document. */
  public abstract getConnectorName(): string;

  /**
   * The key of the channel that the job works in, the same in every run of the job, and another one for each job. The
   * job's Subject becomes the root of the channel. Without this method the job works in the channel that all share.
   */
  public getChannelKey?(): string;

  /** What changed in this run, in a few words; ends the description under which the run is saved. */
  public getDataChangesDescription?(): string;

  /**
   * The name of the job's Subject: what tells this job from others in the same iModel. It must be the same in every
   * run of the job. Default: the connector's name, a colon and the source.
   * @param sourcePath - the absolute path of the source file, or the URL that it was fetched from, or what the document is
   * called of which that is only a copy
   */
  public getJobSubjectName(sourcePath: string): string {
    return `${this.getConnectorName()}:${sourcePath}`;
  }

  /** Takes the arguments of the job. First of all; there is no iModel yet. */
  // The required interface says `any`: a promise is awaited, anything else is ignored.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  public abstract initialize(params: ConnectorJobDefArgs): any;

  /** Opens the source. `synchronizer` can be used from here on, `jobSubject` not yet. */
  public abstract openSourceData(sourcePath: string): Promise<void>;

  /** Looks at the iModel before anything is written; anything but SUCCESS ends the run. Default: SUCCESS. */
  public async onOpenIModel(): Promise<BentleyStatus> {
    return BentleyStatus.SUCCESS;
  }

  /** Imports the BIS domain schemas that the connector uses. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  public abstract importDomainSchema(requestContext?: AccessToken): Promise<any>;

  /** Imports the schema that is made from the source, or upgrades it. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  public abstract importDynamicSchema(requestContext?: AccessToken): Promise<any>;

  /** Writes what the job needs once, such as its models. Called in the first run of a job only. */
  public abstract initializeJob(): Promise<void>;

  /** Writes the definitions, such as categories, that are not there yet. Called in every run. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  public abstract importDefinitions(): Promise<any>;

  /** Visits every entity of the source: `synchronizer.detectChanges`, then `updateIModel` if it is new or changed. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  public abstract updateExistingData(): Promise<any>;

  /**
   * Closes what `openSourceData` opened. Called once in each run whose `openSourceData` was called: when all entities were
   * visited, or as soon as the run has failed, also if `openSourceData` itself did. Default: nothing.
   */
  public async closeSourceData(): Promise<void> {}

  /**
   * Whether a run may visit only some of the job's files. Deletion keeps to the documents recorded in the run then.
   * Default: false.
   */
  public supportsMultipleFilesPerChannel(): boolean {
    return false;
  }

  /** The job's Subject, under which the connector puts its models. Known from `initializeJob` on. */
  public get jobSubject(): Subject {
    if (this._jobSubject === undefined) throw new Error("jobSubject is not known before initializeJob");
    return this._jobSubject;
  }

  public set jobSubject(subject: Subject) {
    this._jobSubject = subject;
  }

  /** What compares the source with the iModel and writes the difference. Known from `openSourceData` on. */
  public get synchronizer(): Synchronizer {
    if (this._synchronizer === undefined) throw new Error("synchronizer is not known before openSourceData");
    return this._synchronizer;
  }

  public set synchronizer(sync: Synchronizer) {
    this._synchronizer = sync;
  }

  /**
   * Tells how far the current phase is, in any unit: bytes read of the source, say. What it costs is a function call;
   * the display limits itself.
   */
  protected reportProgress(done: number, total: number): void {
    this.onProgress.raiseEvent(done, total);
  }

  /**
   * Reports that something of the source is not imported, because the connector does not support it or cannot make sense of
   * it. The run goes on; its result sums up the reports by `what` and `reason`, with the first example. With the option
   * `strict` such a run fails. It is cheap enough to be called for each of a million objects; possible from
   * `openSourceData` on.
   *
   * Report the same in each run that reads the document, whether or not an entity changed: the framework keeps the sum with
   * the document, and repeats it for a run in which the document is unchanged.
   * @throws Error if a text is missing, or the count is not a whole number
   */
  protected reportNotImported(report: NotImportedReport): void {
    this.synchronizer.reportNotImported(report);
  }
}
