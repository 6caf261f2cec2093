import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { edit, houseText } from "./house.js";
import { IfcTimeline } from "./support.js";

const withoutUnits = fileURLToPath(new URL("./WithoutUnits.ts", import.meta.url));

/** The house with a U-value, in lengths of the file's unit, and a unit that no schema has. */
const house = edit(
  edit(
    houseText,
    "IFCUNITASSIGNMENT((#2,#3,#4,#5));",
    `IFCUNITASSIGNMENT((#2,#3,#4,#5,#900001,#900008));
#900001=IFCDERIVEDUNIT((#900002,#900003,#900004),.THERMALTRANSMITTANCEUNIT.,$);
#900002=IFCDERIVEDUNITELEMENT(#900005,1);
#900003=IFCDERIVEDUNITELEMENT(#2,-2);
#900004=IFCDERIVEDUNITELEMENT(#900006,-1);
#900005=IFCSIUNIT(*,.POWERUNIT.,$,.WATT.);
#900006=IFCSIUNIT(*,.THERMODYNAMICTEMPERATUREUNIT.,$,.KELVIN.);
#900008=IFCSIUNIT(*,.FORCEUNIT.,.MEGA.,.NEWTON.);`,
  ),
  "IFCPROPERTYSINGLEVALUE('Reference',$,IFCIDENTIFIER('Outer wall'),$);",
  "IFCPROPERTYSINGLEVALUE('Reference',$,IFCFORCEMEASURE(2.5),$);",
);

const inMillimetres = (text: string) =>
  edit(text, "#2=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.)", "#2=IFCSIUNIT(*,.LENGTHUNIT.,.MILLI.,.METRE.)");

describe("The units of an IFC file", () => {
  let timeline: IfcTimeline;
  beforeEach(() => (timeline = new IfcTimeline()));

  const propertyOf = (className: string, label: string) =>
    timeline.query(`
      SELECT p.Name, p.Description, k.PersistenceUnit unit, k.PresentationUnits shown FROM meta.ECPropertyDef p
      JOIN meta.ECClassDef c ON c.ECInstanceId=p.Class.Id LEFT JOIN meta.KindOfQuantityDef k ON k.ECInstanceId=p.KindOfQuantity.Id
      WHERE c.Name='${className}' AND COALESCE(p.DisplayLabel, p.Name)='${label}' ORDER BY p.Ordinal`);
  const unitOf = (className: string, label: string) => propertyOf(className, label).map(({ unit }) => unit);

  it("are kinds of quantity of attributes, quantities and property sets; values stay those of the file", async () => {
    await timeline.sync(house);
    expect(propertyOf("IfcDoor", "OverallHeight")).to.deep.equal([
      {
        name: "OverallHeight",
        description: "IfcPositiveLengthMeasure in m",
        unit: "u:M",
        shown: ["f:DefaultRealU(4)[u:M]"],
      },
    ]);
    expect(timeline.query("SELECT OverallHeight h FROM Ifc.IfcDoor")).to.deep.equal([{ h: 2.1 }]);
    expect(unitOf("Qto_WallBaseQuantities", "GrossSideArea")).to.deep.equal(["u:SQ_M"]);
    expect(unitsOfTransmittance()).to.deep.equal(["u:W_PER_SQ_M_K"]);
    expect(forces(), "the symbol of the file, not the name of another unit").to.deep.equal(["u:MEGAN"]);
  });

  it("are added to the properties of an iModel of version 0.1.0, and no element changes", async () => {
    await timeline.sync(house, { connectorModule: withoutUnits });
    expect(unitOf("IfcDoor", "OverallHeight")).to.deep.equal([undefined]);
    const [before] = propertyOf("IfcDoor", "OverallHeight");
    const result = await timeline.result(house);
    expect(result.elements).to.deep.equal({ inserted: 0, updated: 0, deleted: 0 });
    expect(result.issues).to.deep.equal([]);
    const [after, ...others] = propertyOf("IfcDoor", "OverallHeight");
    expect([after!.name, after!.description, after!.unit, others]).to.deep.equal([
      before!.name,
      before!.description,
      "u:M",
      [],
    ]);
    expect(unitsOfTransmittance()).to.deep.equal(["u:W_PER_SQ_M_K"]);
  });

  it("give a property of its own to another unit, and change nothing in the next run", async () => {
    await timeline.sync(house);
    await timeline.sync(inMillimetres(house));
    expect(propertyOf("IfcDoor", "OverallHeight").map(({ name, unit }) => [name, unit])).to.deep.equal([
      ["OverallHeight", "u:M"],
      ["OverallHeight_mm", "u:MM"],
    ]);
    const version = () => timeline.read((imodel) => imodel.querySchemaVersion("Ifc"));
    const known = version();
    const { issues } = await timeline.result(`${inMillimetres(house)}\n`);
    expect(issues.map(({ code }) => code)).to.not.include.members(["schema/unit-kept", "schema/no-unit"]);
    expect(version()).to.equal(known);
  });

  const ofLabel = (label: string) =>
    timeline
      .query(
        `SELECT k.PersistenceUnit unit FROM meta.ECPropertyDef p JOIN meta.ECSchemaDef s ON s.Name='Ifc'
         JOIN meta.ECClassDef c ON c.ECInstanceId=p.Class.Id AND c.Schema.Id=s.ECInstanceId
         JOIN meta.KindOfQuantityDef k ON k.ECInstanceId=p.KindOfQuantity.Id WHERE p.DisplayLabel='${label}' OR p.Name='${label}'`,
      )
      .map(({ unit }) => unit);
  const unitsOfTransmittance = () => ofLabel("ThermalTransmittance");
  const forces = () => ofLabel("Reference");
});
