/** So many numbers, on average, share an entry of the table that leads to them. */
const bucketSize = 32;

/** Numbers are sorted by 16 bits at a time. */
const digits = 2 ** 16;

/**
 * Finds numbers in an array by bisection. Of an array that does not ascend it has an order beside it: 4 bytes for each
 * number.
 */
export class NumberIndex {
  /** The places of the numbers, in their order. Equal ones are in that of their places. */
  private readonly _sorted?: Uint32Array;
  /** The range of the numbers is cut into parts of one size. For each part the table has the first rank in it. */
  private readonly _buckets: Uint32Array;
  private readonly _least: number;
  private readonly _range: number;

  public constructor(private readonly _numbers: Uint32Array | Float64Array) {
    if (!ascends(_numbers)) this._sorted = sort(_numbers);
    const { length } = _numbers;
    this._least = this.numberAt(0);
    this._range = length === 0 ? 0 : this.numberAt(length - 1) - this._least + 1;
    this._buckets = new Uint32Array(Math.max(1, Math.floor(length / bucketSize)) + 1).fill(length);
    this._fillBuckets();
  }

  /** The rank of the first number that is not below one. */
  public rankOf(number: number): number {
    if (number < this._least) return 0;
    if (number >= this._least + this._range) return this._numbers.length;
    const bucket = this._bucketOf(number);
    let low = this._buckets[bucket] ?? 0;
    let high = this._buckets[bucket + 1] ?? 0;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.numberAt(middle) < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The place of the number of a rank in the array. */
  public placeAt(rank: number): number {
    return this._sorted === undefined ? rank : (this._sorted[rank] ?? 0);
  }

  /** The number of a rank. */
  public numberAt(rank: number): number {
    return this._numbers[this.placeAt(rank)] ?? 0;
  }

  /** The first place of a number that stands at an earlier place too; undefined where all numbers differ. */
  public findRepeated(): number | undefined {
    let first: number | undefined;
    for (let rank = 1; rank < this._numbers.length; rank++)
      if (this.numberAt(rank) === this.numberAt(rank - 1)) first = Math.min(first ?? Infinity, this.placeAt(rank));
    return first;
  }

  private _fillBuckets(): void {
    const buckets = this._buckets;
    for (let rank = this._numbers.length - 1; rank >= 0; rank--) buckets[this._bucketOf(this.numberAt(rank))] = rank;
    for (let bucket = buckets.length - 2; bucket >= 0; bucket--)
      buckets[bucket] = Math.min(buckets[bucket] ?? 0, buckets[bucket + 1] ?? 0);
  }

  private _bucketOf(number: number): number {
    return Math.floor(((number - this._least) / this._range) * (this._buckets.length - 1));
  }
}

function ascends(numbers: Uint32Array | Float64Array): boolean {
  for (let place = 1; place < numbers.length; place++)
    if ((numbers[place] ?? 0) < (numbers[place - 1] ?? 0)) return false;
  return true;
}

/** Sorts by one digit after the other, from the lowest on. It takes the same time for any order. */
function sort(numbers: Uint32Array | Float64Array): Uint32Array {
  let sorted = new Uint32Array(numbers.length).map((_, place) => place);
  let other = new Uint32Array(numbers.length);
  let most = 0;
  for (const number of numbers) most = Math.max(most, number);
  for (let unit = 1; unit <= most; unit *= digits) {
    sortByDigit(sorted, other, (place) => Math.floor((numbers[place] ?? 0) / unit) % digits);
    [sorted, other] = [other, sorted];
  }
  return sorted;
}

/** One pass of a sort by digits: equal ones keep their order. */
function sortByDigit(from: Uint32Array, to: Uint32Array, digitOf: (place: number) => number): void {
  const starts = new Uint32Array(digits + 1);
  for (const place of from) {
    const next = digitOf(place) + 1;
    starts[next] = (starts[next] ?? 0) + 1;
  }
  for (let digit = 1; digit < starts.length; digit++) starts[digit] = (starts[digit] ?? 0) + (starts[digit - 1] ?? 0);
  for (const place of from) {
    const digit = digitOf(place);
    const rank = starts[digit] ?? 0;
    to[rank] = place;
    starts[digit] = rank + 1;
  }
}
