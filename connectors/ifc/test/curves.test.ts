import { expect } from "chai";
import {
  Angle,
  AngleSweep,
  Arc3d,
  BSplineCurve3d,
  BSplineCurve3dH,
  IntegratedSpiral3d,
  LineString3d,
  Point3d,
  Point4d,
  Segment1d,
  Transform,
} from "@itwin/core-geometry";
import type { Curve } from "../src/curves/Curve.js";
import { arcThrough, Composite, Conic, Line, Part } from "../src/curves/curves.js";
import { Polyline } from "../src/curves/Polyline.js";
import { intersect } from "../src/curves/intersect.js";
import { lift } from "../src/curves/gradient.js";
import { leftOf, offsetByDistances, offsetCurve } from "../src/curves/offsets.js";
import { planOf } from "../src/curves/plan.js";
import { verticalShapes } from "../src/curves/profile.js";
import { Spline } from "../src/curves/Spline.js";
import { transitions } from "../src/curves/spirals.js";
import { distanceOf, type Vector } from "../src/curves/vectors.js";

function expectNear(actual: Vector, wanted: readonly number[], tolerance = 1e-9): void {
  expect(distanceOf(actual, [wanted[0] ?? 0, wanted[1] ?? 0, wanted[2] ?? 0]), JSON.stringify([actual, wanted]))
    .to.be //
    .lessThan(tolerance);
}

const pointOf = ([x, y, z]: Vector) => Point3d.create(x, y, z);
const arrayOf = ({ x, y, z }: { x: number; y: number; z: number }) => [x, y, z];

/** The curvature in the plane, from three close points, in 1/m. */
function curvatureAt(curve: Curve, distance: number): number {
  const step = 1e-3;
  const [a, b, c] = [-step, 0, step].map((shift) => curve.at(curve.parameterAt(distance + shift))) as [Vector, Vector, Vector]; // prettier-ignore
  const turn = Math.atan2(c[1] - b[1], c[0] - b[0]) - Math.atan2(b[1] - a[1], b[0] - a[0]);
  return turn / step;
}

