import { resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { IModelDb } from "@itwin/core-backend";
import { Logger } from "@itwin/core-bentley";
import { ConnectorError, type RunPhase } from "../ConnectorError.js";
import { ConnectorLoggerCategory } from "../ConnectorLoggerCategory.js";
import { ConnectorJobDefArgs } from "../connector/ConnectorJobDefArgs.js";
import type { ITwinConnector } from "../connector/ITwinConnector.js";
import { startHost } from "../imodel/host.js";
import type { IModelTarget, JobElements } from "../imodel/IModelTarget.js";
import { SynchronizationStatistics } from "../sync/items/SynchronizationStatistics.js";
import { OutdatedFindings } from "../sync/documents/DocumentFindings.js";
import type { Synchronizer } from "../sync/Synchronizer.js";
import { hasEnded } from "./abortable.js";
import { runDocument, type Source } from "./documentIdentities.js";
import { connectorFault, faultIn } from "./faults.js";
import type { JobIdentity } from "./jobSubject.js";
import { makeTarget } from "./makeTarget.js";
import type { OpenedResources } from "./OpenedResources.js";
import { RejectsFile } from "./RejectsFile.js";
import type { RunOptions } from "./RunOptions.js";
import type { ProgressReporter } from "./RunProgress.js";
import { countDocuments, countsOf, type RunJob, type RunResult } from "./RunResult.js";
import type { IModelBankArgs, ServerArgs } from "./ServerArgs.js";

/** What the attempts of a run share. */
export interface RunContext {
  readonly args: Readonly<ConnectorJobDefArgs>;
  readonly serverArgs: ServerArgs | IModelBankArgs | undefined;
  readonly options: RunOptions;
  /** Where fetched sources and briefcases are kept. */
  readonly cacheDirectory: string;
  readonly progress: ProgressReporter;
  readonly opened: OpenedResources;
  /** Aborted when the run ends at once. */
  readonly signal: AbortSignal;
  readonly makeConnector: () => Promise<ITwinConnector>;
  /** Where the iModel as it was before the run is kept, if it is. */
  copyBeforeTo?: string;
}

/** How an iModel is opened. */
interface OpenOptions {
  /** Whether it may be created. */
  create: boolean;
  /** Finds the part of it that is written. Without this, or where it finds none, all of it may be written. */
  findElements?: (imodel: IModelDb) => JobElements | undefined;
}

/** An iModel that an attempt writes to, and how it is committed. */
export interface OpenedIModel {
  imodel: IModelDb;
  target: IModelTarget;
}

/** How an attempt differs from the first one. */
export interface AttemptOptions {
  /** Whether it locks the whole iModel, not only the part that belongs to the job. */
  readonly locksAll: boolean;
  /** Whether the connector may rely on what the last run has found out about its source. */
  readonly trustsFindings: boolean;
}

/** What an attempt contributes to the result of its run. */
type AttemptResult = Omit<RunResult, "status" | "dryRun" | "phases" | "error">;

/**
 * One attempt at a run: what it has opened, and the steps that every sort of run takes. A run that turns out to need the
 * whole iModel for itself, or whose connector relied on findings that no longer hold, makes another attempt, which shares no
 * state with the first.
 */
export class RunAttempt {
  private _target?: IModelTarget;
  private _connector?: ITwinConnector;
  private _synchronizer?: Synchronizer;
  private _description?: string;
  private _job?: RunJob;
  private _rejects?: RejectsFile;
  private _isCommitting = false;
  private readonly _statistics = new SynchronizationStatistics();

  public constructor(
    public readonly run: RunContext,
    private readonly _options: AttemptOptions,
  ) {}

  /** Whether the connector may rely on what the last run has found out about its source. */
  public get trustsFindings(): boolean {
    return this._options.trustsFindings;
  }

  /** What it counts, as long as no Synchronizer counts. */
  public get statistics(): SynchronizationStatistics {
    return this._synchronizer?.statistics ?? this._statistics;
  }

  /** Whether it makes its changes visible right now, which nothing may interrupt. */
  public get isCommitting(): boolean {
    return this._isCommitting;
  }

  /** What it has done so far. */
  public get result(): AttemptResult {
    const { changes, issues, unlistedIssues, skipped, readAs, notImported, unlistedNotImported } = this.statistics;
    return {
      job: this._job,
      iModelPath: this._target?.path,
      version: this._target?.version,
      iModelIsNew: this._target?.isNew ?? false,
      documents: countDocuments(this._synchronizer?.documents ?? []),
      ...countsOf(this.statistics),
      skipped,
      changes,
      issues,
      unlistedIssues,
      readAs,
      notImported,
      unlistedNotImported,
      description: this._description,
    };
  }

  /** Carries out one phase of the run. */
  public async phase<T>(phase: RunPhase, work: () => Promise<T> | T): Promise<T> {
    Logger.logInfo(ConnectorLoggerCategory.Framework, `phase ${phase}`);
    await setImmediate(); // signals of the user are heard only when the event loop turns
    return this.run.progress.measure(phase, () => {
      this.run.signal.throwIfAborted();
      this._target?.ensureRoom();
      return work();
    });
  }

  /** Prepares the file for entities that are skipped. */
  public async openRejects(): Promise<void> {
    const { options, opened } = this.run;
    if (options.rejects === undefined) return;
    const rejects = new RejectsFile(resolve(options.rejects));
    this._rejects = rejects;
    await opened.add(async () => rejects.close());
  }

  /** Loads the connector. */
  public async load(): Promise<ITwinConnector> {
    this._connector = await this.phase("load", () => this.run.makeConnector());
    return this._connector;
  }

  /** Inputs are read-only: the connector gets a copy of the arguments, in which the source is the local file. */
  public async initialize(connector: ITwinConnector, { path }: Source): Promise<void> {
    const args = Object.assign(new ConnectorJobDefArgs(), this.run.args, { sourcePath: path });
    await this.phase("initialize", () => connector.initialize(args) as unknown);
  }

  /** How the job of a connector is found in an iModel. */
  public identify(connector: ITwinConnector, source: Source): JobIdentity {
    const name = connector.getJobSubjectName(source.name);
    const document = runDocument(this.run, source);
    return { name, connectorName: connector.getConnectorName(), document };
  }

  /** Opens or creates the iModel, and locks the part of it that is written. */
  public async open(sourceName: string, options: OpenOptions): Promise<OpenedIModel> {
    return this.phase("open", () => this._open(sourceName, options));
  }

  /** From here on, what the Synchronizer counts is the result, and the entities that it rejects are written down. */
  public follow(synchronizer: Synchronizer, job: RunJob): void {
    this._synchronizer = synchronizer;
    this._job = job;
    synchronizer.statistics.onReject.addListener((item) => this._rejects?.add(item));
    synchronizer.onItem.addListener((items) => this.run.progress.reportItems(items));
  }

  /** Makes what was written visible. A dry run stops here. */
  public async save(target: IModelTarget, changes: string): Promise<void> {
    const { revisionComments } = this.run.args;
    this._description = revisionComments ? `${revisionComments} - ${changes}` : changes;
    this._rejects?.check();
    if (this.run.options.dryRun) return;
    this._isCommitting = true;
    try {
      await target.commit(this._description);
    } finally {
      this._isCommitting = false;
    }
  }

  /** How a run goes on that such an error has ended; undefined where the error is the end. */
  public optionsAfter(error: unknown): AttemptOptions | undefined {
    if (error instanceof OutdatedFindings && this.trustsFindings) return { ...this._options, trustsFindings: false };
    return !this._options.locksAll && this._needsWholeLock(error) ? { ...this._options, locksAll: true } : undefined;
  }

  /** The error that users see for whatever ended the attempt. */
  public describeFailure(error: unknown): ConnectorError {
    const { phase } = this.run.progress;
    const cause = this._target?.explain(error) ?? error;
    const known = cause instanceof ConnectorError ? cause : faultIn(phase, cause, this._connectorName);
    known.phase ??= phase;
    return known;
  }

  /** The same for an error that is known to come from the connector. */
  public describeConnectorFault(phase: RunPhase, error: unknown, what: string): ConnectorError {
    return error instanceof ConnectorError ? error : connectorFault(phase, error, `${this._connectorName} ${what}`);
  }

  /** Whether the attempt failed because it writes to more than its own part of a versioned iModel. */
  private _needsWholeLock(error: unknown): boolean {
    return this._target?.needsWholeLock(error) ?? false;
  }

  private async _open(sourceName: string, { create, findElements }: OpenOptions): Promise<OpenedIModel> {
    const { args, serverArgs, options, cacheDirectory, opened } = this.run;
    await opened.add(await startHost(options));
    const target = makeTarget({ jobDefArgs: args, serverArgs, options, cacheDirectory, sourceName });
    this._target = target;
    const opening = target.open(create).finally(() => opened.add(() => target.abandon()));
    await opened.add(() => hasEnded(opening)); // an aborted run does not leave a briefcase behind that is half made
    const imodel = await opening;
    await target.lock(this._options.locksAll ? undefined : findElements);
    if (this.run.copyBeforeTo !== undefined) target.copyBefore(this.run.copyBeforeTo);
    return { imodel, target };
  }

  /** A connector that cannot say its name is called by its module. */
  private get _connectorName(): string {
    try {
      return this._connector?.getConnectorName() ?? String(this.run.args.connectorModule);
    } catch {
      return String(this.run.args.connectorModule);
    }
  }
}
