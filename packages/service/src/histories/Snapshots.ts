import { existsSync, readdirSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { isAlive } from "itwin-connector-framework/internal";
import { removeDatabase } from "itwin-connector-framework/internal";

/** A version of an iModel as a file, which is there until it is released. */
export interface VersionSnapshot {
  path: string;
  /** Lets the file go; it is removed when nobody uses it any more. */
  release: () => void;
}

interface Entry {
  path: string;
  isMade: Promise<void>;
  users: number;
}

/** Snapshots that are in use in this process. Who asks for one that somebody else has asked for gets the same file. */
export class Snapshots {
  private readonly _entries = new Map<string, Entry>();

  private constructor(private readonly _folder: string) {}

  /**
   * Makes a folder for the snapshots of this process, and removes those of processes that died. In a container, the process
   * before this one had the same id.
   */
  public static async open(folder: string): Promise<Snapshots> {
    const left = existsSync(folder) ? readdirSync(folder).filter(isLeft) : [];
    for (const name of left) await rm(join(folder, name), { recursive: true, force: true });
    const own = join(folder, String(process.pid));
    await mkdir(own, { recursive: true });
    return new Snapshots(own);
  }

  /**
   * A snapshot that is in use, or a new one.
   * @param name - tells it from all others
   * @param make - writes it to a path
   */
  public async take(name: string, make: (path: string) => Promise<void>): Promise<VersionSnapshot> {
    const entry = this._entries.get(name) ?? this._begin(name, make);
    entry.users++;
    let isReleased = false;
    const release = () => {
      if (!isReleased) this._release(name, entry);
      isReleased = true;
    };
    try {
      await entry.isMade;
      return { path: entry.path, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  private _begin(name: string, make: (path: string) => Promise<void>): Entry {
    const path = join(this._folder, `${name}.bim`);
    const entry = { path, isMade: make(path), users: 0 };
    this._entries.set(name, entry);
    return entry;
  }

  private _release(name: string, entry: Entry): void {
    if (--entry.users > 0) return;
    this._entries.delete(name);
    removeDatabase(entry.path);
  }
}

function isLeft(processId: string): boolean {
  return Number(processId) === process.pid || !isAlive(Number(processId));
}
