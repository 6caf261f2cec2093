import { expect } from "chai";
import { Timeline, useFolder, useHost } from "./support.js";

describe("The values of a CSV file", () => {
  useHost();
  const folder = useFolder();
  let timeline: Timeline;
  beforeEach(() => (timeline = new Timeline(folder)));

  const rows = (select: string) => timeline.query(`SELECT ${select} FROM CsvParts.Parts ORDER BY UserLabel`);
  const types = () => timeline.properties("CsvParts:Parts").map(({ typeName }) => typeName);
  const typesOf = async (...values: string[]) => {
    await timeline.sync(`id,v\n${values.map((value, index) => `${index},${value}\n`).join("")}`);
    return types();
  };

  it("stay texts where a number would lose what is written", async () => {
    expect(await typesOf("32E0134", "12E12")).to.deep.equal(["string"]);
    expect(rows("v")).to.deep.equal([{ v: "32E0134" }, { v: "12E12" }]);
  });

  for (const [what, values, type] of [
    ["part numbers with an E", ["5E3", "7E4"], "string"],
    ["revisions of one and two digits", ["1.9", "1.10"], "string"],
    ["versions with and without decimals", ["1", "1.10"], "string"],
    ["digits beyond those of a double", ["0.1", "0.12345678901234567890"], "string"],
    ["identifiers of 19 digits", ["9007199254740993", "5"], "string"],
    ["prices with two decimals", ["1.10", "2.00"], "double"],
    ["numbers as programs print them", ["1.0", "2.25", "3", "1e-07", "1.5E+20"], "double"],
  ] as const)
    it(`are of the type ${type} for ${what}`, async () => {
      expect(await typesOf(...values)).to.deep.equal([type]);
    });

  it("are changed where a digit is", async () => {
    await timeline.sync("id,price\n1,1.50\n2,2.00\n");
    expect((await timeline.sync("id,price\n1,1.50\n2,2.0\n")).counts).to.include({ changed: 2 }); // the column is one of texts now
    expect((await timeline.sync("id,price\n1,1.50\n2,2.00\n")).counts).to.include({ changed: 1, unchanged: 1 });
  });

  it("are missing where a column of numbers or dates has a mark for it", async () => {
    const { readAs } = await timeline.sync(
      "id,flow,temp,at,note\nP-1,12,NULL,2024-01-31,N/A\nP-2,NA,20.5,-,b\nP-3,\\N,21.5,N/A,-\n",
    );
    expect(readAs).to.deep.equal(["missing values: NA, \\N in flow; NULL in temp; -, N/A in at"]);
    expect(types()).to.deep.equal(["int", "double", "dateTime", "string"]);
    expect(rows("flow, temp, at, note")).to.deep.equal([
      { flow: 12, at: "2024-01-31", note: "N/A" },
      { temp: 20.5, note: "b" },
      { temp: 21.5, note: "-" },
    ]);
  });

  it("stay marks in a column that has nothing else", async () => {
    expect(await typesOf("N/A", "-")).to.deep.equal(["string"]);
    expect(rows("v")).to.deep.equal([{ v: "N/A" }, { v: "-" }]);
  });

  it("have the unit that stands in brackets in the header", async () => {
    await timeline.sync("id,Flow [m3/h],Length (mm),Name (in),Grade [A]\n1,1.5,20,bolt,x\n");
    const { items = {} } = timeline.read((imodel) => imodel.getSchemaProps("CsvParts"));
    const { properties } = items.Parts as { properties?: { label: string; kindOfQuantity?: string }[] };
    const units = properties!.map(({ kindOfQuantity }) => kindOfQuantity);
    expect(units.map((unit) => unit !== undefined)).to.deep.equal([true, true, false, false]);
    expect(Object.values(rows("*")[0]!)).to.include.members([1.5, 20, "bolt", "x"]);
  });

  it("keep marks in a property of texts, and are not said to lack a value then", async () => {
    await timeline.sync("id,v\n1,N/A\n2,x\n");
    const { readAs } = await timeline.sync("id,v\n1,N/A\n2,5\n");
    expect(readAs).to.deep.equal([]);
    expect(rows("v")).to.deep.equal([{ v: "N/A" }, { v: "5" }]);
  });

  it("keep the property of texts without a unit, once numbers have come into their column", async () => {
    await timeline.sync("id,Flow [m3/h]\n1,open\n");
    await timeline.sync("id,Flow [m3/h]\n1,1.5\n");
    expect(Object.values(rows("*")[0]!)).to.include("1.5");
  });

  describe("with a row filter", () => {
    const content = "id,status,dn,at\n1,active,50,2024-01-31\n2,closed,80,2024-02-29\n3,active,,2023-05-01\n";
    const chosen = async (where: object) => {
      const result = await timeline.sync(content, { argsJson: { where } });
      return { ids: rows("UserLabel id").map(({ id }) => id), notImported: result.notImported };
    };

    for (const [what, where, ids] of [
      ["a value", { status: "active" }, ["1", "3"]],
      ["a list of values", { id: [1, "2"] }, ["1", "2"]],
      ["a least and a greatest number", { dn: { from: 60, to: 80 } }, ["2"]],
      ["a range of dates", { at: { from: "2024-01-01", to: "2024-02-28" } }, ["1"]],
      ["a value that it is not", { status: { not: "closed" } }, ["1", "3"]],
      ["a regular expression", { status: { matches: "^cl" } }, ["2"]],
      ["an empty cell", { dn: { isEmpty: true } }, ["3"]],
      ["two columns", { status: "active", dn: { isEmpty: false } }, ["1"]],
    ] as const)
      it(`are those with ${what}`, async () => {
        expect((await chosen(where)).ids).to.deep.equal(ids);
      });

    it("leave the others out, and say so", async () => {
      const { notImported } = await chosen({ status: "closed" });
      expect(notImported).to.have.lengthOf(1);
      expect(notImported[0]).to.include({ what: "row", count: 2, isLoss: false });
      expect((await timeline.sync(content, { argsJson: { where: { status: "active" } } })).counts).to.include({
        new: 2,
        deleted: 1,
      });
    });

    it("are refused if a column is missing or a condition is invalid", async () => {
      const { error } = await timeline.run(content, { argsJson: { where: { state: "active" } } });
      expect([error?.code, error?.source?.line]).to.deep.equal(["csv/unknown-column", 1]);
      for (const where of [[], { status: { like: "a" } }, { status: { matches: "(" } }, { dn: { from: true } }])
        expect((await timeline.run(content, { argsJson: { where } })).error?.code).to.equal("csv/options");
    });
  });
});
