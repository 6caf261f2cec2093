import { join } from "node:path";
import type { GuidString } from "@itwin/core-bentley";
import { ConnectorError } from "itwin-connector-framework";
import {
  BankHubAccess,
  checkOut,
  findVersion,
  IModelBank,
  makeTemporaryFolder,
  orUndo,
  removeDatabase,
  startHost,
  writeVersionZero,
  type TemporaryFolder,
} from "itwin-connector-framework/internal";
import type { IModelServer } from "../server/serveIModel.js";
import type { Timeline, TimelineStep, TimelineVersion } from "../server/Timeline.js";
import { viewStep } from "./viewIModel.js";

/**
 * Which versions are shown. A version is given by its index, its name or the id of its changeset.
 * @public
 */
export interface ViewVersionsOptions {
  /** The page shows what changed since this version. Default: it shows no changes. */
  readonly from?: string;
  /** Default: the latest. */
  readonly to?: string;
  /** Default: any free port. */
  readonly port?: number;
}

/**
 * Serves a page that shows a version of an iModel in a bank, or what changed between two. The page leads to the others.
 * Versions are checked out to temporary files, which {@link IModelServer.close} removes.
 * @param bank - path or URL of the bank
 * @param idOrName - of the iModel
 * @throws ConnectorError `bank/...` if the bank, the iModel or a version cannot be found, and as `viewIModel` does
 * @public
 */
export async function viewVersions(
  bank: string,
  idOrName: string,
  options: ViewVersionsOptions = {},
): Promise<IModelServer> {
  const { from, to, port } = options;
  const stopHost = await startHost();
  const pages = new VersionPages(IModelBank.open(bank), idOrName);
  const close = async () => {
    await pages.close();
    await stopHost();
  };
  try {
    const { url } = await pages.open(
      { from: from === undefined ? undefined : pages.find(from), to: pages.find(to) },
      port,
    );
    return { url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Pages that are kept beside the first one. The one that was opened first is closed when there are more. */
const mostPages = 6;

/** The pages of an iModel's versions, a server for each step. */
class VersionPages {
  private readonly _id: GuidString;
  private readonly _name: string;
  private readonly _folder: TemporaryFolder = makeTemporaryFolder();
  private readonly _files = new Map<number, Promise<string>>();
  private readonly _servers = new Map<string, Promise<IModelServer>>();
  private _isClosed = false;

  /** @throws ConnectorError `bank/...` */
  public constructor(
    private readonly _bank: IModelBank,
    idOrName: string,
  ) {
    ({ id: this._id, name: this._name } = _bank.find(idOrName));
  }

  /** @throws ConnectorError `bank/unknown-version` */
  public find(version?: string): number {
    return findVersion(this._bank, this._id, version).index;
  }

  /** The page for a step, which is made where there is none. @throws ConnectorError `usage/version-range` */
  public async open(step: TimelineStep, port?: number): Promise<IModelServer> {
    const { from, to } = step;
    if (from !== undefined && from >= to)
      throw new ConnectorError("usage/version-range", `Version ${from} does not come before version ${to}.`, {
        advice: "Give the earlier version as --from, and the later one as --to.",
      });
    const key = `${from ?? ""}-${to}`;
    const known = this._servers.get(key);
    if (known !== undefined) return known;
    const server = this._serve(step, port);
    this._servers.set(key, server);
    server.catch(() => this._servers.delete(key));
    await this._closeOldest();
    return server;
  }

  /** Closes all pages, and removes the files. */
  public async close(): Promise<void> {
    this._isClosed = true;
    for (const key of [...this._servers.keys()]) await this._close(key);
    await Promise.allSettled(this._files.values());
    this._folder.remove();
  }

  private async _serve(step: TimelineStep, port?: number): Promise<IModelServer> {
    const { from, to } = step;
    const before = from === undefined ? undefined : await this._file(from);
    const file = await this._file(to);
    if (this._isClosed) throw new ConnectorError("viewer/closed", "The command is ending.");
    const [name, nameBefore] = [this._nameOf(to), from === undefined ? undefined : this._nameOf(from)];
    return viewStep(file, { before, name, nameBefore, port }, this._timeline(step));
  }

  private _timeline(step: TimelineStep): Timeline {
    return {
      step,
      versions: () => this._versions(),
      open: async ({ from, to }) => {
        for (const index of [from, to]) if (index !== undefined) this.find(String(index));
        return (await this.open({ from, to })).url;
      },
    };
  }

  private _versions(): TimelineVersion[] {
    const names = this._bank.namedVersions(this._id);
    const [bank, id] = [this._bank, this._id];
    return [bank.changeset(id, { index: 0 }), ...bank.changesets(id)].map(({ index, description, pushDate }) => ({
      index,
      names: names.filter(({ changesetIndex }) => changesetIndex === index).map(({ name }) => name),
      description: description === "" ? undefined : description,
      pushed: pushDate === "" ? undefined : pushDate,
    }));
  }

  private _nameOf(index: number): string {
    const names = this._versions().find((version) => version.index === index)?.names ?? [];
    return `${this._name}, version ${[index, ...names].join(", ")}`;
  }

  /** The file of a version, which is checked out once. */
  private async _file(index: number): Promise<string> {
    const known = this._files.get(index);
    if (known !== undefined) return known;
    const file = this._checkOut(index);
    this._files.set(index, file);
    file.catch(() => this._files.delete(index));
    return file;
  }

  private async _checkOut(index: number): Promise<string> {
    const path = join(this._folder.path, `${index}.bim`);
    const hub = new BankHubAccess(this._bank, writeVersionZero);
    await orUndo(
      () => checkOut(hub, this._id, index, path),
      () => removeDatabase(path),
    );
    return path;
  }

  /** The first page stays: its address is the one that was printed. */
  private async _closeOldest(): Promise<void> {
    const [, ...others] = this._servers.keys();
    const [oldest] = others;
    if (oldest !== undefined && others.length > mostPages) await this._close(oldest);
  }

  private async _close(key: string): Promise<void> {
    const server = this._servers.get(key);
    this._servers.delete(key);
    await (await server?.catch(() => undefined))?.close();
  }
}
