import { expect } from "chai";
import { houseText, lineWith } from "./house.js";
import { guid, IfcTimeline, linesOf, withLines } from "./support.js";

const { number: wall } = lineWith(houseText, "IFCWALL(");
const [, body] = /(#\d+) *= *IFCSHAPEREPRESENTATION\([^)]*'Body','(?!Mapped)/.exec(houseText)!;

/** A property set on a wall, with properties that are numbered from 9101 on. */
const set = (count: number, ...lines: string[]) => [
  ...lines,
  `#9001=IFCPROPERTYSET(${guid(1)},$,'Kinds','what the tests need',(${Array.from({ length: count }, (_, index) => `#${9101 + index}`).join()}));`,
  `#9002=IFCRELDEFINESBYPROPERTIES(${guid(2)},$,$,$,(${wall}),#9001);`,
];

const bar = [
  "#9010=IFCCONVERSIONBASEDUNIT(#9011,.PRESSUREUNIT.,'BAR',#9012);",
  "#9011=IFCDIMENSIONALEXPONENTS(-1,1,-2,0,0,0,0);",
  "#9012=IFCMEASUREWITHUNIT(IFCPRESSUREMEASURE(100000.),#9013);",
  "#9013=IFCSIUNIT(*,.PRESSUREUNIT.,$,.PASCAL.);",
  "#9014=IFCSIUNIT(*,.LENGTHUNIT.,.CENTI.,.METRE.);",
];

describe("the properties of an IFC file", () => {
  let timeline: IfcTimeline;
  beforeEach(() => (timeline = new IfcTimeline()));

  /** The values of the aspects of a class, by the labels of their properties. */
  const aspects = (label: string) => {
    const properties = timeline.query(`
      SELECT c.Name className, p.Name name, p.DisplayLabel label, p.Description description FROM meta.ECPropertyDef p
      JOIN meta.ECClassDef c ON c.ECInstanceId=p.Class.Id WHERE c.DisplayLabel='${label}'`) as Record<string, string>[];
    const values = properties.map(({ className, name, label: property, description }) => {
      const rows = timeline.query(`SELECT [${name}] v FROM Ifc.[${className}] WHERE [${name}] IS NOT NULL`);
      return [property!, [...rows.map(({ v }) => v), description]] as const;
    });
    return Object.fromEntries(values);
  };

  it("of all kinds keep their values and units", async () => {
    const text = withLines(
      ...bar,
      ...set(
        7,
        "#9101=IFCPROPERTYSINGLEVALUE('Single','of the pump',IFCPRESSUREMEASURE(6.5),#9010);",
        "#9102=IFCPROPERTYLISTVALUE('List',$,(IFCPRESSUREMEASURE(1.),IFCPRESSUREMEASURE(2.5)),#9010);",
        "#9103=IFCPROPERTYENUMERATEDVALUE('Enum',$,(IFCLENGTHMEASURE(5.)),#9020);",
        "#9020=IFCPROPERTYENUMERATION('Sizes',(IFCLENGTHMEASURE(5.),IFCLENGTHMEASURE(6.)),#9014);",
        "#9104=IFCPROPERTYBOUNDEDVALUE('Bounded',$,IFCPRESSUREMEASURE(10.),IFCPRESSUREMEASURE(1.),#9010,IFCPRESSUREMEASURE(4.));",
        "#9105=IFCPROPERTYTABLEVALUE('Table',$,(IFCLENGTHMEASURE(10.),IFCLENGTHMEASURE(20.)),(IFCPRESSUREMEASURE(1.),IFCPRESSUREMEASURE(2.)),'x^2',#9014,#9010,.LINEAR.);",
        "#9106=IFCCOMPLEXPROPERTY('Colour',$,'rgb',(#9021,#9022));",
        "#9021=IFCPROPERTYSINGLEVALUE('Red',$,IFCINTEGER(255),$);",
        "#9022=IFCPROPERTYSINGLEVALUE('Width',$,IFCLENGTHMEASURE(12.),$);",
        "#9107=IFCPROPERTYLISTVALUE('Lengths',$,(IFCLENGTHMEASURE(1.),IFCLENGTHMEASURE(2.)),$);",
      ),
    );
    expect(linesOf(await timeline.result(text))).to.deep.equal([]);
    const pressure = "IfcPressureMeasure in BAR";
    expect(aspects("Kinds")).to.deep.equal({
      SetDescription: ["what the tests need", "IfcText"],
      Single: [6.5, `${pressure}: of the pump`],
      List: ["1; 2.5 BAR", pressure],
      Enum: ["5 cm", "IfcLengthMeasure in cm"],
      "Bounded.UpperBound": [10, pressure],
      "Bounded.LowerBound": [1, pressure],
      "Bounded.SetPoint": [4, pressure],
      "Table.DefiningValues": ["10; 20 cm", "IfcLengthMeasure in cm"],
      "Table.DefinedValues": ["1; 2 BAR", pressure],
      "Table.Expression": ["x^2", "IfcText"],
      "Table.CurveInterpolation": ["LINEAR", "string"],
      "Colour.UsageName": ["rgb", "IfcIdentifier"],
      "Colour.Red": [255, "IfcInteger"],
      "Colour.Width": [12, "IfcLengthMeasure in m"],
      Lengths: ["1; 2 m", "IfcLengthMeasure in m"],
    });
  });

  it("keep what they refer to: persons, documents, materials, time series", async () => {
    const text = withLines(
      ...set(
        5,
        "#9101=IFCPROPERTYREFERENCEVALUE('Owner',$,'who pays',#9020);",
        "#9020=IFCPERSON('jd','Doe','Jane',$,$,$,$,$);",
        "#9102=IFCPROPERTYREFERENCEVALUE('Maker',$,$,#9021);",
        "#9021=IFCPERSONANDORGANIZATION(#9020,#9022,$);",
        "#9022=IFCORGANIZATION('acme','ACME',$,$,$);",
        "#9103=IFCPROPERTYREFERENCEVALUE('Load',$,$,#9023);",
        "#9023=IFCREGULARTIMESERIES('load',$,'2026-01-01T00:00:00','2026-01-01T02:00:00',.CONTINUOUS.,.MEASURED.,$,$,3600.,(#9024,#9025,#9026,#9027,#9028));",
        ...[1, 2, 3, 4, 5].map((value) => `#${9023 + value}=IFCTIMESERIESVALUE((IFCREAL(${value}.)));`),
        "#9104=IFCPROPERTYREFERENCEVALUE('Manual',$,$,#9029);",
        "#9029=IFCDOCUMENTREFERENCE('https://example.org/d.pdf',$,$,$,$);",
        "#9105=IFCPROPERTYREFERENCEVALUE('Address',$,$,#9030);",
        "#9030=IFCPOSTALADDRESS($,$,$,$,('Street 1'),$,'Town',$,$,$);",
      ),
    );
    expect(linesOf(await timeline.result(text))).to.deep.equal([]);
    const values = Object.fromEntries(Object.entries(aspects("Kinds")).map(([label, [value]]) => [label, value]));
    expect(values).to.include({
      Owner: "Jane Doe",
      "Owner.Identification": "jd",
      "Owner.UsageName": "who pays",
      Maker: "Jane Doe, ACME",
      Load: "load",
      "Load.TimeStep": 3600,
      "Load.Values": "1; 2; 3; 4; 5",
      Manual: "https://example.org/d.pdf",
      Address: "Street 1; Town",
    });
  });

  it("of materials and profiles belong to the elements that are made of them", async () => {
    const text = withLines(
      "#9001=IFCMATERIAL('Steel S355','for frames','steel');",
      "#9002=IFCMATERIALPROPERTIES('Pset_MaterialCommon',$,(#9003),#9001);",
      "#9003=IFCPROPERTYSINGLEVALUE('MassDensity',$,IFCMASSDENSITYMEASURE(7850.),$);",
      "#9004=IFCISHAPEPROFILEDEF(.AREA.,'IPE200',$,0.1,0.2,0.0056,0.0085,0.012,$,$);",
      "#9005=IFCMATERIALPROFILE('flange',$,#9001,#9004,2,'LoadBearing');",
      "#9006=IFCMATERIALPROFILESET('beam',$,(#9005),$);",
      "#9007=IFCPROFILEPROPERTIES('Pset_ProfileMechanical',$,(#9008),#9004);",
      "#9008=IFCPROPERTYSINGLEVALUE('MassPerLength',$,IFCREAL(22.4),$);",
      `#9009=IFCRELASSOCIATESMATERIAL(${guid(1)},$,$,$,(${wall}),#9006);`,
      "#9010=IFCEXTERNALREFERENCERELATIONSHIP($,$,#9011,(#9001));",
      "#9011=IFCDOCUMENTREFERENCE('https://example.org/steel','EN 10025','Structural steel',$,$);",
    );
    expect(linesOf(await timeline.result(text))).to.deep.equal([]);
    const values = (label: string) =>
      Object.fromEntries(Object.entries(aspects(label)).map(([name, found]) => [name, found.slice(0, -1)]));
    expect(values("Pset_MaterialCommon")).to.deep.equal({ Material: ["Steel S355"], MassDensity: [7850] });
    expect(values("Pset_ProfileMechanical")).to.deep.equal({ Profile: ["IPE200"], MassPerLength: [22.4] });
    expect(values("IfcMaterialProfile")).to.deep.include({
      Profile: ["IPE200"],
      "Profile.OverallDepth": [0.2],
      Priority: [2],
      Category: ["LoadBearing"],
    });
    expect(values("IfcDocumentReference")).to.deep.equal({ Material: ["Steel S355"], Identification: ["EN 10025"], Name: ["Structural steel"], Location: ["https://example.org/steel"] }); // prettier-ignore
  });

  it("include documents, libraries, layers, calendars and costs", async () => {
    const text = withLines(
      "#9001=IFCDOCUMENTREFERENCE('https://example.org/manual.pdf','D1','Manual',$,$);",
      `#9002=IFCRELASSOCIATESDOCUMENT(${guid(1)},$,$,$,(${wall}),#9001);`,
      "#9003=IFCLIBRARYREFERENCE('https://example.org/lib','L1','Walls',$,$,$);",
      `#9004=IFCRELASSOCIATESLIBRARY(${guid(2)},$,$,$,(${wall}),#9003);`,
      `#9005=IFCPRESENTATIONLAYERASSIGNMENT('A-WALL','walls',(${body}),$);`,
      `#9006=IFCWORKCALENDAR(${guid(3)},$,'Week',$,$,$,(#9007),$,.FIRSTSHIFT.);`,
      "#9007=IFCWORKTIME('Morning',$,$,#9008,$,$);",
      "#9008=IFCRECURRENCEPATTERN(.WEEKLY.,$,(1,2,3),$,$,1,$,(#9009));",
      "#9009=IFCTIMEPERIOD('08:00:00','12:00:00');",
      `#9010=IFCCOSTITEM(${guid(4)},$,'Paint',$,$,$,$,(#9011),$);`,
      "#9011=IFCCOSTVALUE('Unit price',$,IFCMONETARYMEASURE(12.5),$,$,$,$,$,$,$);",
    );
    expect(linesOf(await timeline.result(text))).to.deep.equal([]);
    expect(timeline.query("SELECT Name n, Location l FROM Ifc.IfcDocumentReference")).to.deep.equal([{ n: "Manual", l: "https://example.org/manual.pdf" }]); // prettier-ignore
    expect(timeline.query("SELECT Name n FROM Ifc.IfcLibraryReference")).to.deep.equal([{ n: "Walls" }]);
    expect(timeline.query("SELECT DISTINCT Name n, Description d FROM Ifc.IfcPresentationLayerAssignment")).to.deep.equal([{ n: "A-WALL", d: "walls" }]); // prettier-ignore
    expect(timeline.query("SELECT Name n, RecurrencePattern_RecurrenceType t, RecurrencePattern_TimePeriods_StartTime s FROM Ifc.IfcWorkTime")).to.deep.equal([{ n: "Morning", t: "WEEKLY", s: "08:00:00" }]); // prettier-ignore
    expect(timeline.query("SELECT Attribute a, Name n, AppliedValue v FROM Ifc.IfcCostValue")).to.deep.equal([{ a: "CostValues", n: "Unit price", v: 12.5 }]); // prettier-ignore

    const renamed = await timeline.result(text.replace("'A-WALL'", "'B-WALL'"));
    expect(renamed.counts.changed, "the windows on the layer, and their type").to.equal(5);
  });

  it("of one name are told apart by a number that no other property has", async () => {
    const value = (id: number, name: string, text: string) => `#${id}=IFCPROPERTYSINGLEVALUE('${name}',$,IFCLABEL('${text}'),$);`; // prettier-ignore
    const lines = [value(9101, "X", "a"), value(9102, "X", "b"), value(9103, "X (2)", "c")];
    await timeline.result(withLines(...set(3, ...lines)));
    const values = Object.entries(aspects("Kinds")).map(([label, [found]]) => `${label}: ${String(found)}`);
    expect(values).to.include.members(["X: a", "X (2): c", "X (3): b"]);
  });

  it("have no unit where the file describes none", async () => {
    const lines = [
      "#9101=IFCPROPERTYSINGLEVALUE('Loss',$,IFCREAL(2.5),#9020);",
      "#9020=IFCDERIVEDUNIT((),.USERDEFINED.,'loss');",
    ];
    await timeline.result(withLines(...set(1, ...lines)));
    expect(aspects("Kinds").Loss).to.deep.equal([2.5, "IfcReal"]);
  });

  it("that their types cannot hold are of the nearest type that can", async () => {
    const values = [
      "IFCINTEGER(2.5)",
      "IFCINTEGER(99999999999999999999)",
      "IFCREAL(1.E400)",
      "IFCBOOLEAN(.U.)",
      "IFCINTEGER(3)",
    ];
    const lines = values.map((value, index) => `#${9101 + index}=IFCPROPERTYSINGLEVALUE('P${index}',$,${value},$);`);
    await timeline.result(withLines(...set(5, ...lines)));
    const found = Object.fromEntries(Object.entries(aspects("Kinds")).map(([label, [value]]) => [label, value]));
    expect(found).to.include({ P0: 2.5, P1: 1e20, P2: "Infinity", P3: "UNKNOWN", P4: 3 });
  });

  it("of classifications and of materials in layers are complete", async () => {
    const text = withLines(
      "#9001=IFCCLASSIFICATION('Publisher','2nd','2020-01-01','Uniformat','of buildings',$,$);",
      "#9002=IFCCLASSIFICATIONREFERENCE('https://example.org/b','B20','Walls',#9001,'outer ones','x');",
      `#9003=IFCRELASSOCIATESCLASSIFICATION(${guid(1)},$,$,$,(${wall}),#9002);`,
      "#9004=IFCMATERIAL('Brick','fired clay','masonry');",
      "#9005=IFCMATERIALLAYER(#9004,0.2,$,'Core',$,$,$);",
      "#9006=IFCMATERIALLAYERSET((#9005),'Own',$);",
      `#9007=IFCRELASSOCIATESMATERIAL(${guid(2)},$,$,$,(${wall}),#9006);`,
    );
    await timeline.result(text);
    const select = "SELECT Classification c, Identification i, Description d, Sort s, ReferencedSource_Edition e FROM Ifc.IfcClassificationReference WHERE Identification='B20'"; // prettier-ignore
    expect(timeline.query(select)).to.deep.equal([{ c: "Uniformat", i: "B20", d: "outer ones", s: "x", e: "2nd" }]);
    const layers = "SELECT Material m, Material_Category c, Material_Description d FROM Ifc.IfcMaterialLayer WHERE Material_Category IS NOT NULL"; // prettier-ignore
    expect(timeline.query(layers)).to.deep.equal([{ m: "Brick", c: "masonry", d: "fired clay" }]);
  });

  it("have the same unit in any order of its factors, and powers as the platform knows them", async () => {
    const units = (order: string) => [
      `#9020=IFCDERIVEDUNIT((${order}),.THERMALTRANSMITTANCEUNIT.,$);`,
      "#9021=IFCSIUNIT(*,.POWERUNIT.,$,.WATT.);",
      "#9022=IFCSIUNIT(*,.AREAUNIT.,$,.SQUARE_METRE.);",
      "#9023=IFCSIUNIT(*,.THERMODYNAMICTEMPERATUREUNIT.,$,.KELVIN.);",
      "#9024=IFCDERIVEDUNITELEMENT(#9021,1);",
      "#9025=IFCDERIVEDUNITELEMENT(#9022,-1);",
      "#9026=IFCDERIVEDUNITELEMENT(#9023,-1);",
      "#9101=IFCPROPERTYSINGLEVALUE('U',$,IFCREAL(0.24),#9020);",
      "#9102=IFCPROPERTYSINGLEVALUE('Mix',$,IFCREAL(2.),#9027);",
      "#9027=IFCCONTEXTDEPENDENTUNIT(#9028,.USERDEFINED.,'mix 1:3');",
      "#9028=IFCDIMENSIONALEXPONENTS(0,0,0,0,0,0,0);",
    ];
    for (const order of ["#9024,#9025,#9026", "#9026,#9024,#9025", "#9025,#9026,#9024"])
      await timeline.result(withLines(...set(2, ...units(order))).replace("'house.ifc'", `'${order}'`));
    expect(aspects("Kinds").U).to.deep.equal([0.24, "IfcReal in W·K^-1·m^-2"]);
    expect(Object.keys(aspects("Kinds"))).to.have.members(["SetDescription", "U", "Mix"]);
    const kinds = timeline.query("SELECT p.Name FROM meta.ECPropertyDef p JOIN meta.KindOfQuantityDef k ON k.ECInstanceId=p.KindOfQuantity.Id WHERE p.Name='U'"); // prettier-ignore
    expect(kinds).to.have.length(1);
  });

  it("change with the intent of a constraint, and not with the order of a set", async () => {
    const lines = (intent: string, editors: string) => [
      "#9001=IFCOBJECTIVE('Fire','safe',.HARD.,$,$,$,$,$,$,.REQUIREMENT.,$);",
      `#9002=IFCRELASSOCIATESCONSTRAINT(${guid(1)},$,$,$,(${wall}),'${intent}',#9001);`,
      `#9003=IFCDOCUMENTINFORMATION('D','Plan',$,$,$,$,$,$,$,(${editors}),$,$,$,$,$,$,$);`,
      "#9004=IFCPERSON('a','A','Ann',$,$,$,$,$);",
      "#9005=IFCPERSON('b','B','Bob',$,$,$,$,$);",
      `#9006=IFCRELASSOCIATESDOCUMENT(${guid(2)},$,$,$,(${wall}),#9003);`,
    ];
    await timeline.sync(withLines(...lines("first", "#9004,#9005")));
    expect(await timeline.sync(withLines(...lines("first", "#9005,#9004")))).to.deep.equal([0, 0, 0]);
    expect(await timeline.sync(withLines(...lines("second", "#9004,#9005")))).to.deep.equal([0, 1, 0]);
    expect(timeline.query("SELECT Intent i FROM Ifc.IfcObjective")).to.deep.equal([{ i: "second" }]);
  });

  it("are described as their templates do", async () => {
    const text = withLines(
      ...set(1, "#9101=IFCPROPERTYSINGLEVALUE('Single',$,IFCLABEL('a'),$);"),
      `#9010=IFCPROPERTYSETTEMPLATE(${guid(9)},$,'Kinds','all kinds of values',$,$,(#9011));`,
      `#9011=IFCSIMPLEPROPERTYTEMPLATE(${guid(10)},$,'Single','only one',$,$,$,$,$,$,$,$);`,
    );
    expect(linesOf(await timeline.result(text))).to.deep.equal([]);
    expect(aspects("Kinds").Single).to.deep.equal(["a", "IfcLabel: only one"]);
    const described = timeline.query("SELECT Description d FROM meta.ECClassDef WHERE Name='Kinds'");
    expect(described).to.deep.equal([{ d: "all kinds of values" }]);
  });
});
