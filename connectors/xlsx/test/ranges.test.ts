import { expect } from "chai";
import { ConnectorTimeline } from "../../../test/support/ConnectorTimeline.js";
import { book, bytes, connectorModule, openSheets, withContents, type Content } from "./support.js";

const rows: Content[][] = [
  ["Plant", null, "North", null, "Notes"],
  ["id", "flow", null, "id", "size"],
  ["-", "m3/h", null, "V-1", 50],
  ["P-1", 3, null, "V-2", 80],
  ["P-2", 4, null, "V-3", 80],
  ["Total", 7, null, "remark"],
];

/** A workbook with two tables and two names in one sheet. */
function workbook(): Buffer {
  const made = book([["Site A's", rows]]);
  made.Workbook!.Names = [
    { Name: "Sizes", Ref: "'Site A''s'!$D$2:$E$4" },
    { Name: "Factor", Ref: "'Site A''s'!$B$4" },
    { Name: "_xlnm.Print_Area", Ref: "'Site A''s'!$A$1:$E$6" },
  ];
  const type = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/table";
  const relationship = (id: number) => `<Relationship Id="t${id}" Type="${type}" Target="../tables/table${id}.xml"/>`;
  return withContents(bytes(made), {
    "xl/worksheets/_rels/sheet1.xml.rels": `<Relationships>${relationship(1)}${relationship(2)}</Relationships>`,
    "xl/tables/table1.xml": '<table id="1" name="Pumps" displayName="Pumps" ref="A2:B6" totalsRowCount="1"><tableColumns/></table>',
    "xl/tables/table2.xml": '<table id="2" name="Valves" displayName="Valves" ref="D3:E5" headerRowCount="0"/>',
  }); // prettier-ignore
}

describe("A part of a sheet", () => {
  it("is read by its range, with the addresses of the sheet", async () => {
    const [table] = await openSheets(workbook(), { sheets: { "Site A's": { range: "D2:E5" } } });
    expect(table!.rows).to.deep.equal([["id", "size"], ["V-1", 50], ["V-2", 80], ["V-3", 80]]); // prettier-ignore
    expect(table!.table.locate(3, "size")).to.deep.equal({ sheet: "Site A's", cell: "E3" });
  });

  it("is read by the name of a table, without its totals, or of a range", async () => {
    const names = ["Pumps", "Sizes"];
    const found = await openSheets(workbook(), { sheets: names });
    expect(found.map(({ table }) => [table.name, table.className])).to.deep.equal(names.map((name) => [name, name]));
    expect(found.map((each) => each.rows)).to.deep.equal([
      [["id", "flow"], ["P-1", 3], ["P-2", 4]],
      [["id", "size"], ["V-1", 50], ["V-2", 80]],
    ]); // prettier-ignore
  });

  it("is read without a header where a table has none", async () => {
    const [table] = await openSheets(workbook(), { sheets: { Valves: { idColumn: "D" } } });
    expect(table!.rows).to.deep.equal([["D", "E"], ["V-1", 50], ["V-2", 80], ["V-3", 80]]); // prettier-ignore
    expect(table!.table.hasInventedNames).to.equal(true);
  });

  it("is read where a mapping names it", async () => {
    const timeline = new ConnectorTimeline(connectorModule, "plant.xlsx");
    timeline.args = { mapping: { tables: { Sizes: { class: "Valve" } } } };
    expect(await timeline.sync(workbook())).to.deep.equal([2, 0, 0]);
  });

  it("becomes elements that stay as the table grows", async () => {
    const timeline = new ConnectorTimeline(connectorModule, "plant.xlsx");
    timeline.args = { sheets: { Pumps: { unitsRow: 3 }, Sizes: {} } };
    expect(await timeline.sync(workbook())).to.deep.equal([4, 0, 0]);
    expect(timeline.query("SELECT UserLabel, flow FROM XlsxPlant.Pumps ORDER BY UserLabel")).to.deep.equal([
      { userLabel: "P-1", flow: 3 },
      { userLabel: "P-2", flow: 4 },
    ]);
    timeline.args = { sheets: { Pumps: { unitsRow: 3 }, Sizes: { range: "D2:E5" } } };
    expect(await timeline.sync()).to.deep.equal([0, 0, 0]);
    timeline.args = { sheets: { Sites: {} } };
    const error = await timeline.refusal();
    expect(error.code).to.equal("xlsx/unknown-sheet");
    expect(error.advice).to.contain("The sheets are: Site A's. Tables and names: Pumps, Valves, Sizes.");
    for (const range of ["B3", "3:4", "B0:C2", 5]) {
      timeline.args = { sheets: { Sites: { range } } };
      expect((await timeline.refusal()).code).to.equal("xlsx/options");
    }
  });
});

describe("A row of units", () => {
  it("is no element, and gives the units of the columns", async () => {
    const sheet: Content[][] = [["id", "flow", "name"], ["[-]", " m3/h "], ["P-1", 3, "Feed"]]; // prettier-ignore
    for (const options of [{ unitsRow: 2 }, { sheets: { Pumps: { unitsRow: 2 } } }]) {
      const [table] = await openSheets(bytes(book([["Pumps", sheet]])), options);
      expect(table!.table.units).to.deep.equal(["[-]", "m3/h", undefined]);
      expect(table!.rows).to.deep.equal([["id", "flow", "name"], ["P-1", 3, "Feed"]]); // prettier-ignore
    }
    const [numbered] = await openSheets(bytes(book([["Pumps", [["a", "b"], ["m", "s"], [1, 2]]]])), { unitsRow: 2, idByRow: true }); // prettier-ignore
    expect(numbered!.table.units).to.deep.equal([undefined, "m", "s"]);
    expect(numbered!.rows[1]).to.deep.equal([3, 1, 2]);
  });

  it("is found where it is certain, and said", async () => {
    const found: Content[][] = [["id", "flow", "len", "name"], ["", "[m3/h]", "mm"], ["P-1", 3, 5, "Feed"], ["P-2", null, 7]]; // prettier-ignore
    const [{ table, rows } = {}] = await openSheets(bytes(book([["Pumps", found]])));
    expect([table!.units, table!.readAs]).to.deep.equal([[undefined, "[m3/h]", "mm", undefined], "units in row 2"]);
    expect(rows).to.have.length(3);
    const [none] = await openSheets(bytes(book([["Pumps", found]])), { unitsRow: 0 });
    expect([none!.table.units, none!.table.readAs, none!.rows.length]).to.deep.equal([undefined, undefined, 4]);
  });

  for (const [title, row, below] of [
    ["an identifier", ["P-0", "s", "m"], ["k", 2, 3]],
    ["a text that is no unit", ["", "mm", "a lot"], ["P-1", 2, 3]],
    ["units above texts", ["", "A", "V"], ["P-1", "B", "C"]],
    ["numbers", ["", 1, 2], ["P-1", 2, 3]],
  ] as [string, Content[], Content[]][])
    it(`is none that may be a row: ${title}`, async () => {
      const [table] = await openSheets(bytes(book([["Pumps", [["id", "a", "b"], row, below]]])));
      expect([table!.table.units, table!.rows.length]).to.deep.equal([undefined, 3]);
    });

  it("is none where nothing says so", async () => {
    const [table] = await openSheets(bytes(book([["Pumps", [["id", "flow"], ["x", "m"]]]]))); // prettier-ignore
    expect([table!.table.units, table!.table.hasInventedNames]).to.deep.equal([undefined, false]);
    expect(table!.rows).to.have.length(2);
  });
});
