import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pino } from "pino";
import { Access } from "./auth/Access.js";
import { Clients } from "./auth/Clients.js";
import { ownClient } from "./auth/ownClient.js";
import { authRoutes } from "./auth/routes.js";
import { readSigningKeys, type SigningKeys } from "./auth/SigningKeys.js";
import { TokenIssuer } from "./auth/TokenIssuer.js";
import { TokenVerifier } from "./auth/TokenVerifier.js";
import { FolderBlobs } from "./blobs/FolderBlobs.js";
import { UrlSigner } from "./blobs/UrlSigner.js";
import { withDefaults, type ServiceOptions } from "./config/ServiceConfig.js";
import { openDatabase } from "./database/openDatabase.js";
import { Metrics } from "./http/metrics.js";
import { describeService } from "./http/openApi.js";
import { operationRoutes } from "./http/operationRoutes.js";
import { makeServer, type Server } from "./http/server.js";
import type { ServiceContext } from "./ServiceContext.js";
import { synchronizationRoutes } from "./synchronization/routes.js";
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
  const signer = new UrlSigner(keys.url, config.limits.signedUrlSeconds);
  const queue = await BossQueue.open(database, (error) => log.error({ err: error }, "queue failed"));
  const context: ServiceContext = {
    config,
    database,
    db,
    blobs: new FolderBlobs(join(folder, "blobs"), signer),
    access: new Access(db),
    queue,
    metrics: new Metrics(),
    log,
  };
  const server = await makeServer({ config, verifier: await makeVerifier(context, keys), log });
  await describeService(server);
  await addIssuer(server, context, keys);
  await server.register(operationRoutes, context);
  await server.register(synchronizationRoutes, context);
  const url = await server.listen({ host: config.host, port: config.port });
  const close = async () => {
    await server.close();
    await queue.close();
    await database.close();
  };
  return { url, context, close };
}

async function makeVerifier({ config }: ServiceContext, keys: SigningKeys): Promise<TokenVerifier> {
  return config.issuer === undefined ? TokenVerifier.ofOwn(keys) : TokenVerifier.ofIssuer(config.issuer);
}

/** The embedded issuer, unless there is another one. A service that was told of no clients makes one for its owner. */
async function addIssuer(server: Server, { config, db }: ServiceContext, keys: SigningKeys): Promise<void> {
  if (config.issuer !== undefined) return;
  const configured = config.clients.length > 0 ? config.clients : [await ownClient(db, resolve(config.dataDirectory))];
  await server.register(authRoutes, { clients: new Clients(configured), issuer: new TokenIssuer(keys) });
}
