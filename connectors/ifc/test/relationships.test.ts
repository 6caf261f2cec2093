import { expect } from "chai";
import { houseText, lineWith, renumber } from "./house.js";
import { guid, IfcTimeline, linesOf, withLines } from "./support.js";

const [wall, otherWall] = [...houseText.matchAll(/(#\d+) *= *IFCWALL\(/g)].map(([, number]) => number!) as [
  string,
  string,
];
const { number: space } = lineWith(houseText, "IFCSPACE(");
const { number: zone } = lineWith(houseText, "IFCZONE(");
const { number: project } = lineWith(houseText, "IFCPROJECT(");

const tasks = [
  `#9001=IFCTASK(${guid(1)},$,'Build',$,$,$,$,$,$,.F.,$,#9004,$);`,
  `#9002=IFCTASK(${guid(2)},$,'Paint',$,$,$,$,$,$,.F.,$,$,$);`,
  `#9003=IFCRELSEQUENCE(${guid(3)},$,'then','dry first',#9001,#9002,#9005,.FINISH_START.,$);`,
  `#9004=IFCTASKTIME($,$,$,$,'P5D','2026-03-01T08:00:00',$,$,$,$,$,$,$,$,$,$,$,$,$,$);`,
  `#9005=IFCLAGTIME($,$,$,IFCDURATION('P2D'),.WORKTIME.);`,
];

/** A surface that tells one boundary from another. */
const surface = (id: number, width: number) => [
  `#${id}=IFCCARTESIANPOINT((${width}.,0.,0.));`,
  `#${id + 1}=IFCAXIS2PLACEMENT3D(#${id},$,$);`,
  `#${id + 2}=IFCPLANE(#${id + 1});`,
  `#${id + 3}=IFCCONNECTIONSURFACEGEOMETRY(#${id + 2},$);`,
];
const boundary = (id: number, element: string, geometry = "$") =>
  `#${id}=IFCRELSPACEBOUNDARY(${guid(id)},$,'B',$,${space},${element},${geometry},.PHYSICAL.,.INTERNAL.);`;

describe("the relationships of an IFC file", () => {
  let timeline: IfcTimeline;
  beforeEach(() => (timeline = new IfcTimeline()));

  const links = (name: string, properties = "") =>
    timeline
      .query(
        `SELECT s.UserLabel s, t.UserLabel t${properties} FROM Ifc.${name} r JOIN bis.Element s ON s.ECInstanceId=r.SourceECInstanceId
         JOIN bis.Element t ON t.ECInstanceId=r.TargetECInstanceId ORDER BY s.UserLabel, t.UserLabel`,
      )
      .map((row) => Object.values(row).join(" > "));

  it("lead from the relating entity to the related one, with their attributes", async () => {
    const text = withLines(
      ...tasks,
      `#9010=IFCRELCONNECTSPATHELEMENTS(${guid(10)},$,$,$,$,${wall},${otherWall},(1,2),(),.ATEND.,.ATSTART.);`,
      `#9011=IFCRELASSIGNSTOPROCESS(${guid(11)},$,$,$,(${wall}),$,#9001,$);`,
      `#9012=IFCRELASSIGNSTOPRODUCT(${guid(12)},$,$,$,(#9002),$,${otherWall});`,
      `#9013=IFCRELINTERFERESELEMENTS(${guid(13)},$,$,$,${wall},${otherWall},$,'Clash',.U.);`,
    );
    expect(linesOf(await timeline.result(text))).to.deep.equal([]);
    expect(links("IfcRelSequence", ", r.Name, r.Description, r.SequenceType, r.[TimeLag_LagValue], r.TimeLag_DurationType")).to.deep.equal(["Build > Paint > then > dry first > FINISH_START > P2D > WORKTIME"]); // prettier-ignore
    expect(links("IfcRelConnectsPathElements", ", r.RelatingPriorities, r.RelatedConnectionType")).to.deep.equal(["wall 0.0 > wall 0.1 > 1; 2 > ATEND"]); // prettier-ignore
    expect(links("IfcRelConnectsElements"), "the base class").to.deep.equal(["wall 0.0 > wall 0.1"]);
    expect(links("IfcRelAssignsToProcess")).to.deep.equal(["Build > wall 0.0"]);
    expect(links("IfcRelAssignsToProduct")).to.deep.equal(["wall 0.1 > Paint"]);
    expect(links("IfcRelInterferesElements", ", r.InterferenceType, r.ImpliedOrder")).to.deep.equal(["wall 0.0 > wall 0.1 > Clash > UNKNOWN"]); // prettier-ignore
    expect(timeline.query("SELECT t.ScheduleDuration d, t.ScheduleStart s FROM Ifc.IfcTaskTime t")).to.deep.equal([
      { d: "P5D", s: "2026-03-01T08:00:00" },
    ]);
    expect(await timeline.sync(renumber(text)), "in another export").to.deep.equal([0, 0, 0]);
  });

  it("lead between ports, which are parts of their elements", async () => {
    const text = withLines(
      `#9001=IFCDISTRIBUTIONPORT(${guid(1)},$,'out',$,$,$,$,.SOURCE.,.PIPE.,$);`,
      `#9002=IFCDISTRIBUTIONPORT(${guid(2)},$,'in',$,$,$,$,.SINK.,.PIPE.,$);`,
      `#9003=IFCRELNESTS(${guid(3)},$,$,$,${wall},(#9001));`,
      `#9004=IFCRELCONNECTSPORTTOELEMENT(${guid(4)},$,$,$,#9002,${otherWall});`,
      `#9005=IFCRELCONNECTSPORTS(${guid(5)},$,$,$,#9001,#9002,${wall});`,
    );
    expect(linesOf(await timeline.result(text))).to.deep.equal([]);
    expect(links("IfcRelConnectsPorts")).to.deep.equal(["out > in"]);
    expect(timeline.query("SELECT r.RealizingElement e FROM Ifc.IfcRelConnectsPorts r")[0]!.e).to.have.length(22);
    expect(links("IfcRelConnectsPortToElement")).to.deep.equal(["in > wall 0.1"]);
    const parent = timeline.query("SELECT p.UserLabel l FROM Ifc.IfcDistributionPort d JOIN bis.Element p ON p.ECInstanceId=d.Parent.Id"); // prettier-ignore
    expect(parent).to.deep.equal([{ l: "wall 0.0" }]);
  });

  it("can be several between the same two, each with its geometry", async () => {
    const boundaries = [...surface(9010, 1), ...surface(9020, 2), boundary(9001, wall, "#9013"), boundary(9002, wall, "#9023")]; // prettier-ignore
    const text = withLines(...boundaries, boundary(9003, otherWall), boundary(9004, "$", "#9013"));
    expect(linesOf(await timeline.result(text))).to.deep.equal([]);
    const geometry = ", r.ConnectionGeometry_SurfaceOnRelatingElement g";
    const plane = (x: number) => `IFCPLANE(IFCAXIS2PLACEMENT3D(IFCCARTESIANPOINT((${x},0,0)),$,$))`;
    expect(links("IfcRelSpaceBoundary", geometry).sort()).to.deep.equal([`R0 > wall 0.0 > ${plane(1)}`, `R0 > wall 0.0 > ${plane(2)}`, "R0 > wall 0.1"]); // prettier-ignore
    const outside = timeline.query("SELECT e.UserLabel l, a.PhysicalOrVirtualBoundary p FROM Ifc.IfcRelSpaceBoundary_OneEnd a JOIN bis.Element e ON e.ECInstanceId=a.Element.Id"); // prettier-ignore
    expect(outside, "a boundary without an element").to.deep.equal([{ l: "R0", p: "PHYSICAL" }]);
    expect(await timeline.sync(renumber(text)), "in another export").to.deep.equal([0, 0, 0]);

    await timeline.sync(withLines(...boundaries.slice(0, -2), boundary(9002, wall, "#9023")));
    expect(links("IfcRelSpaceBoundary", geometry)).to.deep.equal([`R0 > wall 0.0 > ${plane(2)}`]);
    expect(timeline.query("SELECT ECInstanceId FROM Ifc.IfcRelSpaceBoundary_OneEnd")).to.deep.equal([]);
  });

  it("include those of decomposition between different models, and of attributes", async () => {
    const text = withLines(
      `#9001=IFCRELAGGREGATES(${guid(1)},$,$,$,${zone},(${wall}));`,
      `#9002=IFCRELDECLARES(${guid(2)},$,$,$,${project},(#9003));`,
      `#9003=IFCTASKTYPE(${guid(3)},$,'Masonry',$,$,$,$,$,$,.CONSTRUCTION.,$);`,
      `#9004=IFCSTRUCTURALLOADGROUP(${guid(4)},$,'Snow',$,$,.LOAD_CASE.,.VARIABLE_Q.,.SNOW_S.,$,$);`,
      `#9005=IFCSTRUCTURALANALYSISMODEL(${guid(5)},$,'Frame',$,$,.LOADING_3D.,$,(#9004),$,$);`,
    );
    expect(linesOf(await timeline.result(text))).to.deep.equal([]);
    expect(links("IfcRelAggregates")).to.deep.equal(["Flat > wall 0.0"]);
    expect(links("IfcRelDeclares")).to.deep.equal(["House > Masonry"]);
    expect(links("IfcStructuralAnalysisModel_LoadedBy")).to.deep.equal(["Frame > Snow"]);
  });

  it("are deleted with what they relate, and change with their attributes", async () => {
    await timeline.sync(withLines(...tasks));
    const changed = tasks.map((line) => line.replace("FINISH_START", "START_START"));
    expect((await timeline.result(withLines(...changed))).counts).to.include({ changed: 1, new: 0, deleted: 0 });
    expect(links("IfcRelSequence", ", r.SequenceType")).to.deep.equal(["Build > Paint > START_START"]);
    await timeline.sync(withLines(...tasks.filter((line) => !line.includes("IFCRELSEQUENCE"))));
    expect(links("IfcRelSequence")).to.deep.equal([]);
  });

  it("keep the second type of an element as a link, in any order of the lines", async () => {
    const second = `#9001=IFCWALLTYPE('0A00000000000000000000',$,'Second',$,$,$,$,$,$,.STANDARD.);`;
    const text = withLines(second, `#9002=IFCRELDEFINESBYTYPE(${guid(2)},$,$,$,(${wall}),#9001);`);
    await timeline.sync(text);
    const types = timeline.query(`SELECT t.UserLabel l FROM bis.PhysicalElementIsOfType r JOIN bis.Element w ON w.ECInstanceId=r.SourceECInstanceId JOIN bis.Element t ON t.ECInstanceId=r.TargetECInstanceId WHERE w.UserLabel='wall 0.0'`); // prettier-ignore
    expect(types.map(({ l }) => l)).to.deep.equal(["Second"]);
    expect(links("IfcRelDefinesByType")).to.deep.equal(["wall 0.0 > Outer wall"]);
    expect(await timeline.sync(renumber(text)), "in another export").to.deep.equal([0, 0, 0]);
  });

  it("are reported where an end of them is not imported", async () => {
    const text = withLines(`#9001=IFCRELCONNECTSELEMENTS(${guid(1)},$,$,$,$,${wall},#1);`);
    const { notImported } = await timeline.result(text);
    expect(notImported[0]).to.include({ what: "IfcRelConnectsElements", count: 1, reason: "an end of it is not imported" }); // prettier-ignore
  });
});
