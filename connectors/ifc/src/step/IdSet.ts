/** Numbers of a page. */
const pageSize = 4096;

/** A set of numbers of instances: one bit for each, where the numbers are dense. */
export class IdSet {
  private _pages = new Map<number, Uint8Array>();
  private _last = -1;
  private _lastPage: Uint8Array = new Uint8Array();

  public add(id: number): void {
    const number = Math.floor(id / pageSize);
    const page = number === this._last ? this._lastPage : this._pageOf(number);
    const bit = id - number * pageSize;
    page[bit >>> 3] = (page[bit >>> 3] ?? 0) | (1 << (bit & 7));
  }

  /** All numbers, after which the set is empty. */
  public *takeAll(): Generator<number> {
    const pages = this._pages;
    this._pages = new Map();
    this._last = -1;
    for (const [number, page] of pages)
      for (let bit = 0; bit < pageSize; bit++)
        if (((page[bit >>> 3] ?? 0) & (1 << (bit & 7))) !== 0) yield number * pageSize + bit;
  }

  private _pageOf(number: number): Uint8Array {
    let page = this._pages.get(number);
    if (page === undefined) this._pages.set(number, (page = new Uint8Array(pageSize / 8)));
    this._last = number;
    this._lastPage = page;
    return page;
  }
}
