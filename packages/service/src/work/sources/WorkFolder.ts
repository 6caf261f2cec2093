import { createWriteStream } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ConnectorError } from "itwin-connector-framework";
import { messageOf } from "itwin-connector-framework/internal";

/** A folder in which the files of one run lie as they lay to each other, and which goes with the run. */
export class WorkFolder {
  private constructor(public readonly path: string) {}

  /**
   * The folder of a run, which may not exist yet.
   * @param leaseId - of the worker that has the run
   */
  public static of(dataDirectory: string, leaseId: string): WorkFolder {
    return new WorkFolder(join(folderOfAll(dataDirectory), leaseId));
  }

  /** Makes the folder. */
  public async make(): Promise<void> {
    await mkdir(this.path, { recursive: true });
  }

  /**
   * Removes what workers have left behind that died.
   * @param readLeaseIds - the leases that are held; read after the folders, so that no folder is newer than what is known
   */
  public static async removeOthers(dataDirectory: string, readLeaseIds: () => Promise<string[]>): Promise<void> {
    const parent = folderOfAll(dataDirectory);
    await mkdir(parent, { recursive: true });
    const names = await readdir(parent);
    if (names.length === 0) return;
    const held = new Set(await readLeaseIds());
    for (const name of names) if (!held.has(name)) await new WorkFolder(join(parent, name)).remove();
  }

  /**
   * Where a file lies in the folder.
   * @param relativePath - with `/` or `\` between names
   * @throws ConnectorError `service/path-outside`
   */
  public pathOf(relativePath: string): string {
    return join(this.path, ...namesIn(relativePath));
  }

  /**
   * Writes a file.
   * @returns its path
   * @throws ConnectorError as `put`
   */
  public async write(relativePath: string, content: Readable, signal: AbortSignal): Promise<string> {
    try {
      return await this.put(relativePath, (path) =>
        pipeline(content, createWriteStream(path, { flags: "wx" }), { signal }),
      );
    } catch (error) {
      content.destroy();
      throw error;
    }
  }

  /**
   * Lets a file be written.
   * @param fill - makes the file at a path, and fails if there is one
   * @returns its path
   * @throws ConnectorError `service/path-outside`, `service/path-taken`, `service/file-not-written`
   */
  public async put(relativePath: string, fill: (path: string) => Promise<void>): Promise<string> {
    const path = this.pathOf(relativePath);
    try {
      await mkdir(dirname(path), { recursive: true });
      await fill(path);
      return path;
    } catch (error) {
      if (isTaken(error)) throw pathTaken(error, relativePath);
      await rm(path, { force: true }); // so that it can be tried again
      throw describeFailure(error, relativePath);
    }
  }

  public async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

function folderOfAll(dataDirectory: string): string {
  return join(resolve(dataDirectory), "work");
}

/** The names in a path. One that leads up is taken back by the name before it, and there must be one. */
function namesIn(relativePath: string): string[] {
  if (/^([/\\]|[a-z]:)/i.test(relativePath) || relativePath.includes("\0")) throw outside(relativePath);
  const names: string[] = [];
  for (const name of relativePath.split(/[/\\]/)) {
    if (name === "" || name === ".") continue;
    if (name !== "..") names.push(name);
    else if (names.pop() === undefined) throw outside(relativePath);
  }
  if (names.length === 0) throw outside(relativePath);
  return names;
}

function outside(relativePath: string): ConnectorError {
  return new ConnectorError("service/path-outside", `${JSON.stringify(relativePath)} leads out of the run's folder.`, {
    advice: "Give a path that is relative to the folder of the run, and does not lead above it.",
  });
}

function isTaken(error: unknown): boolean {
  return ["EEXIST", "ENOTDIR", "EISDIR"].includes(String((error as NodeJS.ErrnoException).code));
}

function pathTaken(cause: unknown, relativePath: string): ConnectorError {
  return new ConnectorError("service/path-taken", `Two files of the run are called ${relativePath}.`, {
    cause,
    advice: "Give each file a name or a relative path of its own.",
  });
}

function describeFailure(error: unknown, relativePath: string): unknown {
  const { syscall } = error as NodeJS.ErrnoException;
  if (syscall === undefined || error instanceof ConnectorError) return error; // of who gives the content
  return new ConnectorError("service/file-not-written", `${relativePath} cannot be kept: ${messageOf(error)}`, {
    cause: error,
    recovery: "retriable",
  });
}

/** Whether a file could not be written because this machine has no room for it. */
export function isDiskFull(error: unknown): boolean {
  const { cause } = error as { cause?: NodeJS.ErrnoException };
  return ["ENOSPC", "EDQUOT"].includes(String(cause?.code));
}
