import type { MeshData, Shape } from "./BatchGraphics.js";
import type { Frame } from "./Frame.js";
import { identity, movePoints, type Vector } from "./Matrix.js";
import { noScale } from "./Placements.js";

/** Meshes that differ by less than this, in metres, have the same shape: a hundredth of what is promised of positions. */
const grid = 1e-5;

/** A mesh as a shape at a place. */
export interface PlacedShape {
  readonly shape: Shape;
  readonly translation: Vector;
  readonly scale: Vector;
}

/**
 * Finds meshes of the same shape: what is left of them without their place. Meshes all of whose vertices are corners of a
 * box along the axes of the placement have the same shape whatever their size.
 *
 * It knows the shapes of one batch. Those of all elements would fill the memory where they are all different.
 */
export class ShapeFinder {
  private readonly _shapes = new Map<number, Shape>();
  /** The mesh that is looked at. Few are new, and only those are copied. */
  private _points = new Float64Array(0);
  private _normals = new Float64Array(0);
  private readonly _low: [number, number, number] = [0, 0, 0];
  private readonly _high: [number, number, number] = [0, 0, 0];

  /**
   * The shape of a mesh.
   * @param frame - the rotation of the element's placement
   */
  public find(mesh: MeshData, frame: Frame | undefined): PlacedShape {
    const { length } = mesh.points;
    const origin = this._load(mesh, frame);
    const scale = this._isBox(length) ? this._size() : noScale;
    this._moveToCorner(length, scale);
    const key = this._hash(mesh);
    let shape = this._shapes.get(key);
    if (shape === undefined) this._shapes.set(key, (shape = this._newShape(key, mesh)));
    return { shape, translation: origin, scale };
  }

  /** @returns where the lower corner of the box around the mesh is in the world */
  private _load({ points, normals }: MeshData, frame: Frame | undefined): Vector {
    const { length } = points;
    if (this._points.length < length) {
      this._points = new Float64Array(2 * length);
      this._normals = new Float64Array(2 * length);
    }
    const [x = 0, y = 0, z = 0] = points;
    movePoints(this._points, 0, points, identity, [x, y, z]);
    this._normals.set(normals);
    frame?.toLocal(this._points, length);
    frame?.toLocal(this._normals, length);
    this._findRange(length);
    const low: Vector = [...this._low];
    const corner = frame === undefined ? low : frame.toWorld(low);
    return [x + corner[0], y + corner[1], z + corner[2]];
  }

  private _findRange(length: number): void {
    for (let axis = 0; axis < 3; axis++) {
      let low = Infinity;
      let high = -Infinity;
      for (let i = axis; i < length; i += 3) {
        const value = this._points[i] ?? 0;
        if (value < low) low = value;
        if (value > high) high = value;
      }
      this._low[axis] = low;
      this._high[axis] = high;
    }
  }

  /** Whether scaling along the axes leaves the normals as they are, and makes a mesh of the same shape. */
  private _isBox(length: number): boolean {
    for (let axis = 0; axis < 3; axis++) {
      const low = this._low[axis] ?? 0;
      const high = this._high[axis] ?? 0;
      for (let i = axis; i < length; i += 3) {
        const value = this._points[i] ?? 0;
        if (value - low > grid / 10 && high - value > grid / 10) return false;
        if (isOblique(this._normals[i] ?? 0)) return false;
      }
    }
    return true;
  }

  private _size(): Vector {
    const size = (axis: 0 | 1 | 2) => {
      const extent = this._high[axis] - this._low[axis];
      return extent > grid ? extent : 1;
    };
    return [size(0), size(1), size(2)];
  }

  private _moveToCorner(length: number, scale: Vector): void {
    for (let axis = 0; axis < 3; axis++) {
      const low = this._low[axis] ?? 0;
      const factor = 1 / (scale[axis] ?? 1);
      for (let i = axis; i < length; i += 3) this._points[i] = ((this._points[i] ?? 0) - low) * factor;
    }
  }

  /** 53 bits of all that makes a mesh what it is. */
  private _hash({ points: { length }, params, indices }: MeshData): number {
    let high = length;
    let low = indices.length;
    for (let i = 0; i < length; i++) {
      const value = Math.round((this._points[i] ?? 0) / grid) ^ (Math.round((this._normals[i] ?? 0) * 100) << 20);
      high = Math.imul(high ^ value, 0x85ebca6b);
      high ^= high >>> 13;
      low = Math.imul(low ^ value, 0xc2b2ae35);
      low ^= low >>> 16;
    }
    for (let i = 0; i < indices.length + params.length; i++) {
      const value = i < indices.length ? (indices[i] ?? 0) : Math.round((params[i - indices.length] ?? 0) * 1e4);
      high = Math.imul(high ^ value, 0x85ebca6b);
      high ^= high >>> 13;
      low = Math.imul(low ^ value, 0xc2b2ae35);
      low ^= low >>> 16;
    }
    return (high >>> 0) * 0x200000 + (low & 0x1fffff);
  }

  private _newShape(key: number, { points: { length }, params, indices }: MeshData): Shape {
    const points = this._points.slice(0, length);
    const normals = Float32Array.from(this._normals.subarray(0, length));
    return { key: `${length} ${key}`, isPart: false, mesh: { points, normals, params, indices } };
  }
}

/** Whether a direction with this coordinate is not along an axis. */
function isOblique(coordinate: number): boolean {
  const size = Math.abs(coordinate);
  return size > 1e-6 && size < 1 - 1e-6;
}
