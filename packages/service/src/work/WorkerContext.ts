import type { Kysely } from "kysely";
import type { Logger } from "pino";
import type { ServiceConfig } from "../platform/config/ServiceConfig.js";
import type { Tables } from "../platform/database/tables.js";
import type { Metrics } from "../platform/metrics.js";
import type { BossQueue } from "./BossQueue.js";

/** What workers need of a service. */
export interface WorkerContext {
  config: ServiceConfig;
  db: Kysely<Tables>;
  queue: BossQueue;
  metrics: Pick<Metrics, "runs" | "executing">;
  log: Logger;
}
