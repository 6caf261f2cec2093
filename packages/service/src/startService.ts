import { resolve } from "node:path";
import { ConnectorError } from "itwin-connector-framework";
import { messageOf } from "itwin-connector-framework/internal";
import { Clients } from "./platform/auth/Clients.js";
import { ownClient } from "./platform/auth/ownClient.js";
import { authRoutes } from "./api/auth/authRoutes.js";
import type { SigningKeys } from "./platform/auth/SigningKeys.js";
import { TokenIssuer } from "./platform/auth/TokenIssuer.js";
import { TokenVerifier } from "./platform/auth/TokenVerifier.js";
import { withDefaults, type ServiceOptions } from "./platform/config/ServiceConfig.js";
import { describeService } from "./platform/http/openApi.js";
import { makeServer, type Server } from "./platform/http/server.js";
import { openContext, type OpenContext } from "./openContext.js";
import { addRoutes } from "./routes.js";
import type { ServiceContext } from "./ServiceContext.js";

/** A service that runs. */
export interface RunningService {
  /** Where it listens, such as `http://127.0.0.1:3001`. */
  url: string;
  /** Ends it: requests that are being answered are answered, runs are finished or handed on. */
  close(): Promise<void>;
}

/** A service that runs, with what its parts share, for tests. */
export interface OpenService extends RunningService {
  context: ServiceContext;
}

/**
 * Starts a service: what answers requests, and as many workers as the configuration says.
 * @throws ConnectorError `service/...`
 */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  return openService(options);
}

/** As `startService`. */
export async function openService(options: ServiceOptions): Promise<OpenService> {
  const opened = await openContext(withDefaults(options));
  const { context, cleanUp, workers, tileMaker, webhookDelivery } = opened;
  try {
    const url = await serve(opened);
    workers.start();
    tileMaker.start();
    webhookDelivery.start();
    return { url, context, close: () => cleanUp.closeAll() };
  } catch (error) {
    await cleanUp.closeAll();
    throw error;
  }
}

async function serve({ context, keys, cleanUp, workers, tileMaker }: OpenContext): Promise<string> {
  const { config, log, metrics, ongoing } = context;
  const server = await makeServer({ config, verifier: await makeVerifier(context, keys), log, metrics, ongoing });
  // No new runs while the last requests are answered.
  cleanUp.add("the server", async () =>
    Promise.all([endServer(server), workers.close(), tileMaker.close()]).then(() => {}),
  );
  await describeService(server);
  await addIssuer(server, context, keys);
  await addRoutes(server, context);
  return listen(server, context);
}

/** Downloads and uploads that last longer than this, in milliseconds, are cut off when the service ends. */
const patience = 30_000;

async function endServer(server: Server): Promise<void> {
  const timer = setTimeout(() => server.server.closeAllConnections(), patience);
  await server.close();
  clearTimeout(timer);
}

async function listen(server: Server, { config: { host, port } }: ServiceContext): Promise<string> {
  try {
    return await server.listen({ host, port });
  } catch (error) {
    throw new ConnectorError("service/listen", `The service cannot listen on ${host}:${port}: ${messageOf(error)}`, {
      cause: error,
      advice: "Choose another port with --port, or end the program that listens there.",
    });
  }
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
