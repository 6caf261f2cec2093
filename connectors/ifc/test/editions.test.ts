import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect } from "chai";
import { AllEditions } from "../src/model/editions/AllEditions.js";
import { bisKindOf, classChainOf } from "../src/model/editions/bisClasses.js";
import { IfcSchema } from "../src/model/editions/IfcSchema.js";
import { placedFile } from "./placedFile.js";
import { IfcTimeline } from "./support.js";

const names = ["IFC2X3", "IFC4", "IFC4X3"] as const;
type Name = (typeof names)[number];
const schemas = new Map(names.map((name) => [name, IfcSchema.find(name)!]));

/** Entities of many types, by the names of their attributes; an edition leaves out those that it lacks. */
const entities: readonly (readonly [id: number, type: string, values: Readonly<Record<string, string>>])[] = [
  [901, "IFCWALL", { Name: "'Wall'", Tag: "'W'", PredefinedType: ".SOLIDWALL." }],
  [902, "IFCBUILDINGELEMENTPROXY", { Name: "'Proxy'", CompositionType: ".ELEMENT.", PredefinedType: ".PARTIAL." }],
  [903, "IFCPILE", { Name: "'Pile'", PredefinedType: ".BORED." }],
  [904, "IFCSTAIR", { Name: "'Stair'", ShapeType: ".SPIRAL_STAIR.", PredefinedType: ".SPIRAL_STAIR." }],
  [905, "IFCZONE", { Name: "'Zone'" }],
  [906, "IFCGRID", { Name: "'Grid'" }],
  [907, "IFCBUILDING", { Name: "'Building'", LongName: "'The building'" }],
  [908, "IFCSPACE", { Name: "'Space'", LongName: "'The space'" }],
  [909, "IFCREINFORCINGBAR", { Name: "'Bar'", NominalDiameter: "0.01", CrossSectionArea: "0.1" }],
  [910, "IFCTASK", { Name: "'Task'", IsMilestone: ".T." }],
  [911, "IFCTRANSPORTELEMENT", { Name: "'Lift'" }],
  [912, "IFCWALLTYPE", { Name: "'Wall type'", PredefinedType: ".STANDARD." }],
  [913, "IFCSPACEHEATERTYPE", { Name: "'Heater type'" }],
  [914, "IFCCHIMNEY", { Name: "'Chimney'" }],
  [915, "IFCPAVEMENT", { Name: "'Pavement'" }],
  [916, "IFCELECTRICALELEMENT", { Name: "'Electrical'" }],
  [917, "IFCWORKSCHEDULE", { Name: "'Schedule'", Duration: "'P1D'" }],
];

