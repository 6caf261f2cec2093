import { expect } from "chai";
import { cellValue, covers, typeOfCell, widen, type ColumnType } from "../../src/tables/cells/columnTypes.js";

const examples: Record<ColumnType, string[]> = {
  int: ["0", "7", "-7", "2147483647", "-2147483648"],
  long: ["2147483648", "-2147483649", "9007199254740991", "-9007199254740991"],
  double: ["1.5", "-1.5", "0.1", ".5", "-.5", "1e+5", "1E-5", "1.0e+3", "1.5E3", "0.0", "123456789.12345678", "5e-324"],
  boolean: ["true", "false", "TRUE", "False"],
  date: ["2024-02-29", "2000-02-29", "0004-02-29", "0001-01-01", "9999-12-31"],
  dateTime: ["2024-02-29T12:34", "2024-02-29T12:34:56", "2024-02-29T12:34:56.7"],
  dateTimeUtc: [
    "2024-02-29T12:34Z",
    "2024-02-29T12:34:56.789+05:30",
    "2024-02-29T23:59:59-11:00",
    "2024-02-29 12:34:56+01:00",
    "2024-02-29 12:34:56 Z",
    "2024-02-29 12:34Z",
    "2024-02-29 12:34:56.789 -0330",
    "2024-02-29T12:34:56+0100",
    "2024-02-29 12:34:56+01",
  ],
  string: [
    ..."007 32E0134 12E12 5E3 1e5 -0 -0.0 +5 5. . - 1,5 1e400 -1e400 1e-400 NaN Infinity 0x10 1e 00.5 yes 1_000 ½ ٣".split(
      " ",
    ),
    "9007199254740992",
    "12345678901234567890",
    "0.123456789012345678",
    " 5",
    "5 ",
    "2023-02-29",
    "2024-13-01",
    "1900-02-29",
    "2024-04-31",
    "2024-04-00",
    "2024-00-10",
    "0003-02-29",
    "0000-01-01",
    "2024-1-1",
    "2024-02-29 12:34",
    "2024-02-29 12:34:56",
    "2024-02-29 12:34-13",
    "2024-02-29 12:34-1500",
    "2024-02-29 12:34:56  Z",
    "2023-02-29 12:34:56+01:00",
    "2024-02-29 Z",
    "2024-02-29T24:00",
    "2024-02-29T12:60",
    "2024-02-29T12:34:60",
    "2024-02-29T12:34:56.7891",
    "2024-02-29Z",
    "2024-02-29T12:34+24:00",
    "0001-01-01T00:00+01:00",
    "9999-12-31T23:59-01:00",
  ],
};

describe("column types", () => {
  for (const [type, texts] of Object.entries(examples))
    it(`recognizes ${type}`, () => {
      for (const text of texts) expect(typeOfCell(text), text).to.equal(type);
    });

  it("widens numbers within numbers and dates to times, and all else to strings", () => {
    expect(widen("int", "double")).to.equal("double");
    expect(widen("double", "long")).to.equal("double");
    expect(widen("long", "int")).to.equal("long");
    expect(widen("date", "dateTime")).to.equal("dateTime");
    expect(widen("date", "dateTimeUtc")).to.equal("string");
    expect(widen("dateTime", "dateTimeUtc")).to.equal("string");
    expect(widen("int", "boolean")).to.equal("string");
    expect(widen("string", "int")).to.equal("string");
    expect(widen(undefined, "int")).to.equal("int");
    expect(widen("int", undefined)).to.equal("int");
    expect(widen(undefined, undefined)).to.equal(undefined);
  });

  it("knows which properties can take which columns", () => {
    expect(covers("double", "int")).to.equal(true);
    expect(covers("string", "dateTimeUtc")).to.equal(true);
    expect(covers("boolean", undefined)).to.equal(true);
    expect(covers("int", "double")).to.equal(false);
    expect(covers("int", "string")).to.equal(false);
    expect(covers("date", "dateTime")).to.equal(false);
  });

  it("knows the types of cells that are no texts", () => {
    const types = [1, -(2 ** 31), 2 ** 31, 7n, 2n ** 60n, 0.5, 1e300, -0, NaN, true, new Date(0), new Date(1)].map(
      (cell) => typeOfCell(cell),
    );
    const [int, long, double, string] = ["int", "long", "double", "string"];
    expect(types).to.deep.equal([
      int,
      int,
      long,
      int,
      string,
      double,
      double,
      double,
      string,
      "boolean",
      "date",
      "dateTime",
    ]);
    expect(typeOfCell("12", { isText: false }), "a text that is one").to.equal("string");
  });

  it("converts cells that are no texts", () => {
    expect(cellValue(7n, "long")).to.equal(7);
    expect(cellValue(2n ** 60n, "string")).to.equal("1152921504606846976");
    expect(cellValue(7, "string")).to.equal("7");
    expect(cellValue(true, "boolean")).to.equal(true);
    expect(cellValue(new Date(0), "dateTime")).to.equal("1970-01-01T00:00:00.000");
    expect(cellValue(new Date(0), "date")).to.equal("1970-01-01");
    expect(cellValue(new Date(0), "string")).to.equal("1970-01-01");
    expect(cellValue(new Date(1), "string")).to.equal("1970-01-01T00:00:00.001");
  });

  it("converts texts without loss", () => {
    expect(cellValue("0.1", "double")).to.equal(0.1);
    expect(cellValue("-9007199254740991", "long")).to.equal(-9007199254740991);
    expect(cellValue("FALSE", "boolean")).to.equal(false);
    expect(cellValue("007", "string")).to.equal("007");
    expect(cellValue("2024-02-29", "date")).to.equal("2024-02-29");
    expect(cellValue("2024-02-29", "dateTime")).to.equal("2024-02-29T00:00:00.000");
    expect(cellValue("2024-02-29T12:34:56.7", "dateTime")).to.equal("2024-02-29T12:34:56.700");
    expect(cellValue("2024-03-01T00:30+01:00", "dateTimeUtc")).to.equal("2024-02-29T23:30:00.000Z");
    for (const text of ["2024-03-01 00:30:00+01:00", "2024-03-01 00:30:00 +0100", "2024-03-01 00:30:00+01"])
      expect(cellValue(text, "dateTimeUtc"), text).to.equal("2024-02-29T23:30:00.000Z");
    expect(cellValue("2024-03-01 00:30:00 Z", "dateTimeUtc")).to.equal("2024-03-01T00:30:00.000Z");
  });
});
