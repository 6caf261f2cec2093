import { connectionIdOf } from "../synchronization/presentConnection.js";
import type { ChangedRun } from "./RunNews.js";

/** A run with its progress, which the platform's operations do not tell. */
export function presentRunEvent(run: ChangedRun): object {
  return {
    id: run.id,
    iModelId: run.imodel_id,
    connectionId: connectionIdOf({ id: run.connection_id, imodel_id: run.imodel_id }),
    kind: run.kind,
    state: run.state,
    result: run.result,
    phase: run.phase,
    startDateTime: run.started_at.toISOString(),
    endDateTime: run.ended_at?.toISOString(),
    error: run.error ?? undefined,
    jobs: run.jobs,
  };
}
