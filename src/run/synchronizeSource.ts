import { basename, resolve } from "node:path";
import type { IModelDb } from "@itwin/core-backend";
import { BentleyStatus } from "@itwin/core-bentley";
import { ConnectorError } from "../ConnectorError.js";
import type { ITwinConnector } from "../connector/ITwinConnector.js";
import { fitProjectExtents } from "../imodel/projectExtents.js";
import { readDeletionLimit } from "../sync/deletion/DeletionLimit.js";
import type { CheckedAttributes } from "../sync/documents/DocumentAttributes.js";
import { Synchronizer } from "../sync/Synchronizer.js";
import { hasEnded } from "./abortable.js";
import { prepareAttributes } from "./documentAttributes.js";
import { documentIdentities, fetchedSource, localSource, type Source } from "./documentIdentities.js";
import { refuseOtherQuery } from "./documentQuery.js";
import { fetchSource } from "./fetchSource.js";
import { importConnectorSchemas } from "./importConnectorSchemas.js";
import { openChannel } from "./jobChannel.js";
import { elementsOfJob } from "./jobElements.js";
import { findJob, findOrInsertJob, type Job } from "./jobSubject.js";
import { refuseNotImported } from "./refuseNotImported.js";
import { recordSuccess } from "./recordSuccess.js";
import type { OpenedIModel, RunAttempt } from "./RunAttempt.js";

/** What the phases after `open` work with. */
interface Synchronization extends OpenedIModel {
  attempt: RunAttempt;
  connector: ITwinConnector;
  source: Source;
}

/** Synchronizes a source with the iModel: all phases from `load` to `finish`. */
export async function synchronizeSource(attempt: RunAttempt): Promise<void> {
  const connector = await attempt.load();
  const source = await fetch(attempt);
  await attempt.initialize(connector, source);
  const findElements = (db: IModelDb) => {
    const job = findJob(db, attempt.identify(connector, source));
    return job && elementsOfJob(db, job);
  };
  const opened = await attempt.open(source.path, { create: true, findElements });
  await synchronizeOpened({ attempt, connector, source, ...opened });
}

async function synchronizeOpened(synchronization: Synchronization): Promise<void> {
  const { attempt, connector, imodel } = synchronization;
  const { updateDomainSchemas, doDetectDeletedElements } = attempt.run.args;
  const attributes = await checkAttributes(synchronization);
  const { synchronizer, closeSource } = await attempt.phase("source", () => openSource(synchronization, attributes));
  await attempt.phase("schemas", () => importConnectorSchemas(connector, imodel, updateDomainSchemas));
  const job = await attempt.phase("job", () => beginJob(synchronization, synchronizer));
  await attempt.phase("definitions", () => connector.importDefinitions());
  await attempt.phase("data", async () => {
    await connector.updateExistingData();
    await closeSource(); // nothing after this needs the source, and a failure here can still end the run
  });
  if (doDetectDeletedElements) await attempt.phase("deletion", () => synchronizer.detectDeletedElements());
  await attempt.phase("finish", () => finish(synchronization, synchronizer, job));
}

/** The local file of the source, which is fetched if it is remote. */
async function fetch(attempt: RunAttempt): Promise<Source> {
  const { args, options, cacheDirectory, opened, signal } = attempt.run;
  const { dmsServerUrl, dmsAccessToken: accessToken, sourcePath } = args;
  if (dmsServerUrl === undefined) return localSource(resolve(sourcePath ?? ""), options);
  const fileName = sourcePath && basename(sourcePath);
  const wanted = { url: dmsServerUrl, accessToken, fileName, cacheDirectory, signal };
  const path = await attempt.phase("fetch", async () => {
    const fetching = fetchSource(wanted);
    await opened.add(() => hasEnded(fetching)); // an aborted run waits until what was fetched is removed
    return fetching;
  });
  return fetchedSource(path, dmsServerUrl, options);
}

/** Comes before the connector records its document, so that the document's element has its class from the beginning. */
async function checkAttributes({ attempt, imodel }: Synchronization): Promise<CheckedAttributes | undefined> {
  const { documentAttributes } = attempt.run.options;
  return documentAttributes && attempt.phase("schemas", () => prepareAttributes(imodel, documentAttributes));
}

