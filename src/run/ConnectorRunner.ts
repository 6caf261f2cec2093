import { basename, resolve } from "node:path";
import type { IModelDb } from "@itwin/core-backend";
import { BentleyStatus, Logger, type BeEvent } from "@itwin/core-bentley";
import envPaths from "env-paths";
import { ConnectorError, type RunPhase } from "../ConnectorError.js";
import { ConnectorLoggerCategory } from "../ConnectorLoggerCategory.js";
import { ConnectorJobDefArgs } from "../connector/ConnectorJobDefArgs.js";
import type { ITwinConnector } from "../connector/ITwinConnector.js";
import { loadConnector } from "../connector/loadConnector.js";
import { startHost } from "../imodel/host.js";
import type { IModelTarget, JobElements } from "../imodel/IModelTarget.js";
import { fitProjectExtents } from "../imodel/projectExtents.js";
import type { CheckedAttributes } from "../sync/documents/DocumentAttributes.js";
import { SynchronizationStatistics } from "../sync/items/SynchronizationStatistics.js";
import { Synchronizer } from "../sync/Synchronizer.js";
import { checkArguments, isWrapUpOnly } from "./checkArguments.js";
import { connectorFault, faultIn } from "./faults.js";
import { prepareAttributes } from "./documentAttributes.js";
import { documentIdentities, unreadSource, type Source } from "./documentIdentities.js";
import { fetchSource, withoutQuery } from "./fetchSource.js";
import { importConnectorSchemas } from "./importConnectorSchemas.js";
import { Interruption } from "./Interruption.js";
import { parseJobArguments } from "./jobArguments.js";
import { openChannel } from "./jobChannel.js";
import { elementsOfJob } from "./jobElements.js";
import { findJob, findOrInsertJob, type Job, type JobIdentity } from "./jobSubject.js";
import { makeTarget } from "./makeTarget.js";
import { recordSuccess } from "./recordSuccess.js";
import { Releasers } from "./Releasers.js";
import { ProgressReporter, type RunProgress } from "./RunProgress.js";
import type { RunOptions } from "./RunOptions.js";
import { countDocuments, countsOf, type RunResult } from "./RunResult.js";
import type { IModelBankArgs, ServerArgs } from "./ServerArgs.js";
import { Unmapping } from "./Unmapping.js";

/** How the iModel is opened. */
interface OpenOptions {
  /** Whether it may be made. */
  create: boolean;
  /** Tells which part of it is written; without it, or where it does not know, that may be all. */
  findElements?: (imodel: IModelDb) => JobElements | undefined;
}

/**
 * Runs one job: brings what changed in a source into an iModel, through a connector.
 *
 * The phases, in order; docs/life-cycle.md tells what the connector is called for in each:
 * 1. `arguments` are checked, the connector module is `load`ed, the source is `fetch`ed if it is remote, and the connector
 *    is `initialize`d;
 * 2. `open`: the host is started and the iModel opened, or created, through a target;
 * 3. `source`: the connector opens its source and looks at the iModel;
 * 4. `schemas` are imported; the `job`'s Subject is found or inserted; `definitions` are imported;
 * 5. `data`: the connector meets every entity of the source; `deletion`: what was not met is deleted;
 * 6. `finish`: project extents, document states, the record of success, and the commit.
 *
 * A run is all or nothing: before the commit no reader sees any of it, and after a failure at any point the iModel is
 * the one that was there.
 * @beta
 */
export class ConnectorRunner {
  private readonly _args: ConnectorJobDefArgs;
  private readonly _serverArgs?: ServerArgs | IModelBankArgs;
  private readonly _options: RunOptions;
  private readonly _progress = new ProgressReporter();
  private _synchronizer?: Synchronizer;
  private _statistics = new SynchronizationStatistics();
  private _target?: IModelTarget;
  private _connector?: ITwinConnector;
  /** The connector while its source is open. */
  private _reader?: ITwinConnector;
  private _attributes?: CheckedAttributes;
  private _locksAll = false;
  private _description?: string;
  private _error?: ConnectorError;
  private _isDone = false;
  private _isCommitting = false;
  private readonly _interruption = new Interruption();
  private readonly _releasers = new Releasers(this._interruption);

