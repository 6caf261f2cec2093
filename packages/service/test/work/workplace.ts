import { join } from "node:path";
import { pino } from "pino";
import { withDefaults, type ServiceOptions } from "../../src/platform/config/ServiceConfig.js";
import { openDatabase } from "../../src/platform/database/openDatabase.js";
import { Ongoing } from "../../src/platform/Ongoing.js";
import { Metrics } from "../../src/platform/metrics.js";
import { RunQueue } from "../../src/runs/RunQueue.js";
import { ownDatabase } from "../../../../test/support/databases.js";
import type { WorkerContext } from "../../src/work/WorkerContext.js";

/** What workers need of a service, without the service. */
export interface Workplace {
  context: WorkerContext;
  close(): Promise<void>;
}

/** Opens the database that the options name, or an embedded one in the data directory. */
export async function openWorkplace(options: ServiceOptions & { dataDirectory: string }): Promise<Workplace> {
  const { dataDirectory } = options;
  const { databaseUrl } = { ...(await ownDatabase(dataDirectory)), ...options };
  const database = await openDatabase(
    databaseUrl === undefined ? { folder: join(dataDirectory, "database") } : { url: databaseUrl },
  );
  const log = pino({ level: process.env.LOG_LEVEL ?? "silent" });
  const { db } = database;
  const context = {
    config: withDefaults(options),
    db,
    metrics: new Metrics(),
    ongoing: new Ongoing(),
    log,
    queue: new RunQueue(db),
  };
  return { context, close: () => database.close() };
}
