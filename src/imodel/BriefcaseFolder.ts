import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { rename } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { Logger, type GuidString } from "@itwin/core-bentley";
import type { BriefcaseId } from "@itwin/core-common";
import { ConnectorError, messageOf } from "../ConnectorError.js";
import { ConnectorLoggerCategory } from "../ConnectorLoggerCategory.js";
import { JobBriefcase } from "./JobBriefcase.js";
import { RunLock } from "./RunLock.js";
import type { VersionedIModel } from "./VersionedIModel.js";
import { removeDatabase } from "./workingCopy.js";

/** A briefcase that no other run can use until its lock is released. */
export interface HeldBriefcase {
  id: BriefcaseId;
  path: string;
  lock: RunLock;
}

/** Where a cache directory has the briefcases of an iModel. */
export function briefcasesPath(cacheDirectory: string, iModelId: GuidString): string {
  return join(cacheDirectory, "briefcases", iModelId);
}

/**
 * The briefcases of one iModel in the cache directory, as `<id>.bim`. Each is used by one run at a time; a run takes the
 * first that is free, and only when all are in use is another one made.
 */
export class BriefcaseFolder {
  private readonly _folder: string;

  public constructor(
    cacheDirectory: string,
    private readonly _imodel: VersionedIModel,
  ) {
    this._folder = briefcasesPath(cacheDirectory, _imodel.iModelId);
  }

  /** Opens a briefcase that is here and free, or makes one. It has no changes, and holds no locks. */
  public async open(): Promise<[HeldBriefcase, JobBriefcase]> {
    mkdirSync(this._folder, { recursive: true });
    const own = await this._imodel.hub.getMyBriefcaseIds({ iModelId: this._imodel.iModelId });
    for (const id of this._ids()) {
      const held = this.tryHold(id);
      if (held === undefined) continue;
      const db = own.includes(id) ? await this._tryOpen(held) : undefined;
      if (db !== undefined) return [held, db];
      this._remove(held);
    }
    const made = await this._make();
    return [made, await JobBriefcase.openClean(made.path)];
  }

  /** Takes a certain briefcase, unless it is not here or in use. */
  public tryHold(id: BriefcaseId): HeldBriefcase | undefined {
    if (!this._ids().includes(id)) return undefined;
    const path = this._pathOf(id);
    try {
      return { id, path, lock: RunLock.acquire(path) };
    } catch (error) {
      if (error instanceof ConnectorError && error.code === "imodel/in-use") return undefined;
      throw error;
    }
  }

  /** A briefcase that is damaged is given up: whatever was in it, the hub has all that was pushed. */
  private async _tryOpen({ path, id }: HeldBriefcase): Promise<JobBriefcase | undefined> {
    try {
      return await JobBriefcase.openClean(path);
    } catch (error) {
      Logger.logWarning(ConnectorLoggerCategory.Framework, `${path} cannot be opened: ${messageOf(error)}`);
      await this._imodel.hub.releaseBriefcase({ iModelId: this._imodel.iModelId, briefcaseId: id });
      return undefined;
    }
  }

  private _remove({ path, lock }: HeldBriefcase): void {
    removeDatabase(path);
    rmSync(`${path}-locks`, { force: true });
    lock.release();
  }

  private async _make(): Promise<HeldBriefcase> {
    const { hub, iModelId } = this._imodel;
    const { username } = userInfo();
    const id = await hub.acquireNewBriefcaseId({
      iModelId,
      briefcaseAlias: `${username} on ${hostname()}`,
      deviceName: hostname(),
    });
    const path = this._pathOf(id);
    const lock = RunLock.acquire(path);
    const unfinished = `${path}.unfinished`;
    try {
      await this._imodel.writeBriefcase(unfinished, id);
      await rename(unfinished, path);
      return { id, path, lock };
    } catch (error) {
      removeDatabase(unfinished);
      lock.release();
      await hub.releaseBriefcase({ iModelId, briefcaseId: id });
      throw error;
    }
  }

  private _ids(): BriefcaseId[] {
    const ids = readdirSync(this._folder).flatMap((name) => /^(\d+)\.bim$/.exec(name)?.[1] ?? []);
    return ids.map(Number).sort((a, b) => a - b);
  }

  private _pathOf(id: BriefcaseId): string {
    return join(this._folder, `${id}.bim`);
  }
}
