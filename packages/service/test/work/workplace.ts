import { join } from "node:path";
import { pino } from "pino";
import { withDefaults, type ServiceOptions } from "../../src/platform/config/ServiceConfig.js";
import { openDatabase } from "../../src/platform/database/openDatabase.js";
import { Metrics } from "../../src/platform/metrics.js";
import { BossQueue } from "../../src/work/BossQueue.js";
import { ownDatabase } from "../../../../test/support/databases.js";
import type { WorkerContext } from "../../src/work/WorkerContext.js";

/** What workers need of a service, without the service. */
export interface Workplace {
  context: WorkerContext;
  close(): Promise<void>;
}

/** Opens the database that the options name, or an embedded one in the data directory, and its queue. */
export async function openWorkplace(options: ServiceOptions & { dataDirectory: string }): Promise<Workplace> {
  const { dataDirectory } = options;
  const { databaseUrl } = { ...(await ownDatabase(dataDirectory)), ...options };
  const database = await openDatabase(
    databaseUrl === undefined ? { folder: join(dataDirectory, "database") } : { url: databaseUrl },
  );
  const log = pino({ level: process.env.LOG_LEVEL ?? "silent" });
  const queue = await BossQueue.open(database, (error) => log.error({ err: error }, "queue failed"));
  const context = { config: withDefaults(options), db: database.db, metrics: new Metrics(), log, queue };
  const close = async () => {
    await queue.close();
    await database.close();
  };
  return { context, close };
}
