import { expect } from "chai";
import type { RunResult } from "itwin-connector-framework";
import { houseText, lineWith, renumber } from "./house.js";
import { IfcTimeline } from "./support.js";

const [wall, otherWall] = [...houseText.matchAll(/(#\d+) *= *IFCWALL\(/g)].map(([, number]) => number!) as [
  string,
  string,
];
const { number: zone } = lineWith(houseText, "IFCZONE(");
const { number: space } = lineWith(houseText, "IFCSPACE(");

/** The sample with more instances. */
function withLines(...lines: string[]): string {
  return houseText.replace(/ENDSEC;\s*END-ISO/, (end) => `${lines.join("\n")}\n${end}`);
}

/** A GlobalId of its own for each number. */
const guid = (number: number) => `'3leftOut${String(number).padStart(14, "0")}'`;

function linesOf({ notImported }: RunResult): string[] {
  return notImported.map(({ count, what, example }) => `${count} ${what} ${example}`).sort();
}

describe("What an IFC file holds and no element gets", () => {
  let timeline: IfcTimeline;
  beforeEach(() => (timeline = new IfcTimeline()));

  it("is nothing in the sample", async () => {
    expect(linesOf(await timeline.result(houseText))).to.deep.equal([]);
  });

  it("is reported: relationships that are not followed, by their class", async () => {
    const text = withLines(
      `#9001=IFCRELCONNECTSELEMENTS(${guid(1)},$,$,$,$,${wall},${otherWall});`,
      `#9002=IFCRELSPACEBOUNDARY(${guid(2)},$,$,$,${space},${wall},$,.PHYSICAL.,.INTERNAL.);`,
      `#9003=IFCRELSPACEBOUNDARY(${guid(3)},$,$,$,${space},${otherWall},$,.PHYSICAL.,.INTERNAL.);`,
      `#9004=IFCRELSPACEBOUNDARY1STLEVEL(${guid(4)},$,$,$,${space},${otherWall},$,.PHYSICAL.,.INTERNAL.,$);`,
    );
    const result = await timeline.result(text);
    expect(linesOf(result)).to.deep.equal([
      "1 IfcRelConnectsElements #9001",
      "1 IfcRelSpaceBoundary1stLevel #9004",
      "2 IfcRelSpaceBoundary #9002",
    ]);
    expect(result.notImported[0]!.reason).to.equal("relationships of this class are not supported");
    expect((await timeline.result(text)).notImported, "in an unchanged file").to.deep.equal(result.notImported);
    const counts = ({ notImported }: RunResult) => notImported.map(({ count, what }) => `${count} ${what}`);
    expect(counts(await timeline.result(renumber(text))), "in another export").to.have.members(counts(result));
  });

  it("is reported: parts in another model than their whole", async () => {
    const text = withLines(`#9001=IFCRELAGGREGATES(${guid(1)},$,$,$,${zone},(${wall},${otherWall}));`);
    expect(linesOf(await timeline.result(text))).to.deep.equal(["2 part of IfcRelAggregates #9001"]);
  });

  it("is reported: what attributes refer to", async () => {
    const text = withLines(
      `#9001=IFCTASKTIME('Time',$,$,$,$,$,$,$,$,$,$,$,$,$,$,$,$,$,$,$);`,
      `#9002=IFCTASK(${guid(1)},$,'Build',$,$,$,$,$,$,.F.,$,#9001,$);`,
      `#9003=IFCTASK(${guid(2)},$,'Paint',$,$,$,$,$,$,.F.,$,$,$);`,
    );
    expect(linesOf(await timeline.result(text))).to.deep.equal(["1 IfcTask.TaskTime #9002"]);
  });

  it("is reported: sets without an entity, documents, layers and the like", async () => {
    const text = withLines(
      `#9001=IFCPROPERTYSINGLEVALUE('a',$,IFCLABEL('b'),$);`,
      `#9002=IFCPROPERTYSET(${guid(1)},$,'Nobody',$,(#9001));`,
      `#9003=IFCDOCUMENTREFERENCE('https://example.com/','1','Manual',$,$);`,
      `#9004=IFCRELASSOCIATESDOCUMENT(${guid(2)},$,$,$,(${wall}),#9003);`,
    );
    expect(linesOf(await timeline.result(text))).to.deep.equal([
      "1 IfcDocumentReference #9003",
      "1 IfcPropertySet #9002",
      "1 IfcRelAssociatesDocument #9004",
    ]);
  });

  it("is reported: representations without surfaces", async () => {
    const { number: context } = lineWith(houseText, "IFCGEOMETRICREPRESENTATIONCONTEXT(");
    const text = withLines(
      `#9001=IFCCARTESIANPOINT((0.,0.));`,
      `#9002=IFCCARTESIANPOINT((1.,0.));`,
      `#9003=IFCPOLYLINE((#9001,#9002));`,
      `#9004=IFCSHAPEREPRESENTATION(${context},'Axis','Curve2D',(#9003));`,
      `#9005=IFCSHAPEREPRESENTATION(${context},'Axis','Curve2D',(#9003));`,
      `#9006=IFCSHAPEREPRESENTATION(${context},'FootPrint','GeometricCurveSet',(#9003));`,
    );
    expect(linesOf(await timeline.result(text))).to.deep.equal([
      '1 IfcShapeRepresentation "FootPrint" #9006',
      '2 IfcShapeRepresentation "Axis" #9004',
    ]);
  });

  describe("of the representations of an object", () => {
    const { number: context } = lineWith(houseText, "IFCGEOMETRICREPRESENTATIONCONTEXT(");
    const [, body] = /(#\d+) *= *IFCSHAPEREPRESENTATION\([^)]*'Body','(?!Mapped)/.exec(houseText)!;
    const lines = [
      `#9001=IFCCARTESIANPOINT((0.,0.));`,
      `#9002=IFCCARTESIANPOINT((1.,0.));`,
      `#9003=IFCPOLYLINE((#9001,#9002));`,
      `#9004=IFCSHAPEREPRESENTATION(${context},'Axis','Curve2D',(#9003));`,
      `#9005=IFCSHAPEREPRESENTATION(${context},'WalkingLine','Curve2D',(#9003));`,
    ];
    const shape = (id: number, ...representations: string[]) =>
      `#${id}=IFCPRODUCTDEFINITIONSHAPE($,$,(${representations.join()}));`;

    it("is none that only simplifies a body", async () => {
      const text = withLines(...lines, shape(9006, body!, "#9004", "#9005"));
      expect(linesOf(await timeline.result(text))).to.deep.equal(['1 IfcShapeRepresentation "WalkingLine" #9005']);
    });

    it("is a simple one where an object has no other", async () => {
      const text = withLines(...lines.slice(0, 4), shape(9006, body!, "#9004"), shape(9007, "#9004"));
      expect(linesOf(await timeline.result(text))).to.deep.equal(['1 IfcShapeRepresentation "Axis" #9004']);
    });

    it("is none that an object takes from its type together with a body", async () => {
      const map = (id: number, name: string, from: string) => [
        `#${id}=IFCAXIS2PLACEMENT2D(#9001,$);`,
        `#${id + 1}=IFCREPRESENTATIONMAP(#${id},${from});`,
        `#${id + 2}=IFCCARTESIANTRANSFORMATIONOPERATOR3D($,$,#9001,$,$);`,
        `#${id + 3}=IFCMAPPEDITEM(#${id + 1},#${id + 2});`,
        `#${id + 4}=IFCSHAPEREPRESENTATION(${context},'${name}','MappedRepresentation',(#${id + 3}));`,
      ];
      const maps = [...map(9010, "Axis", "#9004"), ...map(9020, "Body", body!)];
      const both = withLines(...lines.slice(0, 4), ...maps, shape(9030, "#9014", "#9024"));
      expect(linesOf(await timeline.result(both))).to.deep.equal([]);
      const one = withLines(...lines.slice(0, 4), ...maps, shape(9030, "#9014"));
      expect(linesOf(await timeline.result(one))).to.deep.equal(['1 IfcShapeRepresentation "Axis" #9004']);
    });
  });

  it("is reported: references of properties to what has no name", async () => {
    const text = withLines(
      `#9001=IFCPOSTALADDRESS($,$,$,$,('Street 1'),$,'Town',$,$,$);`,
      `#9002=IFCMATERIAL('Oak',$,$);`,
      `#9003=IFCPROPERTYREFERENCEVALUE('Maker',$,$,#9001);`,
      `#9004=IFCPROPERTYREFERENCEVALUE('Wood',$,$,#9002);`,
      `#9005=IFCPROPERTYSET(${guid(1)},$,'References',$,(#9003,#9004));`,
      `#9006=IFCRELDEFINESBYPROPERTIES(${guid(2)},$,$,$,(${wall}),#9005);`,
    );
    const result = await timeline.result(text);
    expect(linesOf(result)).to.deep.equal(["1 IfcPropertyReferenceValue #9003"]);
    expect(result.notImported[0]!.reason).to.equal("what it refers to has no name");
  });

  it("is not who wrote it when", async () => {
    const text = withLines(
      `#9001=IFCPERSON($,'Doe',$,$,$,$,$,$);`,
      `#9002=IFCORGANIZATION($,'Doe Ltd',$,$,$);`,
      `#9003=IFCPERSONANDORGANIZATION(#9001,#9002,$);`,
      `#9004=IFCAPPLICATION(#9002,'1','App','app');`,
      `#9005=IFCOWNERHISTORY(#9003,#9004,$,.ADDED.,$,$,$,0);`,
    );
    expect(linesOf(await timeline.result(text))).to.deep.equal([]);
  });
});
