import { Type } from "typebox";
import { Link, PagingLinks, PagingQuery } from "../../platform/http/paging.js";
import { executionResults, executionStates, runPhaseNames } from "../../platform/database/columns/RunState.js";

const oneOf = <const Value extends string>(values: readonly Value[]) => Type.Enum([...values]);
const Time = Type.String({ format: "date-time" });

export const State = oneOf(executionStates);
export const Result = oneOf(executionResults);

export const AuthenticationType = Type.Enum(["User", "Service"]);

const RunError = Type.Object({ errorKey: Type.String(), description: Type.String() }, { title: "RunError" });

export const Connection = Type.Object(
  {
    id: Type.String(),
    displayName: Type.String(),
    iModelId: Type.Optional(Type.String()),
    iTwinId: Type.Optional(Type.String()),
    authenticationType: Type.Optional(AuthenticationType),
    error: Type.Optional(RunError),
    _links: Type.Optional(
      Type.Object({
        iModel: Link,
        iTwin: Link,
        project: Link,
        lastRun: Type.Optional(Link),
      }),
    ),
  },
  { title: "Connection" },
);

export const SourceFile = Type.Object(
  {
    id: Type.String(),
    storageFileId: Type.Optional(Type.String()),
    connectorType: Type.Optional(Type.String()),
    lastKnownFileName: Type.Optional(Type.String()),
    sourceFileId: Type.Optional(Type.String()),
    _links: Type.Optional(Type.Object({ file: Link })),
  },
  { title: "SourceFile" },
);

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

export const ConnectionAnswer = Type.Object({ connection: Connection });
export const ConnectionsAnswer = Type.Object({ connections: Type.Array(Connection), _links: PagingLinks });
export const SourceFileAnswer = Type.Object({ sourceFile: SourceFile });
export const SourceFilesAnswer = Type.Object({ sourceFiles: Type.Array(SourceFile), _links: PagingLinks });
export const RunAnswer = Type.Object({ run: Run });
export const RunsAnswer = Type.Object({ runs: Type.Array(Run), _links: PagingLinks });

/** What each task of a run did. `report` is what the runner of the connector says: see `RunResult`. */
export const RunReportAnswer = Type.Object({
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

export const ConnectionParams = Type.Object({ connectionId: Type.String() });
export const SourceFileParams = Type.Object({ connectionId: Type.String(), sourceFileId: Type.String() });
export const RunParams = Type.Object({ connectionId: Type.String(), runId: Type.String() });
export const IModelQuery = Type.Object({ ...PagingQuery.properties, imodelId: Type.String() });

/** The body that adds a file of the storage to a connection. */
export const StorageSourceFileBody = Type.Object({
  storageFileId: Type.String({ minLength: 1 }),
  connectorType: Type.String({ minLength: 1 }),
});

/** The body that adds a document to a connection. */
export const ManifestSourceFileBody = Type.Object({ sourceFileId: Type.String({ minLength: 1, maxLength: 255 }) });

const connectionFields = {
  displayName: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  authenticationType: Type.Optional(AuthenticationType),
};

export const NewStorageConnectionBody = Type.Object({
  iModelId: Type.String(),
  sourceFiles: Type.Array(StorageSourceFileBody),
  ...connectionFields,
});

export const NewManifestConnectionBody = Type.Object({
  iModelId: Type.String(),
  sourceFiles: Type.Array(ManifestSourceFileBody),
  ...connectionFields,
});

export const ConnectionUpdateBody = Type.Object(connectionFields);
