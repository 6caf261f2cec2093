import type { Kysely } from "kysely";
import type { Logger } from "pino";
import type { Access } from "./auth/Access.js";
import type { BlobStore } from "./blobs/BlobStore.js";
import type { ServiceConfig } from "./config/ServiceConfig.js";
import type { ServiceDatabase } from "./database/openDatabase.js";
import type { Tables } from "./database/tables.js";
import type { IModelHistories } from "./imodels/IModelHistories.js";
import type { Metrics } from "./http/metrics.js";
import type { RunQueue } from "./runs/RunQueue.js";

/** What the parts of a service share. Made once, when it starts. */
export interface ServiceContext {
  config: ServiceConfig;
  database: ServiceDatabase;
  /** The tables of `database`. */
  db: Kysely<Tables>;
  blobs: BlobStore;
  access: Access;
  histories: IModelHistories;
  queue: RunQueue;
  metrics: Metrics;
  log: Logger;
}
