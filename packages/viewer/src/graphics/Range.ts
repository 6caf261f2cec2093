import type { BatchGraphics } from "./BatchGraphics.js";
import type { Vector, Matrix } from "./Matrix.js";

/** A box along the axes. */
export class Range {
  public readonly low: [number, number, number] = [Infinity, Infinity, Infinity];
  public readonly high: [number, number, number] = [-Infinity, -Infinity, -Infinity];

  public get isEmpty(): boolean {
    return this.low[0] > this.high[0];
  }

  /** The length from corner to corner. */
  public get diagonal(): number {
    const { low, high } = this;
    return Math.hypot(high[0] - low[0], high[1] - low[1], high[2] - low[2]);
  }

  /** Makes it large enough for another one. */
  public addRange({ low, high, isEmpty }: Range): void {
    if (isEmpty) return;
    this._add(low[0], low[1], low[2]);
    this._add(high[0], high[1], high[2]);
  }

  /** Makes it large enough for a ball. */
  public addBall(center: Vector, radius: number): void {
    this._add(center[0] - radius, center[1] - radius, center[2] - radius);
    this._add(center[0] + radius, center[1] + radius, center[2] + radius);
  }

  /** Makes it large enough for all that is in a batch. */
  public addBatch({ meshes, instances, lines }: BatchGraphics): void {
    for (const { shape, placements } of [...meshes.values(), instances].flat()) {
      const box = new Range();
      box._addPoints(shape.mesh.points);
      for (let index = 0; index < placements.length; index++) this._addCorners(box, placements.matrix(index));
    }
    for (const { points } of [...lines.values()].flat()) this._addPoints(points);
  }

  private _addPoints(points: Float64Array): void {
    for (let i = 0; i < points.length; i += 3) this._add(points[i] ?? 0, points[i + 1] ?? 0, points[i + 2] ?? 0);
  }

  private _addCorners({ low, high }: Range, matrix: Matrix): void {
    for (const x of [low[0], high[0]])
      for (const y of [low[1], high[1]]) for (const z of [low[2], high[2]]) this._add(...moved([x, y, z], matrix));
  }

  private _add(x: number, y: number, z: number): void {
    this.low[0] = Math.min(this.low[0], x);
    this.low[1] = Math.min(this.low[1], y);
    this.low[2] = Math.min(this.low[2], z);
    this.high[0] = Math.max(this.high[0], x);
    this.high[1] = Math.max(this.high[1], y);
    this.high[2] = Math.max(this.high[2], z);
  }
}

function moved([x, y, z]: Vector, [xx, xy, xz, tx, yx, yy, yz, ty, zx, zy, zz, tz]: Matrix): Vector {
  return [xx * x + xy * y + xz * z + tx, yx * x + yy * y + yz * z + ty, zx * x + zy * y + zz * z + tz];
}
