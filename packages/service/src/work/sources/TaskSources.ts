import type { RunTask } from "../../platform/database/columns/RunState.js";
import type { ConnectorTask } from "../process/messages.js";
import type { WorkFolder } from "./WorkFolder.js";

/** The source of a task, as its connector is told of it. */
export type TaskSource = Pick<ConnectorTask, "sourcePath" | "documentGuid" | "document" | "attributeSchemaPath">;

/** Where the files of a run come from. */
export interface TaskSources {
  /** Brings the file of a task into the folder of the run. */
  bring(task: RunTask, folder: WorkFolder, signal: AbortSignal): Promise<TaskSource>;
  /** Closes what is open. */
  close(): Promise<void>;
}
