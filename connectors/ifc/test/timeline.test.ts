import { expect } from "chai";
import { edit, houseText, lineWith, renumber } from "./house.js";
import { guid, IfcTimeline, withLines } from "./support.js";

/** When elements and aspects were written. */
const stamps = "SELECT ECInstanceId id, LastMod, ec_classname(ECClassId) c FROM bis.Element ORDER BY ECInstanceId";
const aspects = "SELECT ECInstanceId id, Identifier, Checksum FROM bis.ExternalSourceAspect ORDER BY ECInstanceId";

describe("the timeline of an IFC file", () => {
  let timeline: IfcTimeline;
  beforeEach(() => (timeline = new IfcTimeline()));

  /** Identifiers of the aspects that differ, and how many elements do. */
  const difference = async (change: () => Promise<unknown>) => {
    const [elementsBefore, aspectsBefore] = [timeline.query(stamps), timeline.query(aspects)];
    await change();
    const changed = (before: Record<string, unknown>[], after: Record<string, unknown>[]) =>
      after.filter((row) => !before.some((other) => JSON.stringify(other) === JSON.stringify(row)));
    const isOfSource = (row: Record<string, unknown>) => String(row.c).startsWith("Ifc");
    return {
      elements: changed(elementsBefore, timeline.query(stamps)).filter(isOfSource).length,
      aspects: changed(aspectsBefore, timeline.query(aspects))
        .map(({ identifier }) => identifier)
        .filter((identifier) => identifier !== "house.ifc"),
    };
  };
  const wall = lineWith(houseText, "'wall 1.3'");
  const wallId = /'([^']+)'/.exec(wall.line)![1]!;

  it("numbers entities without a GlobalId by their type, so that others make no difference", async () => {
    const slab = "#9001=IFCSLAB($,$,'S',$,$,$,$,$,$);";
    await timeline.sync(withLines(slab));
    const result = await timeline.result(withLines("#9000=IFCDOOR($,$,'D',$,$,$,$,$,$,$,$,$,$);", slab));
    expect(result.counts).to.include({ new: 1, changed: 0, deleted: 0 });
  });

  it("has a GeometryPart only while several elements show it", async () => {
    const { number: context } = lineWith(houseText, "IFCGEOMETRICREPRESENTATIONCONTEXT(");
    const map = [
      "#9000=IFCCARTESIANPOINT((0.,0.,0.));",
      "#9001=IFCCARTESIANPOINT((0.,0.));",
      "#9002=IFCAXIS2PLACEMENT2D(#9001,$);",
      "#9003=IFCRECTANGLEPROFILEDEF(.AREA.,$,#9002,1.,1.);",
      "#9004=IFCAXIS2PLACEMENT3D(#9000,$,$);",
      "#9005=IFCDIRECTION((0.,0.,1.));",
      "#9006=IFCEXTRUDEDAREASOLID(#9003,#9004,#9005,1.);",
      `#9007=IFCSHAPEREPRESENTATION(${context},'Body','SweptSolid',(#9006));`,
      "#9008=IFCREPRESENTATIONMAP(#9004,#9007);",
      "#9009=IFCCARTESIANTRANSFORMATIONOPERATOR3D($,$,#9000,$,$);",
    ];
    const box = (id: number) => [
      `#${id}=IFCMAPPEDITEM(#9008,#9009);`,
      `#${id + 1}=IFCSHAPEREPRESENTATION(${context},'Body','MappedRepresentation',(#${id}));`,
      `#${id + 2}=IFCPRODUCTDEFINITIONSHAPE($,$,(#${id + 1}));`,
      `#${id + 3}=IFCLOCALPLACEMENT($,#9004);`,
      `#${id + 4}=IFCFURNITURE(${guid(id)},$,'box',$,$,#${id + 3},#${id + 2},$,$);`,
    ];
    const parts = () => timeline.query("SELECT count(*) n FROM bis.GeometryPart")[0]!.n;
    await timeline.sync(withLines(...map, ...box(9010), ...box(9020)));
    expect(parts()).to.equal(2);
    await timeline.sync(withLines(...map, ...box(9010)));
    expect(parts(), "that of the windows").to.equal(1);
    const shown = "SELECT 1 FROM Ifc.IfcFurniture WHERE UserLabel='box' AND GeometryStream IS NOT NULL";
    expect(timeline.count(shown)).to.equal(1);
  });

  it("changes one element and its aspect when one wall changes its name", async () => {
    await timeline.sync(houseText);
    const found = await difference(async () => {
      expect(
        await timeline.sync(edit(houseText, wall.line, wall.line.replace("'wall 1.3'", "'wall X'"))),
      ).to.deep.equal([0, 1, 0]);
    });
    expect(found).to.deep.equal({ elements: 1, aspects: [wallId] });
    expect(timeline.query("SELECT Name FROM Ifc.IfcWall WHERE Name='wall X'")).to.have.length(1);
  });

  it("changes one element when one wall moves", async () => {
    await timeline.sync(houseText);
    const placement = /IFCWALL\('[^']+',\$,'wall 1\.3',\$,\$,(#\d+)/.exec(houseText)![1]!;
    const axes = new RegExp(`^${placement}=IFCLOCALPLACEMENT\\(#\\d+,(#\\d+)\\)`, "m").exec(houseText)![1]!;
    const point = new RegExp(`^${axes}=IFCAXIS2PLACEMENT3D\\((#\\d+)`, "m").exec(houseText)![1]!;
    const moved = edit(houseText, `${point}=IFCCARTESIANPOINT((0.,6.,0.))`, `${point}=IFCCARTESIANPOINT((-1.,6.,0.))`);
    const place = `SELECT Origin.X x FROM Ifc.IfcWall WHERE Name='wall 1.3'`;
    expect(timeline.query(place)).to.deep.equal([{ x: 0 }]);
    const found = await difference(async () => expect(await timeline.sync(moved)).to.deep.equal([0, 1, 0]));
    expect(found).to.deep.equal({ elements: 1, aspects: [wallId] });
    expect(timeline.query(place)).to.deep.equal([{ x: -1 }]);
  });

  it("changes the wall that an opening is cut out of together with the opening", async () => {
    await timeline.sync(houseText);
    const wider = edit(houseText, /(IFCRECTANGLEPROFILEDEF\(\.AREA\.,\$,#\d+),1\.,0\.5\)/, "$1,1.5,0.5)");
    expect(await timeline.sync(wider)).to.deep.equal([0, 2, 0]);
  });

  it("writes the properties of a wall anew when one of them changes", async () => {
    await timeline.sync(houseText);
    const edited = edit(houseText, "'FireRating',$,IFCLABEL('F 90')", "'FireRating',$,IFCLABEL('F 30')");
    expect(await timeline.sync(edited)).to.deep.equal([0, 1, 0]);
    const ratings = timeline.query(
      "SELECT FireRating, count(*) n FROM Ifc.Pset_WallCommon WHERE FireRating IS NOT NULL GROUP BY FireRating",
    );
    expect(ratings).to.deep.equal([
      { fireRating: "F 30", n: 1 },
      { fireRating: "F 90", n: 7 },
    ]);
  });

  it("changes what has a color when that changes", async () => {
    await timeline.sync(houseText);
    const edited = edit(houseText, "IFCCOLOURRGB($,0.7,0.3,0.22)", "IFCCOLOURRGB($,0.2,0.3,0.22)");
    expect(await timeline.sync(edited)).to.deep.equal([0, 1, 0]);
  });

  it("gives a property whose type changed another property", async () => {
    await timeline.sync(houseText);
    const edited = edit(houseText, /IFCLABEL\('F 90'\)/g, "IFCINTEGER(90)");
    expect((await timeline.result(edited)).counts.changed).to.equal(8);
    expect(
      timeline.query("SELECT FireRating, FireRating_long FROM Ifc.Pset_WallCommon WHERE FireRating_long=90"),
    ).to.have.length(8);
    expect((await timeline.result(houseText)).counts.changed).to.equal(8);
    expect(timeline.count("SELECT 1 FROM Ifc.Pset_WallCommon WHERE FireRating='F 90'")).to.equal(8);
  });

  it("replaces an entity whose type changed, and keeps its relationships", async () => {
    await timeline.sync(houseText);
    const edited = edit(houseText, /=IFCWALL\(('[^']+',\$,'wall 1\.3',[^;]+)\);/, "=IFCWALLSTANDARDCASE($1);");
    const result = await timeline.result(edited);
    expect(result.counts.replaced).to.equal(1);
    expect(timeline.query("SELECT Name FROM Ifc.IfcWallStandardCase")).to.deep.equal([{ name: "wall 1.3" }]);
    expect(
      timeline.count(
        "SELECT 1 FROM Ifc.IfcRelContainedInSpatialStructure r JOIN Ifc.IfcWallStandardCase w ON w.ECInstanceId=r.SourceECInstanceId",
      ),
    ).to.equal(1);
  });

  it("uses a shared geometry again, and lets it go with the last one who shows it", async () => {
    await timeline.sync(houseText);
    const parts = () => timeline.count("SELECT 1 FROM bis.GeometryPart");
    expect(parts()).to.equal(1);
    const renamed = edit(houseText, "'window in wall 1.1',$", "'window X',$");
    expect(await timeline.sync(renamed)).to.deep.equal([0, 1, 0]);
    expect(parts()).to.equal(1);
    const without = houseText.replace(/IFCWINDOW\(('[^']+',\$,'[^']+',\$,\$,#\d+),#\d+/g, "IFCWINDOW($1,$$");
    expect(await timeline.sync(without)).to.deep.equal([0, 5, 1]);
    expect(parts()).to.equal(0);
  });

  it("keeps entities with the same GlobalId apart, in whatever order they come", async () => {
    const other = lineWith(houseText, "'wall 0.3'");
    const [first, second] = [wallId, /'([^']+)'/.exec(other.line)![1]!];
    const twice = houseText.replaceAll(second, first);
    const result = await timeline.result(twice);
    expect(result.issues.map(({ code, message }) => `${code}: ${message}`)).to.deep.equal([
      `ifc/duplicate-global-id: Several entities have the GlobalId ${first}; by type, name, tag and content they are told apart.`,
    ]);
    expect(timeline.query(`SELECT Name FROM Ifc.IfcWall WHERE GlobalId='${first}' ORDER BY Name`)).to.deep.equal([
      { name: "wall 0.3" },
      { name: "wall 1.3" },
    ]);
    expect(await timeline.sync(renumber(twice))).to.deep.equal([0, 0, 0]);
    expect(await timeline.sync(edit(twice, "'WALL 1.3'", "'tag'"))).to.deep.equal([0, 1, 0]);
  });

  it("brings everything in anew under another unit, as large as before", async () => {
    await timeline.sync(houseText);
    const height = () => timeline.query("SELECT BBoxHigh.Z z FROM Ifc.IfcWall WHERE Name='wall 1.3'")[0]!.z;
    expect(height()).to.be.closeTo(3, 1e-9);
    const inMillimetres = edit(houseText, ".LENGTHUNIT.,$,.METRE.);\n#3=", ".LENGTHUNIT.,.MILLI.,.METRE.);\n#3=");
    await timeline.sync(inMillimetres);
    expect(height()).to.be.closeTo(0.003, 1e-9);
  });
});
