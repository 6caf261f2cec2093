import type { Kysely } from "kysely";
import type { Logger } from "pino";
import type { ServiceConfig } from "../platform/config/ServiceConfig.js";
import type { Tables } from "../platform/database/tables.js";
import type { Metrics } from "../platform/metrics.js";
import type { Ongoing } from "../platform/Ongoing.js";
import type { RunQueue } from "../runs/RunQueue.js";

/** What workers need of a service. */
export interface WorkerContext {
  config: ServiceConfig;
  db: Kysely<Tables>;
  queue: RunQueue;
  metrics: Pick<Metrics, "runs" | "executing">;
  ongoing: Ongoing;
  log: Logger;
}
