import { Loop, PointString3d } from "@itwin/core-geometry";
import { expect } from "chai";
import { query } from "../../../test/support/iModels.js";
import { curves, drawn } from "./drawn.js";
import { edit, renumber } from "./house.js";
import { annotation, point, shapedFile, type ShapedFile } from "./shapedFile.js";
import { IfcTimeline } from "./support.js";

const text = (lines: readonly string[], more: Omit<ShapedFile, "lines"> = {}) => shapedFile({ lines, ...more });

describe("lines of an IFC file", () => {
  it("are curves of every kind, in metres and in the project's unit of angle", async () => {
    const timeline = new IfcTimeline("m.ifc");
    const lines = [
      point(201, 0, 0),
      point(202, 2000, 0),
      point(203, 2000, 1000),
      point(204, 1000, 0),
      point(205, 0, 1000),
      "#210=IFCPOLYLINE((#201,#202,#203));",
      ...annotation(300, "polyline", "#210"),
      "#211=IFCCIRCLE(#49,1000.);",
      ...annotation(310, "circle", "#211"),
      "#212=IFCTRIMMEDCURVE(#211,(IFCPARAMETERVALUE(90.)),(IFCPARAMETERVALUE(0.)),.F.,.PARAMETER.);",
      ...annotation(320, "by parameters", "#212"),
      "#213=IFCTRIMMEDCURVE(#211,(#204,IFCPARAMETERVALUE(45.)),(#205,IFCPARAMETERVALUE(50.)),.T.,.CARTESIAN.);",
      ...annotation(330, "by points", "#213"),
      "#214=IFCCOMPOSITECURVE((#215,#216),.F.);",
      "#215=IFCCOMPOSITECURVESEGMENT(.CONTINUOUS.,.T.,#213);",
      "#216=IFCCOMPOSITECURVESEGMENT(.CONTINUOUS.,.F.,#217);",
      "#217=IFCPOLYLINE((#201,#205));",
      ...annotation(340, "composite", "#214"),
      "#218=IFCCARTESIANPOINTLIST2D(((0.,0.),(1000.,0.),(1000.,1000.),(0.,1000.)),$);",
      "#219=IFCINDEXEDPOLYCURVE(#218,(IFCLINEINDEX((1,2)),IFCARCINDEX((2,3,4))),.F.);",
      ...annotation(350, "indexed", "#219"),
      "#220=IFCINDEXEDPOLYCURVE(#218,$,.F.);",
      ...annotation(360, "indexed without segments", "#220"),
      "#221=IFCBSPLINECURVEWITHKNOTS(2,(#201,#204,#203),.UNSPECIFIED.,.F.,.F.,(3,3),(0.,1.),.UNSPECIFIED.);",
      ...annotation(370, "spline", "#221"),
      "#222=IFCOFFSETCURVE2D(#217,500.,.F.);",
      ...annotation(380, "offset", "#222"),
      "#223=IFCVECTOR(#224,1000.);",
      "#224=IFCDIRECTION((3.,4.));",
      "#225=IFCLINE(#201,#223);",
      "#226=IFCTRIMMEDCURVE(#225,(IFCPARAMETERVALUE(1.)),(IFCPARAMETERVALUE(3.)),.T.,.PARAMETER.);",
      ...annotation(390, "line", "#226"),
      "#227=IFCEDGECURVE(#228,#229,#211,.T.);",
      "#228=IFCVERTEXPOINT(#205);",
      "#229=IFCVERTEXPOINT(#204);",
      ...annotation(400, "edge", "#227"),
      "#230=IFCTRIMMEDCURVE(#211,(IFCPARAMETERVALUE(350.)),(IFCPARAMETERVALUE(10.)),.T.,.PARAMETER.);",
      ...annotation(410, "across zero", "#230"),
    ];
    const result = await timeline.result(text(lines, { prefix: ".MILLI.", degrees: true }));
    expect(result.issues).to.deep.equal([]);
    const half = Math.round(Math.PI * 5e3) / 1e4;
    const of = (name: string) => curves(drawn(timeline, name));
    expect(of("polyline")).to.deep.equal([[[0, 0, 0], [2, 1, 0], 3]]);
    expect(of("circle")).to.deep.equal([[[1, 0, 0], [1, 0, 0], 6.2832]]);
    expect(of("by parameters")).to.deep.equal([[[0, 1, 0], [1, 0, 0], half]]);
    expect(of("by points")).to.deep.equal([[[1, 0, 0], [0, 1, 0], half]]);
    expect(of("composite")).to.deep.equal([[[1, 0, 0], [0, 1, 0], half], [[0, 1, 0], [0, 0, 0], 1]]); // prettier-ignore
    expect(of("indexed")[1]![2]).to.be.closeTo((Math.PI * Math.SQRT2) / 2, 1e-4);
    expect(of("indexed without segments")).to.deep.equal([[[0, 0, 0], [0, 1, 0], 3]]);
    expect(of("spline")[0]!.slice(0, 2)).to.deep.equal([[0, 0, 0], [2, 1, 0]]); // prettier-ignore
    expect(of("offset")).to.deep.equal([[[-0.5, 0, 0], [-0.5, 1, 0], 1]]);
    expect(of("line")).to.deep.equal([[[0.6, 0.8, 0], [1.8, 2.4, 0], 2]]);
    expect(of("edge")[0]![2]).to.be.closeTo(1.5 * Math.PI, 1e-4);
    expect(of("across zero")[0]![2]).to.be.closeTo(Math.PI / 9, 1e-4);
  });

  it("are points, texts, outlines, faces, boxes, and what is mapped", async () => {
    const timeline = new IfcTimeline("m.ifc");
    const lines = [
      point(201, 0, 0, 0),
      point(202, 4, 0, 0),
      point(203, 4, 3, 0),
      "#210=IFCPOLYLINE((#201,#202,#203,#201));",
      ...annotation(300, "points", "#202", "#203"),
      "#211=IFCTEXTLITERALWITHEXTENT('North',#14,.RIGHT.,#212,'center');",
      "#212=IFCPLANAREXTENT(5.,0.7);",
      ...annotation(310, "text", "#211"),
      "#213=IFCANNOTATIONFILLAREA(#210,$);",
      ...annotation(320, "area", "#213"),
      "#214=IFCBOUNDINGBOX(#202,1.,2.,3.);",
      ...annotation(330, "box", "#214"),
      "#215=IFCGEOMETRICCURVESET((#210));",
      "#216=IFCSHAPEREPRESENTATION(#10,'Annotation','GeometricCurveSet',(#215));",
      "#217=IFCREPRESENTATIONMAP(#14,#216);",
      "#218=IFCDIRECTION((0.,1.,0.));",
      "#219=IFCCARTESIANTRANSFORMATIONOPERATOR3D(#218,$,#202,2.,$);",
      "#220=IFCMAPPEDITEM(#217,#219);",
      ...annotation(340, "mapped", "#220"),
      "#350=IFCSTRUCTURALSURFACEMEMBER('0shapedface00000000000',$,'plate',$,$,#15,#351,.SHELL.,0.2);",
      "#351=IFCPRODUCTDEFINITIONSHAPE($,$,(#352));",
      "#352=IFCTOPOLOGYREPRESENTATION(#10,'Reference','Face',(#353));",
      "#353=IFCFACESURFACE((#354),#356,.T.);",
      "#354=IFCFACEOUTERBOUND(#355,.T.);",
      "#355=IFCPOLYLOOP((#201,#202,#203));",
      "#356=IFCPLANE(#14);",
    ];
    expect((await timeline.result(text(lines))).issues).to.deep.equal([]);
    const points = drawn(timeline, "points").shapes.map(
      (shape) => shape instanceof PointString3d && shape.points[0]!.toArray(),
    );
    expect(points).to.deep.equal([[4, 0, 0], [4, 3, 0]]); // prettier-ignore
    expect(drawn(timeline, "text").texts).to.deep.equal(["North"]);
    expect(curves(drawn(timeline, "area"))).to.deep.equal([[[0, 0, 0], [0, 0, 0], 12]]);
    const box = curves(drawn(timeline, "box")).reduce((sum, [, , length]) => sum + (length as number), 0);
    expect(box).to.equal(4 * (1 + 2 + 3));
    expect(curves(drawn(timeline, "mapped"))).to.deep.equal([[[4, 0, 0], [4, 0, 0], 24]]);
    expect(drawn(timeline, "plate").shapes[0]).to.be.instanceOf(Loop);
  });

  it("are reported with entity and line where they cannot be computed, and the others are drawn", async () => {
    const timeline = new IfcTimeline("m.ifc");
    const lines = [
      point(201, 0, 0),
      point(202, 1, 0),
      "#210=IFCPOLYLINE((#201,#202));",
      "#211=IFCLINE(#201,#212);",
      "#212=IFCVECTOR(#213,1.);",
      "#213=IFCDIRECTION((1.,0.));",
      ...annotation(300, "some", "#210", "#211"),
    ];
    const { issues } = await timeline.result(text(lines));
    const line =
      text(lines)
        .split("\n")
        .findIndex((other) => other.startsWith("#211=")) + 1;
    expect(issues).to.have.length(1);
    expect(issues[0]!.code).to.equal("ifc/line-failed");
    expect(issues[0]!.message).to.include(`: IfcLine #211 (line ${line}) has no ends, and is left out.`);
    expect(curves(drawn(timeline, "some"))).to.have.length(1);
  });

  it("have subcategories of their own, off unless an entity is nothing but lines", async () => {
    const timeline = new IfcTimeline("m.ifc");
    const solid = ["#220=IFCRECTANGLEPROFILEDEF(.AREA.,$,#49,1.,1.);", "#221=IFCEXTRUDEDAREASOLID(#220,$,#104,1.);"];
    const lines = [
      point(201, 0, 0),
      point(202, 1, 0),
      "#210=IFCPOLYLINE((#201,#202));",
      ...solid,
      ...annotation(300, "note", "#210"),
      `#400=IFCWALL('0shapedwall00000000000',$,'wall',$,$,#15,#401,$,$);`,
      "#401=IFCPRODUCTDEFINITIONSHAPE($,$,(#402,#403));",
      "#402=IFCSHAPEREPRESENTATION(#10,'Body','SweptSolid',(#221));",
      "#403=IFCSHAPEREPRESENTATION(#10,'Axis','Curve2D',(#210));",
      "#410=IFCGRID('0shapedgrid00000000000',$,'grid',$,$,#15,$,(#411),(#412),$,$);",
      "#411=IFCGRIDAXIS('A',#210,.T.);",
      "#412=IFCGRIDAXIS('1',#213,.T.);",
      point(214, 0, 1),
      "#213=IFCPOLYLINE((#201,#214));",
    ];
    await timeline.result(text(lines));
    expect(drawn(timeline, "wall").subCategories).to.deep.equal(["IfcWall", "Axis"]);
    expect(drawn(timeline, "grid")).to.deep.include({ subCategories: ["Grid"], texts: ["A", "A", "1", "1"] });
    const hidden = timeline.read(
      (imodel) =>
      query(imodel, "SELECT ECInstanceId id, CodeValue name FROM bis.SubCategory ORDER BY CodeValue").filter(({ id }) => (imodel.elements.getElementProps(id as string) as { appearance?: { invisible?: boolean } }).appearance?.invisible), // prettier-ignore
    );
    expect(hidden.map(({ name }) => name)).to.deep.equal(["Annotation", "Axis"]);
  });

  it("change the entity when they do, and not when their lines are renumbered", async () => {
    const timeline = new IfcTimeline("m.ifc");
    const lines = [point(201, 0, 0), point(202, 1, 0), "#210=IFCPOLYLINE((#201,#202));", ...annotation(300, "note", "#210")]; // prettier-ignore
    const first = text(lines);
    await timeline.result(first);
    expect((await timeline.result(renumber(first))).counts).to.include({ changed: 0, new: 0, deleted: 0 });
    const { counts } = await timeline.result(edit(first, "(1.0000,0.0000)", "(2.0000,0.0000)"));
    expect(counts).to.include({ changed: 1, new: 0, deleted: 0 });
    expect(curves(drawn(timeline, "note"))).to.deep.equal([[[0, 0, 0], [2, 0, 0], 2]]);
  });
});
