/** The entry of the process in which connectors run: whatever they do to it, the service lives on. */
import { ConnectorError } from "itwin-connector-framework";
import { ConnectorJobDefArgs } from "itwin-connector-framework";
import { startHost } from "itwin-connector-framework/internal";
import { ConnectorRunner } from "itwin-connector-framework";
import { guardProcess } from "itwin-connector-framework/internal";
import { readJson } from "itwin-connector-framework/internal";
import type { RunOptions } from "itwin-connector-framework";
import type { RunProgress } from "itwin-connector-framework";
import type { RunResult } from "itwin-connector-framework";
import { IModelBankArgs } from "itwin-connector-framework";
import { endWithParent } from "../../platform/process/endWithParent.js";
import { describeError } from "./describeError.js";
import type { ConnectorMessage, ConnectorReport, ConnectorTask, DocumentOptions, WorkerMessage } from "./messages.js";

/** News of progress are sent as often as this, in milliseconds, and when a phase begins. */
const progressInterval = 500;

/** The lease of the run keeps others away: a lock that is in the way is that of a process that is just ending. */
const lockWait = { lockRetries: 20, lockRetryDelay: 500 };

let running: ConnectorRunner | undefined;

endWithParent();
await startHost();
process.on("message", (message: WorkerMessage) => {
  if (message.kind === "start") void run(message.task);
  else running?.abort(new ConnectorError(message.code, message.reason));
});

async function run(task: ConnectorTask): Promise<void> {
  const runner = makeRunner({ ...task, document: await withSchema(task) });
  running = runner;
  runner.onProgress.addListener(throttled((progress) => send({ kind: "progress", progress })));
  process.channel?.unref(); // so that a connector that waits for nothing is noticed
  await guardProcess(
    () => runner.synchronize(),
    (error) => runner.abort(error),
  );
  process.channel?.ref();
  running = undefined;
  send(toMessage(runner.result));
}

/** Of the schema a stranger is the author, so that it is read here. */
async function withSchema({ document, attributeSchemaPath }: ConnectorTask): Promise<DocumentOptions> {
  const { documentAttributes } = document;
  if (documentAttributes === undefined || attributeSchemaPath === undefined) return document;
  const schema = Object(await readJson(attributeSchemaPath)) as object;
  return { ...document, documentAttributes: { ...documentAttributes, schema } };
}

function makeRunner({ connectorModule, argsJson, sourcePath, documentGuid, ...task }: ConnectorTask): ConnectorRunner {
  const args = { connectorModule, argsJson, settings: task.connectorSettings, sourcePath, documentGuid };
  const bank = { url: task.bankUrl, iModelId: task.iModelId };
  const options: RunOptions = {
    ...task.document,
    ...task.runOptions,
    ...lockWait,
    cacheDirectory: task.cacheDirectory,
  };
  return new ConnectorRunner(
    Object.assign(new ConnectorJobDefArgs(), args),
    Object.assign(new IModelBankArgs(), bank),
    options,
  );
}

function throttled(tell: (progress: RunProgress) => void): (progress: RunProgress) => void {
  let last: { at: number; phase?: string } = { at: 0 };
  return (progress) => {
    const at = Date.now();
    if (progress.phase === last.phase && at - last.at < progressInterval) return;
    last = { at, phase: progress.phase };
    tell(progress);
  };
}

function toMessage(result: RunResult): ConnectorMessage {
  const { documents, counts, skipped, elements, relationships, changes, error } = result;
  const { issues, unlistedIssues, readAs, notImported, unlistedNotImported, phases, description } = result;
  const report: ConnectorReport = {
    documents,
    counts,
    skipped,
    elements,
    relationships,
    changes,
    issues,
    unlistedIssues,
    readAs,
    notImported,
    unlistedNotImported,
    phases,
    description,
  };
  if (error === undefined) return { kind: "done", report };
  return { kind: "failed", report, error: describeError(error, "finish", "run/failed") };
}

function send(message: ConnectorMessage): void {
  process.send?.(message, undefined, undefined, () => {}); // without a worker there is nobody to tell
}
