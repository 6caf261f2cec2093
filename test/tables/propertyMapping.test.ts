import { expect } from "chai";
import { mapColumns, type TableColumn } from "../../src/tables/classes/propertyMapping.js";
import type { ColumnType } from "../../src/tables/cells/columnTypes.js";
import type { ElementClassDescription } from "itwin-connector-framework";

const reserved = new Set(["id", "category"]);

function columns(types: Record<string, ColumnType | undefined>): TableColumn[] {
  return Object.entries(types).map(([header, type], index) => ({ header, type, index }));
}

function mapAll(types: Record<string, ColumnType | undefined>, known?: ElementClassDescription) {
  const mapping = mapColumns(columns(types), "Part", known, reserved);
  return { ...mapping, names: mapping.columns.map(({ property }) => property.name) };
}

describe("the mapping of columns to properties", () => {
  it("makes valid names that differ, whatever the case", () => {
    const headers = ["a b", "A B", "a_b", "2nd", "Größe", "😀", "Category", "category_", "ID", "__proto__"];
    expect(mapAll(Object.fromEntries(headers.map((header) => [header, "int"]))).names).to.deep.equal([
      "a__x0020__b",
      "A__x0020__B_2",
      "a_b",
      "__x0032__nd",
      "Gr__x00F6____x00DF__e",
      "__xD83D____xDE00__",
      "Category_",
      "category__2",
      "ID_",
      "__proto__",
    ]);
  });

  it("cuts names of any length, and keeps them apart", () => {
    const { names } = mapAll({ ["x".repeat(10_000)]: "int", ["x".repeat(9_999)]: "int" });
    expect(names).to.deep.equal(["x".repeat(128), `${"x".repeat(128)}_2`]);
  });

  it("takes a column without any value for strings", () => {
    expect(mapAll({ a: undefined }).columns[0]!.property.type).to.equal("string");
  });

  it("keeps the properties of a known class, in any order of the columns", () => {
    const { rowClass } = mapAll({ "a b": "int", "A B": "int", c: "string" });
    const again = mapAll({ c: "string", "A B": "int" }, rowClass);
    expect(again.names).to.deep.equal(["c", "A__x0020__B_2"]);
    expect(again.rowClass).to.deep.equal(rowClass);
  });

  it("adds properties for new columns", () => {
    const next = mapAll({ b: "int" }, mapAll({ a: "int" }).rowClass);
    expect(next.rowClass.properties!.map(({ name }) => name)).to.deep.equal(["a", "b"]);
  });

  it("keeps a property for narrower values, and adds one for others", () => {
    let { rowClass } = mapAll({ length: "double" });
    expect(mapAll({ length: "int" }, rowClass).rowClass).to.deep.equal(rowClass);
    expect(mapAll({ length: undefined }, rowClass).rowClass).to.deep.equal(rowClass);
    ({ rowClass } = mapAll({ length: "boolean" }, rowClass));
    ({ rowClass } = mapAll({ length: "string" }, rowClass));
    expect(rowClass.properties!.map(({ name }) => name)).to.deep.equal(["length", "length_boolean", "length_string"]);
    expect(mapAll({ length: "int" }, rowClass).names).to.deep.equal(["length_string"]);
  });

  it("keeps the name of a known class", () => {
    expect(mapColumns(columns({ a: "int" }), "PART", { name: "Part" }, reserved).rowClass.name).to.equal("Part");
  });
});
