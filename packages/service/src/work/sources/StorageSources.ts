import type { RunTask } from "../../platform/database/columns/RunState.js";
import type { Files } from "./Files.js";
import type { TaskSource, TaskSources } from "./TaskSources.js";
import type { WorkFolder } from "./WorkFolder.js";

/** The files of a storage connection. A document is known by the id of its file, wherever that is moved. */
export class StorageSources implements TaskSources {
  /** Which file has which path. Several files of a folder may have one name. */
  private readonly _owners = new Map<string, string>();

  public constructor(private readonly _files: Files) {}

  public async bring(task: RunTask, folder: WorkFolder, signal: AbortSignal): Promise<TaskSource> {
    const { storageFileId: documentGuid } = task;
    if (documentGuid === undefined) throw new Error("a task of a storage connection has no file");
    const { path, content } = await this._files.openContent(documentGuid);
    const documentName = path.replace(/^\/+/, "");
    const key = documentName.toLowerCase();
    const owner = this._owners.get(key) ?? documentGuid;
    this._owners.set(key, owner);
    const place = owner === documentGuid ? documentName : `${documentGuid}/${documentName}`;
    const sourcePath = await folder.write(place, content, signal);
    return { sourcePath, documentGuid, document: { documentName } };
  }

  public async close(): Promise<void> {}
}
