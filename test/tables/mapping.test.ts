import { copyFileSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { expect } from "chai";
import { execute } from "../support/sqlite.js";
import { TableTimeline, written } from "../support/TableTimeline.js";

const pathOf = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const example = pathOf("docs/examples/plant-mapping.json");
const connector = (name: string) => pathOf(`connectors/${name}/src/index.ts`);
const parse = (path: string) => JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;

describe("Mapping", () => {
  let timeline: TableTimeline;
  const json = () => new TableTimeline(connector("json"), "plant.json");

  describe("the example of the documentation", () => {
    const source = readFileSync(pathOf("connectors/json/sample/1-first/plant.json"), "utf8");
    beforeEach(() => {
      timeline = json();
      copyFileSync(example, `${timeline.folder}/mapping.json`);
      timeline.args = { mapping: "mapping.json" };
    });

    it("is valid, as the published JSON Schema says", () => {
      const schema = parse(fileURLToPath(import.meta.resolve("itwin-connector-framework/mapping.schema.json")));
      const validate = new Ajv({ strict: true, strictRequired: false }).compile(schema);
      expect(validate(parse(example)), JSON.stringify(validate.errors)).to.equal(true);
    });

    it("makes classes, properties, codes, places, and relationships", async () => {
      expect(written(await timeline.sync(source))).to.deep.equal([5, 0, 0]);
      expect(timeline.query("SELECT UserLabel FROM Plant.Area ORDER BY UserLabel")).to.deep.equal([
        { userLabel: "Boiler house" },
        { userLabel: "Intake" },
      ]);
      const equipment = timeline.query(
        `SELECT e.CodeValue, e.kind, e.mass, e.commissioned, e.Origin.X x0, a.UserLabel area, c.CodeValue category
         FROM Plant.Equipment e JOIN Plant.Area a ON a.ECInstanceId=e.area.Id
         JOIN bis.SpatialCategory c ON c.ECInstanceId=e.Category.Id ORDER BY e.CodeValue`,
      );
      expect(equipment.map((row) => row.category)).to.deep.equal(["Equipment", "Equipment", "Equipment"]);
      expect(equipment[0]).to.deep.equal({
        codeValue: "P-101",
        kind: "pump",
        mass: 182.5,
        commissioned: "2019-04-01",
        x0: 12.5,
        area: "Intake",
        category: "Equipment",
      });
      expect(timeline.properties("Plant:Equipment")).to.deep.equal([
        "kind: string",
        "mass: double",
        "commissioned: dateTime",
        "area: navigation",
      ]);
      expect(feeds()).to.deep.equal(["P-101 T-201", "P-102 T-201"]);
    });

    it("follows the source, and what refers to what in it", async () => {
      await timeline.sync(source);
      expect((await timeline.sync(source)).documents.unchanged).to.equal(1);
      const next = await timeline.sync(source.replace('"feeds": "T-201"', '"feeds": ["P-102", "T-201"]'));
      expect(next.counts).to.deep.equal({ new: 0, changed: 1, unchanged: 4, deleted: 0, replaced: 0 });
      expect(feeds()).to.deep.equal(["P-101 P-102", "P-101 T-201", "P-102 T-201"]);
      const fewer = JSON.parse(source) as { equipment: object[]; areas: object[] };
      fewer.equipment.pop();
      const last = await timeline.sync(JSON.stringify(fewer));
      expect([last.counts.deleted, feeds()]).to.deep.equal([1, []]);
      expect(last.issues.map(({ code }) => code)).to.deep.equal(Array(2).fill("stream/unresolved-target"));
    });

    it("is read again when the mapping has changed", async () => {
      await timeline.sync(source);
      const text = readFileSync(example, "utf8");
      timeline.write("mapping.json", text.replace('"unit": "kg"', '"unit": "t"'));
      const { counts } = await timeline.sync(source);
      expect([counts.changed, counts.unchanged]).to.deep.equal([3, 2]);
      expect(timeline.query("SELECT mass FROM Plant.Equipment WHERE CodeValue='P-101'")).to.deep.equal([
        { mass: 182_500 },
      ]);
    });

    it("may lose a table, and get it back", async () => {
      await timeline.sync(source);
      const { areas, ...rest } = JSON.parse(source) as Record<string, unknown>;
      expect((await timeline.sync(JSON.stringify(rest))).counts.deleted).to.equal(2);
      expect((await timeline.sync(JSON.stringify({ ...rest, areas }))).counts.new).to.equal(2);
      expect(timeline.query("SELECT count(*) n FROM Plant.Equipment WHERE area.Id IS NOT NULL")).to.deep.equal([
        { n: 3 },
      ]);
    });

    function feeds(): string[] {
      const ecsql = `SELECT s.CodeValue s, t.CodeValue t FROM Plant.Feeds f
        JOIN Plant.Equipment s ON s.ECInstanceId=f.SourceECInstanceId
        JOIN Plant.Equipment t ON t.ECInstanceId=f.TargetECInstanceId ORDER BY s.CodeValue, t.CodeValue`;
      return timeline.query(ecsql).map(({ s, t }) => `${String(s)} ${String(t)}`);
    }
  });

  it("puts children below parents of another table, in any order, and uses classes that there are", async () => {
    timeline = new TableTimeline(connector("sqlite"), "plant.db");
    execute(timeline.path, [
      "CREATE TABLE part (id PRIMARY KEY, of_line, of_no, title, ignored)",
      "CREATE TABLE unit (line, no, title, PRIMARY KEY (line, no))",
      "INSERT INTO part VALUES ('p1', 'A', 1, 'Rotor', 5), ('p2', 'A', 1, 'Seal', 6), ('p3', NULL, NULL, 'Spare', 7)",
      "INSERT INTO unit VALUES ('A', 1, 'Pump'), ('A', 2, 'Fan')",
      "CREATE TABLE other (a)",
      "INSERT INTO other VALUES (1)",
    ]);
    timeline.args = {
      mapping: {
        tables: {
          part: {
            class: "Generic:PhysicalObject",
            label: "title",
            parent: { table: "unit", column: ["of_line", "of_no"] },
          },
          unit: { class: "Unit", properties: { title: "unitTitle" } },
        },
      },
    };
    expect(written(await timeline.sync())).to.deep.equal([5, 0, 0]);
    const select = `SELECT p.UserLabel part, u.unitTitle unit FROM generic.PhysicalObject p
      LEFT JOIN SqlitePlant.Unit u ON u.ECInstanceId=p.Parent.Id
      WHERE ec_classname(p.ECClassId)='Generic:PhysicalObject' ORDER BY p.UserLabel`;
    const units = () => timeline.query(select);
    expect(units()).to.deep.equal([{ part: "Rotor", unit: "Pump" }, { part: "Seal", unit: "Pump" }, { part: "Spare" }]);
    execute(timeline.path, ["UPDATE part SET of_no=2 WHERE id='p2'"]);
    expect(written(await timeline.sync())).to.deep.equal([0, 1, 0]);
    expect(units()[1]).to.deep.equal({ part: "Seal", unit: "Fan" });
  });

  it("is for the one table of a CSV file, with units, types and separators", async () => {
    timeline = new TableTimeline(connector("csv"), "pumps.csv");
    timeline.args = {
      mapping: {
        schema: "Pumps",
        tables: {
          pumps: {
            class: "Pump",
            id: "tag",
            properties: {
              temp: { name: "temperature", unit: "degC" },
              head: { unit: "ft" },
              spare: { type: "boolean" },
              no: { type: "int" },
              seen: { type: "dateTime" },
            },
            relationships: [{ column: "feeds", table: "pumps", class: "Feeds", separator: ";" }],
          },
        },
      },
    };
    await timeline.sync(
      "tag,temp,head,spare,no,seen,feeds,note\na,20,10,yes,007,2024-01-01 10:00,b; c,x\nb,,,no,,,,\nc,-40,,1,,,a,\n",
    );
    expect(timeline.query("SELECT * FROM Pumps.Pump WHERE UserLabel='a'")[0]).to.deep.include({
      temperature: 293.15,
      head: 3.048,
      spare: true,
      no_: 7,
      seen: "2024-01-01T10:00:00.000",
      note: "x",
    });
    expect(timeline.query("SELECT count(*) n FROM Pumps.Feeds")).to.deep.equal([{ n: 3 }]);
    const { error } = await timeline.run("tag,temp,head,spare,no,seen,feeds,note\na,warm,10,yes,007,,,\n");
    expect(error).to.include({ code: "csv/wrong-type", message: '"warm" is no double.' });
    expect(error!.source).to.deep.equal({ file: timeline.path, line: 2, cell: "temp" });
  });

  it("takes a schema of the user's own", async () => {
    timeline = json();
    timeline.write(
      "Own.ecschema.xml",
      `<?xml version="1.0" encoding="UTF-8"?>
<ECSchema schemaName="Own" alias="own" version="01.00.00" xmlns="http://www.bentley.com/schemas/Bentley.ECXML.3.2">
<ECSchemaReference name="BisCore" version="01.00.00" alias="bis"/>
<ECEntityClass typeName="Valve"><BaseClass>bis:PhysicalElement</BaseClass><ECProperty propertyName="Size" typeName="double"/></ECEntityClass>
</ECSchema>`,
    );
    const valves = (size: object | string) => ({
      mapping: { schemaFiles: ["Own.ecschema.xml"], tables: { v: { class: "Own.Valve", properties: { s: size } } } },
    });
    timeline.args = valves({ name: "size", unit: "mm" });
    await timeline.sync('{"v": [{"id": 1, "s": 150}]}');
    expect(timeline.query("SELECT UserLabel, Size FROM Own.Valve")).to.deep.equal([{ userLabel: "1", size: 0.15 }]);
    timeline.args = valves("nothing");
    const { error } = await timeline.run();
    expect(error?.code).to.equal("json/mapping");
    expect(error!.advice).to.include("Size");
  });

  const wrong: Record<string, { mapping: unknown; message: string }> = {
    "no tables": { mapping: { tables: {} }, message: "at /tables: it must have at least 1 property" },
    "a table without a class": {
      mapping: { tables: { a: {} } },
      message: 'at /tables/a: it must have the property "class"',
    },
    "an unknown member": {
      mapping: { tables: { a: { class: "A", ids: "x" } } },
      message: "at /tables/a: it must not have additional properties (ids)",
    },
    "a number for a column": {
      mapping: { tables: { a: { class: "A", id: 5 } } },
      message: "at /tables/a/id: it must be",
    },
    "a wrong type": {
      mapping: { tables: { a: { class: "A", properties: { b: { type: "float" } } } } },
      message: "at /tables/a/properties/b/type: it must be one of int, long",
    },
    "an unknown unit": {
      mapping: { tables: { a: { class: "A", properties: { b: { unit: "furlong" } } } } },
      message: 'at /tables/a/properties/b/unit: "furlong" is no unit of the platform\'s schema Units.',
    },
    "an unknown table": {
      mapping: { tables: { a: { class: "A", parent: { table: "b", column: "c" } } } },
      message: 'at /tables/a/parent/table: the mapping has no table "b"',
    },
    "a file that is not there": { mapping: "none.json", message: "The mapping cannot be read: ENOENT" },
    "an unknown class": {
      mapping: { tables: { a: { class: "Generic:Nothing" } } },
      message: "no class Generic:Nothing",
    },
    "an abstract class": {
      mapping: { tables: { a: { class: "BisCore:PhysicalElement" } } },
      message: "BisCore:PhysicalElement is abstract",
    },
    "a sealed base class": {
      mapping: { tables: { a: { class: "A", baseClass: "Generic:Group" } } },
      message: "Generic:Group is sealed",
    },
    "an unknown base class": {
      mapping: { tables: { a: { class: "A", baseClass: "Nowhere:Nothing" } } },
      message: "no class Nowhere:Nothing",
    },
  };
  for (const [title, { mapping, message }] of Object.entries(wrong))
    it(`is refused: ${title}`, async () => {
      timeline = json();
      timeline.args = { mapping };
      const { error } = await timeline.run('{"a": [{"id": 1, "b": 2}]}');
      expect(error?.code, error?.message).to.equal("json/mapping");
      expect(error!.message).to.include(message);
      expect(error!.advice).to.be.a("string");
      expect(() => timeline.content).to.throw("ENOENT");
    });
});
