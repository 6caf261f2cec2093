import { expect } from "chai";
import { curves, drawn } from "./drawn.js";
import { edit, renumber } from "./house.js";
import { box, guid, point, shapedFile } from "./shapedFile.js";
import { exportTriangles, IfcTimeline } from "./support.js";

/** Where the middle of the lower face of an element's body is, and of what size the body is, to a millimetre. */
function bodyOf(timeline: IfcTimeline, name: string): { at: number[]; size: number[] } {
  const [row] = timeline.query(`SELECT ECInstanceId id FROM bis.GeometricElement3d WHERE UserLabel='${name}'`);
  const { range } = timeline.read((imodel) => exportTriangles(imodel, [row!.id as string]));
  const round = (value: number) => Math.round(value * 1e3) / 1e3 + 0;
  const { low, high } = range;
  return {
    at: [(low.x + high.x) / 2, (low.y + high.y) / 2, low.z].map(round),
    size: [high.x - low.x, high.y - low.y, high.z - low.z].map(round),
  };
}

/** A grid of two lines and an arc, turned by a right angle at (100, 0, 10). */
const grid = [
  point(201, 100, 0, 10),
  "#202=IFCDIRECTION((0.,1.,0.));",
  "#203=IFCAXIS2PLACEMENT3D(#201,$,#202);",
  "#204=IFCLOCALPLACEMENT(#15,#203);",
  point(205, -1, 0),
  point(206, 8, 0),
  point(207, 0, -1),
  point(208, 0, 8),
  "#210=IFCPOLYLINE((#205,#206));",
  "#211=IFCPOLYLINE((#207,#208));",
  "#212=IFCCIRCLE(#49,5.);",
  "#213=IFCTRIMMEDCURVE(#212,(IFCPARAMETERVALUE(-0.5)),(IFCPARAMETERVALUE(2.)),.T.,.PARAMETER.);",
  "#221=IFCGRIDAXIS('A',#210,.T.);",
  "#222=IFCGRIDAXIS('1',#211,.T.);",
  "#223=IFCGRIDAXIS('R',#213,.T.);",
  `#220=IFCGRID(${guid(220)},$,'grid',$,$,#204,$,(#221),(#222,#223),$,$);`,
];

