import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { columnUnit, faultOfUnits } from "../../src/tables/mapping/units.js";
import { TableTimeline, written } from "../support/TableTimeline.js";

const connector = (name: string) => fileURLToPath(new URL(`../../connectors/${name}/src/index.ts`, import.meta.url));

/** The units that mappings of version 0.1.0 could name, with what one of them was in the iModel. */
const first: Record<string, number> = {
  m: 1, mm: 1e-3, cm: 1e-2, dm: 0.1, km: 1000, um: 1e-6, in: 0.0254, ft: 0.3048, yd: 0.9144, mi: 1609.344,
  "us-ft": 1200 / 3937, m2: 1, mm2: 1e-6, cm2: 1e-4, ha: 1e4, km2: 1e6, in2: 0.0254 ** 2, ft2: 0.3048 ** 2, m3: 1,
  mm3: 1e-9, cm3: 1e-6, l: 1e-3, L: 1e-3, ml: 1e-6, in3: 0.0254 ** 3, ft3: 0.3048 ** 3, gal: 231 * 0.0254 ** 3, kg: 1,
  g: 1e-3, mg: 1e-6, t: 1000, lb: 0.45359237, oz: 0.45359237 / 16, s: 1, ms: 1e-3, min: 60, h: 3600, d: 86_400, K: 1,
  Pa: 1, hPa: 100, kPa: 1e3, MPa: 1e6, bar: 1e5, mbar: 100, psi: 6894.757293168361, atm: 101_325, N: 1, kN: 1e3, MN: 1e6,
  lbf: 4.4482216152605, J: 1, kJ: 1e3, MJ: 1e6, Wh: 3600, kWh: 3.6e6, W: 1, kW: 1e3, MW: 1e6, hp: 745.6998715822702,
  rad: 1, deg: Math.PI / 180, "m/s": 1, "km/h": 1 / 3.6, "ft/s": 0.3048, mph: 0.44704, "m3/s": 1, "m3/h": 1 / 3600,
  "l/s": 1e-3, "l/min": 1e-3 / 60, gpm: 231 * 0.0254 ** 3 / 60, "kg/s": 1, "kg/h": 1 / 3600, "t/h": 1 / 3.6, V: 1,
  mV: 1e-3, kV: 1e3, A: 1, mA: 1e-3, ohm: 1, Hz: 1, kHz: 1e3, rpm: 1 / 60, "1": 1, "%": 0.01,
}; // prettier-ignore

const unitsOf = `SELECT p.Name, k.PersistenceUnit unit FROM meta.ECPropertyDef p
  JOIN meta.KindOfQuantityDef k ON k.ECInstanceId=p.KindOfQuantity.Id JOIN meta.ECClassDef c ON c.ECInstanceId=p.Class.Id
  WHERE c.Name IN ('Beam', 'Valve') ORDER BY p.Name`;

