/**
 * A client of Storage and Synchronization, those of the iTwin Platform and those of a service of one's own; and what leads from
 * a file to an iModel in one call.
 *
 * @packageDocumentation
 */
export type {
  Connection,
  ExecutionResult,
  ExecutionState,
  IModel,
  Job,
  Run,
  SourceFile,
  StorageFile,
  StorageFolder,
  Task,
} from "./api/types.js";
export type {
  ConnectionChanges,
  ConnectionsClient,
  ManifestBody,
  ManifestConnectionsClient,
  NewManifestConnection,
  NewStorageConnection,
  RunReport,
  StartedRun,
  StorageConnectionsClient,
  StorageSourceFile,
} from "./ConnectionsClient.js";
export { ClientError, type ClientErrorOptions } from "./ClientError.js";
export { fileExtensionToConnectorType, getConnectorTypeFromFileExtension } from "./connectorTypes.js";
export { followRun, type FollowOptions } from "./followRun.js";
export type { Api, CallOptions } from "./http/api.js";
export { ApiError, NoAnswerError, type ErrorDetail, type Refusal } from "./http/errors.js";
export type { RetryOptions } from "./http/retry.js";
export { runManifest, type RunManifestOptions, type RunManifestResult } from "./manifest/runManifest.js";
export type { PopulateFile } from "./populate/checkFiles.js";
export type { FileOutcome, RunFile, RunOutcome, TaskFailure } from "./outcomes.js";
export { populate, type PopulateOptions, type PopulateProgress, type PopulateResult } from "./populate/populate.js";
export type { RunProgress, RunToEndOptions } from "./runToEnd.js";
export type { ConnectionSegment, RunLink } from "./RunLink.js";
export { ServiceClient, type ServiceClientOptions } from "./ServiceClient.js";
export type { PendingUpload, StorageClient } from "./StorageClient.js";
export { clientCredentials, fixedToken, type ClientCredentials, type TokenSource } from "./tokens.js";
export type { UploadOptions } from "./upload.js";
