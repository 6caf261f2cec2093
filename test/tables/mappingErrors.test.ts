import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { execute } from "../support/sqlite.js";
import { TableTimeline } from "../support/TableTimeline.js";

const connector = (name: string) => fileURLToPath(new URL(`../../connectors/${name}/src/index.ts`, import.meta.url));

/** A wrong mapping of the table `p`, with the path of what is wrong, and what the message and the advice say. */
interface WrongTable {
  table: object;
  at: string;
  says: string;
  advises?: string;
}

describe("A wrong mapping", () => {
  const wrongTables: Record<string, WrongTable> = {
    "an id that is no column": { table: { id: "nope" }, at: "id", says: '"nope"', advises: "id, n" },
    "one of several ids": { table: { id: ["id", "nope"] }, at: "id/1", says: '"nope"' },
    "a label": { table: { label: "nope" }, at: "label", says: '"nope"' },
    "a code": { table: { code: "nope" }, at: "code", says: '"nope"' },
    "a coordinate": { table: { coordinates: { x: "n", y: "nope" } }, at: "coordinates/y", says: '"nope"' },
    "a property": { table: { properties: { nope: "x" } }, at: "properties/nope", says: '"nope"', advises: "id, n" },
    "a path with slashes": { table: { properties: { "a/b~c": "x" } }, at: "properties/a~1b~0c", says: '"a/b~c"' },
    "a parent's column": {
      table: { parent: { table: "p", column: "nope" } },
      at: "parent/column",
      says: '"nope"',
    },
    "a relationship's column": {
      table: { relationships: [{ table: "p", column: ["n", "nope"], class: "Feeds" }] },
      at: "relationships/0/column/1",
      says: '"nope"',
    },
    "a parent's table": {
      table: { parent: { table: "nosuch", column: "n" } },
      at: "parent/table",
      says: 'no table "nosuch"',
    },
    "a relationship's table": {
      table: { relationships: [{ table: "nosuch", column: "n", class: "Feeds" }] },
      at: "relationships/0/table",
      says: 'no table "nosuch"',
    },
    "an unknown class": { table: { class: "No:Such" }, at: "class", says: "no class No:Such", advises: "schemaFiles" },
    "an abstract class": { table: { class: "BisCore:PhysicalElement" }, at: "class", says: "abstract" },
    "an unknown base class": { table: { baseClass: "BisCore:Nope" }, at: "baseClass", says: "no class BisCore:Nope" },
    "a sealed base class": { table: { baseClass: "Generic:Group" }, at: "baseClass", says: "sealed" },
    "a property that the class does not have": {
      table: { class: "Generic:PhysicalObject", properties: { n: "nope" } },
      at: "properties/n",
      says: 'no property "nope"',
    },
    "a navigation property that the class does not have": {
      table: { class: "Generic:PhysicalObject", relationships: [{ table: "p", column: "n", property: "nope" }] },
      at: "relationships/0/property",
      says: 'no navigation property "nope"',
    },
    "an unknown class of relationships": {
      table: { relationships: [{ table: "p", column: "n", class: "BisCore:Nope" }] },
      at: "relationships/0/class",
      says: "no class BisCore:Nope",
    },
    "a class of relationships that is one of elements": {
      table: { parent: { table: "p", column: "n", relationship: "Generic:Group" } },
      at: "parent/relationship",
      says: "no class Generic:Group of relationships",
    },
    "two columns in one property": {
      table: { properties: { id: "same", n: { name: "Same" } } },
      at: "properties/n",
      says: "id",
    },
    "an id of the wrong type": { table: { id: 5 }, at: "id", says: "a column, or a list of columns" },
    "an id without a column": { table: { id: [] }, at: "id", says: "a column, or a list of columns" },
    "a property that is no name": { table: { properties: { n: "1 x" } }, at: "properties/n", says: "a name" },
    "an unknown member of a property": {
      table: { properties: { n: { nme: "x" } } },
      at: "properties/n",
      says: "additional properties (nme)",
    },
    "half a place": { table: { coordinates: { x: "n" } }, at: "coordinates", says: "longitude and latitude" },
    "a relationship of two sorts": {
      table: { relationships: [{ table: "p", column: "n", class: "A", property: "b" }] },
      at: "relationships/0",
      says: "either a class or a property",
    },
  };
  for (const [title, { table, at, says, advises = "" }] of Object.entries(wrongTables))
    it(`is refused with its file and path: ${title}`, async () => {
      const timeline = new TableTimeline(connector("csv"), "p.csv");
      const mapping = JSON.stringify({ tables: { p: { class: "Part", ...table } } });
      timeline.args = { mapping: basename(timeline.write("mapping.json", mapping)) };
      const { error } = await timeline.run("id,n\na,1\n");
      expect(error?.code, error?.message).to.equal("csv/mapping");
      expect(error!.message).to.include(`The mapping is wrong at /tables/p/${at}: `).and.to.include(says);
      expect(error!.source).to.deep.equal({ file: join(timeline.folder, "mapping.json") });
      expect(error!.advice).to.include(advises).and.to.not.equal("");
    });

  it("says that it was given among the arguments", async () => {
    const timeline = new TableTimeline(connector("csv"), "p.csv");
    timeline.args = { mapping: { tables: { p: { class: "No:Such" } } } };
    const { error } = await timeline.run("id,n\na,1\n");
    expect(error?.message).to.include("The mapping among the arguments is wrong at /tables/p/class: ");
  });

  it("still lets an option name a column that is not there", async () => {
    const timeline = new TableTimeline(connector("csv"), "p.csv");
    timeline.args = { idColumn: "nope", mapping: { tables: { p: { class: "Part" } } } };
    const { error } = await timeline.run("id,n\na,1\n");
    expect(error?.code).to.equal("csv/unknown-column");
    expect(error!.message).to.include('the option "idColumn"');
  });

  const wrongDocuments: Record<string, { mapping: object; at: string; says: string }> = {
    "a table that the source does not have": {
      mapping: { tables: { nosuch: { class: "A" } } },
      at: "/tables/nosuch",
      says: 'no table "nosuch"',
    },
    "two tables of one class": {
      mapping: { tables: { p: { class: "Part" }, q: { class: "part" } } },
      at: "/tables/q/class",
      says: "p, q",
    },
    "relationships of one class between other classes": {
      mapping: {
        tables: {
          p: { class: "Part", relationships: [{ table: "p", column: "id", class: "Feeds" }] },
          q: { class: "Pipe", relationships: [{ table: "q", column: "id", class: "Feeds" }] },
        },
      },
      at: "/tables/q/relationships/0/class",
      says: "Feeds",
    },
    "a schema file that is not there": {
      mapping: { schemaFiles: ["none.xml"], tables: { p: { class: "Part" } } },
      at: "/schemaFiles/0",
      says: "none.xml",
    },
    "a schema of others": {
      mapping: { schema: "Generic", tables: { p: { class: "Part" } } },
      at: "/schema",
      says: "Generic",
    },
  };
  for (const [title, { mapping, at, says }] of Object.entries(wrongDocuments))
    it(`is refused with its file and path: ${title}`, async () => {
      const timeline = new TableTimeline(connector("sqlite"), "plant.db");
      const statements = ["p", "q"].flatMap((table) => [
        `CREATE TABLE ${table} (id PRIMARY KEY)`,
        `INSERT INTO ${table} VALUES ('1')`,
      ]);
      execute(timeline.path, statements);
      timeline.args = { mapping: basename(timeline.write("mapping.json", JSON.stringify(mapping))) };
      const { error } = await timeline.run();
      expect(error?.code, error?.message).to.equal("sqlite/mapping");
      expect(error!.message).to.include(`The mapping is wrong at ${at}: `).and.to.include(says);
      expect(error!.source).to.deep.equal({ file: join(timeline.folder, "mapping.json") });
      expect(error!.advice).to.be.a("string");
    });
});