describe("bodies placed by a grid", () => {
  const columns = [
    "#300=IFCVIRTUALGRIDINTERSECTION((#221,#222),(2.,-1.,0.5));",
    "#301=IFCGRIDPLACEMENT($,#300,$);",
    ...box(310, "offsets", "#301"),
    "#320=IFCVIRTUALGRIDINTERSECTION((#223,#221),(0.,0.));",
    "#321=IFCGRIDPLACEMENT(#204,#320,$);",
    ...box(330, "arc", "#321"),
    "#340=IFCAXIS2PLACEMENT3D(#206,$,$);",
    "#341=IFCLOCALPLACEMENT(#301,#342);",
    "#342=IFCAXIS2PLACEMENT3D(#343,$,$);",
    point(343, 0, 0, 3),
    ...box(350, "above", "#341"),
    "#360=IFCGRIDPLACEMENT($,#300,#361);",
    "#361=IFCDIRECTION((1.,1.));",
    ...box(370, "direction", "#360"),
    "#380=IFCGRIDPLACEMENT($,#320,#381);",
    "#381=IFCVIRTUALGRIDINTERSECTION((#221,#222),(0.,0.));",
    ...box(390, "intersection", "#380"),
    "#400=IFCVIRTUALGRIDINTERSECTION((#221,#221),(0.,1.));",
    "#401=IFCGRIDPLACEMENT($,#400,$);",
    ...box(410, "nowhere", "#401"),
  ];
  const text = shapedFile({ lines: [...grid, ...columns] });
  let timeline: IfcTimeline;
  let issues: readonly { code: string; message: string }[];
  before(async () => {
    timeline = new IfcTimeline("m.ifc");
    ({ issues } = await timeline.result(text));
  });

  it("stand at the intersections, with offsets to the left of the axes, in the axes of the grid", () => {
    // In the grid: 1 to the right of the axis 1, which runs along y, is x = 1; 2 to the left of A is y = 2.
    expect(bodyOf(timeline, "offsets").at).to.deep.equal([98, 1, 10.5]);
    expect(bodyOf(timeline, "arc").at).to.deep.equal([100, 5, 10]);
    expect(bodyOf(timeline, "above").at).to.deep.equal([98, 1, 13.5]);
  });

  it("are turned to the direction that is given, or to another intersection", () => {
    const { at, size } = bodyOf(timeline, "direction");
    expect([at, size]).to.deep.equal([[98, 1, 10.5], [1.414, 1.414, 1]]); // prettier-ignore
    expect(drawn(timeline, "intersection").origin.map(Math.round)).to.deep.equal([100, 5, 10]);
    expect(bodyOf(timeline, "intersection").size).to.deep.equal([1, 1, 1]);
  });

  it("have no geometry and an issue where the axes do not meet", () => {
    expect(issues.map(({ code }) => code)).to.deep.equal(["ifc/placement-failed"]);
    expect(issues[0]!.message).to.match(/IfcBuildingElementProxy ".*": its place is not known.*IfcVirtualGridIntersection #400 \(line \d+\) has axes that do not meet\./); // prettier-ignore
    expect(drawn(timeline, "nowhere").shapes).to.deep.equal([]);
  });

  it("move with the axes and with the grid, and not when lines are renumbered", async () => {
    expect((await timeline.result(renumber(text))).counts).to.include({ changed: 0 });
    const lifted = edit(text, "((100.0000,0.0000,10.0000))", "((100.0000,0.0000,20.0000))");
    expect((await timeline.result(lifted)).counts.changed).to.be.greaterThan(5);
    expect(bodyOf(timeline, "above").at).to.deep.equal([98, 1, 23.5]);
    const moved = edit(lifted, "#207=IFCCARTESIANPOINT((0.0000,-1.0000))", "#207=IFCCARTESIANPOINT((2.0000,-1.0000))");
    await timeline.result(edit(moved, "#208=IFCCARTESIANPOINT((0.0000,8.0000))", "#208=IFCCARTESIANPOINT((2.0000,8.0000))")); // prettier-ignore
    expect(bodyOf(timeline, "above").at).to.deep.equal([98, 3, 23.5]);
  });
});

describe("bodies placed along a curve", () => {
  const alignment = [
    point(201, 0, 0, 5),
    "#202=IFCAXIS2PLACEMENT3D(#201,$,$);",
    "#203=IFCLOCALPLACEMENT($,#202);",
    point(205, 0, 0, 0),
    point(206, 30, 0, 0),
    point(207, 30, 40, 0),
    "#210=IFCPOLYLINE((#205,#206,#207));",
    `#220=IFCALIGNMENT(${guid(220)},$,'alignment',$,$,#203,#221,$);`,
    "#221=IFCPRODUCTDEFINITIONSHAPE($,$,(#222));",
    "#222=IFCSHAPEREPRESENTATION(#10,'Axis','Curve3D',(#210));",
  ];
  const at = (
    id: number,
    {
      distance,
      offsets = "$,$,$",
      relativeTo = "$",
      fallback = "$",
      axes = "$,$",
    }: { distance: string; offsets?: string; relativeTo?: string; fallback?: string; axes?: string },
  ) => [
    // prettier-ignore
    `#${id}=IFCLINEARPLACEMENT(${relativeTo},#${id + 1},${fallback});`,
    `#${id + 1}=IFCAXIS2PLACEMENTLINEAR(#${id + 2},${axes});`,
    `#${id + 2}=IFCPOINTBYDISTANCEEXPRESSION(${distance},${offsets},#210);`,
  ];
  const lines = [
    ...alignment,
    ...at(300, { distance: "IFCLENGTHMEASURE(10.)" }),
    ...box(310, "first", "#300"),
    ...at(320, { distance: "IFCLENGTHMEASURE(50.)", offsets: "2.,1.,0.5", relativeTo: "#203" }),
    ...box(330, "beside", "#320"),
    ...at(340, { distance: "IFCLENGTHMEASURE(500.)", fallback: "#343" }),
    "#343=IFCAXIS2PLACEMENT3D(#344,$,$);",
    point(344, 7, 8, 9),
    ...box(350, "fallback", "#340"),
    ...at(360, { distance: "IFCLENGTHMEASURE(500.)" }),
    ...box(370, "beyond", "#360"),
    ...at(380, { distance: "IFCLENGTHMEASURE(50.)", axes: "#104,#384" }),
    "#384=IFCDIRECTION((1.,1.,0.));",
    ...box(390, "turned", "#380"),
  ];

  it("stand at the distance, with offsets to the left, up, and along", async () => {
    const timeline = new IfcTimeline("m.ifc");
    const { issues } = await timeline.result(shapedFile({ lines }));
    expect(bodyOf(timeline, "first").at, "in the placement of the alignment").to.deep.equal([10, 0, 5]);
    expect(bodyOf(timeline, "beside").at).to.deep.equal([28, 20.5, 6]);
    expect(bodyOf(timeline, "turned")).to.deep.equal({ at: [30, 20, 5], size: [1.414, 1.414, 1] });
    expect(bodyOf(timeline, "fallback").at).to.deep.equal([7, 8, 14]);
    expect(drawn(timeline, "beyond").shapes).to.deep.equal([]);
    expect(issues.map(({ message }) => message)).to.satisfy((all: string[]) => all.length === 1 && all[0]!.includes("IfcPointByDistanceExpression #362 (line")); // prettier-ignore
    const moved = edit(shapedFile({ lines }), "#201=IFCCARTESIANPOINT((0.0000,0.0000,5.0000))", "#201=IFCCARTESIANPOINT((0.0000,0.0000,6.0000))"); // prettier-ignore
    await timeline.result(moved);
    expect(bodyOf(timeline, "first").at).to.deep.equal([10, 0, 6]);
  });
});

describe("alignments", () => {
  const segment = (id: number, parameters: string) => [
    `#${id}=IFCALIGNMENTSEGMENT(${guid(id)},$,'S${id}',$,$,$,$,#${id + 1});`,
    `#${id + 1}=${parameters};`,
  ];
  const horizontal = (start: string, direction: string, radii: string, length: string, type: string) =>
    `IFCALIGNMENTHORIZONTALSEGMENT($,$,${start},${direction},${radii},${length},$,.${type}.)`;
  const lines = [
    `#400=IFCALIGNMENT(${guid(400)},$,'A1',$,$,#15,$,$);`,
    `#401=IFCALIGNMENTHORIZONTAL(${guid(401)},$,'H',$,$,#15,$);`,
    `#402=IFCALIGNMENTVERTICAL(${guid(402)},$,'V',$,$,#15,$);`,
    `#403=IFCRELNESTS(${guid(403)},$,$,$,#400,(#401,#402));`,
    `#404=IFCRELNESTS(${guid(404)},$,$,$,#401,(#410,#412,#414,#416));`,
    `#405=IFCRELNESTS(${guid(405)},$,$,$,#402,(#420,#422));`,
    `#406=IFCRELAGGREGATES(${guid(406)},$,$,$,#1,(#400));`,
    point(430, 0, 0),
    point(431, 0, 100),
    ...segment(410, horizontal("#430", "90.", "0.,0.", "100.", "LINE")),
    ...segment(412, horizontal("#431", "90.", "-200.,-200.", "314.15926535897933", "CIRCULARARC")),
    ...segment(414, horizontal("#432", "0.", "-200.,0.", "60.", "CLOTHOID")),
    point(432, 200, 300),
    ...segment(416, horizontal("#432", "0.", "0.,0.", "0.", "LINE")),
    ...segment(420, "IFCALIGNMENTVERTICALSEGMENT($,$,0.,200.,10.,0.02,0.02,$,.CONSTANTGRADIENT.)"),
    ...segment(422, "IFCALIGNMENTVERTICALSEGMENT($,$,200.,274.15926535897933,14.,0.02,-0.01,$,.PARABOLICARC.)"),
  ];
  const text = shapedFile({ lines, degrees: true });
  let timeline: IfcTimeline;
  before(async () => {
    timeline = new IfcTimeline("m.ifc");
    expect((await timeline.result(text)).issues).to.deep.equal([]);
  });

  it("without a representation are computed from their parameters, in three dimensions", () => {
    const [line, arc, clothoid] = curves(drawn(timeline, "A1")) as [number[][], number[][], number[][]];
    expect([line[0], line[1]]).to.deep.equal([[0, 0, 10], [0, 100, 12]]); // prettier-ignore
    expect(arc[0]).to.deep.equal([0, 100, 12]);
    expect(arc[1]!.slice(0, 2)).to.deep.equal([200, 300]);
    const height = (d: number) => 14 + 0.02 * d - (0.03 * d * d) / (2 * 274.15926535897933);
    expect(arc[1]![2]).to.be.closeTo(height(214.159265), 1e-4);
    expect(clothoid[1]![2]).to.be.closeTo(height(274.159265), 1e-4);
    expect(clothoid[1]![1]).to.be.lessThan(300);
  });

  it("have the parameters of their segments as properties", () => {
    const rows = timeline.query(`
      SELECT s.Name n, p.StartRadiusOfCurvature r, p.SegmentLength l, p.StartDirection d, p.PredefinedType t
      FROM Ifc.IfcAlignmentHorizontalSegment p JOIN Ifc.IfcAlignmentSegment s ON s.ECInstanceId=p.Element.Id WHERE s.Name='S412'`);
    expect(rows).to.deep.equal([{ n: "S412", r: -200, l: 314.15926535897933, d: 90, t: "CIRCULARARC" }]);
    expect(timeline.count("SELECT 1 FROM Ifc.IfcAlignmentVerticalSegment")).to.equal(2);
    expect(curves(drawn(timeline, "S410"))).to.have.length(1);
  });

  it("change with their segments, and a segment that cannot be computed is an issue", async () => {
    expect((await timeline.result(renumber(text))).counts).to.include({ changed: 0, new: 0 });
    const { counts, issues } = await timeline.result(edit(text, ".CLOTHOID.", ".USERDEFINED."));
    expect(counts.changed).to.be.greaterThan(1);
    expect(issues.map(({ message }) => message)).to.have.length(1);
    expect(issues[0]!.message).to.match(/IfcAlignmentHorizontalSegment #415 \(line \d+\) is of the type USERDEFINED, whose curve is not known/); // prettier-ignore
    expect(curves(drawn(timeline, "A1"))).to.have.length(2);
  });
});