describe("curves", () => {
  const arc = new Part(new Conic([1, 2, 0], [3, 0, 0], [0, 3, 0]), 0, Math.PI / 2);
  const ellipse = new Part(new Conic([0, 0, 0], [3, 0, 0], [0, 1, 0]), 0, Math.PI);
  const corner = new Polyline([[0, 0, 0], [3, 0, 0], [3, 4, 0]]); // prettier-ignore

  it("measure lengths as core-geometry does", () => {
    const wanted = Arc3d.createXYZXYZXYZ(0, 0, 0, 3, 0, 0, 0, 1, 0, AngleSweep.createStartEndDegrees(0, 180));
    expect(ellipse.lengthBetween(0, ellipse.end)).to.be.closeTo(wanted.curveLength(), 1e-6);
    expect(arc.lengthBetween(0, arc.end)).to.be.closeTo((3 * Math.PI) / 2, 1e-12);
    expect(corner.lengthBetween(0, 2)).to.equal(7);
  });

  it("find the point at a distance", () => {
    expectNear(corner.at(corner.parameterAt(5)), [3, 2, 0]);
    expectNear(arc.at(arc.parameterAt((3 * Math.PI) / 4)), [1 + 3 * Math.SQRT1_2, 2 + 3 * Math.SQRT1_2, 0]);
    const both = new Composite([new Part(corner, 0, 2), new Part(corner, 2, 0)]);
    expectNear(both.at(both.parameterAt(9)), [3, 2, 0]);
    expect(ellipse.lengthBetween(0, ellipse.parameterAt(1.5))).to.be.closeTo(1.5, 1e-8);
  });

  it("find the parameter of a point", () => {
    expectNear(arc.at(arc.parameterOf([1, 9, 0])), [1, 5, 0]);
    expectNear(corner.at(corner.parameterOf([5, 1, 0])), [3, 1, 0]);
    expectNear(ellipse.at(ellipse.parameterOf([0, 1, 0])), [0, 1, 0], 1e-6);
  });

  it("are cut into lines within the tolerance, forwards and backwards", () => {
    const circle = new Part(new Conic([0, 0, 0], [10, 0, 0], [0, 10, 0]), 0, 2 * Math.PI);
    const computed = offsetByDistances(circle, [{ distance: 0, left: 0, above: 1 }]);
    for (const [from, to] of [
      [computed.start, computed.end],
      [computed.end, computed.start],
    ] as const) {
      // prettier-ignore
      const points = computed.sample(from, to, 0.01);
      for (const [index, point] of points.slice(1).entries()) {
        const before = points[index]!;
        const middle = Math.hypot((point[0] + before[0]) / 2, (point[1] + before[1]) / 2);
        expect(10 - middle).to.be.within(-1e-9, 0.0101);
      }
      expectNear(points[0]!, arrayOf(pointOf(computed.at(from))));
      expectNear(points.at(-1)!, arrayOf(pointOf(computed.at(to))));
      expect(points.length).to.be.lessThan(150);
    }
  });

  it("are the circle through three points, also the long way around", () => {
    const long = arcThrough([1, 0, 0], [0, -1, 0], [0, 1, 0]);
    expect(long.lengthBetween(long.start, long.end)).to.be.closeTo(1.5 * Math.PI, 1e-9);
    expectNear(long.at(long.end / 2), [Math.cos(-0.75 * Math.PI), Math.sin(-0.75 * Math.PI), 0]);
    const upright = arcThrough([1, 0, 0], [0, 0, 1], [-1, 0, 0]);
    expectNear(upright.at(upright.end / 2), [0, 0, 1]);
    expect(arcThrough([0, 0, 0], [1, 0, 0], [2, 0, 0]).pieces(0, 2, 1)[0]).to.include({ kind: "line" });
  });

  it("are splines as core-geometry has them", () => {
    const poles: Vector[] = [[0, 0, 0], [1, 3, 0], [3, -1, 1], [4, 2, 0], [6, 0, 0]]; // prettier-ignore
    const weights = [1, 2, 0.5, 1, 1];
    const knots = [0, 0, 0, 0, 0.4, 1, 1, 1, 1];
    const plain = BSplineCurve3d.create(poles.map(pointOf), knots.slice(1, -1), 4)!;
    const rational = BSplineCurve3dH.create(
      poles.map(([x, y, z], index) => Point4d.create(x * weights[index]!, y * weights[index]!, z * weights[index]!, weights[index])), // prettier-ignore
      knots.slice(1, -1),
      4,
    )!;
    for (const u of [0, 0.1, 0.4, 0.77, 1]) {
      expectNear(new Spline({ degree: 3, poles, knots }).at(u), arrayOf(plain.fractionToPoint(u)));
      expectNear(new Spline({ degree: 3, poles, knots, weights }).at(u), arrayOf(rational.fractionToPoint(u)));
    }
  });

  it("have parallel curves: exact arcs, and corners that keep the distance", () => {
    const inside = offsetCurve(arc, 1, leftOf);
    expect(inside.pieces(inside.start, inside.end, 1)[0]).to.include({ kind: "arc" });
    expectNear(inside.at(inside.start), [3, 2, 0]);
    const beside = offsetCurve(corner, 1, leftOf);
    expect(beside.sample(beside.start, beside.end, 1).map((point) => point.map((part) => Math.round(part * 1e9) / 1e9))).to.deep.equal([[0, 1, 0], [2, 1, 0], [2, 4, 0]]); // prettier-ignore
    const changing = offsetByDistances(new Polyline([[0, 0, 0], [10, 0, 0]]), [{ distance: 2, left: 1, above: 0 }, { distance: 6, left: 3, above: 2 }]); // prettier-ignore
    expectNear(changing.at(changing.parameterAt(2)), [4, 2, 1]);
  });

  it("meet: lines beyond their ends, arcs, and the nearer one of two points", () => {
    const level = new Polyline([[0, 0, 0], [1, 0, 0]]); // prettier-ignore
    expectNear(intersect(level, new Polyline([[5, 1, 0], [5, 3, 0]]))!, [5, 0, 0]); // prettier-ignore
    expect(intersect(level, new Polyline([[0, 1, 0], [1, 1, 0]]))).to.equal(undefined); // prettier-ignore
    const half = new Part(new Conic([0, 0, 0], [2, 0, 0], [0, 2, 0]), -Math.PI / 2, Math.PI / 2);
    expectNear(intersect(half, level)!, [2, 0, 0]);
    expectNear(intersect(half, new Part(new Conic([2, 0, 0], [2, 0, 0], [0, 2, 0]), 0.1, Math.PI))!, [1, Math.sqrt(3), 0]); // prettier-ignore
  });
});

