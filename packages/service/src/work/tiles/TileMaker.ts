import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { messageOf } from "itwin-connector-framework/internal";
import type { VersionSnapshot } from "../../histories/Snapshots.js";
import type { TilesRow, VersionTiles } from "../../histories/VersionTiles.js";
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
  histories: { snapshotOf(iModelId: string, version: string): Promise<VersionSnapshot> };
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
    const isOurs = new AbortController();
    const signal = AbortSignal.any([this._stopper.signal, isOurs.signal]);
    const renewal = setInterval(() => {
      tiles.renew(row, this._times.lease).then(
        (isStillOurs) => isStillOurs || isOurs.abort(),
        (error: unknown) => log.warn({ err: error }, "the lease of tiles cannot be renewed"),
      );
    }, this._times.renewal * 1000);
    try {
      await this._makeOrFail(row, signal);
      log.info("tiles made");
    } catch (error) {
      log.error({ err: error }, "the tiles of a version cannot be made");
      if (this._stopper.signal.aborted) await tiles.giveBack(row);
      else await tiles.fail(row, { errorKey: "service/tiles-failed", description: messageOf(error) });
    } finally {
      clearInterval(renewal);
    }
  }

  private async _makeOrFail(row: TilesRow, signal: AbortSignal): Promise<void> {
    const { tiles, histories } = this._surroundings;
    if (!tiles.mayTry(row)) throw new Error(`The worker that made the graphics died ${row.attempts - 1} times.`);
    const snapshot = await histories.snapshotOf(row.imodel_id, String(row.index));
    const folder = `${snapshot.path}.${randomUUID()}`;
    try {
      const { hasGraphics, error } = await this._run({ file: snapshot.path, folder }, signal);
      if (error !== undefined) await tiles.fail(row, error);
      else await tiles.publish(row, folder, hasGraphics === true ? await countContents(folder) : 0);
    } finally {
      await rm(folder, { recursive: true, force: true });
      snapshot.release();
    }
  }

  private async _run(args: TilesArgs, signal: AbortSignal): Promise<TilesOutcome> {
    const { config, log } = this._context;
    const { runMegabytes: megabytes, runSeconds } = config.limits;
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
      () => kill(`The graphics are not made after ${runSeconds} s.`),
      Math.min(runSeconds * 1000, longestTimer),
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
    if (outcome === undefined) throw new Error(fault);
    return outcome;
  }
}

/** A tileset may be without contents; it then shows nothing. */
async function countContents(folder: string): Promise<number> {
  const contents = join(folder, "tiles");
  return existsSync(contents) ? (await readdir(contents)).length : 0;
}
