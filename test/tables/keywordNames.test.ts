import { fileURLToPath } from "node:url";
import { SnapshotDb } from "@itwin/core-backend";
import { utils, write } from "@e965/xlsx";
import { expect } from "chai";
import { importDescription } from "../../src/connector/schema/importSchemas.js";
import { execute } from "../support/sqlite.js";
import { TableTimeline, written } from "../support/TableTimeline.js";

function timelineOf(format: string, file: string): TableTimeline {
  return new TableTimeline(fileURLToPath(new URL(`../../connectors/${format}/src/index.ts`, import.meta.url)), file);
}

/** The names of the classes of a schema. */
function classesOf(timeline: TableTimeline, schema: string): unknown[] {
  const found = timeline.query(
    `SELECT c.Name name FROM meta.ECClassDef c JOIN meta.ECSchemaDef s ON s.ECInstanceId=c.Schema.Id
     WHERE s.Name='${schema}' ORDER BY c.Name`,
  );
  return found.map(({ name }) => name);
}

describe("Tables that are named like keywords of ECSQL", () => {
  const files = { "order.csv": "Order", "GROUP.csv": "GROUP", "date.csv": "Date", "row.csv": "Row", "--.csv": "Row" };
  for (const [file, name] of Object.entries(files))
    it(`get a class that plain ECSQL can name: ${file}`, async () => {
      const timeline = timelineOf("csv", file);
      await timeline.sync("id,name\n1,a\n");
      expect(classesOf(timeline, `Csv${name}`)).to.deep.equal([`${name}_`]);
      expect(timeline.query(`SELECT UserLabel FROM Csv${name}.${name}_`)).to.deep.equal([{ userLabel: "1" }]);
      expect(timeline.query(`SELECT Kind FROM bis.ExternalSourceAspect WHERE Identifier='1'`)).to.deep.equal([
        { kind: name },
      ]);
      expect(written(await timeline.sync("id,name\n1,a\n2,b\n"))).to.deep.equal([1, 0, 0]);
    });

  it("get such classes from any format, and have their names as labels", async () => {
    const json = timelineOf("json", "site.json");
    await json.sync('{ "order": [{ "id": 1 }], "orders": [{ "id": 1 }], "select": [{ "id": 1, "from": 2 }] }');
    expect(classesOf(json, "JsonSite")).to.deep.equal(["Order_", "Orders", "Select_"]);
    expect(json.query("SELECT from_ FROM JsonSite.Select_")).to.deep.equal([{ from_: 2 }]);
    expect(json.query("SELECT DisplayLabel label FROM meta.ECClassDef WHERE Name='Order_'")).to.deep.equal([
      { label: "Order" },
    ]);

    const sqlite = timelineOf("sqlite", "site.db");
    execute(sqlite.path, [
      'CREATE TABLE "group" (id INTEGER PRIMARY KEY, "index", "like")',
      `INSERT INTO "group" VALUES (1, 2, 3)`,
    ]);
    await sqlite.sync();
    expect(sqlite.query("SELECT UserLabel, [index], like_ FROM SqliteSite.Group_")).to.have.length(1);

    const xlsx = timelineOf("xlsx", "site.xlsx");
    const book = utils.book_new();
    utils.book_append_sheet(
      book,
      utils.aoa_to_sheet([
        ["id", "Value"],
        ["1", "2"],
      ]),
      "Table",
    );
    utils.book_append_sheet(
      book,
      utils.aoa_to_sheet([
        ["id", "Values"],
        ["1", "2"],
      ]),
      "Join",
    );
    await xlsx.sync(write(book, { type: "buffer", bookType: "xlsx" }) as Buffer);
    expect(classesOf(xlsx, "XlsxSite")).to.deep.equal(["Join_", "Table"]);
    expect(xlsx.query("SELECT Value_ FROM XlsxSite.Table")).to.deep.equal([{ value_: "2" }]);
  });

  it("get such a class also where an option or a mapping gives the name, and that as its label", async () => {
    const timeline = timelineOf("csv", "plant.csv");
    timeline.args = { className: "Order" };
    await timeline.sync("id\n1\n");
    expect(timeline.query("SELECT UserLabel FROM CsvOrder.Order_")).to.have.length(1);
    const mapped = timelineOf("csv", "plant.csv");
    mapped.args = { mapping: { tables: { plant: { class: "Group" } } } };
    await mapped.sync("id\n1\n");
    expect(mapped.query("SELECT UserLabel FROM CsvPlant.Group_")).to.have.length(1);
    expect(mapped.query("SELECT DisplayLabel label FROM meta.ECClassDef WHERE Name='Group_'")).to.deep.equal([
      { label: "Group" },
    ]);
  });

  it("get such relationships and navigation properties from a mapping", async () => {
    const timeline = timelineOf("json", "site.json");
    const relationships = [
      { table: "pumps", column: "feeds", class: "Join" },
      { table: "pumps", column: "spare", property: "From" },
    ];
    timeline.args = { mapping: { tables: { pumps: { class: "Pump", relationships } } } };
    await timeline.sync('{ "pumps": [{ "id": 1 }, { "id": 2, "feeds": 1, "spare": 1 }] }');
    expect(timeline.query("SELECT count(*) n FROM JsonSite.Join_")).to.deep.equal([{ n: 1 }]);
    expect(timeline.query("SELECT count(*) n FROM JsonSite.Pump WHERE From_.Id IS NOT NULL")).to.deep.equal([{ n: 1 }]);
  });

  it("cannot have such a schema", async () => {
    const timeline = timelineOf("csv", "plant.csv");
    timeline.args = { schemaName: "Values" };
    const { error } = await timeline.run("id\n1\n");
    expect(error?.code).to.equal("csv/options");
    expect(error?.message).to.include("is a keyword of ECSQL");
  });
});

