import type { Vector, Matrix } from "./Matrix.js";

/** A quaternion. */
export type Rotation = readonly [x: number, y: number, z: number, w: number];

/** Not rotated. */
export const noRotation: Rotation = [0, 0, 0, 1];

/** Not scaled. */
export const noScale: Vector = [1, 1, 1];

/** Translation, rotation and scale, one after the other. */
const stride = 10;

/** Where elements show a shape. Numbers only: there can be a hundred thousand in a batch. */
export class Placements {
  /** The index of each element in its layer. */
  public readonly elements: number[] = [];
  private readonly _values: number[] = [];
  private _isRotated = false;
  private _isScaled = false;

  public get length(): number {
    return this.elements.length;
  }

  /** Whether one of them is rotated. */
  public get isRotated(): boolean {
    return this._isRotated;
  }

  /** Whether one of them is scaled. */
  public get isScaled(): boolean {
    return this._isScaled;
  }

  public add(element: number, translation: Vector, rotation: Rotation, scale: Vector): void {
    this.elements.push(element);
    this._values.push(translation[0], translation[1], translation[2]);
    this._values.push(rotation[0], rotation[1], rotation[2], rotation[3]);
    this._values.push(scale[0], scale[1], scale[2]);
    this._isRotated ||= rotation[3] !== 1;
    this._isScaled ||= scale[0] !== 1 || scale[1] !== 1 || scale[2] !== 1;
  }

  /** The translations relative to a point, in single precision. */
  public translations(center: Vector): Float32Array<ArrayBuffer> {
    return this._column(0, 3, center);
  }

  public get rotations(): Float32Array<ArrayBuffer> {
    return this._column(3, 4, [0, 0, 0]);
  }

  public get scales(): Float32Array<ArrayBuffer> {
    return this._column(7, 3, [0, 0, 0]);
  }

  /** Leads from the shape to the place. */
  public matrix(index: number): Matrix {
    const at = (place: number) => this._values[index * stride + place] ?? 0;
    const [x, y, z, w] = [at(3), at(4), at(5), at(6)];
    const [sx, sy, sz] = [at(7), at(8), at(9)];
    return [
      (1 - 2 * (y * y + z * z)) * sx, 2 * (x * y - z * w) * sy, 2 * (x * z + y * w) * sz, at(0),
      2 * (x * y + z * w) * sx, (1 - 2 * (x * x + z * z)) * sy, 2 * (y * z - x * w) * sz, at(1),
      2 * (x * z - y * w) * sx, 2 * (y * z + x * w) * sy, (1 - 2 * (x * x + y * y)) * sz, at(2),
    ]; // prettier-ignore
  }

  private _column(first: number, width: number, minus: Vector): Float32Array<ArrayBuffer> {
    const column = new Float32Array(this.length * width);
    for (let index = 0; index < this.length; index++)
      for (let place = 0; place < width; place++)
        column[index * width + place] = (this._values[index * stride + first + place] ?? 0) - (minus[place] ?? 0);
    return column;
  }
}
