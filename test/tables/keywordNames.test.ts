import { fileURLToPath } from "node:url";
import { utils, write } from "@e965/xlsx";
import { expect } from "chai";
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

  it("keep a class name that the user chose", async () => {
    const timeline = timelineOf("csv", "plant.csv");
    timeline.args = { className: "Order" };
    await timeline.sync("id\n1\n");
    expect(timeline.query("SELECT UserLabel FROM CsvOrder.[Order]")).to.have.length(1);
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

  it("get such properties under a mapping, but for names that the mapping gives", async () => {
    const timeline = timelineOf("csv", "plant.csv");
    timeline.args = { mapping: { tables: { plant: { class: "Item", properties: { from: {}, to: "Where" } } } } };
    await timeline.sync("id,from,to,date\n1,a,b,c\n");
    expect(timeline.query("SELECT from_, [Where], date_ FROM CsvPlant.Item")).to.deep.equal([
      { from_: "a", where: "b", date_: "c" },
    ]);
  });
});

describe("Names of an earlier version that are keywords of ECSQL", () => {
  /** As version 0.1 of the framework made them: a schema of the connector with a class and a property. */
  const options = { schemaName: "CsvOrder" };

  it("stay, and the elements with them", async () => {
    const timeline = timelineOf("csv", "order.csv");
    timeline.args = {
      ...options,
      mapping: { tables: { Order: { class: "Order", properties: { from: "from" } } } },
    };
    await timeline.sync("id,from\n1,a\n2,b\n");
    timeline.args = undefined;
    const { counts } = await timeline.sync("id,from,group\n1,a,\n2,b,x\n");
    expect(counts).to.include({ new: 0, deleted: 0 });
    expect(classesOf(timeline, "CsvOrder")).to.deep.equal(["Order"]);
    expect(timeline.query("SELECT UserLabel, [from], group_ FROM CsvOrder.[Order] ORDER BY UserLabel")).to.deep.equal([
      { userLabel: "1", from: "a" },
      { userLabel: "2", from: "b", group_: "x" },
    ]);
  });

  it("stay for columns that a mapping names without a name for the property", async () => {
    const timeline = timelineOf("csv", "order.csv");
    const mappingOf = (from: unknown) => ({
      ...options,
      mapping: { tables: { order: { class: "Order", properties: { from } } } },
    });
    timeline.args = mappingOf("from");
    await timeline.sync("id,from\n1,a\n");
    timeline.args = mappingOf({});
    await timeline.sync("id,from\n1,b\n");
    expect(timeline.properties("CsvOrder:Order")).to.deep.equal(["from: string"]);
  });
});
