import { expect } from "chai";
import { SourceErrors } from "itwin-connector-framework/tables";
import { DialectFile } from "../src/dialect/DialectFile.js";
import { errorOf, Timeline, useFolder, useHost, written } from "./support.js";

describe("a file with a dialect", () => {
  const folder = useFolder();
  const read = (content: unknown) => {
    folder.write("d.json", JSON.stringify(content));
    return new DialectFile("d.json", new SourceErrors("csv", `${folder.path}/a.csv`)).read();
  };

  it("has the members of the option", () => {
    expect(read({ delimiter: ";", decimal: "," }).dialect).to.deep.equal({ delimiter: ";", decimal: "," });
  });

  it("is metadata of CSV on the Web", () => {
    const columns = [
      { titles: "tag", null: "NA" },
      { name: "flow", datatype: { base: "decimal", format: { decimalChar: ",", groupChar: "." } } },
      { name: "when", datatype: { base: "date", format: "dd.MM.yyyy" } },
      { name: "other", datatype: { base: "date", format: "EEE d" } },
    ];
    const found = read({
      "@context": "http://www.w3.org/ns/csvw",
      dialect: { delimiter: ";", skipRows: 3, encoding: "windows-1252", doubleQuote: false, skipColumns: 1 },
      tableSchema: { columns, primaryKey: ["tag", "when"] },
    });
    const notation = { decimal: ",", thousands: ".", dates: ["dd.MM.yyyy"], nullMarks: ["NA"] };
    expect(found).to.deep.equal({
      dialect: { delimiter: ";", escape: "\\", header: 4, ...notation },
      encoding: "windows-1252",
      names: ["tag", "flow", "when", "other"],
      key: ["tag", "when"],
      ignored: ["dialect/skipColumns", "format EEE d"],
    });
  });

  it("is a Frictionless resource, schema or dialect", () => {
    const fields = [{ name: "id" }, { name: "on", type: "date", format: "%d/%m/%Y" }, { name: "v", decimalChar: "," }];
    const schema = { fields, missingValues: ["", "-"], primaryKey: "id" };
    const notation = { decimal: ",", dates: ["dd/MM/yyyy"], nullMarks: ["-"] };
    expect(read({ dialect: { delimiter: "|", header: false }, schema }).dialect).to.deep.equal({
      delimiter: "|",
      header: 0,
      ...notation,
    });
    expect(read(schema)).to.deep.include({ dialect: notation, key: ["id"], names: ["id", "on", "v"] });
    expect(read({ quoteChar: "'", delimiter: ";", headerRows: [2, 3] }).dialect).to.deep.equal({
      delimiter: ";",
      quote: "'",
      header: 2,
      headerRows: 2,
    });
  });

  it("is the one of several tables that describes the source", () => {
    const resources = [
      { path: "b.csv", dialect: { delimiter: "|" } },
      { path: "data/a.csv", dialect: { delimiter: ";" } },
    ];
    expect(read({ resources }).dialect).to.deep.equal({ delimiter: ";" });
  });

  it("is refused with the file and the fault", async () => {
    const error = await errorOf(() => read({ header: -1, dates: ["x"] }));
    expect(error.code).to.equal("csv/dialect");
    expect(error.source?.file).to.equal(`${folder.path}/d.json`);
    expect((await errorOf(() => read([]))).message).to.include("is not a JSON object");
  });

  describe("in a run", () => {
    useHost();

    it("is part of the state of the source", async () => {
      const timeline = new Timeline(folder);
      timeline.args = { dialect: "d.json" };
      folder.write("d.json", '{ "header": 2 }');
      const content = "made,by\nid,name\n1,a\n2,b\n";
      expect(written(await timeline.sync(content))).to.deep.equal([2, 0, 0]);
      expect(written(await timeline.sync(content))).to.deep.equal([0, 0, 0]);
      folder.write("d.json", '{ "header": 2, "comment": "2" }');
      expect(written(await timeline.sync(content))).to.deep.equal([0, 0, 1]);
    });

    it("gives way to the option, as a mapping gives way to both", async () => {
      const timeline = new Timeline(folder);
      const mapping = { dialect: { header: 3, comment: "2" }, tables: { Part: { class: "Part" } } };
      timeline.args = { mapping, dialect: { header: 2 } };
      expect(written(await timeline.sync("made,by\nid,name\n1,a\n2,b\n"))).to.deep.equal([1, 0, 0]);
    });

    it("identifies rows by lines or by several columns", async () => {
      const timeline = new Timeline(folder);
      timeline.args = { idByRow: true };
      await timeline.sync("when,value\n2024-01-01,2\n2024-01-01,3\n");
      const labels = (rows: Record<string, unknown>[]) => rows.map(({ userLabel }) => userLabel);
      expect(labels(timeline.query("SELECT UserLabel FROM CsvParts.Parts ORDER BY UserLabel"))).to.deep.equal([
        "2",
        "3",
      ]);
      timeline.args = { idColumn: ["when", "value"] };
      await timeline.sync("when,value\n2024-01-01,2\n2024-01-01,3\n");
      const joined = labels(timeline.query("SELECT UserLabel FROM CsvParts.Parts ORDER BY UserLabel"));
      expect(joined).to.deep.equal(["2024-01-01|2", "2024-01-01|3"]);
    });
  });
});