describe("Columns that are named like keywords of ECSQL", () => {
  it("get properties that plain ECSQL can name, and their names as labels", async () => {
    const timeline = timelineOf("csv", "plant.csv");
    await timeline.sync("id,from,From_,COUNT,index,order by\n1,a,b,3,d,e\n");
    const names = ["from_", "From__2", "COUNT_", "index", "order__x0020__by"];
    expect(timeline.properties("CsvPlant:Plant").map((property) => property.split(":")[0])).to.deep.equal(names);
    for (const name of names)
      expect(
        timeline.query(`SELECT 1 FROM CsvPlant.Plant p WHERE p.${name} IS NOT NULL ORDER BY ${name}`),
      ).to.have.length(1);
  });

  it("get such properties under a mapping, also where it gives the names", async () => {
    const timeline = timelineOf("csv", "plant.csv");
    timeline.args = { mapping: { tables: { plant: { class: "Item", properties: { from: {}, to: "Where" } } } } };
    await timeline.sync("id,from,to,date\n1,a,b,c\n");
    expect(timeline.query("SELECT from_, Where_, date_ FROM CsvPlant.Item")).to.deep.equal([
      { from_: "a", where_: "b", date_: "c" },
    ]);
  });
});

describe("Names of an earlier version that are keywords of ECSQL", () => {
  /** As version 0.1 of the framework made them: a schema of the connector with a class and a property. */
  async function timelineWithKeywords(): Promise<TableTimeline> {
    const timeline = timelineOf("csv", "order.csv");
    const imodel = SnapshotDb.createEmpty(timeline.iModel, { rootSubject: { name: "order" } });
    const classes = [{ name: "Order", properties: [{ name: "from", type: "string" as const }] }];
    await importDescription(imodel, { name: "CsvOrder", classes }, "Classes of the connector CSV.");
    imodel.saveChanges();
    imodel.close();
    return timeline;
  }

  it("stay", async () => {
    const timeline = await timelineWithKeywords();
    await timeline.sync("id,from,group\n1,a,\n2,b,x\n");
    expect(classesOf(timeline, "CsvOrder")).to.deep.equal(["Order"]);
    expect(timeline.query("SELECT UserLabel, [from], group_ FROM CsvOrder.[Order] ORDER BY UserLabel")).to.deep.equal([
      { userLabel: "1", from: "a" },
      { userLabel: "2", from: "b", group_: "x" },
    ]);
  });

  for (const [what, from] of Object.entries({ "with a name": "from", "without a name": {} }))
    it(`stay for columns that a mapping gives ${what} for the property`, async () => {
      const timeline = await timelineWithKeywords();
      timeline.args = { mapping: { tables: { order: { class: "Order", properties: { from } } } } };
      await timeline.sync("id,from\n1,a\n");
      expect(timeline.properties("CsvOrder:Order")).to.deep.equal(["from: string"]);
      expect(classesOf(timeline, "CsvOrder")).to.deep.equal(["Order"]);
    });
});
