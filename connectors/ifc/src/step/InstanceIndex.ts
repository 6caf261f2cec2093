import { GrowingArray } from "./GrowingArray.js";
import { IdColumn } from "./IdColumn.js";
import { NumberIndex } from "./NumberIndex.js";

/** Offsets are kept in two parts: 32 bits, and 8 bits above them. */
const word = 2 ** 32;

/**
 * The offsets and types of the instances of a file, by their places in the file, from 0 on. An instance takes 11 bytes, 4 more
 * if the numbers do not ascend, and 4 more if one of them is above 2 to the power of 32.
 */
export class InstanceIndex {
  private readonly _added = new IdColumn();
  private readonly _offsets = new GrowingArray(Uint32Array);
  private readonly _offsetsHigh = new GrowingArray(Uint8Array);
  private readonly _types = new GrowingArray(Uint16Array);
  /** The numbers of all instances, when the last one was added. */
  private _ids: Uint32Array | Float64Array = new Uint32Array();
  private _places = new NumberIndex(this._ids);

  /** How many instances there are. */
  public get size(): number {
    return this._types.length;
  }

  /**
   * Adds the next instance of the file.
   * @param type - a number that stands for its type, below 65,536
   * @param offset - in bytes, below 2 to the power of 40
   */
  public add(id: number, type: number, offset: number): void {
    this._added.push(id);
    this._offsets.push(offset % word);
    this._offsetsHigh.push(Math.floor(offset / word));
    this._types.push(type);
  }

  /**
   * Makes ready to find instances by their numbers, after the last one was added.
   * @returns the first place whose number an earlier instance has; undefined where all numbers differ
   */
  public finish(): number | undefined {
    this._ids = this._added.take();
    this._places = new NumberIndex(this._ids);
    return this._places.findRepeated();
  }

  /** The highest number; 0 without instances. */
  public get highestId(): number {
    return this.size === 0 ? 0 : this._places.numberAt(this.size - 1);
  }

  /** The place of an instance; undefined for a number that none has. */
  public find(id: number): number | undefined {
    const place = this._places.placeAt(this._places.rankOf(id));
    return this._ids[place] === id ? place : undefined;
  }

  /** The number of the instance at a place. */
  public idAt(place: number): number {
    return this._ids[place] ?? 0;
  }

  /** The offset of the instance at a place, in bytes. */
  public offsetAt(place: number): number {
    return this._offsetsHigh.at(place) * word + this._offsets.at(place);
  }

  /** The number that stands for the type of the instance at a place. */
  public typeAt(place: number): number {
    return this._types.at(place);
  }
}
