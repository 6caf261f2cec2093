import { join, resolve } from "node:path";
import { mkdir } from "node:fs/promises";
import { pino } from "pino";
import { Access } from "./auth/Access.js";
import { readSigningKeys } from "./auth/SigningKeys.js";
import { TokenVerifier } from "./auth/TokenVerifier.js";
import { openBlobStore } from "./blobs/openBlobStore.js";
import { withDefaults, type ServiceOptions } from "./config/ServiceConfig.js";
import { openDatabase } from "./database/openDatabase.js";
import { Metrics } from "./http/metrics.js";
import { makeServer } from "./http/server.js";
import { registerRoutes } from "./routes.js";
import type { ServiceContext } from "./ServiceContext.js";
import { BossQueue } from "./work/BossQueue.js";

/** A service that runs. */
export interface RunningService {
  /** Where it listens, such as `http://127.0.0.1:3001`. */
  url: string;
  context: ServiceContext;
  /** Ends it: requests that are being answered are answered, runs are finished or handed on. */
  close(): Promise<void>;
}

/** Starts a service. */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const config = withDefaults(options);
  const folder = resolve(config.dataDirectory);
  await mkdir(folder, { recursive: true });
  const log = pino({ level: config.logLevel });
  const { databaseUrl } = config;
  const database = await openDatabase(
    databaseUrl === undefined ? { folder: join(folder, "database") } : { url: databaseUrl },
  );
  const { db } = database;
  const keys = await readSigningKeys(db);
  const blobs = await openBlobStore(config, keys);
  const queue = await BossQueue.open(database, (error) => log.error({ err: error }, "queue failed"));
  const context: ServiceContext = {
    config,
    database,
    db,
    blobs,
    access: new Access(db),
    queue,
    metrics: new Metrics(),
    log,
  };
  const server = await makeServer({ config, verifier: TokenVerifier.ofOwn(keys), log });
  await registerRoutes(server, context);
  const url = await server.listen({ host: config.host, port: config.port });
  const close = async () => {
    await server.close();
    await queue.close();
    await database.close();
  };
  return { url, context, close };
}
