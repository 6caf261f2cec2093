import { closeSync, existsSync, fstatSync, lstatSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { ConnectorError, messageOf } from "../ConnectorError.js";
import type { RejectedItem } from "../sync/items/RejectedItem.js";

/**
 * The file with the entities that a run skipped, one JSON object a line. It is made with the first one, and each line is
 * written at once, so that the file is complete however the run ends.
 */
export class RejectsFile {
  private _file?: number;
  private _error?: unknown;

  /**
   * @param _path - a file of an earlier run is removed, so that its entities are not taken for those of this run
   * @throws ConnectorError `usage/rejects` for a file that is not one of rejects: it would be lost
   */
  public constructor(private readonly _path: string) {
    refuseOther(_path);
    this._orRefuse(() => {
      closeSync(openSync(_path, "a")); // tells before the run whether it can be written
      if (lstatSync(_path).isFile()) rmSync(_path); // not a pipe or a device
    });
  }

  /** Appends an entity. It is called by an event, which passes no error on; {@link RejectsFile.check} does. */
  public add(item: RejectedItem): void {
    if (this._error !== undefined) return;
    try {
      this._file ??= openSync(this._path, "a");
      writeSync(this._file, `${toLine(item)}\n`);
    } catch (error) {
      this._error = error;
    }
  }

  /** @throws ConnectorError `run/rejects-not-writable` if an entity could not be written */
  public check(): void {
    if (this._error !== undefined) throw this._notWritable(this._error);
  }

  /** Closes the file. */
  public close(): void {
    if (this._file !== undefined) closeSync(this._file);
    this._file = undefined;
  }

  private _orRefuse(work: () => void): void {
    try {
      work();
    } catch (error) {
      throw this._notWritable(error);
    }
  }

  private _notWritable(error: unknown): ConnectorError {
    return new ConnectorError(
      "run/rejects-not-writable",
      `The file of rejects ${this._path} cannot be written: ${messageOf(error)}`,
      { cause: error, advice: "Choose another file with --rejects." },
    );
  }
}

/** Every line of a file of rejects is an object with the kind of an entity, and the reason. */
function refuseOther(path: string): void {
  if (!existsSync(path) || !lstatSync(path).isFile() || lstatSync(path).size === 0) return;
  if (isReject(readFirstLine(path))) return;
  throw new ConnectorError("usage/rejects", `${path} is there already, and is not a file of rejects.`, {
    advice: "Choose another file with --rejects.",
  });
}

function isReject(line: string): boolean {
  try {
    const { kind, reason } = JSON.parse(line) as Partial<RejectedItem>;
    return typeof kind === "string" && typeof reason?.code === "string";
  } catch {
    return false; // it is not JSON
  }
}

/** The lines of large entities are long, those of other files longer. */
const longestFirstLine = 10_000_000;

function readFirstLine(path: string): string {
  const file = openSync(path, "r");
  try {
    const start = Buffer.alloc(Math.min(longestFirstLine, fstatSync(file).size));
    const length = readSync(file, start);
    return start.toString("utf8", 0, length).split("\n", 1)[0] ?? "";
  } finally {
    closeSync(file);
  }
}

/** What cannot be written as JSON is left out, and the line says so. */
function toLine({ data, ...item }: RejectedItem): string {
  try {
    return JSON.stringify({ ...item, data }, toJson);
  } catch (error) {
    return JSON.stringify({ ...item, dataLeftOut: messageOf(error) }, toJson);
  }
}

/** Keeps what JSON has no form for as texts: large integers, numbers that are not finite, and bytes. */
function toJson(this: Record<string, unknown>, key: string, value: unknown): unknown {
  const original = this[key]; // a Buffer has become a list of numbers by now
  if (original instanceof Uint8Array) return Buffer.from(original).toString("base64");
  if (typeof value === "bigint" || (typeof value === "number" && !Number.isFinite(value))) return String(value);
  return value;
}
