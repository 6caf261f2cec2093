import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Logger } from "pino";
import { ConnectorError } from "itwin-connector-framework";
import type { VersionSnapshot } from "../../histories/Snapshots.js";
import type { TilesRow, VersionTiles } from "../../histories/VersionTiles.js";
import { orAborted } from "../../platform/orAborted.js";
import { programBeside, startProgram } from "../../platform/process/startProgram.js";
import { watchMemory } from "../../platform/process/watchMemory.js";
import { withoutSecrets } from "../../platform/config/withoutSecrets.js";
import { longestTimer } from "../../platform/longestTimer.js";
import { Repetition } from "../Repetition.js";
import type { WorkerContext } from "../WorkerContext.js";
import { defaultTimes, type WorkerTimes } from "../WorkerTimes.js";
import type { TilesArgs, TilesOutcome } from "./makeTiles.js";

/** What tiles are made from. */
export interface TileSurroundings {
  tiles: VersionTiles;
  histories: { snapshotOf(iModelId: string, index: number): Promise<VersionSnapshot> };
}

/** Makes the tiles that somebody has asked for, one version after the other, each in a process of its own. */
export class TileMaker {
  private readonly _times: WorkerTimes;
  private readonly _stopper = new AbortController();
  private _taking?: Repetition;
  private _stopListening?: () => void;

  public constructor(
    private readonly _context: Pick<WorkerContext, "config" | "log">,
    private readonly _surroundings: TileSurroundings,
    times: Partial<WorkerTimes> = {},
  ) {
    this._times = { ...defaultTimes, ...times };
  }

  /** Begins to make tiles. A process that executes no runs makes none. */
  public start(): void {
    const { config, log } = this._context;
    if (config.workers === 0) return;
    const onError = (error: unknown) => log.error({ err: error }, "the tiles that wait cannot be read");
    const taking = new Repetition(this._times.polling, () => this._makeAll(), onError);
    this._taking = taking;
    this._stopListening = this._surroundings.tiles.onWaiting.addListener(() => taking.wake());
  }

  /** Makes no more tiles; those that are being made wait for another worker. */
  public async close(): Promise<void> {
    this._stopListening?.();
    this._stopper.abort();
    await this._taking?.close();
  }

  private async _makeAll(): Promise<void> {
    while (!this._stopper.signal.aborted) {
      const leaseId = `${hostname()}-${process.pid}-${randomUUID()}`;
      const row = await this._surroundings.tiles.take(leaseId, this._times.lease);
      if (row === undefined) return;
      await this._make(row);
    }
  }

  private async _make(row: TilesRow): Promise<void> {
    const { tiles } = this._surroundings;
    const log = this._context.log.child({ iModelId: row.imodel_id, version: row.index });
    const lost = new AbortController();
    const signal = AbortSignal.any([this._stopper.signal, lost.signal]);
    const renewal = setInterval(() => {
      tiles.renew(row, this._times.lease).then(
        (isStillOurs) => isStillOurs || lost.abort(),
        (error: unknown) => log.warn({ err: error }, "the lease of tiles cannot be renewed"),
      );
    }, this._times.renewal * 1000);
    try {
      const isWanted = await this._makeOne(row, signal);
      log.info(isWanted ? "tiles made" : "tiles made that nobody wants any more");
    } catch (error) {
      await this._giveUp(row, error, { log, isOurs: !lost.signal.aborted });
    } finally {
      clearInterval(renewal);
    }
  }

  /** @returns whether the tiles are wanted */
  private async _makeOne(row: TilesRow, signal: AbortSignal): Promise<boolean> {
    const { tiles } = this._surroundings;
    if (!tiles.mayTry(row)) throw died(row.attempts - 1);
    const snapshot = await this._takeSnapshot(row, signal);
    // The export writes to another folder within this one first.
    const own = `${snapshot.path}.${randomUUID()}`;
    const folder = join(own, "tiles");
    try {
      await mkdir(own);
      const { hasGraphics, error } = await this._run({ file: snapshot.path, folder }, signal);
      if (error !== undefined) throw new ConnectorError(error.errorKey, error.description);
      return await tiles.publish(row, { folder, count: hasGraphics ? await countContents(folder) : 0, signal });
    } finally {
      await rm(own, { recursive: true, force: true });
      snapshot.release();
    }
  }

  /** A service that ends does not wait for a download. */
  private async _takeSnapshot(row: TilesRow, signal: AbortSignal): Promise<VersionSnapshot> {
    const taken = this._surroundings.histories.snapshotOf(row.imodel_id, row.index);
    return orAborted(taken, signal).catch((error: unknown) => {
      taken.then(({ release }) => release()).catch(() => undefined); // it may have failed as well
      throw error;
    });
  }

  private async _giveUp(
    row: TilesRow,
    error: unknown,
    { log, isOurs }: { log: Logger; isOurs: boolean },
  ): Promise<void> {
    const { tiles } = this._surroundings;
    if (!isOurs) {
      log.info("tiles given up that another worker has, or nobody wants any more");
    } else if (this._stopper.signal.aborted) {
      await tiles.giveBack(row);
    } else {
      log.error({ err: error }, "the tiles of a version cannot be made");
      const isKnown = error instanceof ConnectorError;
      const description = isKnown ? error.message : "The service failed to make the graphics; its log tells more.";
      await tiles.fail(row, { errorKey: isKnown ? error.code : "service/tiles-failed", description });
    }
  }

  private async _run(args: TilesArgs, signal: AbortSignal): Promise<TilesOutcome> {
    const { config, log } = this._context;
    const { runMegabytes: megabytes, tilesSeconds } = config.limits;
    const program = programBeside(import.meta.url, "makeTiles");
    const child = startProgram(program, [JSON.stringify(args)], {
      environment: withoutSecrets(config),
      megabytes,
      log,
    });
    let fault = "The process that makes the graphics has died; the log of the service may tell why.";
    const kill = (why: string) => {
      fault = why;
      child.kill("SIGKILL");
    };
    watchMemory(child, megabytes, () => (fault = `The graphics take more than ${megabytes} MB of memory to be made.`));
    const deadline = setTimeout(
      () => kill(`The graphics are not made after ${tilesSeconds} s.`),
      Math.min(tilesSeconds * 1000, longestTimer),
    );
    const abort = () => kill("The worker was stopped.");
    signal.addEventListener("abort", abort);
    if (signal.aborted) abort();
    let outcome: TilesOutcome | undefined;
    child.on("message", (message: TilesOutcome) => (outcome = message));
    try {
      await once(child, "exit");
    } finally {
      clearTimeout(deadline);
      signal.removeEventListener("abort", abort);
    }
    if (outcome === undefined) throw new ConnectorError("service/tiles-failed", fault);
    return outcome;
  }
}

function died(times: number): ConnectorError {
  const message = `The worker that made the graphics died ${times} times; the log of the service may tell why.`;
  return new ConnectorError("service/worker-died", message);
}

/** A tileset may be without contents; it then shows nothing. */
async function countContents(folder: string): Promise<number> {
  const contents = join(folder, "tiles");
  return existsSync(contents) ? (await readdir(contents)).length : 0;
}