describe("transitions of alignments", () => {
  const length = 60;
  const shape = { start: [0, 0, 0] as Vector, direction: 0, length };

  it("are core-geometry's integrated spirals: clothoid, Bloss, biquadratic, cosine, sine", () => {
    const names = { CLOTHOID: "clothoid", BLOSSCURVE: "bloss", HELMERTCURVE: "biquadratic", COSINECURVE: "cosine", SINECURVE: "sine" }; // prettier-ignore
    for (const [type, theirs] of Object.entries(names)) {
      const ours = planOf({ ...shape, type, curvatures: [0, 1 / 200] })!;
      const spiral = IntegratedSpiral3d.createRadiusRadiusBearingBearing(
        Segment1d.create(0, 200),
        AngleSweep.createStartEnd(Angle.createRadians(0), Angle.createRadians(length / 400)),
        Segment1d.create(0, 1),
        Transform.createIdentity(),
        theirs,
      )!;
      expect(spiral.curveLength(), type).to.be.closeTo(length, 1e-6);
      expectNear(ours.at(ours.end), arrayOf(spiral.fractionToPoint(1)), 2e-4);
      expectNear(ours.at(ours.end / 2), arrayOf(spiral.fractionToPoint(0.5)), 2e-4);
    }
  });

  it("have the curvatures of their ends, from any radius to any, to either side", () => {
    for (const type of Object.keys(transitions))
      for (const curvatures of [
        [0, 1 / 300],
        [1 / 300, 0],
        [-1 / 500, 1 / 300],
        [1 / 150, 1 / 400],
      ] as const) {
        // prettier-ignore
        const curve = planOf({ ...shape, type, curvatures })!;
        expect(curvatureAt(curve, 0.01), `${type} ${curvatures.join()}`).to.be.closeTo(curvatures[0], 3e-6);
        expect(curvatureAt(curve, length - 0.01), `${type} ${curvatures.join()}`).to.be.closeTo(curvatures[1], 3e-6);
        expect(LineString3d.create(curve.sample(curve.start, curve.end, 1e-5).map(pointOf)).curveLength())
          .to.be //
          .closeTo(length, 1e-3);
      }
  });

  it("are a cubic parabola: y = x³ / 6RL, and from its end the same one backwards", () => {
    const [forwards, backwards] = [[0, 1 / 300], [1 / 300, 0]].map((curvatures) => planOf({ ...shape, type: "CUBIC", curvatures: curvatures as [number, number] })!) as [Curve, Curve]; // prettier-ignore
    const [x, y] = forwards.at(forwards.end);
    expect(y).to.be.closeTo(x ** 3 / (6 * 300 * length), 1e-9);
    expect(forwards.lengthBetween(forwards.start, forwards.end)).to.be.closeTo(length, 1e-6);
    const chord = (curve: Curve) => distanceOf(curve.at(curve.start), curve.at(curve.end));
    expect(chord(backwards)).to.be.closeTo(chord(forwards), 1e-9);
    expect(curvatureAt(backwards, 0.01)).to.be.closeTo(1 / 300, 1e-4);
  });

  it("are arcs and lines, placed and turned", () => {
    const right = planOf({ start: [10, 20, 0], direction: Math.PI / 2, length: 50 * Math.PI, type: "CIRCULARARC", curvatures: [-1 / 100, -1 / 100] })!; // prettier-ignore
    expectNear(right.at(right.end), [110, 120, 0]);
    const line = planOf({ start: [1, 1, 0], direction: Math.PI, length: 5, type: "LINE", curvatures: [0, 0] })!;
    expectNear(line.at(line.end), [-4, 1, 0]);
    expect(planOf({ ...shape, type: "UNKNOWN", curvatures: [0, 1] })).to.equal(undefined);
  });
});

describe("vertical segments of alignments", () => {
  const shape = { length: 100, height: 10, gradients: [0.02, -0.03] as const };
  const slope = (heights: (d: number) => number, d: number) => (heights(d + 1e-4) - heights(d - 1e-4)) / 2e-4;

  for (const type of ["PARABOLICARC", "CIRCULARARC", "CLOTHOID"])
    it(`of the type ${type} begin and end with their gradients`, () => {
      const heights = verticalShapes[type]!(shape);
      expect(heights(0)).to.be.closeTo(10, 1e-9);
      expect(slope(heights, 1e-3)).to.be.closeTo(0.02, 1e-5);
      expect(slope(heights, 100 - 1e-3)).to.be.closeTo(-0.03, 1e-5);
    });

  it("are a circle: all points have the same distance from its center", () => {
    const heights = verticalShapes.CIRCULARARC!(shape);
    const [start, end] = [Math.atan(0.02), Math.atan(-0.03)];
    const radius = 100 / (Math.sin(end) - Math.sin(start));
    const center = [-radius * Math.sin(start), 10 + radius * Math.cos(start)] as const;
    for (const d of [0, 30, 77, 100])
      expect(Math.hypot(d - center[0], heights(d) - center[1])).to.be.closeTo(Math.abs(radius), 1e-8);
  });

  it("lift a plan", () => {
    const profile = [new Part(new Line([0, 5, 0], [1, 0.1, 0]), 0, 50)];
    const gradient = lift(new Polyline([[0, 0, 0], [30, 0, 0], [30, 40, 0]]), profile); // prettier-ignore
    expectNear(gradient.at(gradient.parameterAt(40)), [30, 10, 9]);
    expect(gradient.end).to.equal(50);
  });
});
