import { randomUUID } from "node:crypto";
import type { RunJob, RunPhaseName, RunTask } from "../platform/database/columns/RunState.js";

/** A file that a run is to synchronize. */
export interface PlannedFile {
  connectorType: string;
  fileName?: string;
  storageFileId?: string;
  sourceFileId?: string;
  phase: RunPhaseName;
}

/** The jobs of a run before it begins: one for each connector type, with a task for each of its files. */
export function planJobs(files: PlannedFile[]): RunJob[] {
  const types = [...new Set(files.map(({ connectorType }) => connectorType))];
  return types.map((connectorType) => ({
    id: randomUUID(),
    connectorType,
    state: "Queued",
    result: "Undetermined",
    tasks: files.filter((file) => file.connectorType === connectorType).map(planTask),
  }));
}

function planTask({ fileName, storageFileId, sourceFileId, phase }: PlannedFile): RunTask {
  return {
    id: randomUUID(),
    state: "Queued",
    result: "Undetermined",
    retryAttempts: 0,
    fileName,
    storageFileId,
    sourceFileId,
    phase,
  };
}
