import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { eachRow } from "itwin-connector-framework/internal";

/** The rotation of an element's placement, in degrees. */
export type Angles = readonly [yaw: number, pitch: number, roll: number];

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
   * @param ecsql - selects id, x, y and z of the centre, size, whether it is rotated, and three angles
   */
  public constructor(imodel: IModelDb, ecsql: string) {
    eachRow(imodel, ecsql, [], (row) => {
      const index = this.ids.push(row.getValueId(0)) - 1;
      this._centers.push(row.getValueDouble(1), row.getValueDouble(2), row.getValueDouble(3));
      this._sizes.push(row.getValueDouble(4));
      if (row.getValueInteger(5) === 0) return; // hardly any element is rotated, and each value that is read costs time
      this._angles.set(index, [row.getValueDouble(6), row.getValueDouble(7), row.getValueDouble(8)]);
    });
  }

  /** The indices of all elements. */
  public get all(): Uint32Array {
    return Uint32Array.from(this.ids.keys());
  }

  /** A coordinate of the centre of the box around an element, in metres. A rotation is left out of account. */
  public center(index: number, axis: number): number {
    return this._centers[3 * index + axis] ?? 0;
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