function fileOf(name: Name, suffix = ""): string {
  const schema = schemas.get(name)!;
  const lines = entities.flatMap(([id, type, given]) => {
    const attributes = schema.attributesOf(type);
    if (attributes.length === 0) return [];
    const values = attributes.map(({ name: attribute }) => {
      if (attribute === "GlobalId") return `'0YvctVUKr0kugbFTf53${id}'`;
      const value = attribute === "Duration" && name === "IFC2X3" ? "86400." : given[attribute];
      return value === undefined ? "$" : attribute === "Name" ? value.replace(/'$/, `${suffix}'`) : value;
    });
    return [`#${id}=${type}(${values.join()});`];
  });
  return placedFile({ schema: name, lines });
}

const chainsQuery = `
  SELECT c.Name class, b.Name base FROM meta.ClassHasBaseClasses h JOIN meta.ECClassDef c ON c.ECInstanceId=h.SourceECInstanceId
  JOIN meta.ECClassDef b ON b.ECInstanceId=h.TargetECInstanceId JOIN meta.ECSchemaDef s ON s.ECInstanceId=c.Schema.Id
  WHERE s.Name='Ifc' AND c.Type=0 ORDER BY c.Name`;
const propertiesQuery = `
  SELECT c.Name class, p.Name name, p.PrimitiveType type FROM meta.ECPropertyDef p JOIN meta.ECClassDef c ON c.ECInstanceId=p.Class.Id
  JOIN meta.ECSchemaDef s ON s.ECInstanceId=c.Schema.Id WHERE s.Name='Ifc' ORDER BY c.Name, p.Name`;
const elementsQuery = `
  SELECT a.Identifier id, e.ECInstanceId element, ec_classname(e.ECClassId) class FROM bis.Element e
  JOIN bis.ExternalSourceAspect a ON a.Element.Id=e.ECInstanceId WHERE a.Kind='IfcRoot' ORDER BY a.Identifier`;

describe("the hierarchy of all editions", () => {
  const all = new AllEditions();
  const types = new Set(names.flatMap((name) => schemas.get(name)!.subtypesOf("IFCOBJECTDEFINITION")));

  it("has the same sort of element for a type as each edition", () => {
    expect(types.size).to.be.greaterThan(400);
    for (const type of types)
      for (const schema of schemas.values())
        if (schema.isA(type, "IFCROOT"))
          expect(bisKindOf(all, type), `${type} in ${schema.name}`).to.equal(bisKindOf(schema, type));
  });

  it("has every supertype of an edition, except those that another edition moved", () => {
    const moved = new Map<string, string[]>();
    for (const type of types)
      for (const schema of schemas.values()) {
        const lost = classChainOf(schema, type).filter((supertype) => !classChainOf(all, type).includes(supertype));
        for (const supertype of schema.isA(type, "IFCROOT") ? lost : [])
          moved.set(supertype, [...(moved.get(supertype) ?? []), type]);
      }
    expect([...moved.keys()].sort()).to.deep.equal([
      "IFCBUILDINGELEMENT", // reinforcement and parts of building elements, which are element components since IFC4
      "IFCBUILDINGELEMENTCOMPONENT",
      "IFCDISCRETEACCESSORYTYPE",
      "IFCENERGYCONVERSIONDEVICETYPE",
      "IFCFASTENER",
      "IFCFASTENERTYPE",
    ]);
  });

  it("finds walls by the old name and by the new one, and what only the new one has by that", () => {
    const chain = (type: string) =>
      classChainOf(all, type)
        .map((member) => all.spell(member))
        .join(" > ");
    expect(chain("IFCWALL")).to.equal("IfcElement > IfcBuiltElement > IfcBuildingElement > IfcWall");
    expect(chain("IFCPILE")).to.equal(
      "IfcElement > IfcBuiltElement > IfcBuildingElement > IfcDeepFoundation > IfcPile",
    );
    expect(chain("IFCPAVEMENT")).to.equal("IfcElement > IfcBuiltElement > IfcPavement");
    expect(chain("IFCBUILDING")).to.equal("IfcSpatialElement > IfcSpatialStructureElement > IfcFacility > IfcBuilding");
  });
});

describe("a file that comes in several editions", () => {
  it("has the same classes and properties in each", async () => {
    const found = new Map<string, Set<string>>();
    for (const name of names) {
      const timeline = new IfcTimeline();
      const result = await timeline.result(fileOf(name));
      expect(result.issues.filter(({ code }) => code.startsWith("ifc/"))).to.deep.equal([]);
      for (const query of [chainsQuery, propertiesQuery])
        for (const row of timeline.query(query)) {
          const key = `${query === chainsQuery} ${String(row.class)}`;
          found.set(key, (found.get(key) ?? new Set()).add(`${name} ${JSON.stringify(row)}`));
        }
    }
    for (const [key, rows] of found) {
      const byEdition = names.map((name) =>
        [...rows].filter((row) => row.startsWith(`${name} `)).map((row) => row.slice(name.length)),
      );
      const having = byEdition.filter((list) => list.length > 0);
      for (const list of having) expect(list, key).to.deep.equal(having[0]);
    }
  });

  for (const [first, second] of [
    ["IFC2X3", "IFC4"],
    ["IFC4", "IFC2X3"],
    ["IFC2X3", "IFC4X3"],
    ["IFC4X3", "IFC4"],
  ] as const)
    it(`keeps its elements from ${first} to ${second}`, async () => {
      const timeline = new IfcTimeline();
      await timeline.sync(fileOf(first));
      const before = timeline.query(elementsQuery);
      const result = await timeline.result(fileOf(second, " 2"));
      expect(result.counts.replaced).to.equal(0);
      const after = timeline.query(elementsQuery);
      const inBoth = before.filter(({ id }) => fileOf(second).includes(`'${String(id)}'`));
      expect(inBoth.length).to.be.greaterThan(13);
      expect(after).to.deep.include.members(inBoth);
      const proxy = timeline.query(
        "SELECT Name, CompositionType, PredefinedType FROM Ifc.IfcBuildingElementProxy WHERE Name LIKE 'Proxy%'",
      );
      expect(proxy).to.deep.equal([
        second === "IFC2X3"
          ? { name: "Proxy 2", compositionType: "ELEMENT" }
          : { name: "Proxy 2", predefinedType: "PARTIAL" },
      ]);
      expect(timeline.query("SELECT IsMilestone m FROM Ifc.IfcTask")).to.deep.equal([{ m: true }]);
      expect((await timeline.result(fileOf(second, " 2").replace("'m.ifc'", "'n.ifc'"))).elements.updated).to.equal(0);
    });

  it("notices values that mean something else in the other edition", async () => {
    const lines = ["#901=IFCBUILDINGELEMENTPROXY('0YvctVUKr0kugbFTf53901',$,'Proxy',$,$,$,$,$,.ELEMENT.);"];
    const timeline = new IfcTimeline();
    await timeline.sync(placedFile({ schema: "IFC4", lines }));
    expect((await timeline.sync(placedFile({ schema: "IFC2X3", lines })))[1]).to.equal(1);
    const query = "SELECT CompositionType, PredefinedType FROM Ifc.IfcBuildingElementProxy WHERE Name LIKE 'Proxy%'";
    expect(timeline.query(query)).to.deep.equal([{ compositionType: "ELEMENT" }]);
  });

  it("goes into one iModel together with another file of another edition", async () => {
    const timeline = new IfcTimeline();
    await timeline.sync(fileOf("IFC2X3"));
    const before = timeline.query(elementsQuery);
    const other = new IfcTimeline("other.ifc");
    cpSync(timeline.iModel, other.iModel);
    const text = fileOf("IFC4X3").replaceAll("'0YvctVUKr0kugbFTf53", "'0YvctVUKr0kugbFTf54");
    const result = await other.result(text);
    expect(result.counts.deleted).to.equal(0);
    expect(other.query(elementsQuery)).to.deep.include.members(before);
    expect(other.query("SELECT Name FROM Ifc.IfcWall")).to.deep.equal([{ name: "Wall" }, { name: "Wall" }]);
    expect(other.query("SELECT Name FROM Ifc.IfcBuiltElement WHERE Name='Pavement'")).to.have.length(1);
  });

  it("continues an iModel that version 0.1.0 has made, whose classes stay where they are", async () => {
    const timeline = new IfcTimeline("m.ifc");
    const made = readFileSync(new URL("data/made-by-0.1.0.bim.gz", import.meta.url));
    writeFileSync(timeline.iModel, gunzipSync(made));
    const chains = timeline.query(chainsQuery);
    const elements = timeline.query(elementsQuery);
    expect(chains).to.deep.include({ class: "IfcWall", base: "IfcBuildingElement" });
    expect(chains).to.deep.include({ class: "IfcSpatialStructureElement", base: "SpatialLocationElement" });
    for (const name of ["IFC4", "IFC4X3", "IFC2X3"] as const) {
      const result = await timeline.result(fileOf(name, name));
      expect(result.counts.replaced, name).to.equal(0);
      const kept = elements.filter(({ id }) => names.every((each) => fileOf(each).includes(`'${String(id)}'`)));
      expect(kept.length).to.be.greaterThan(13);
      expect(timeline.query(elementsQuery), name).to.deep.include.members(kept);
      expect(timeline.query(chainsQuery), name).to.deep.include.members(chains);
    }
    expect(timeline.query(chainsQuery)).to.deep.include({ class: "IfcPavement", base: "IfcBuiltElement" });
    const classes = timeline.query(chainsQuery).map((row) => row.class);
    expect(classes, "what no class is below").not.to.include.members(["IfcSpatialElement"]);
    expect(timeline.query("SELECT LongName FROM Ifc.IfcSpace")).to.deep.equal([{ longName: "The space" }]);
  });
});

describe("the schema that a file names", () => {
  const accepted: [name: string, edition: Name, issue?: RegExp][] = [
    ["IFC2X3_FINAL", "IFC2X3"],
    ["IFC2X3_TC1", "IFC2X3"],
    ["ifc4", "IFC4"],
    [" IFC4 ", "IFC4"],
    ["IFC4 { 1 0 10303 }", "IFC4"],
    ["IFC4_ADD2_TC1", "IFC4"],
    ["IFC4X3_ADD2", "IFC4X3"],
    ["IFC4X3_TC1", "IFC4X3"],
    ["IFC4X3_RC2", "IFC4X3", /a draft of IFC4X3/],
    ["IFC4X1", "IFC4X3", /an edition before IFC4X3/],
    ["IFC2X2_FINAL", "IFC2X3", /an edition before IFC2X3/],
  ];
  for (const [name, edition, issue] of accepted)
    it(`can be ${name}, and is read with its geometry`, async () => {
      const timeline = new IfcTimeline();
      const text = placedFile({ schema: edition }).replace(`'${edition}'`, `'${name}'`);
      const result = await timeline.result(text);
      const found = result.issues.filter(({ code }) => code.startsWith("ifc/"));
      expect(found.map(({ code }) => code)).to.deep.equal(issue === undefined ? [] : ["ifc/schema"]);
      if (issue !== undefined) expect(found[0]!.message).to.match(issue);
      expect(timeline.count("SELECT 1 FROM bis.GeometricElement3d WHERE GeometryStream IS NOT NULL")).to.equal(1);
    });

  it("has other attributes than the instances: an issue names the first of them with its line", async () => {
    const timeline = new IfcTimeline();
    const lines = ["#901=IFCWALL('0YvctVUKr0kugbFTf53901',$,'Wall',$,$,$,$,'tag');"];
    const text = placedFile({ schema: "IFC4X3_RC1", lines });
    const found = (await timeline.result(text)).issues.filter(({ code }) => code === "ifc/attribute-count");
    expect(found).to.have.length(1);
    const line = text.split("\n").indexOf(lines[0]!) + 1;
    expect(found[0]!.message).to.match(
      new RegExp(`^IfcWall #901 \\(line ${line}\\) has 8 values, but IfcWall has 9 attributes`),
    );
  });
});
