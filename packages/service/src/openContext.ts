import { chmodSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Logger } from "pino";
import { ConnectorError } from "itwin-connector-framework";
import { messageOf } from "itwin-connector-framework/internal";
import { makeWritableFolder } from "itwin-connector-framework/internal";
import { startHost } from "itwin-connector-framework/internal";
import { RunLock } from "itwin-connector-framework/internal";
import { Access } from "./platform/auth/Access.js";
import { readSigningKeys, type SigningKeys } from "./platform/auth/SigningKeys.js";
import { openBlobStore } from "./platform/blobs/openBlobStore.js";
import { UrlSigner } from "./platform/blobs/UrlSigner.js";
import type { ServiceConfig } from "./platform/config/ServiceConfig.js";
import { openDatabase, type ServiceDatabase } from "./platform/database/openDatabase.js";
import { logUncaught, Ongoing } from "./platform/Ongoing.js";
import { Metrics } from "./platform/metrics.js";
import { IModelHistories } from "./histories/IModelHistories.js";
import { VersionTiles } from "./histories/VersionTiles.js";
import { makeLog } from "./platform/log.js";
import { CleanUpStack } from "./platform/CleanUpStack.js";
import type { ServiceContext } from "./ServiceContext.js";
import { RunQueue } from "./runs/RunQueue.js";
import { StorageFiles } from "./api/storage/StorageFiles.js";
import { Repetition } from "./work/Repetition.js";
import { Views } from "./views/Views.js";
import { TileMaker } from "./work/tiles/TileMaker.js";
import { WebhookDelivery } from "./work/webhooks/WebhookDelivery.js";
import { Workers } from "./work/Workers.js";

/** As often as this, in seconds, what has been in the recycle bin for too long is removed. */
const tidyingInterval = 3600;

/** What a process of the service has opened. */
export interface OpenContext {
  context: ServiceContext;
  keys: SigningKeys;
  /** Not started yet. */
  workers: Workers;
  /** Not started yet. */
  tileMaker: TileMaker;
  /** Not started yet. */
  webhookDelivery: WebhookDelivery;
  /** Closes it, and what was added. */
  cleanUp: CleanUpStack;
}

/**
 * Opens what every process of a service needs, whether it answers requests or executes runs.
 * @throws ConnectorError `service/...`; what was opened is closed then
 */
export async function openContext(config: ServiceConfig): Promise<OpenContext> {
  const log = makeLog(config.logLevel);
  const cleanUp = new CleanUpStack(log);
  try {
    return { ...(await open(config, log, cleanUp)), cleanUp };
  } catch (error) {
    await cleanUp.closeAll();
    throw error;
  }
}

async function open(config: ServiceConfig, log: Logger, cleanUp: CleanUpStack): Promise<Omit<OpenContext, "cleanUp">> {
  const folder = makeDataDirectory(config);
  const ongoing = new Ongoing();
  cleanUp.add("the listener to uncaught errors", logUncaught(log, ongoing));
  cleanUp.add("the iModel host", await startHost({}));
  const database = await openDatabaseOf(config, folder, cleanUp);
  cleanUp.add("the database", () => database.close());
  const { db } = database;
  const keys = await readSigningKeys(db);
  const signer = new UrlSigner(keys.url, config.limits.signedUrlSeconds);
  const blobs = await openBlobStore(config, signer);
  const tiles = new VersionTiles(db, blobs);
  const histories = await IModelHistories.open({ db, blobs, tiles, folder, log });
  cleanUp.add("the iModels", () => histories.close());
  const views = new Views({ config, log, histories });
  cleanUp.add("the views", async () => views.close());
  const access = new Access(db);
  const context = {
    config,
    database,
    db,
    blobs,
    signer,
    access,
    histories,
    tiles,
    views,
    queue: new RunQueue(db),
    metrics: new Metrics(),
    ongoing,
    log,
  };
  const files = new StorageFiles(context);
  const workers = new Workers(context, { histories, files });
  cleanUp.add("the workers", () => workers.close());
  const tileMaker = new TileMaker(context, { histories, tiles });
  cleanUp.add("the maker of tiles", () => tileMaker.close());
  const webhookDelivery = new WebhookDelivery(context);
  cleanUp.add("the delivery of events", () => webhookDelivery.close());
  const tidying = new Repetition(
    tidyingInterval,
    () => files.purgeExpired(),
    (error) => {
      log.warn({ err: error }, "what has expired in the storage is still there");
    },
  );
  cleanUp.add("the tidying of the storage", () => tidying.close());
  return { context, keys, workers, tileMaker, webhookDelivery };
}

function makeDataDirectory({ dataDirectory }: ServiceConfig): string {
  const folder = resolve(dataDirectory);
  try {
    makeWritableFolder(folder);
    chmodSync(folder, 0o700); // the database in it holds the keys of the service
    return folder;
  } catch (error) {
    throw new ConnectorError(
      "service/data-directory",
      `The data directory ${folder} cannot be used: ${messageOf(error)}`,
      {
        cause: error,
        advice: "Choose another folder, or ask for the right to write to this one.",
      },
    );
  }
}

/** An embedded database is for one process; two would destroy it. */
async function openDatabaseOf(
  { databaseUrl }: ServiceConfig,
  dataDirectory: string,
  cleanUp: CleanUpStack,
): Promise<ServiceDatabase> {
  if (databaseUrl !== undefined) return openDatabase({ url: databaseUrl });
  const folder = join(dataDirectory, "database");
  const lock = lockDatabase(folder);
  cleanUp.add("the lock on the database", () => lock.release());
  return openDatabase({ folder });
}

function lockDatabase(folder: string): RunLock {
  try {
    return RunLock.acquire(folder);
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.code !== "imodel/in-use") throw error;
    throw new ConnectorError("service/in-use", `Another process uses the data directory: ${error.message}`, {
      cause: error,
      advice: "End it first, or give both DATABASE_URL, so that they can work together.",
    });
  }
}
