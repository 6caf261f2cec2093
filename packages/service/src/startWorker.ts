import { ConnectorError } from "itwin-connector-framework";
import { withDefaults, type ServiceOptions } from "./platform/config/ServiceConfig.js";
import { openContext } from "./openContext.js";

/** A process that executes runs. */
export interface RunningWorker {
  /** Ends it: runs are finished or handed on. */
  close(): Promise<void>;
}

/**
 * Starts a process that executes runs of a service, and answers no requests.
 * @throws ConnectorError `usage/no-database`, `service/...`
 */
export async function startWorker(options: ServiceOptions): Promise<RunningWorker> {
  const config = withDefaults(options);
  if (config.databaseUrl === undefined)
    throw new ConnectorError("usage/no-database", "A worker needs the Postgres server that the service uses.", {
      advice: "Set DATABASE_URL, or databaseUrl in the configuration, for the service and all of its workers.",
    });
  const { cleanUp, workers, tileMaker, webhookDelivery } = await openContext(config);
  workers.start();
  tileMaker.start();
  webhookDelivery.start();
  return { close: () => cleanUp.closeAll() };
}