describe("The units of a mapping", () => {
  let timeline: TableTimeline;
  beforeEach(() => (timeline = new TableTimeline(connector("csv"), "beams.csv")));

  const units = () => timeline.query(unitsOf).map(({ name, unit }) => [name, unit]);
  const widths = () => timeline.query("SELECT width FROM Beams.Beam ORDER BY UserLabel").map(({ width }) => width);
  const map = (...[width]: [object | string | false | undefined]) => {
    const properties = width === undefined ? {} : { properties: { width } };
    timeline.args = { mapping: { schema: "Beams", tables: { beams: { class: "Beam", id: "id", ...properties } } } };
  };
  const source = "id,width\na,240\nb,0.1\n";

  it("convert to the same values as in version 0.1.0", () => {
    for (const [unit, factor] of Object.entries(first)) {
      const { convert } = columnUnit({ unit })!;
      expect(convert(1), unit).to.be.closeTo(factor, factor * 1e-12);
    }
    expect(columnUnit({ unit: "degF" })!.convert(-40)).to.equal(233.15);
    expect(columnUnit({ unit: "MN" })!.unit.name).to.equal("N");
  });

  it("are the SI unit of the property for a column with a unit", async () => {
    map({ unit: "mm" });
    await timeline.sync(source);
    expect([units(), widths()]).to.deep.equal([[["width", "u:M"]], [0.24, 0.0001]]);
    expect((await timeline.sync(source)).documents.unchanged).to.equal(1);
    expect(written(await timeline.sync(`${source}c,1\n`))).to.deep.equal([1, 0, 0]);
  });

  it("are those that the mapping names for the property and the column", async () => {
    map({ unit: "mm", sourceUnit: "in" });
    await timeline.sync(source);
    expect([units(), widths()]).to.deep.equal([[["width", "u:MM"]], [6096, 2.54]]);
    map({ unit: "mm", sourceUnit: "mm" });
    expect(written(await timeline.sync(source))).to.deep.equal([0, 2, 0]);
    expect([units(), widths()]).to.deep.equal([[["width", "u:MM"]], [240, 0.1]]);
  });

  it("are millinewtons where the mapping says so, in every run", async () => {
    map({ unit: "mN", sourceUnit: "mN" });
    for (const more of ["", "c,1\n"]) await timeline.sync(source + more);
    expect(units()).to.deep.equal([["width", "u:MN"]]);
  });

  it("are added to a property that the iModel has without one, also under a name of the mapping", async () => {
    map(undefined);
    await timeline.sync(source);
    expect(units()).to.deep.equal([]);
    map({ unit: "mm", sourceUnit: "mm" });
    expect(written(await timeline.sync(source)), "no value changes").to.deep.equal([0, 0, 0]);
    expect([units(), widths()]).to.deep.equal([[["width", "u:MM"]], [240, 0.1]]);
  });

  it("stay those that the iModel has, with an issue, and so do values right", async () => {
    map({ unit: "mm", sourceUnit: "mm" });
    await timeline.sync(source);
    map({ unit: "mm" });
    const result = await timeline.sync(source);
    expect(result.issues.map(({ message }) => message)).to.deep.equal([
      "Beams:Beam.width stays in mm, the unit that the iModel has. The source names m; its values are converted.",
    ]);
    expect([units(), widths()]).to.deep.equal([[["width", "u:MM"]], [240, 0.1]]);
  });

  for (const bare of ["width", undefined])
    it(`are missed where the mapping no longer gives them and names ${bare ?? "no property"}`, async () => {
      map({ unit: "mm" });
      await timeline.sync(source);
      map(bare);
      const { issues } = await timeline.sync(source);
      expect(issues.map(({ code, message }) => [code, message])).to.deep.equal([
        [
          "schema/no-unit",
          "Beams:Beam.width is kept in m, and the source names no unit. Its values are taken as they are.",
        ],
      ]);
      expect(widths()).to.deep.equal([240, 0.1]);
    });

  it("are no guess from a header", async () => {
    map({ name: "width" });
    timeline.args = undefined;
    await timeline.sync("id,Width [mm],Height (mm)\na,240,1\n");
    expect(units()).to.deep.equal([]);
  });

  it("are refused where another quantity is in the iModel", async () => {
    map({ unit: "mm" });
    await timeline.sync(source);
    map({ unit: "kg" });
    const error = (await timeline.run(source)).error!;
    expect(error.code).to.equal("csv/mapping");
    expect(error.message).to.include("The unit of Beams:Beam.width is m in the iModel and kg in the source");
  });

  it("are converted into that of a property of an existing class", async () => {
    const xml = (unit: string) => `<?xml version="1.0" encoding="UTF-8"?>
      <ECSchema schemaName="Own" alias="own" version="01.00.00" xmlns="http://www.bentley.com/schemas/Bentley.ECXML.3.2">
      <ECSchemaReference name="BisCore" version="01.00.00" alias="bis"/><ECSchemaReference name="Units" version="01.00.00" alias="u"/>
      <KindOfQuantity typeName="SIZE" persistenceUnit="u:${unit}" relativeError="0.001"/>
      <ECEntityClass typeName="Valve"><BaseClass>bis:PhysicalElement</BaseClass>
        <ECProperty propertyName="Size" typeName="double" kindOfQuantity="SIZE"/></ECEntityClass>
      </ECSchema>`;
    timeline = new TableTimeline(connector("json"), "plant.json");
    timeline.write("Own.ecschema.xml", xml("MM"));
    const valves = (size: object) => ({
      mapping: { schemaFiles: ["Own.ecschema.xml"], tables: { v: { class: "Own.Valve", properties: { s: size } } } },
    });
    const sizes = () => timeline.query("SELECT Size FROM Own.Valve").map(({ size }) => size);
    timeline.args = valves({ name: "size", unit: "in" });
    await timeline.sync('{"v": [{"id": 1, "s": 6}]}');
    expect(sizes()).to.deep.equal([152.4]);
    timeline.args = valves({ name: "size" });
    await timeline.sync();
    expect(sizes()).to.deep.equal([6]);
    timeline.args = valves({ name: "size", unit: "kg" });
    expect((await timeline.run()).error?.message).to.include(
      "at /tables/v/properties/s/unit: Own.Valve.Size cannot hold it: kg is a unit of mass, and mm is one of length.",
    );
  });

  for (const [entry, member, fault] of [
    [{ unit: "kgs" }, "unit", /^"kgs" is no unit of the platform's schema Units$/],
    [{ unit: "m", sourceUnit: "qq" }, "sourceUnit", /^"qq" is no unit/],
    [{ unit: "m", sourceUnit: "kg" }, "sourceUnit", /^kg is a unit of mass, and m is one of length$/],
    [{ sourceUnit: "kg" }, "sourceUnit", /^the unit of the property is missing$/],
  ] as const)
    it(`are refused as ${JSON.stringify(entry)}`, async () => {
      const wrong = faultOfUnits(entry)!;
      expect(wrong.member).to.equal(member);
      expect(wrong.fault).to.match(fault);
      map(entry);
      const error = (await timeline.run(source)).error!;
      expect(error.code).to.equal("csv/mapping");
      expect(error.message).to.include(`at /tables/beams/properties/width/${member}: ${wrong.fault}.`);
    });

  it("are refused for a text", async () => {
    map({ unit: "mm", type: "string" });
    const error = (await timeline.run(source)).error!;
    expect(error.message).to.include(
      "at /tables/beams/properties/width/unit: a property of the type string has no unit.",
    );
  });
});
