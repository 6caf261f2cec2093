import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** JSON that can stand in a script: nothing in it ends the script, or begins a comment of HTML. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

/** So many bytes each part takes beside its data. */
const bytesAround = 100;

/**
 * The data of a report, in named parts. They are kept in memory until they are too large for one file. From then on they
 * are files of a folder: scripts, because a page from the disk may not read other files.
 */
export class ReportParts {
  private readonly _kept = new Map<string, string>();
  private _bytes = 0;
  private _isInFolder = false;

  public constructor(
    private readonly _folder: string,
    private readonly _maxBytes: number,
  ) {}

  /** How large the parts are together. */
  public get bytes(): number {
    return this._bytes;
  }

  /** Whether the parts are files. */
  public get isInFolder(): boolean {
    return this._isInFolder;
  }

  /** The parts that are to stand in the page, as JSON. */
  public get kept(): ReadonlyMap<string, string> {
    return this._kept;
  }

  /** Adds a part. */
  public add(name: string, value: unknown): void {
    const json = scriptJson(value);
    this._bytes += Buffer.byteLength(json) + bytesAround;
    this._kept.set(name, json);
    if (this._bytes > this._maxBytes) this._moveToFolder();
  }

  private _moveToFolder(): void {
    if (!this._isInFolder) mkdirSync(this._folder, { recursive: true });
    this._isInFolder = true;
    for (const [name, json] of this._kept)
      writeFileSync(join(this._folder, `${name}.js`), `reportPart(${JSON.stringify(name)},${json});\n`);
    this._kept.clear();
  }
}
