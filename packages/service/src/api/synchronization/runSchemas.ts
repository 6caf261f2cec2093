import { Type, type Static } from "typebox";
import { executionResults, executionStates, runPhaseNames } from "../../platform/database/columns/RunState.js";
import { PagingLinks } from "../../platform/http/paging.js";

const oneOf = <const Value extends string>(values: readonly Value[]) => Type.Enum([...values]);
const Time = Type.String({ format: "date-time" });

const State = oneOf(executionStates);
const Result = oneOf(executionResults);

export const RunError = Type.Object({ errorKey: Type.String(), description: Type.String() }, { title: "RunError" });

const TaskError = Type.Object(
  {
    errorCode: Type.Optional(Type.String()),
    message: Type.Optional(Type.String()),
    details: Type.Optional(Type.String()),
    bridgeExitCode: Type.Optional(Type.Number()),
    system: Type.Optional(Type.String()),
    phase: Type.Optional(Type.String()),
    category: Type.Optional(Type.String()),
    descriptionKey: Type.Optional(Type.String()),
    description: Type.Optional(Type.String()),
    kbArticleLink: Type.Optional(Type.String()),
    canUserFix: Type.Optional(Type.Boolean()),
  },
  { title: "TaskError" },
);

const SynchronizationReport = Type.Object(
  {
    suggestedAction: Type.Optional(Type.String()),
    message: Type.String(),
    totalErrorsCount: Type.Integer(),
    totalWarningsCount: Type.Integer(),
    totalOtherIssuesCount: Type.Integer(),
  },
  { title: "SynchronizationReport" },
);

const Task = Type.Object(
  {
    id: Type.String(),
    startDateTime: Type.Optional(Time),
    endDateTime: Type.Optional(Time),
    retryAttempts: Type.Integer(),
    state: State,
    result: Result,
    storageFileId: Type.Optional(Type.String()),
    sourceFileId: Type.Optional(Type.String()),
    error: Type.Optional(TaskError),
    details: Type.Optional(Type.Object({ synchronizationReport: SynchronizationReport })),
  },
  { title: "Task" },
);

const Job = Type.Object(
  {
    id: Type.String(),
    startDateTime: Type.Optional(Time),
    endDateTime: Type.Optional(Time),
    state: State,
    result: Result,
    connectorType: Type.String(),
    tasks: Type.Array(Task),
  },
  { title: "Job" },
);

export const Run = Type.Object(
  {
    id: Type.String(),
    connectionId: Type.Optional(Type.String()),
    startDateTime: Type.Optional(Time),
    endDateTime: Type.Optional(Time),
    phase: Type.Optional(oneOf(runPhaseNames)),
    state: State,
    result: Result,
    error: Type.Optional(RunError),
    jobs: Type.Optional(Type.Array(Job)),
  },
  { title: "Run" },
);

export const RunParams = Type.Object({ connectionId: Type.String(), runId: Type.String() });

export const RunAnswer = Type.Object({ run: Run });
export const RunsAnswer = Type.Object({ runs: Type.Array(Run), _links: PagingLinks });

/**
 * What each task of a run did. `report` is what the runner of the connector says: see `RunResult`. `versions` are the indexes
 * of the versions before and after a run that is over; the same where it changed nothing.
 */
export const RunReportAnswer = Type.Object({
  versions: Type.Optional(Type.Object({ from: Type.Integer(), to: Type.Integer() })),
  tasks: Type.Array(
    Type.Object({
      id: Type.String(),
      fileName: Type.Optional(Type.String()),
      connectorType: Type.String(),
      result: Result,
      error: Type.Optional(TaskError),
      report: Type.Optional(Type.Unknown()),
    }),
  ),
});

export type Run = Static<typeof Run>;
export type RunReportAnswer = Static<typeof RunReportAnswer>;
