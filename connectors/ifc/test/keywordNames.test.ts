import { expect } from "chai";
import { houseText, lineWith } from "./house.js";
import { guid, IfcTimeline, withLines } from "./support.js";

describe("Property sets and properties that are named like keywords of ECSQL", () => {
  it("get names that plain ECSQL can name, and keep them", async () => {
    const [wall] = /#\d+(?= *= *IFCWALL\()/.exec(houseText)!;
    const lines = [
      `#9001=IFCPROPERTYSINGLEVALUE('Value',$,IFCLABEL('b'),$);`,
      `#9002=IFCPROPERTYSET('3keywords0000000000001',$,'Order',$,(#9001));`,
      `#9003=IFCRELDEFINESBYPROPERTIES('3keywords0000000000002',$,$,$,(${wall}),#9002);`,
    ];
    const timeline = new IfcTimeline();
    await timeline.sync(houseText.replace(/ENDSEC;\s*END-ISO/, (end) => `${lines.join("\n")}\n${end}`));
    expect(timeline.query("SELECT Value_ FROM Ifc.Order_")).to.deep.equal([{ value_: "b" }]);
    lines[0] = lines[0]!.replace("'b'", "'c'");
    await timeline.sync(houseText.replace(/ENDSEC;\s*END-ISO/, (end) => `${lines.join("\n")}\n${end}`));
    expect(timeline.query("SELECT Value_ FROM Ifc.Order_")).to.deep.equal([{ value_: "c" }]);
  });
});

describe("Property sets that are named like entities of IFC", () => {
  const [wall, otherWall] = [...houseText.matchAll(/#\d+(?= *= *IFCWALL\()/g)].map(([number]) => number) as [
    string,
    string,
  ];
  const { number: space } = lineWith(houseText, "IFCSPACE(");
  const set = (name: string) => [
    "#9001=IFCPROPERTYSINGLEVALUE('Value',$,IFCLABEL('b'),$);",
    `#9002=IFCPROPERTYSET(${guid(1)},$,'${name}',$,(#9001));`,
    `#9003=IFCRELDEFINESBYPROPERTIES(${guid(2)},$,$,$,(${wall}),#9002);`,
  ];
  const column = `#9010=IFCCOLUMN(${guid(3)},$,'C',$,$,$,$,$,$);`;
  const boundary = `#9011=IFCRELSPACEBOUNDARY(${guid(4)},$,$,$,${space},${otherWall},$,.PHYSICAL.,.INTERNAL.);`;

  it("leave the name of the class to the entity or relationship, whichever comes first", async () => {
    for (const [name, line] of [
      ["IfcColumn", column],
      ["ifcCOLUMN", column],
      ["IfcRelSpaceBoundary", boundary],
    ] as const)
      for (const versions of [
        [set(name), [...set(name), line]],
        [[line], [...set(name), line], set(name)],
      ]) {
        const timeline = new IfcTimeline();
        for (const lines of versions) await timeline.sync(withLines(...lines));
        expect(timeline.query(`SELECT Value_ v FROM Ifc.${name}_Set`)).to.deep.equal([{ v: "b" }]);
      }
  });
});
