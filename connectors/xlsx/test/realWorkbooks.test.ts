import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { read, utils } from "@e965/xlsx";
import { expect } from "chai";
import { ConnectorTimeline } from "../../../test/support/ConnectorTimeline.js";
import { connectorModule, sharedData } from "./support.js";

describe(`real workbooks (skipped without ${sharedData})`, () => {
  let timeline: ConnectorTimeline;
  before(function () {
    if (!existsSync(sharedData)) this.skip();
  });
  beforeEach(() => (timeline = new ConnectorTimeline(connectorModule, "")));

  it("gold.xlsx: every row, by the name in column A", async () => {
    timeline.copy(join(sharedData, "gold.xlsx"));
    timeline.args = { header: 0, idColumn: "A" };
    expect(await timeline.sync()).to.deep.equal([6, 0, 0]);
    expect(await timeline.sync()).to.deep.equal([0, 0, 0]);
    expect(timeline.query("SELECT UserLabel, B FROM XlsxGold.Values_ ORDER BY ECInstanceId")).to.deep.equal([
      { userLabel: "Text", b: "I am Text" },
      { userLabel: "Number", b: "3.14" },
      { userLabel: "Integer", b: "5" },
      { userLabel: "Date", b: "2016-05-17" },
      { userLabel: "Formula", b: "I am Text" },
      { userLabel: "Hyperlink", b: "exceljs" },
    ]);
  });

  it("issue-877.xlsx: a table below a form, and with remarks below it", async () => {
    timeline.copy(join(sharedData, "issue-877.xlsx"));
    timeline.args = { sheets: { Ersatzteilliste: { idColumn: "Pos", lastRow: 36 } } };
    expect(await timeline.sync()).to.deep.equal([32, 0, 0]);
    expect(await timeline.sync()).to.deep.equal([0, 0, 0]);
    const [first] = timeline.query("SELECT UserLabel, Artikelnr, VKE FROM XlsxIssue877.Ersatzteilliste LIMIT 1");
    expect(first).to.deep.equal({ userLabel: "1", artikelnr: "500", vKE: "Meter" });
  });

  it("issue-877.xlsx: every value of every sheet", async () => {
    timeline.copy(join(sharedData, "issue-877.xlsx"));
    timeline.args = { header: 0, idByRow: true, hiddenSheets: true };
    const expected = valuesOf(join(sharedData, "issue-877.xlsx"));
    const rowCount = new Set(expected.map(({ place }) => place.replace(/\W[A-Z]+/, ""))).size;
    expect(await timeline.sync()).to.deep.equal([rowCount, 0, 0]);
    expect(await timeline.sync()).to.deep.equal([0, 0, 0]);
    const found = new Map<string, unknown>();
    for (const className of ["Ersatzteilliste", "Leiterprüfung", "Feststellanlagen", "Schweißgerät"])
      for (const { userLabel, ...cells } of timeline.query(`SELECT * FROM XlsxIssue877.[${encode(className)}]`))
        for (const [name, value] of Object.entries(cells))
          found.set(`${className}!${name.toUpperCase()}${String(userLabel)}`, value);
    for (const { place, value } of expected) expect(String(found.get(place)), place).to.equal(value);
    expect(expected.length).to.be.greaterThan(900);
  });
});

/** As EC names have characters that are no ASCII letters. */
function encode(name: string): string {
  return name.replace(
    /[^\w]/g,
    (character) => `__x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}__`,
  );
}

/** All values of a workbook, as texts. */
function valuesOf(path: string): { place: string; value: string }[] {
  const { SheetNames, Sheets } = read(readFileSync(path), { dense: true });
  return SheetNames.flatMap((name) =>
    (Sheets[name]!["!data"] ?? []).flatMap((row, r) =>
      row
        .map((cell, c) => ({ place: `${name}!${utils.encode_cell({ r, c })}`, value: String(cell.v ?? "") }))
        .filter(({ value }) => value !== ""),
    ),
  );
}
