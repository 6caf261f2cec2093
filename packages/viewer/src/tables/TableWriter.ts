import { open, type FileHandle } from "node:fs/promises";
import type { ElementRow, TableColumns } from "./ElementRows.js";

/** Writes rows in a format. */
export interface TableWriter {
  /** Before the first row. */
  begin(columns: TableColumns): string;
  /** One row. */
  row(row: ElementRow): string;
  /** Behind the last row. */
  end(): string;
}

/** So much text is collected before it is written. */
const bufferedAtMost = 1 << 20;

/** A text file that grows at its end. */
export class TextFile {
  private _pieces: string[] = [];
  private _length = 0;

  private constructor(private readonly _handle: FileHandle) {}

  /** Creates a file, hands it over, and closes it. */
  public static async create(path: string, write: (file: TextFile) => Promise<void>): Promise<void> {
    const handle = await open(path, "wx");
    try {
      const file = new TextFile(handle);
      await write(file);
      await file._flush();
    } finally {
      await handle.close();
    }
  }

  /** Adds a text. */
  public async add(text: string): Promise<void> {
    this._pieces.push(text);
    this._length += text.length;
    if (this._length > bufferedAtMost) await this._flush();
  }

  private async _flush(): Promise<void> {
    const text = this._pieces.join("");
    this._pieces = [];
    this._length = 0;
    await this._handle.writeFile(text); // where the file ends
  }
}
