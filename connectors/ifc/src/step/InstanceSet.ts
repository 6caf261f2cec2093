import type { StepFile } from "./StepFile.js";

/** A set of instances of a file: one bit for each that the file has. */
export class InstanceSet {
  private readonly _bits: Uint8Array;

  public constructor(private readonly _file: StepFile) {
    this._bits = new Uint8Array(Math.ceil(_file.size / 8));
  }

  /** Adds an instance. One that is not in the file is not added. */
  public add(id: number): void {
    const place = this._file.placeOf(id);
    if (place !== undefined) this.addAt(place);
  }

  public has(id: number): boolean {
    const place = this._file.placeOf(id);
    return place !== undefined && this.hasAt(place);
  }

  /** Adds the instance at a place of the file. */
  public addAt(place: number): void {
    this._bits[place >>> 3] = (this._bits[place >>> 3] ?? 0) | (1 << (place & 7));
  }

  public deleteAt(place: number): void {
    this._bits[place >>> 3] = (this._bits[place >>> 3] ?? 0) & ~(1 << (place & 7));
  }

  public hasAt(place: number): boolean {
    return ((this._bits[place >>> 3] ?? 0) & (1 << (place & 7))) !== 0;
  }
}
