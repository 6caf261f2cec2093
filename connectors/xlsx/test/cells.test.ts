import { expect } from "chai";
import { SourceErrors } from "itwin-connector-framework/tables";
import { CellReader } from "../src/cellContent.js";
import { HeaderReader } from "../src/sheetHeader.js";
import { unzip } from "../src/zip.js";
import { read } from "@e965/xlsx";
import { book, bytes, sheet, type Content } from "./support.js";

const errors = new SourceErrors("xlsx", "plant.xlsx");

describe("a cell of a workbook", () => {
  const readDate = (v: number, z: string, is1904 = false) => {
    const content = new CellReader({ name: "S", is1904 }, errors).read({ t: "n", v, z }, 0, 0);
    return content instanceof Date ? content.toISOString() : content;
  };

  it("is a date where its format is one", () => {
    expect(readDate(1, "yyyy-mm-dd")).to.equal("1900-01-01T00:00:00.000Z");
    expect(readDate(59, "d.m.yy")).to.equal("1900-02-28T00:00:00.000Z");
    expect(readDate(60, "d.m.yy")).to.equal("1900-02-29");
    expect(readDate(61, "d.m.yy")).to.equal("1900-03-01T00:00:00.000Z");
    expect(readDate(2_958_465, "yyyy")).to.equal("9999-12-31T00:00:00.000Z");
    expect(readDate(42_507.5, "m/d/yy h:mm")).to.equal("2016-05-17T12:00:00.000Z");
    expect(readDate(0, "yyyy-mm-dd", true)).to.equal("1904-01-01T00:00:00.000Z");
    expect(readDate(45_351.1234567, "yyyy-mm-dd")).to.equal("2024-02-29T02:57:46.659Z");
  });

  it("keeps times without a day as they are shown, and what is no date as a number", () => {
    expect(readDate(0.5, "hh:mm")).to.equal("12:30".replace("30", "00"));
    expect(readDate(1.5, "[h]:mm")).to.equal("36:00");
    expect(readDate(2_958_466, "yyyy-mm-dd")).to.equal(2_958_466);
    expect(readDate(-1, "yyyy-mm-dd")).to.equal(-1);
    expect(readDate(3, '0.0 "days"')).to.equal(3);
    expect(readDate(3, "[Red]0.00")).to.equal(3);
  });

  it("refuses numbers beyond double and halves of characters", () => {
    const reader = new CellReader({ name: "S", is1904: false }, errors);
    expect(() => reader.read({ t: "n", v: Infinity }, 6, 27)).to.throw("beyond what a double holds");
    expect(() => reader.read({ t: "s", v: "a\ud800" }, 0, 0)).to.throw("no text has");
    expect(reader.read({ t: "s", v: "😀" }, 0, 0)).to.equal("😀");
  });
});

describe("the header of a sheet", () => {
  const find = (rows: Content[][], merges: string[] = []) => {
    const { Sheets } = read(bytes(book([["S", sheet(rows, merges)]])), { dense: true });
    const header = new HeaderReader(Sheets.S!["!data"] ?? [], Sheets.S!["!merges"] ?? []).find();
    return [header.firstRow, ...header.columns.map(({ name }) => name)];
  };

  it("is the first row of names for all columns with values", () => {
    expect(find([["id", "a"], ["1", 2]])).to.deep.equal([1, "id", "a"]); // prettier-ignore
    expect(find([["Pumps of 2024"], [], ["id", "a"], ["1", 2]])).to.deep.equal([3, "id", "a"]); // prettier-ignore
    expect(find([["Plant:", null, "North"], ["id", "a", "b"], ["1", 2, 3]])).to.deep.equal([2, "id", "a", "b"]); // prettier-ignore
  });

  it("goes over two rows where cells are merged", () => {
    const rows = [["id", "size", null, "note"], [null, "length", "width", null], ["1", 2, 3, "x"]]; // prettier-ignore
    const names = [2, "id", "size / length", "size / width", "note"];
    expect(find(rows, ["A1:A2", "B1:C1", "D1:D2"])).to.deep.equal(names);
    expect(find(rows, ["B1:C1"])).to.deep.equal(names);
  });

  it("has one column for a name that is merged over empty ones", () => {
    const rows = [["id", "address", null, "b"], ["1", "x", null, 3]]; // prettier-ignore
    expect(find(rows, ["B1:C1", "B2:C2"])).to.deep.equal([1, "id", "address", "b"]);
  });
});

describe("the zip of a workbook", () => {
  it("is whole", () => {
    expect([...unzip(bytes(book([["S", [["a"]]]]))).keys()]).to.include("xl/worksheets/sheet1.xml");
    expect([...unzip(bytes(book([["S", [["a"]]]]), "ods")).keys()]).to.include("content.xml");
  });
});