  /**
   * @param jobDefArgs - what to do; copied, so that later changes have no effect
   * @param serverArgs - the versioned iModel to write to, instead of a local one
   * @param options - how to run it
   */
  public constructor(
    jobDefArgs: ConnectorJobDefArgs,
    serverArgs?: ServerArgs | IModelBankArgs,
    options: RunOptions = {},
  ) {
    this._serverArgs = serverArgs;
    this._options = options;
    this._args = Object.assign(new ConnectorJobDefArgs(), jobDefArgs);
  }

  /**
   * A runner for command line arguments: the flags of `connector-runner`, their older spellings (`--fwk-input=` and
   * so on), and `@file` for a file with one argument a line.
   * @throws ConnectorError `usage/...` for arguments that cannot be understood
   */
  public static fromArgs(args: string[]): ConnectorRunner {
    const { jobDefArgs, serverArgs, options } = parseJobArguments(args);
    return new ConnectorRunner(jobDefArgs, serverArgs, options);
  }

  /** Raised when a phase begins and whenever there is news. */
  public get onProgress(): BeEvent<(progress: RunProgress) => void> {
    return this._progress.onProgress;
  }

  /** What the run has done; complete when `synchronize` has resolved. */
  public get result(): RunResult {
    const statistics = this._statistics;
    return {
      status: this._isDone && this._error === undefined ? BentleyStatus.SUCCESS : BentleyStatus.ERROR,
      dryRun: this._options.dryRun ?? false,
      iModelPath: this._target?.path,
      version: this._target?.version,
      iModelIsNew: this._target?.isNew ?? false,
      documents: countDocuments(this._synchronizer?.documents ?? []),
      ...countsOf(statistics),
      changes: statistics.changes,
      issues: statistics.issues,
      unlistedIssues: statistics.unlistedIssues,
      phases: this._progress.phases,
      description: this._description,
      error: this._error,
    };
  }

  /** Where fetched sources and briefcases are kept. There always is such a folder; the required interface says it may not. */
  public getCacheDirectory(): string | undefined {
    return this._options.cacheDirectory ?? envPaths("itwin-connector-framework", { suffix: "" }).cache;
  }

  /**
   * Runs the job. A runner runs once.
   * @returns SUCCESS, or ERROR for a run that failed; `result.error` tells why
   */
  public async synchronize(): Promise<BentleyStatus> {
    if (this._progress.phases.length > 0) throw new Error("a ConnectorRunner runs once; make a new one");
    try {
      await this._interruption.await(this._runWithLocks());
      this._isDone = true;
    } catch (error) {
      this._error = this._describeFailure(this._target?.explain(error) ?? error);
    }
    await this._release();
    if (this._error !== undefined)
      Logger.logError(ConnectorLoggerCategory.Framework, `${this._error.code}: ${this._error.message}`);
    return this.result.status;
  }

  /**
   * Ends the run with an error whatever it is waiting for, so that `synchronize` resolves even where a connector never
   * does. The iModel is as it was then. Too late once the commit has begun.
   * @param reason - becomes the error of the run
   */
  public abort(reason: unknown): void {
    if (!this._isCommitting) this._interruption.interrupt(reason);
  }

  /**
   * Loads the connector. The conformance suite overrides it to make runs fail.
   * @internal
   */
  protected async makeConnector(): Promise<ITwinConnector> {
    return loadConnector(this._args.connectorModule!);
  }

  private _describeFailure(error: unknown): ConnectorError {
    const { phase } = this._progress;
    const known = error instanceof ConnectorError ? error : faultIn(phase, error, this._connectorName);
    known.phase ??= phase;
    return known;
  }

  /** A connector that cannot even say its name is called by its module. */
  private get _connectorName(): string {
    try {
      return this._connector!.getConnectorName();
    } catch {
      return String(this._args.connectorModule);
    }
  }

  /**
   * A run of a known job leaves the rest of a versioned iModel to other jobs. When it turns out to need more than its
   * own part, for a new schema say, it is taken back, and begins anew with the whole iModel for itself.
   */
  private async _runWithLocks(): Promise<void> {
    try {
      await this._run();
      return;
    } catch (error) {
      if (!this._target?.needsWholeLock(error)) throw error;
    }
    Logger.logInfo(ConnectorLoggerCategory.Framework, "beginning anew, with a lock on the whole iModel");
    this._locksAll = true;
    await this._release();
    if (this._error === undefined) await this._run();
  }

