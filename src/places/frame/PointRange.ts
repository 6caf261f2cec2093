/** West, south, east and north, in the unit of the coordinates. East may be beyond 180 degrees. */
export type Bounds = readonly [west: number, south: number, east: number, north: number];

/**
 * The range of positions, which may lie on both sides of the antimeridian.
 * @public
 */
export class PointRange {
  private _south = Infinity;
  private _north = -Infinity;
  private _west = Infinity;
  private _east = -Infinity;
  /** The nearest to zero on both sides: between them is nothing. */
  private _leastEast = Infinity;
  private _greatestWest = -Infinity;

  /** Adds a position. One that is no number changes nothing. */
  public add(east: number, north: number): void {
    if (!Number.isFinite(east) || !Number.isFinite(north)) return;
    this._south = Math.min(this._south, north);
    this._north = Math.max(this._north, north);
    this._west = Math.min(this._west, east);
    this._east = Math.max(this._east, east);
    if (east < 0) this._greatestWest = Math.max(this._greatestWest, east);
    else this._leastEast = Math.min(this._leastEast, east);
  }

  /** Whether a position changes nothing. */
  public has(east: number, north: number): boolean {
    if (north < this._south || north > this._north || east < this._west || east > this._east) return false;
    return east < 0 ? east <= this._greatestWest : east >= this._leastEast;
  }

  /** A few positions that have the same range. */
  public get corners(): readonly (readonly [east: number, north: number])[] {
    const longitudes = [this._west, this._east, this._leastEast, this._greatestWest].filter(Number.isFinite);
    return longitudes.flatMap((east) => [[east, this._south] as const, [east, this._north] as const]);
  }

  /** Whether it has no position. */
  public get isEmpty(): boolean {
    return this._west === Infinity;
  }

  /** The range of all positions, west to east. */
  public get bounds(): Bounds | undefined {
    return this.isEmpty ? undefined : [this._west, this._south, this._east, this._north];
  }

  /**
   * The range of longitudes and latitudes. Where more than half of the Earth lies between the eastern and the western ones, it
   * reaches over the antimeridian, and its east is beyond 180 degrees.
   * @param turn - a whole turn, in the unit of the longitudes
   */
  public boundsOnEarth(turn = 360): Bounds | undefined {
    const gap = this._leastEast - this._greatestWest;
    if (this.isEmpty || !(gap > turn / 2) || !Number.isFinite(gap)) return this.bounds;
    return [this._leastEast, this._south, this._greatestWest + turn, this._north];
  }
}
