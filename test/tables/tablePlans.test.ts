import { expect } from "chai";
import type { TableMapping } from "../../src/tables/mapping/Mapping.js";
import { readMapping } from "../../src/tables/mapping/readMapping.js";
import { SourceErrors } from "../../src/tables/format/SourceErrors.js";
import { planTables } from "../../src/tables/plan/tablePlans.js";
import type { Table } from "../../src/tables/format/TableReader.js";

type Tables = Record<string, { parent?: string; to?: string[] }>;

/** The order in which tables are read whose mapping names parents and targets of relationships. */
async function orderOf(tables: Tables, others: string[] = []): Promise<string> {
  const mapped = Object.entries(tables).map(([name, { parent, to = [] }]): [string, TableMapping] => [
    name,
    {
      class: name.toUpperCase(),
      ...(parent !== undefined && { parent: { table: parent, column: "parent" } }),
      relationships: to.map((table) => ({ table, column: table, property: table })),
    },
  ]);
  const mapping = await readMapping({ otherTables: "infer", tables: Object.fromEntries(mapped) }, "/plant.db", "test");
  const reader = { tables: [...others, ...Object.keys(tables)].map(tableOf), hasNamedTables: true };
  const options = { className: "Plant", schemaName: "Plant", units: "m", markerSize: 1 } as const;
  const plans = planTables(reader, { mapping, options, errors: new SourceErrors("test", "/plant.db") });
  return plans.map(({ kind }) => kind).join(" ");
}

function tableOf(name: string): Table {
  return { name, isText: false, rowNoun: "row", rows: () => [], locate: () => ({}) };
}

describe("The order of tables", () => {
  it("is that of the mapping, and then that of the source", async () => {
    expect(await orderOf({ b: {}, a: {}, c: { parent: "a" } }, ["z", "y"])).to.equal("b a c Z Y");
  });

  it("has parents before children", async () => {
    expect(await orderOf({ seal: { parent: "pump" }, note: {}, pump: { parent: "unit" }, unit: {} })).to.equal(
      "note unit pump seal",
    );
  });

  it("has targets of relationships before those that refer to them", async () => {
    expect(await orderOf({ a: { to: ["b", "c"] }, b: {}, c: {} })).to.equal("b c a");
  });

  it("prefers parents to targets, where they are in each other's way", async () => {
    expect(await orderOf({ area: { to: ["pump"] }, pump: { parent: "area" } })).to.equal("area pump");
    expect(await orderOf({ pump: { parent: "area" }, area: { to: ["pump"] } })).to.equal("area pump");
  });

  it("stays as it is within a circle, and for a table that refers to itself", async () => {
    expect(await orderOf({ a: { parent: "b" }, b: { parent: "a" } })).to.equal("a b");
    expect(await orderOf({ a: { parent: "a", to: ["a"] }, b: {} })).to.equal("a b");
    expect(await orderOf({ a: { to: ["c"] }, b: {}, c: { to: ["a"] } })).to.equal("a b c");
  });

  it("has a circle before what hangs on it", async () => {
    expect(await orderOf({ leaf: { parent: "a" }, a: { parent: "b" }, b: { parent: "a" } })).to.equal("a b leaf");
  });
});