  private async _run(): Promise<void> {
    await this._phase("arguments", () => checkArguments(this._args, this._serverArgs, this._options));
    if (this._options.unmap) return this._unmap();
    if (isWrapUpOnly(this._args)) return this._wrapUp();
    const connector = await this._load();
    const source = await this._fetch();
    await this._initialize(connector, source);
    const findElements = (db: IModelDb) => {
      const job = findJob(db, this._identify(connector, source));
      return job && elementsOfJob(db, job);
    };
    const imodel = await this._phase("open", () => this._open(source.path, { create: true, findElements }));
    await this._prepareAttributes(imodel);
    const synchronizer = await this._phase("source", () => this._openSource(connector, imodel, source));
    const { updateDomainSchemas } = this._args;
    await this._phase("schemas", () => importConnectorSchemas(connector, imodel, updateDomainSchemas));
    const job = await this._phase("job", () => this._findJob(connector, synchronizer, source));
    await this._phase("definitions", () => connector.importDefinitions());
    await this._phase("data", () => this._meetEntities(connector));
    if (this._args.doDetectDeletedElements) await this._phase("deletion", () => synchronizer.detectDeletedElements());
    await this._phase("finish", () => this._finish(connector, synchronizer, job));
  }

  /** Takes back what the document brought. The source is not read. */
  private async _unmap(): Promise<void> {
    const source = unreadSource(this._args, this._options);
    const connector = this._args.connectorModule === undefined ? undefined : await this._load();
    if (connector !== undefined) await this._initialize(connector, source);
    const unmapping = new Unmapping(this._args, source, connector && this._identify(connector, source));
    const findElements = (db: IModelDb) => unmapping.findElements(db);
    const imodel = await this._phase("open", () => this._open(source.path, { create: false, findElements }));
    const statistics = (this._statistics = new SynchronizationStatistics());
    const context = { imodel, statistics, beforeWrite: () => this._target!.beforeWrite() };
    const isKnown = await this._phase("deletion", () => unmapping.run(context));
    if (!isKnown) return;
    await this._phase("finish", () => {
      if (this._args.allDocsProcessed) fitProjectExtents(imodel, true);
      return this._save("Document removed");
    });
  }

  /** What needs the finished iModel, and nothing else. */
  private async _wrapUp(): Promise<void> {
    const { path } = unreadSource(this._args, this._options);
    const imodel = await this._phase("open", () => this._open(path, { create: false }));
    await this._phase("finish", async () => {
      fitProjectExtents(imodel, true);
      await this._save("Project extents");
    });
  }

  private async _phase<T>(phase: RunPhase, work: () => Promise<T> | T): Promise<T> {
    Logger.logInfo(ConnectorLoggerCategory.Framework, `phase ${phase}`);
    return this._progress.measure(phase, () => {
      this._interruption.throwIfInterrupted();
      this._target?.ensureRoom();
      return work();
    });
  }

  private async _load(): Promise<ITwinConnector> {
    this._connector = await this._phase("load", () => this.makeConnector());
    return this._connector;
  }

  /** Inputs are read-only: the connector gets arguments of its own, in which the source is the local file. */
  private async _initialize(connector: ITwinConnector, { path }: Source): Promise<void> {
    const args = Object.assign(new ConnectorJobDefArgs(), this._args, { sourcePath: path });
    await this._phase("initialize", () => connector.initialize(args) as unknown);
  }

  private async _fetch(): Promise<Source> {
    const { dmsServerUrl, dmsAccessToken: accessToken, sourcePath } = this._args;
    const { documentName } = this._options;
    if (dmsServerUrl === undefined) return { path: resolve(sourcePath!), name: documentName ?? resolve(sourcePath!) };
    const wanted = { url: dmsServerUrl, accessToken, fileName: sourcePath && basename(sourcePath) };
    const cacheDirectory = this.getCacheDirectory()!;
    const path = await this._phase("fetch", () => fetchSource({ ...wanted, cacheDirectory }));
    return { path, name: documentName ?? withoutQuery(new URL(dmsServerUrl)) };
  }

  private async _open(sourceName: string, { create, findElements }: OpenOptions): Promise<IModelDb> {
    await this._releasers.add(await startHost(this._options));
    const target = makeTarget({
      jobDefArgs: this._args,
      serverArgs: this._serverArgs,
      options: this._options,
      cacheDirectory: this.getCacheDirectory()!,
      sourceName,
    });
    this._target = target;
    const imodel = await target.open(create).finally(() => this._releasers.add(() => target.abandon()));
    await target.lock(this._locksAll ? undefined : findElements);
    return imodel;
  }

