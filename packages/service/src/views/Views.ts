import type { Logger } from "pino";
import { ConnectorError } from "itwin-connector-framework";
import type { VersionSnapshot } from "../histories/Snapshots.js";
import type { ServiceConfig } from "../platform/config/ServiceConfig.js";
import { HttpError } from "../platform/errors.js";
import { orAborted } from "../platform/orAborted.js";
import { View } from "./View.js";

/** What is shown: a version of an iModel, or what changed between two. */
export interface ViewStep {
  iTwinId: string;
  iModelId: string;
  /** How the page calls the iModel. */
  name: string;
  from?: number;
  to: number;
}

/** What views are opened from. */
export interface ViewSurroundings {
  config: ServiceConfig;
  log: Logger;
  histories: { snapshotOf(iModelId: string, index: number): Promise<VersionSnapshot> };
}

/** A view that nobody has asked for so long, in milliseconds, is closed. */
const idleTime = 5 * 60_000;

interface Entry {
  iTwinId: string;
  view: Promise<View>;
  /** Requests that are being answered. */
  users: number;
  idle?: NodeJS.Timeout;
}

/** The versions that this process keeps open for the page, each in a process of its own. */
export class Views {
  private readonly _entries = new Map<string, Entry>();
  private _isClosed = false;

  public constructor(private readonly _surroundings: ViewSurroundings) {}

  /**
   * Does something with a view, which is opened where it is not yet. It stays open at least until it is released.
   * @param signal - ends the waiting
   * @throws HttpError 422 where the version cannot be shown, 501 without the viewer, 503 while too many are open
   */
  public async use<T>(
    step: ViewStep,
    signal: AbortSignal,
    work: (view: View) => Promise<T>,
  ): Promise<{ result: T; release: () => void }> {
    const key = `${step.iModelId} ${step.from ?? ""} ${step.to}`;
    const entry = this._entries.get(key) ?? this._begin(key, step);
    this._entries.delete(key);
    this._entries.set(key, entry); // behind those that were asked before
    entry.users++;
    clearTimeout(entry.idle);
    let isReleased = false;
    const release = () => {
      if (!isReleased) this._release(key, entry);
      isReleased = true;
    };
    try {
      return { result: await work(await orAborted(entry.view, signal)), release };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Closes all of them. */
  public close(): void {
    this._isClosed = true;
    for (const [key, entry] of this._entries) this._end(key, entry);
  }

  private _begin(key: string, step: ViewStep): Entry {
    this._makeRoom(step.iTwinId);
    const entry: Entry = { iTwinId: step.iTwinId, view: this._open(step), users: 0 };
    this._entries.set(key, entry);
    const forget = () => this._forget(key, entry);
    entry.view.then((view) => view.onEnd(forget), forget);
    return entry;
  }

  /** Closes the view that was asked last the longest time ago, where there are as many as there may be. */
  private _makeRoom(iTwinId: string): void {
    const { views } = this._surroundings.config;
    if (views === 0) throw noViews();
    if (this._isClosed) throw busy();
    const entries = [...this._entries];
    const own = entries.filter(([, entry]) => entry.iTwinId === iTwinId);
    // An iTwin leaves one place to the others.
    const candidates = own.length >= Math.max(1, views - 1) ? own : entries;
    if (candidates === entries && entries.length < views) return;
    const unused = candidates.find(([, { users }]) => users === 0);
    if (unused === undefined) throw busy();
    this._end(...unused);
  }

  private _release(key: string, entry: Entry): void {
    if (--entry.users > 0 || this._entries.get(key) !== entry) return;
    entry.idle = setTimeout(() => this._end(key, entry), idleTime).unref();
  }

  private _forget(key: string, entry: Entry): void {
    clearTimeout(entry.idle);
    if (this._entries.get(key) === entry) this._entries.delete(key);
  }

  private async _open({ iModelId, name, from, to }: ViewStep): Promise<View> {
    const { histories, config, log } = this._surroundings;
    const snapshots: VersionSnapshot[] = [];
    const release = () => snapshots.forEach((snapshot) => snapshot.release());
    try {
      for (const version of [to, from])
        if (version !== undefined) snapshots.push(await histories.snapshotOf(iModelId, version));
      const [now, before] = snapshots;
      const nameOf = (version: number) => `${name}, version ${version}`;
      const earlier = from === undefined ? {} : { before: before?.path, nameBefore: nameOf(from) };
      const view = await View.open({ file: now?.path ?? "", name: nameOf(to), ...earlier }, config, log);
      view.onEnd(release);
      return view;
    } catch (error) {
      release();
      throw explained(error);
    }
  }

  private _end(key: string, entry: Entry): void {
    this._forget(key, entry);
    entry.view.then((view) => view.close()).catch(() => undefined); // who has asked for it knows that it failed
  }
}

function explained(error: unknown): unknown {
  if (!(error instanceof ConnectorError)) return error;
  const { code, message } = error;
  if (code === "usage/missing-package")
    return new HttpError(501, "ViewerMissing", "The service has no viewer: install itwin-connector-viewer beside it.");
  if (!/^(usage|viewer)\//.test(code)) return error; // a fault of the service, for its log
  return new HttpError(422, "ViewFailed", `${message} [${code}]`);
}

function noViews(): HttpError {
  return new HttpError(501, "NoViews", "This service shows no iModels: its administrator has set views to 0.");
}

function busy(): HttpError {
  const message = "As many versions are open as this service can show at a time. Try again in a moment.";
  return new HttpError(503, "TooManyViews", message, { headers: { "retry-after": "5" } });
}