function prepare(
  { attempt, connector, source, imodel, target }: Synchronization,
  attributes: CheckedAttributes | undefined,
): Synchronizer {
  const { options, progress } = attempt.run;
  const [connectorName, connectorVersion] = [connector.getConnectorName(), connector.getApplicationVersion()];
  const { name: jobName } = attempt.identify(connector, source);
  const synchronizer = new Synchronizer(imodel, connector.supportsMultipleFilesPerChannel(), undefined, {
    connectorName,
    connectorVersion,
    jobName,
    documentIdentities: documentIdentities(attempt.run, source, attributes),
    deferDocumentStates: true,
    trustsFindings: attempt.trustsFindings,
    schemaContract: options.schemaContract,
    deletionLimit: readDeletionLimit(options.maxDeletions),
    beforeWrite: () => target.beforeWrite(),
  });
  connector.synchronizer = synchronizer;
  attempt.follow(synchronizer, { name: jobName, connector: connectorName, connectorVersion });
  connector.onProgress.addListener((done, total) => progress.reportFraction(done, total));
  return synchronizer;
}

/** An open source, and what synchronizes it. */
interface OpenedSource {
  synchronizer: Synchronizer;
  /** Closes the source. At the end of the run it is closed anyway; it closes only once. */
  closeSource: () => Promise<void>;
}

/** Lets the connector open its source and look at the iModel. */
async function openSource(
  synchronization: Synchronization,
  attributes: CheckedAttributes | undefined,
): Promise<OpenedSource> {
  const { attempt, connector, source, imodel } = synchronization;
  refuseOtherQuery(imodel, attempt.identify(connector, source).document);
  const synchronizer = prepare(synchronization, attributes);
  const closeSource = once(() => connector.closeSourceData());
  await attempt.run.opened.add(closeSource);
  await connector.openSourceData(source.path);
  if ((await connector.onOpenIModel()) === BentleyStatus.SUCCESS) return { synchronizer, closeSource };
  throw new ConnectorError("run/imodel-refused", `${connector.getConnectorName()} does not accept the iModel.`, {
    advice: "See the connector's documentation for what it expects of an iModel.",
  });
}

function once(work: () => Promise<void>): () => Promise<void> {
  let isDone = false;
  return async () => {
    if (isDone) return;
    isDone = true;
    await work();
  };
}

async function beginJob(
  { attempt, connector, source, imodel }: Synchronization,
  synchronizer: Synchronizer,
): Promise<Job> {
  const job = findOrInsertJob(imodel, attempt.identify(connector, source), connector);
  const channelKey = connector.getChannelKey?.();
  if (channelKey !== undefined) openChannel(imodel, job.subject.id, channelKey);
  synchronizer.job = { subjectId: job.subject.id, configLinkId: job.configLinkId };
  connector.jobSubject = job.subject;
  if (job.isNew) await connector.initializeJob();
  return job;
}

async function finish(
  { attempt, connector, imodel, target }: Synchronization,
  synchronizer: Synchronizer,
  { configLinkId }: Job,
): Promise<void> {
  const { allDocsProcessed } = attempt.run.args;
  const { strict, clampZExtent } = attempt.run.options;
  if (allDocsProcessed || synchronizer.statistics.elementsWritten > 0)
    fitProjectExtents(imodel, { isExact: allDocsProcessed || target.isNew, clampZExtent });
  if (strict) refuseNotImported(synchronizer.statistics);
  synchronizer.settleDocuments();
  if (target.isWorthRecording()) recordSuccess(imodel, configLinkId, synchronizer.documents);
  await attempt.save(target, describeChanges(attempt, connector));
}

function describeChanges(attempt: RunAttempt, connector: ITwinConnector): string {
  try {
    return connector.getDataChangesDescription?.() ?? "Data changes";
  } catch (error) {
    throw attempt.describeConnectorFault("finish", error, "failed while it described what changed");
  }
}
