import { closeSync, lstatSync, openSync, rmSync, writeSync } from "node:fs";
import { ConnectorError, messageOf } from "../ConnectorError.js";
import type { RejectedItem } from "../sync/items/RejectedItem.js";

/**
 * The file with the entities that a run skipped, one JSON object a line. It is made with the first one, and each line is
 * written at once, so that the file is complete however the run ends.
 */
export class RejectsFile {
  private _file?: number;

  /** @param _path - a file of an earlier run is removed, so that its entities are not taken for those of this run */
  public constructor(private readonly _path: string) {
    this._orRefuse(() => {
      closeSync(openSync(_path, "a")); // tells before the run whether it can be written
      if (lstatSync(_path).isFile()) rmSync(_path); // not a pipe or a device
    });
  }

  /**
   * Appends an entity.
   * @throws ConnectorError `run/rejects-not-writable`
   */
  public add(item: RejectedItem): void {
    this._orRefuse(() => {
      this._file ??= openSync(this._path, "a");
      writeSync(this._file, `${toLine(item)}\n`);
    });
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
      throw new ConnectorError(
        "run/rejects-not-writable",
        `The file of rejects ${this._path} cannot be written: ${messageOf(error)}`,
        { cause: error, advice: "Choose another file with --rejects." },
      );
    }
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