  private _identify(connector: ITwinConnector, source: Source): JobIdentity {
    const name = connector.getJobSubjectName(source.name);
    return { name, documentGuid: this._args.documentGuid, connectorName: connector.getConnectorName() };
  }

  /** Before the connector records its document, so that the element of it has its class from the beginning. */
  private async _prepareAttributes(imodel: IModelDb): Promise<void> {
    const { documentAttributes } = this._options;
    if (documentAttributes === undefined) return;
    this._attributes = await this._phase("schemas", () => prepareAttributes(imodel, documentAttributes));
  }

  private _prepare(connector: ITwinConnector, imodel: IModelDb, source: Source): Synchronizer {
    const synchronizer = new Synchronizer(imodel, connector.supportsMultipleFilesPerChannel(), undefined, {
      connectorName: connector.getConnectorName(),
      connectorVersion: connector.getApplicationVersion(),
      jobName: this._identify(connector, source).name,
      documentIdentities: documentIdentities(this._args, this._options, source, this._attributes),
      deferDocumentStates: true,
      beforeWrite: () => this._target!.beforeWrite(),
    });
    connector.synchronizer = synchronizer;
    this._synchronizer = synchronizer;
    this._statistics = synchronizer.statistics;
    synchronizer.onItem.addListener((items) => this._progress.reportItems(items));
    connector.onProgress.addListener((done, total) => this._progress.reportFraction(done, total));
    return synchronizer;
  }

  private async _openSource(connector: ITwinConnector, imodel: IModelDb, source: Source): Promise<Synchronizer> {
    const synchronizer = this._prepare(connector, imodel, source);
    this._reader = connector;
    await this._releasers.add(() => this._closeSource());
    await connector.openSourceData(source.path);
    if ((await connector.onOpenIModel()) === BentleyStatus.SUCCESS) return synchronizer;
    throw new ConnectorError("run/imodel-refused", `${connector.getConnectorName()} does not accept the iModel.`, {
      advice: "See the connector's documentation for what it expects of an iModel.",
    });
  }

  /** Nothing after this needs the source; and what goes wrong with it can still end the run. */
  private async _meetEntities(connector: ITwinConnector): Promise<void> {
    await connector.updateExistingData();
    await this._closeSource();
  }

  private async _closeSource(): Promise<void> {
    const reader = this._reader;
    this._reader = undefined;
    await reader?.closeSourceData();
  }

  private async _findJob(connector: ITwinConnector, synchronizer: Synchronizer, source: Source): Promise<Job> {
    const job = findOrInsertJob(synchronizer.imodel, this._identify(connector, source), connector);
    const channelKey = connector.getChannelKey?.();
    if (channelKey !== undefined) openChannel(synchronizer.imodel, job.subject.id, channelKey);
    synchronizer.job = { subjectId: job.subject.id, configLinkId: job.configLinkId };
    connector.jobSubject = job.subject;
    if (job.isNew) await connector.initializeJob();
    return job;
  }

  private async _finish(connector: ITwinConnector, synchronizer: Synchronizer, job: Job): Promise<void> {
    const isExact = this._args.allDocsProcessed || this._target!.isNew;
    if (this._args.allDocsProcessed || synchronizer.statistics.elementsWritten > 0)
      fitProjectExtents(synchronizer.imodel, isExact);
    synchronizer.settleDocuments();
    if (this._target!.isWorthRecording()) recordSuccess(synchronizer.imodel, job.configLinkId, synchronizer.documents);
    await this._save(this._describeChanges(connector));
  }

  private _describeChanges(connector: ITwinConnector): string {
    try {
      return connector.getDataChangesDescription?.() ?? "Data changes";
    } catch (error) {
      if (error instanceof ConnectorError) throw error;
      throw connectorFault("finish", error, `${this._connectorName} failed while it described what changed`);
    }
  }

  private async _save(changes: string): Promise<void> {
    const { revisionComments } = this._args;
    this._description = revisionComments ? `${revisionComments} - ${changes}` : changes;
    if (this._options.dryRun) return;
    this._isCommitting = true;
    try {
      await this._target!.commit(this._description);
    } finally {
      this._isCommitting = false;
    }
  }

  /** The first error of the run stays the one reported. */
  private async _release(): Promise<void> {
    for (const error of await this._releasers.releaseAll())
      this._error ??= ConnectorError.from(error, this._progress.phase, "run/release-failed");
  }
}
