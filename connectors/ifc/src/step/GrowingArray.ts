/** Entries of a chunk: 2 to the power of 16. */
const chunkLength = 1 << 16;
const chunkMask = chunkLength - 1;

type Chunk = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** Constructors of the arrays that numbers of one kind are kept in. */
export type ChunkType = typeof Uint8Array | typeof Uint16Array | typeof Uint32Array | typeof Float64Array;

/** An array of numbers of one kind that grows without being copied, and holds nothing but them. */
export class GrowingArray {
  private readonly _chunks: Chunk[] = [];
  private _length = 0;

  public constructor(private readonly _type: ChunkType) {}

  public get length(): number {
    return this._length;
  }

  public push(value: number): void {
    const place = this._length & chunkMask;
    if (place === 0) this._chunks.push(new this._type(chunkLength));
    const last = this._chunks[this._chunks.length - 1];
    if (last !== undefined) last[place] = value;
    this._length++;
  }

  /** The value at a place; 0 beyond the end. */
  public at(index: number): number {
    return this._chunks[index >>> 16]?.[index & chunkMask] ?? 0;
  }

  /** Moves the values into an array of another kind, and is empty then. */
  public moveTo<T extends Uint32Array | Float64Array>(target: T): T {
    const length = this._length;
    for (let start = 0; start < length; start += chunkLength) {
      const chunk = this._chunks.shift();
      if (chunk !== undefined) target.set(chunk.subarray(0, length - start), start);
    }
    this._length = 0;
    return target;
  }
}
