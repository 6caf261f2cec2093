import type { RunTask } from "../../runs/RunState.js";
import type { StorageFiles } from "../RunSurroundings.js";
import type { TaskSource, TaskSources } from "./TaskSources.js";
import type { WorkFolder } from "./WorkFolder.js";

/** The files of a storage connection. A document is known by the id of its file, wherever that is moved. */
export class StorageSources implements TaskSources {
  public constructor(private readonly _files: StorageFiles) {}

  public async bring(task: RunTask, folder: WorkFolder, signal: AbortSignal): Promise<TaskSource> {
    const documentGuid = task.storageFileId!;
    const { path, content } = await this._files.openContent(documentGuid);
    const documentName = path.replace(/^\/+/, "");
    const sourcePath = await folder.write(documentName, content, signal);
    return { sourcePath, documentGuid, document: { documentName } };
  }

  public async close(): Promise<void> {}
}
