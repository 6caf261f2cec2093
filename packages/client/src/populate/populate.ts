import { ClientError } from "../ClientError.js";
import type { Run } from "../types.js";
import { inStep } from "../explain.js";
import { collect } from "../http/api.js";
import type { ConnectionOptions } from "../connections/ConnectionsClient.js";
import { runToEnd, type RunProgress, type RunToEndOptions } from "../runToEnd.js";
import type { ServiceClient } from "../ServiceClient.js";
import type { UploadSource } from "../upload/UploadSource.js";
import { checkFiles, pathOf, type CheckedFile, type PopulateFile } from "./checkFiles.js";
import { connectFiles, type UploadedFile } from "./connectFiles.js";
import { outcomesOf, tasksOf, type RunOutcome } from "../outcomes.js";
import { RootFolder } from "./RootFolder.js";

/** News of `populate`: bytes of a file were uploaded (`upload`), or one of the steps of a run. */
export type PopulateProgress = { step: "upload"; name: string; bytes: number; totalBytes: number } | RunProgress;

/** The files to bring into an iModel, and how to wait for the end of the run. */
export interface PopulateOptions extends RunToEndOptions {
  /** The client of the service. */
  client: ServiceClient;
  /** The id of the iTwin that stores the files. Default: the iTwin of the iModel. */
  iTwinId?: string;
  /** The id of the iModel. */
  iModelId: string;
  /** The files, each with its own name. */
  files: PopulateFile[];
  /**
   * Options of the runs of the connection that has the files. They stay with it; options that are not given stay as they
   * are. Only services of this framework know them. Default: none are set.
   */
  runOptions?: ConnectionOptions;
  /** Called whenever there is news. */
  onProgress?: (progress: PopulateProgress) => void;
}

/**
 * The result of `populate`. `files` holds the given files in their order and, if you waited for the end of the run, the other
 * files of the connection after them.
 */
export interface PopulateResult extends RunOutcome {
  /** The id of the iTwin that stores the files. */
  iTwinId: string;
  /** The id of the iModel. */
  iModelId: string;
  /** The id of the storage connection that has the files. */
  connectionId: string;
  /** The options that its runs have. */
  runOptions: ConnectionOptions;
}

/**
 * Brings files into an iModel in the eight steps of the platform's synchronization workflow: finds the root folder, creates,
 * uploads and completes each file, connects the files with the iModel, runs the connection, and follows the run to its end.
 *
 * You can repeat it at any time, also after a failure. A stored file of the same name gets new content, and a connection that
 * has the files is used again, so that nothing is imported twice.
 * @throws ClientError `usage/...` before anything is sent; `client/...`, which names the step that failed
 */
export async function populate(options: PopulateOptions): Promise<PopulateResult> {
  const { client, iModelId, signal, onProgress } = options;
  const checked = checkFiles(options.files);
  const iTwinId = await inStep("looking for the iModel", async () => findITwin(options));
  const folder = await inStep("looking for the root folder", async () =>
    RootFolder.open(client.storage, iTwinId, { ...client.retry, signal }),
  );
  const uploaded: UploadedFile[] = [];
  for (const file of checked) uploaded.push(await upload(options, folder, file));
  const request = { iModelId, files: uploaded, runOptions: options.runOptions };
  const { connectionId, runOptions, files, others } = await inStep("connecting the files with the iModel", async () =>
    connectFiles(client.storageConnections, request, { ...client.retry, signal }),
  );
  const given = files.map(({ source, connectorType, stored }) => ({ name: source.name, connectorType, id: stored.id }));
  const runFiles = [...given, ...others];
  onProgress?.({ step: "files", connectionId, files: runFiles });
  const { url, isNew, run } = await runToEnd(
    client,
    { connections: client.storageConnections, connectionId },
    async () => client.storageConnections.run(connectionId, { signal }),
    (seen) => seen.connectionId === connectionId && isOfContent(seen, files),
    options,
  );
  const result = run?.result ?? "Undetermined";
  const outcomes = outcomesOf(run === undefined ? given : runFiles, run);
  return { iTwinId, iModelId, connectionId, runOptions, runUrl: url, isNewRun: isNew, result, files: outcomes, run };
}

/** Checks that the iModel exists before anything is uploaded. Its connections can be read with fewer rights than the iModel. */
async function findITwin({ client, iTwinId, iModelId, signal }: PopulateOptions): Promise<string> {
  if (iTwinId === undefined) return (await client.getIModel(iModelId, { signal })).iTwinId;
  await collect(client.storageConnections.list(iModelId, { signal }));
  return iTwinId;
}

/** Steps 2 to 4. */
async function upload(
  { client, signal, onProgress }: PopulateOptions,
  folder: RootFolder,
  file: CheckedFile,
): Promise<UploadedFile> {
  const { source } = file;
  const { name } = source;
  return inStep(`uploading ${name}`, async () => {
    const pending = await folder.beginUpload(name);
    await client.storage.upload(pending, source, {
      signal,
      onProgress: (bytes, totalBytes) => onProgress?.({ step: "upload", name, bytes, totalBytes }),
    });
    const stored = await client.storage.complete(pending.fileId, { signal });
    if (stored.size !== source.size) throw incomplete(source, stored.size);
    return { ...file, stored };
  });
}

function incomplete(source: UploadSource, arrived: number): ClientError {
  const message = `Only ${arrived} of ${source.size} bytes arrived in the Storage.`;
  return new ClientError("client/incomplete-upload", message, {
    file: pathOf(source),
    advice: "Try again, and make sure that nobody else uploads the same file.",
  });
}

/** Whether a run that another client requested began after these files were uploaded. */
function isOfContent(run: Run, files: readonly UploadedFile[]): boolean {
  const begin = Date.parse(run.startDateTime ?? "");
  const seen = new Set(tasksOf(run).map(({ storageFileId }) => storageFileId));
  return files.every(({ stored }) => seen.has(stored.id) && begin >= Date.parse(stored.lastModifiedDateTime));
}
