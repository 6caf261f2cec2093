import { expect } from "chai";
import { houseText, lineWith, renumber } from "./house.js";
import { IfcTimeline } from "./support.js";

/** The values of all properties of a class, by the names that they have in the source. */
function byLabel(timeline: IfcTimeline, className: string): unknown[][] {
  const properties = timeline.query(`
    SELECT p.Name name, p.DisplayLabel label FROM meta.ECPropertyDef p JOIN meta.ECClassDef c ON c.ECInstanceId=p.Class.Id
    WHERE c.Name='${className}' ORDER BY p.DisplayLabel`);
  return properties.map(({ name, label }) => [
    label,
    ...timeline.query(`SELECT [${String(name)}] v FROM Ifc.${className} ORDER BY ECInstanceId`).map(({ v }) => v),
  ]);
}

describe("the order of the lines of an IFC file", () => {
  const { number: wall } = lineWith(houseText, "'wall 1.3'");
  const { number: other } = lineWith(houseText, "'wall 0.3'");
  const guid = (last: number) => `'0YvctVUKr0kugbFTf53${String(900 + last)}'`;
  const property = (id: number, name: string, value: string) =>
    `#${id}=IFCPROPERTYSINGLEVALUE('${name}',$,${value},$);`;
  const lines = [
    // two properties of one name, also within complex ones
    property(9001, "Volume", "IFCREAL(2.)"),
    property(9002, "Volume", "IFCREAL(1.)"),
    property(9003, "Low", "IFCREAL(1.)"),
    property(9004, "Low", "IFCREAL(2.)"),
    "#9005=IFCCOMPLEXPROPERTY('Load',$,'x',(#9003));",
    "#9006=IFCCOMPLEXPROPERTY('Load',$,'x',(#9004));",
    `#9010=IFCPROPERTYSET(${guid(1)},$,'Twice',$,(#9001,#9002,#9005,#9006));`,
    `#9011=IFCRELDEFINESBYPROPERTIES(${guid(2)},$,$,$,(${wall},${other}),#9010);`,
    // two sets of one name
    property(9021, "A", "IFCLABEL('b')"),
    property(9022, "A", "IFCLABEL('a')"),
    `#9023=IFCPROPERTYSET(${guid(3)},$,'Same',$,(#9021));`,
    `#9024=IFCPROPERTYSET(${guid(4)},$,'Same',$,(#9022));`,
    `#9025=IFCRELDEFINESBYPROPERTIES(${guid(5)},$,$,$,(${wall}),#9023);`,
    `#9026=IFCRELDEFINESBYPROPERTIES(${guid(6)},$,$,$,(${wall}),#9024);`,
    // sets of materials, two of one name among them
    "#9031=IFCMATERIAL('Oak',$,'b');",
    "#9032=IFCMATERIAL('Oak',$,'a');",
    "#9033=IFCMATERIAL('Ash',$,$);",
    "#9034=IFCMATERIALLIST((#9031,#9032,#9033));",
    `#9035=IFCRELASSOCIATESMATERIAL(${guid(7)},$,$,$,(${wall}),#9034);`,
    "#9036=IFCMATERIALCONSTITUENT('Frame',$,#9031,$,$);",
    "#9037=IFCMATERIALCONSTITUENT('Core',$,#9033,$,$);",
    "#9038=IFCMATERIALCONSTITUENTSET('Set',$,(#9036,#9037));",
    `#9039=IFCRELASSOCIATESMATERIAL(${guid(8)},$,$,$,(${other}),#9038);`,
    // an object with two wholes
    `#9041=IFCELEMENTASSEMBLY(${guid(9)},$,'One',$,$,$,$,$,$,$);`,
    `#9042=IFCELEMENTASSEMBLY(${guid(10)},$,'Two',$,$,$,$,$,$,$);`,
    `#9043=IFCRELAGGREGATES(${guid(11)},$,$,$,#9042,(${other}));`,
    `#9044=IFCRELAGGREGATES(${guid(12)},$,$,$,#9041,(${other}));`,
  ];
  const text = houseText.replace("ENDSEC;\nEND-ISO", `${lines.join("\n")}\nENDSEC;\nEND-ISO`);
  /** The same with all sets the other way round. */
  const turned = renumber(text).replace(
    /(IFC(?:PROPERTYSET|MATERIALLIST|MATERIALCONSTITUENTSET|UNITASSIGNMENT|ELEMENTQUANTITY)\([^()]*\(?)((?:#\d+,)+#\d+)/g,
    (_all, start: string, list: string) => `${start}${list.split(",").reverse().join()}`,
  );

  const contents = (timeline: IfcTimeline) => [
    byLabel(timeline, "Twice"),
    timeline.query("SELECT A FROM Ifc.Same ORDER BY ECInstanceId"),
    timeline.query("SELECT Position, Name FROM Ifc.IfcMaterial ORDER BY Position, Name"),
    timeline.query("SELECT Position, Name, Material FROM Ifc.IfcMaterialConstituent ORDER BY Position"),
    timeline.query(
      "SELECT p.Name FROM Ifc.IfcWall w JOIN bis.Element p0 ON p0.ECInstanceId=w.Parent.Id JOIN Ifc.IfcElementAssembly p ON p.ECInstanceId=p0.ECInstanceId",
    ),
    timeline.query(
      "SELECT c.Name, p.Name p FROM meta.ECPropertyDef p JOIN meta.ECClassDef c ON c.ECInstanceId=p.Class.Id JOIN meta.ECSchemaDef s ON s.ECInstanceId=c.Schema.Id WHERE s.Name='Ifc' ORDER BY c.ECInstanceId, p.Ordinal",
    ),
  ];

  it("changes nothing in a new iModel, where names and places tell things apart", async () => {
    expect(turned).to.contain("IFCMATERIALLIST");
    const [one, two] = [new IfcTimeline(), new IfcTimeline()];
    await one.result(text);
    await two.result(turned);
    const found = contents(one);
    expect(contents(two)).to.deep.equal(found);
    expect(found[0]).to.deep.include.members([
      ["Load.Low", 1, 1],
      ["Load.Low (2)", 2, 2],
      ["Volume", 1, 1],
      ["Volume (2)", 2, 2],
    ]);
    expect(found[1]).to.deep.equal([{ a: "a" }, { a: "b" }]);
    expect(found[4]).to.deep.equal([{ name: "One" }]);
  });

  it("writes nothing in an iModel that is there", async () => {
    const timeline = new IfcTimeline();
    await timeline.result(text);
    expect(await timeline.sync(turned)).to.deep.equal([0, 0, 0]);
  });
});
