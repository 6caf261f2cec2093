import { Box3, Plane, Vector3 } from "three";

/** A section box: only what lies within it is drawn. */
export class SectionBox {
  /** For the materials; empty while there is no section. */
  public readonly planes: Plane[] = [];
  private _isOn = false;

  public get isOn(): boolean {
    return this._isOn;
  }

  /** Draws only what is within a box, in the coordinates of the iModel. */
  public set(box: Box3): void {
    this._isOn = true;
    const { min, max } = box;
    const axes = [new Vector3(1, 0, 0), new Vector3(0, 1, 0), new Vector3(0, 0, 1)];
    const planes = axes.flatMap((axis) => [
      new Plane(axis, -axis.dot(min)),
      new Plane(axis.clone().negate(), axis.dot(max)),
    ]);
    this.planes.splice(0, this.planes.length, ...planes);
  }

  public clear(): void {
    this._isOn = false;
    this.planes.length = 0;
  }

  /** Whether a point is drawn. */
  public contains(point: Vector3): boolean {
    return this.planes.every((plane) => plane.distanceToPoint(point) >= -1e-6);
  }
}
