import { ClientError } from "../ClientError.js";
import type { Run } from "../api/types.js";
import { inStep } from "../explain.js";
import { collect } from "../http/api.js";
import { runToEnd, type RunProgress, type RunToEndOptions } from "../runToEnd.js";
import type { SourceFileOnDisk } from "../SourceFileOnDisk.js";
import type { ServiceClient } from "../ServiceClient.js";
import { checkFiles, type CheckedFile, type PopulateFile } from "./checkFiles.js";
import { connectFiles, type UploadedFile } from "./connectFiles.js";
import { outcomesOf, tasksOf, type RunOutcome } from "../outcomes.js";
import { RootFolder } from "./RootFolder.js";

/** What has happened. */
export type PopulateProgress = { step: "upload"; name: string; bytes: number; totalBytes: number } | RunProgress;

/** What to bring into which iModel. */
export interface PopulateOptions extends RunToEndOptions {
  client: ServiceClient;
  /** Default: that of the iModel. */
  iTwinId?: string;
  iModelId: string;
  files: PopulateFile[];
  onProgress?: (progress: PopulateProgress) => void;
}

/**
 * What came of it. The files are those that were given, in their order; where the end was waited for, then the others that
 * the connection has.
 */
export interface PopulateResult extends RunOutcome {
  iTwinId: string;
  iModelId: string;
  connectionId: string;
}

/**
 * Brings files into an iModel, in the eight steps of the platform's synchronization workflow: finds the root folder, creates,
 * uploads and completes each file, connects them with the iModel, runs the connection, and follows the run to its end.
 *
 * It can be repeated at any time, and after any failure: a file of the same name gets new content, and a connection that has
 * the files is used again, so that nothing comes twice.
 * @throws ClientError `usage/...` before anything is sent; `client/...` with the step that failed
 */
export async function populate(options: PopulateOptions): Promise<PopulateResult> {
  const { client, iModelId, signal, onProgress } = options;
  const checked = await checkFiles(options.files);
  const iTwinId = await inStep("looking for the iModel", async () => findITwin(options));
  const folder = await inStep("looking for the root folder", async () =>
    RootFolder.open(client.storage, iTwinId, { ...client.retry, signal }),
  );
  const uploaded: UploadedFile[] = [];
  for (const file of checked) uploaded.push(await upload(options, folder, file));
  const { connectionId, files, others } = await inStep("connecting the files with the iModel", async () =>
    connectFiles(client.storageConnections, iModelId, uploaded, { ...client.retry, signal }),
  );
  const given = files.map(({ name, connectorType, stored }) => ({ name, connectorType, id: stored.id }));
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
  return { iTwinId, iModelId, connectionId, runUrl: url, isNewRun: isNew, result, files: outcomes, run };
}

/** The iModel is looked for before anything is uploaded for it. Its connections can be read with less than it itself. */
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
  const { onDisk, name } = file;
  return inStep(`uploading ${name}`, async () => {
    const pending = await folder.beginUpload(name);
    await client.storage.upload(pending, onDisk, {
      signal,
      onProgress: (bytes, totalBytes) => onProgress?.({ step: "upload", name, bytes, totalBytes }),
    });
    const stored = await client.storage.complete(pending.fileId, { signal });
    if (stored.size !== onDisk.size) throw incomplete(onDisk, stored.size);
    return { ...file, stored };
  });
}

function incomplete({ path, size }: SourceFileOnDisk, arrived: number): ClientError {
  return new ClientError("client/incomplete-upload", `${arrived} bytes of ${size} have arrived in the Storage.`, {
    file: path,
    advice: "Do the same again, and see that nobody else uploads the same file.",
  });
}

/** Whether a run that somebody else asked for began after these files were uploaded. */
function isOfContent(run: Run, files: readonly UploadedFile[]): boolean {
  const begin = Date.parse(run.startDateTime ?? "");
  const seen = new Set(tasksOf(run).map(({ storageFileId }) => storageFileId));
  return files.every(({ stored }) => seen.has(stored.id) && begin >= Date.parse(stored.lastModifiedDateTime));
}
