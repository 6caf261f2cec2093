/**
 * The synchronization service: Storage and Synchronization as clients of the iTwin Platform speak them, for any connector.
 *
 * @packageDocumentation
 */
export { credentialsFile, type OwnCredentials } from "./platform/auth/ownClient.js";
export { checkOptions, readConfig } from "./platform/config/readConfig.js";
export type {
  AzureStorageConfig,
  ClientConfig,
  ConnectorConfig,
  FolderStorageConfig,
  IssuerConfig,
  LimitsConfig,
  ManifestsConfig,
  S3StorageConfig,
  ServiceConfig,
  ServiceOptions,
  StorageConfig,
  WebhooksConfig,
} from "./platform/config/ServiceConfig.js";
export { startService, type RunningService } from "./startService.js";
export { startWorker, type RunningWorker } from "./startWorker.js";
