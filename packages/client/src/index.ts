/**
 * Clients of Storage and Synchronization, for the iTwin Platform and for self-hosted services, and `populate`, which brings
 * files into an iModel in one call. Runs in Node and in browsers.
 *
 * @packageDocumentation
 */
export { ClientError, type ClientErrorOptions } from "./ClientError.js";
export type {
  ConnectionChanges,
  ConnectionOptions,
  ConnectionsClient,
  RunReport,
} from "./connections/ConnectionsClient.js";
export type {
  ManifestBody,
  ManifestConnectionsClient,
  NewManifestConnection,
} from "./connections/ManifestConnectionsClient.js";
export type { StartedRun } from "./connections/startedRun.js";
export type {
  NewStorageConnection,
  StorageConnectionsClient,
  StorageSourceFile,
} from "./connections/StorageConnectionsClient.js";
export { fileExtensionToConnectorType, getConnectorTypeFromFileExtension } from "./connectorTypes.js";
export { followRun, type FollowOptions } from "./followRun.js";
export type { Api, CallOptions } from "./http/api.js";
export { ApiError, NoAnswerError, type ErrorDetail, type Refusal } from "./http/errors.js";
export type { RetryOptions } from "./http/retry.js";
export type { FileOutcome, RunFile, RunOutcome, TaskFailure } from "./outcomes.js";
export type { PopulateFile } from "./populate/checkFiles.js";
export { populate, type PopulateOptions, type PopulateProgress, type PopulateResult } from "./populate/populate.js";
export type { ConnectionSegment, RunLink } from "./RunLink.js";
export { runManifest, type RunManifestOptions, type RunManifestResult } from "./runManifest.js";
export type { RunProgress, RunToEndOptions } from "./runToEnd.js";
export { ServiceClient, type ServiceClientOptions } from "./ServiceClient.js";
export type { PendingUpload, StorageClient } from "./StorageClient.js";
export { clientCredentials, fixedToken, type ClientCredentials, type TokenSource } from "./tokens.js";
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
} from "./types.js";
export type { UploadOptions } from "./upload/uploadFile.js";
export type { UploadSource } from "./upload/UploadSource.js";
