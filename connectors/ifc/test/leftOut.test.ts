import type { RunResult } from "itwin-connector-framework";
import { expect } from "chai";
import { houseText, lineWith, renumber } from "./house.js";
import { guid, IfcTimeline, linesOf, withLines } from "./support.js";

const { number: wall } = lineWith(houseText, "IFCWALL(");

describe("What an IFC file holds and no element gets", () => {
  let timeline: IfcTimeline;
  beforeEach(() => (timeline = new IfcTimeline()));

  it("is nothing in the sample", async () => {
    expect(linesOf(await timeline.result(houseText))).to.deep.equal([]);
  });

  it("is reported: relationships with an end that is no element, with the first line", async () => {
    const text = withLines(
      `#9001=IFCRELCONNECTSELEMENTS(${guid(1)},$,$,$,$,${wall},#1);`,
      `#9002=IFCRELCONNECTSELEMENTS(${guid(2)},$,$,$,$,$,$);`,
    );
    const result = await timeline.result(text);
    const line = text.split("\n").findIndex((candidate) => candidate.startsWith("#9001")) + 1;
    expect(linesOf(result)).to.deep.equal([`2 IfcRelConnectsElements #9001 (line ${line})`]);
    expect(result.notImported[0]!.reason).to.equal("an end of it is not imported");
    expect((await timeline.result(text)).notImported, "in an unchanged file").to.deep.equal(result.notImported);
    const counts = ({ notImported }: RunResult) => notImported.map(({ count, what }) => `${count} ${what}`);
    expect(counts(await timeline.result(renumber(text))), "in another export").to.have.members(counts(result));
  });

  it("is reported: sets without an element", async () => {
    const text = withLines(
      `#9001=IFCPROPERTYSINGLEVALUE('a',$,IFCLABEL('b'),$);`,
      `#9002=IFCPROPERTYSET(${guid(1)},$,'Nobody',$,(#9001));`,
    );
    const result = await timeline.result(text);
    expect(linesOf(result).map((line) => line.replace(/ \(.*/, ""))).to.deep.equal(["1 IfcPropertySet #9002"]);
    const remnants = result.notImported.filter(({ isLoss }) => isLoss === false).map(({ what }) => what);
    expect(remnants, "what no element refers to").to.include("IfcPropertySingleValue");
  });

  it("is reported: relationships of materials, colors of faces, and shapes of types that no element shows", async () => {
    const { number: context } = lineWith(houseText, "IFCGEOMETRICREPRESENTATIONCONTEXT(");
    const [faces] = /#\d+(?= *= *IFCTRIANGULATEDFACESET)/.exec(houseText)!;
    const text = withLines(
      "#9001=IFCMATERIAL('A',$,$);",
      "#9002=IFCMATERIALRELATIONSHIP($,$,#9001,(#9001),'is like itself');",
      "#9003=IFCCOLOURRGBLIST(((1.,0.,0.)));",
      `#9004=IFCINDEXEDCOLOURMAP(${faces},$,#9003,(1));`,
      "#9005=IFCCARTESIANPOINT((0.,0.,0.));",
      "#9006=IFCAXIS2PLACEMENT3D(#9005,$,$);",
      "#9007=IFCREPRESENTATIONMAP(#9006,#9008);",
      `#9008=IFCSHAPEREPRESENTATION(${context},'Body','Point',(#9005));`,
      `#9009=IFCFURNITURETYPE(${guid(1)},$,'Chair',$,$,$,(#9007),$,$,.NOTDEFINED.,.CHAIR.);`,
    );
    const result = await timeline.result(text);
    expect(linesOf(result).map((line) => line.replace(/ #.*/, ""))).to.deep.equal(["1 IfcIndexedColourMap", "1 IfcMaterialRelationship"]); // prettier-ignore
    expect(result.notImported).to.deep.include({ what: "IfcRepresentationMap", reason: "no element shows it", count: 1, isLoss: false, example: `#9007 (line ${text.split("\n").findIndex((line) => line.startsWith("#9007=")) + 1})` }); // prettier-ignore
  });

  it("is reported: entities that the edition does not have", async () => {
    const text = withLines(`#9001=IFCDOORSTYLEX(${guid(1)},$,'own');`);
    const { notImported } = await timeline.result(text);
    expect(notImported[0]).to.include({ what: "IFCDOORSTYLEX", reason: "IFC4 has no entity of this name" });
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
