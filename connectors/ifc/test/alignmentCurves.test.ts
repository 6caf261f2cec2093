import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LineSegment3d, LineString3d, Point3d, CurvePrimitive } from "@itwin/core-geometry";
import { expect } from "chai";
import * as webIfc from "web-ifc";
import { curves, drawn, type Drawn } from "./drawn.js";
import { guid, point, shapedFile } from "./shapedFile.js";
import { IfcTimeline } from "./support.js";

/** A placement in the plane at a point, in a direction. */
const place = (id: number, x: number, y: number, dx: number, dy: number) => [
  `#${id}=IFCAXIS2PLACEMENT2D(#${id + 1},#${id + 2});`,
  point(id + 1, x, y),
  `#${id + 2}=IFCDIRECTION((${dx.toFixed(9)},${dy.toFixed(9)}));`,
];

const segment = (id: number, placement: number, start: string, length: string, parent: number) =>
  `#${id}=IFCCURVESEGMENT(.CONTINUOUS.,#${placement},${start},${length},#${parent});`;

const metres = (value: number) => `IFCLENGTHMEASURE(${value.toFixed(6)})`;

/**
 * 100 m to the north, a right turn of a quarter with a radius of 200 m, and a clothoid that ends straight: a clothoid of
 * A² = 200 * 60 is followed from its end at the radius back to its start. A profile rises by 2 % for 200 m, and ends in a parabola.
 */
const quarter = 100 * Math.PI;
const total = 100 + quarter + 60;
const lines = [
  `#400=IFCALIGNMENT(${guid(400)},$,'A1',$,$,#15,#401,$);`,
  "#401=IFCPRODUCTDEFINITIONSHAPE($,$,(#402,#403));",
  "#402=IFCSHAPEREPRESENTATION(#10,'Axis','Curve3D',(#500));",
  "#403=IFCSHAPEREPRESENTATION(#10,'FootPrint','Curve2D',(#410));",
  `#406=IFCRELAGGREGATES(${guid(406)},$,$,$,#1,(#400));`,
  "#410=IFCCOMPOSITECURVE((#411,#412,#413),.F.);",
  segment(411, 420, metres(0), metres(100), 430),
  segment(412, 423, metres(0), metres(-quarter), 433),
  segment(413, 426, metres(-60), metres(60), 434),
  ...place(420, 0, 0, 0, 1),
  ...place(423, 0, 100, 0, 1),
  ...place(426, 200, 300, 1, 0),
  "#430=IFCLINE(#48,#431);",
  "#431=IFCVECTOR(#432,1.);",
  "#432=IFCDIRECTION((1.,0.));",
  "#433=IFCCIRCLE(#49,200.);",
  `#434=IFCCLOTHOID(#49,${Math.sqrt(200 * 60)});`,
  "#500=IFCGRADIENTCURVE((#501,#502,#503),.F.,#410,$);",
  segment(501, 510, metres(0), metres(200 * Math.hypot(1, 0.02)), 430),
  segment(502, 513, metres(0), metres(274.2), 520),
  segment(503, 516, metres(0), metres(0), 430),
  ...place(510, 0, 10, 1, 0.02),
  ...place(513, 200, 14, 1, 0.02),
  ...place(516, total, 14, 1, 0),
  "#520=IFCPOLYNOMIALCURVE(#49,(0.,1.),(0.,0.02,-0.0001),$);",
];

/** The same plan by its parameters, from which web-ifc makes it. */
const parameters = [
  `#600=IFCALIGNMENTHORIZONTAL(${guid(600)},$,'H',$,$,#15,$);`,
  `#601=IFCRELNESTS(${guid(601)},$,$,$,#400,(#600));`,
  `#602=IFCRELNESTS(${guid(602)},$,$,$,#600,(#610,#612,#614));`,
  ...[
    ["#421", `${Math.PI / 2}`, "0.,0.", "100.", "LINE"],
    ["#424", `${Math.PI / 2}`, "-200.,-200.", `${quarter}`, "CIRCULARARC"],
    ["#427", "0.", "-200.,0.", "60.", "CLOTHOID"],
  ].flatMap(([start, direction, radii, length, type], index) => [
    `#${610 + 2 * index}=IFCALIGNMENTSEGMENT(${guid(610 + 2 * index)},$,'S${index}',$,$,#15,$,#${611 + 2 * index});`,
    `#${611 + 2 * index}=IFCALIGNMENTHORIZONTALSEGMENT($,$,${start},${direction},${radii},${length},$,.${type}.);`,
  ]),
];
const text = shapedFile({ lines: [...lines, ...parameters] });

