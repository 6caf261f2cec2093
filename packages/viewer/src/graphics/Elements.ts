import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { eachRow } from "itwin-connector-framework/internal";
import type { Vector } from "./Matrix.js";
import { Frame, type Angles } from "./Frame.js";

/**
 * Elements with geometry: where they are, about, and how large. A million of them take 100 MB.
 * Elements are known by their index.
 */
export class Elements {
  public readonly ids: Id64String[] = [];
  private readonly _centers: number[] = [];
  private readonly _sizes: number[] = [];
  private readonly _angles = new Map<number, Angles>();

  /**
   * Reads the elements with geometry that a query selects.
   * @param ecsql - selects id, x, y and z of the centre as if it were not rotated, size, whether it is rotated, three
   * angles, and the centre relative to the origin
   * @param accepts - which of them are taken
   */
  public constructor(imodel: IModelDb, ecsql: string, accepts: (id: Id64String) => boolean) {
    eachRow(imodel, ecsql, [], (row) => {
      const id = row.getValueId(0);
      if (!accepts(id)) return;
      const index = this.ids.push(id) - 1;
      this._centers.push(row.getValueDouble(1), row.getValueDouble(2), row.getValueDouble(3));
      this._sizes.push(row.getValueDouble(4));
      if (row.getValueInteger(5) === 0) return; // hardly any element is rotated, and each value that is read costs time
      const angles: Angles = [row.getValueDouble(6), row.getValueDouble(7), row.getValueDouble(8)];
      this._angles.set(index, angles);
      this._turn(index, angles, [row.getValueDouble(9), row.getValueDouble(10), row.getValueDouble(11)]);
    });
  }

  /** Turns a centre about the origin of the placement. */
  private _turn(index: number, angles: Angles, fromOrigin: Vector): void {
    const turned = new Frame(angles).toWorld(fromOrigin);
    for (const axis of [0, 1, 2] as const)
      this._centers[3 * index + axis] = this.center(index, axis) - fromOrigin[axis] + turned[axis];
  }

  /** The indices of all elements. */
  public get all(): Uint32Array {
    return Uint32Array.from(this.ids.keys());
  }

  /** A coordinate of the centre of the box around an element, in metres. */
  public center(index: number, axis: number): number {
    return this._centers[3 * index + axis] ?? 0;
  }

  /** The centre of the box around an element, in metres. */
  public middle(index: number): Vector {
    return [this.center(index, 0), this.center(index, 1), this.center(index, 2)];
  }

  /** The longest edge of the box around an element, in metres. */
  public size(index: number): number {
    return this._sizes[index] ?? 0;
  }

  /** The rotation of the placement of an element, or undefined where there is none. */
  public angles(index: number): Angles | undefined {
    return this._angles.get(index);
  }
}
