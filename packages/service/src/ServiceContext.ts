import type { Kysely } from "kysely";
import type { Logger } from "pino";
import type { Access } from "./platform/auth/Access.js";
import type { BlobStore } from "./platform/blobs/BlobStore.js";
import type { UrlSigner } from "./platform/blobs/UrlSigner.js";
import type { ServiceConfig } from "./platform/config/ServiceConfig.js";
import type { ServiceDatabase } from "./platform/database/openDatabase.js";
import type { Tables } from "./platform/database/tables.js";
import type { IModelHistories } from "./histories/IModelHistories.js";
import type { VersionTiles } from "./histories/VersionTiles.js";
import type { Metrics } from "./platform/metrics.js";
import type { Ongoing } from "./platform/Ongoing.js";
import type { RunQueue } from "./runs/RunQueue.js";
import type { Views } from "./views/Views.js";

/** What the parts of a service share. Made once, when it starts. */
export interface ServiceContext {
  config: ServiceConfig;
  database: ServiceDatabase;
  /** The tables of `database`. */
  db: Kysely<Tables>;
  blobs: BlobStore;
  /** Signs the URLs that need no token. */
  signer: UrlSigner;
  access: Access;
  histories: IModelHistories;
  tiles: VersionTiles;
  views: Views;
  queue: RunQueue;
  metrics: Metrics;
  /** What the process is doing. */
  ongoing: Ongoing;
  log: Logger;
}