describe("alignments with a representation", () => {
  let timeline: IfcTimeline;
  let shown: Drawn;
  before(async () => {
    timeline = new IfcTimeline("m.ifc");
    expect((await timeline.result(text)).issues).to.deep.equal([]);
    shown = drawn(timeline, "A1");
  });

  it("have their plan as lines, arcs and spirals, each where the one before ends", () => {
    const [line, arc, clothoid] = curves(shown).slice(1) as [number[][], number[][], number[][]];
    expect([line[0], line[1], line[2]]).to.deep.equal([[0, 0, 0], [0, 100, 0], 100]); // prettier-ignore
    expect([arc[0], arc[1]]).to.deep.equal([[0, 100, 0], [200, 300, 0]]); // prettier-ignore
    expect(arc[2]).to.be.closeTo(quarter, 1e-4);
    expect(clothoid[0]).to.deep.equal([200, 300, 0]);
    expect(clothoid[2]).to.be.closeTo(60, 1e-2);
    // The end of a clothoid from a radius to a line, as the series of its start: x = L - L³/40R², y = L²/6R, turned by L/2R.
    const [x, y, angle] = [60 - 60 ** 3 / (40 * 200 ** 2), 60 ** 2 / (6 * 200) - 60 ** 4 / (336 * 200 ** 3), 60 / 400];
    const end = [x * Math.cos(angle) + y * Math.sin(angle), x * Math.sin(angle) - y * Math.cos(angle)];
    expect(clothoid[1]![0]).to.be.closeTo(200 + end[0]!, 1e-3);
    expect(clothoid[1]![1]).to.be.closeTo(300 - end[1]!, 1e-3);
  });

  it("have their axis above the plan, by the profile", () => {
    const axis = shown.shapes.find((shape) => shape instanceof LineString3d)!;
    const height = (d: number) => (d < 200 ? 10 + 0.02 * d : 14 + 0.02 * (d - 200) - 0.0001 * (d - 200) ** 2);
    let distance = 0;
    axis.points.forEach((at, index) => {
      if (index > 0) distance += at.distanceXY(axis.points[index - 1]!);
      expect(at.z).to.be.closeTo(height(distance), 2e-3);
    });
    expect(distance).to.be.closeTo(total, 0.05);
    expect(shown.subCategories).to.deep.equal(["Axis", "FootPrint"]);
  });

  it("lie where their parameters have them", () => {
    const segments = ["S0", "S1", "S2"].flatMap((name) => curves(drawn(timeline, name)));
    for (const [index, [start, end, length]] of curves(shown).slice(1).entries()) {
      const [otherStart, otherEnd, otherLength] = segments[index]!;
      expect(Point3d.fromJSON(start as number[]).distance(Point3d.fromJSON(otherStart as number[]))).to.be.lessThan(
        1e-3,
      );
      expect(Point3d.fromJSON(end as number[]).distance(Point3d.fromJSON(otherEnd as number[]))).to.be.lessThan(1e-3);
      expect(length).to.be.closeTo(otherLength as number, 1e-2);
    }
  });

  it("lie where web-ifc has them", async () => {
    const api = new webIfc.IfcAPI();
    await api.Init();
    const model = api.OpenModel(readFileSync(join(timeline.folder, "m.ifc")), { CIRCLE_SEGMENTS: 200 });
    const points = webIfcPoints(api.GetAllAlignments(model));
    api.CloseModel(model);
    const plan = shown.shapes.slice(1).filter((shape) => shape instanceof CurvePrimitive);
    expect(points.length).to.be.greaterThan(100);
    for (const at of points) {
      const nearest = plan.map((curve) => curve.closestPoint(at, false)!.point.distance(at));
      expect(Math.min(...nearest), JSON.stringify(at)).to.be.lessThan(0.02);
    }
    expect(LineSegment3d.create(points[0]!, Point3d.createZero()).curveLength()).to.be.lessThan(1e-6);
  });
});

/** All points of the horizontal curves, in any shape of web-ifc's answer. */
function webIfcPoints(alignments: unknown): Point3d[] {
  const found: Point3d[] = [];
  const visit = (value: unknown, key: string) => {
    if (typeof value !== "object" || value === null) return;
    const { x, y } = value as { x?: number; y?: number };
    if (typeof x === "number" && typeof y === "number" && key !== "vertical") found.push(Point3d.create(x, y, 0));
    else for (const [name, inner] of Object.entries(value)) if (name !== "vertical") visit(inner, name);
  };
  visit(alignments, "");
  return found;
}
