import { BufferGeometry, Group, Line, LineBasicMaterial, Points, PointsMaterial, type Object3D, Vector3 } from "three";

/** The distance between two points, in metres, and its share along each axis. */
export interface Measured {
  distance: number;
  along: [x: number, y: number, z: number];
}

/** Measures between pairs of points, and draws them. */
export class Measure {
  public readonly group = new Group();
  private _start: Vector3 | undefined;

  /** Takes a point: the first of a pair gives undefined, the second the distance. */
  public take(point: Vector3): Measured | undefined {
    if (this._start === undefined) {
      this.clear();
      this._start = point.clone();
      this._draw([point]);
      return undefined;
    }
    const between = point.clone().sub(this._start);
    this._draw([this._start, point]);
    this._start = undefined;
    return { distance: between.length(), along: [between.x, between.y, between.z] };
  }

  public clear(): void {
    this._start = undefined;
    this.group.clear();
  }

  /** Vertices are floats, so they are relative to the first point: map coordinates would lose the millimetres. */
  private _draw(points: [Vector3, ...Vector3[]]): void {
    const [first] = points;
    const geometry = new BufferGeometry().setFromPoints(points.map((point) => point.clone().sub(first)));
    this.group.position.copy(first);
    const onTop = { color: 0xd81b60, depthTest: false };
    const marks: Object3D[] = [new Points(geometry, new PointsMaterial({ ...onTop, size: 9, sizeAttenuation: false }))];
    if (points.length > 1) marks.push(new Line(geometry, new LineBasicMaterial(onTop)));
    this.group.add(...marks);
  }
}
