import { readFile } from "node:fs/promises";
import { ByteReader } from "./ByteReader.js";
import type { Oddities } from "./Oddities.js";
import type { ShapefileParts } from "./parts.js";

const headerLength = 100;
const recordHeaderLength = 8;
const entryLength = 8;

/**
 * Where the records of a .shp begin. Programs that edit a shapefile leave old records in the .shp, and put new ones at its end;
 * then the index alone says which ones count, and in which order.
 */
export class ShxIndex {
  /** The number of records. */
  public readonly count: number;

  private constructor(private readonly _content: Buffer) {
    this.count = Math.max(0, Math.floor((_content.length - headerLength) / entryLength));
  }

  /**
   * Opens the index of a shapefile.
   * @param count - of the records of the .dbf
   * @returns undefined where there is none or it does not fit the .shp, whose records are read in their order then
   */
  public static async open(
    { shp, shx }: ShapefileParts,
    count: number,
    oddities: Oddities,
  ): Promise<ShxIndex | undefined> {
    if (shx === undefined) {
      oddities.add("no-shx", "the .shx file is missing. The shapes are read in their order in the .shp");
      return undefined;
    }
    const index = new ShxIndex(await readFile(shx));
    if (index.count === count && (await index._fits(shp))) return index;
    const message = "the index does not fit the .shp and the .dbf. The shapes are read in their order in the .shp";
    oddities.add("shx-differs", message, { file: shx });
    return undefined;
  }

  /** Where a record begins, counted from 0, in bytes. */
  public positionOf(record: number): number {
    return this._wordsAt(headerLength + record * entryLength) * 2;
  }

  private _lengthOf(record: number): number {
    return this._wordsAt(headerLength + record * entryLength + 4) * 2;
  }

  /** The index counts in words of two bytes. */
  private _wordsAt(offset: number): number {
    return this._content.readUInt32BE(offset);
  }

  /** Whether there is a record of the right length at each place. */
  private async _fits(shp: string): Promise<boolean> {
    const reader = await ByteReader.open(shp);
    try {
      for (let record = 0; record < this.count; record++) {
        const [position, length] = [this.positionOf(record), this._lengthOf(record)];
        if (position < headerLength || position + recordHeaderLength + length > reader.size) return false;
        reader.moveTo(position);
        if ((await reader.read(recordHeaderLength)).readUInt32BE(4) * 2 !== length) return false;
      }
      return true;
    } finally {
      await reader.close();
    }
  }
}
