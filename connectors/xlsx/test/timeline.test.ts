import { expect } from "chai";
import { ConnectorTimeline } from "../../../test/support/ConnectorTimeline.js";
import XlsxConnector, { getConnectorInstance } from "../src/index.js";
import { book, bytes, connectorModule, date, odsWithHidden, sheet, type Content } from "./support.js";

const pumps: Content[][] = [
  ["id", "name", "flow", "built", "active"],
  ["P-1", "Feed", 3, date(43861), true],
  ["P-2", "Drain", 4, date(44255), false],
  [null],
  ["P-3", "Spare"],
];
const valves: Content[][] = [
  ["guid", "size"],
  [1, 0.5],
  [2, 80],
];

describe("a workbook as it develops", () => {
  let timeline: ConnectorTimeline;
  beforeEach(() => (timeline = new ConnectorTimeline(connectorModule, "plant.xlsx")));
  const rows = (select: string, name: string) =>
    timeline.query(`SELECT ${select} FROM XlsxPlant.${name} ORDER BY UserLabel`);

  for (const type of ["xlsx", "xls", "ods", "xlsb"] as const)
    it(`makes an element of each row of each sheet of an .${type}`, async () => {
      timeline.file = `plant.${type}`;
      const content = bytes(book([["Pumps", pumps], ["Valves", valves], ["Empty", []]]), type); // prettier-ignore
      expect(await timeline.sync(content)).to.deep.equal([5, 0, 0]);
      expect(rows("UserLabel, name, flow, built, active", "Pumps")).to.deep.equal([
        { userLabel: "P-1", name: "Feed", flow: 3, built: "2020-01-31", active: true },
        { userLabel: "P-2", name: "Drain", flow: 4, built: "2021-02-28", active: false },
        { userLabel: "P-3", name: "Spare" },
      ]);
      expect(rows("UserLabel, [size]", "Valves")).to.deep.equal([
        { userLabel: "1", size: 0.5 },
        { userLabel: "2", size: 80 },
      ]);
      const before = timeline.query("SELECT LastMod FROM bis.GeometricElement3d");
      expect(await timeline.sync()).to.deep.equal([0, 0, 0]);
      expect(timeline.query("SELECT LastMod FROM bis.GeometricElement3d")).to.deep.equal(before);
    });

  it("records where each element comes from", async () => {
    await timeline.sync(bytes(book([["Pumps", pumps], ["Valves", valves]]))); // prettier-ignore
    const aspects = timeline.query(
      `SELECT a.Kind, a.Identifier, l.UserLabel document FROM bis.ExternalSourceAspect a
       JOIN bis.RepositoryLink l ON l.ECInstanceId=a.Scope.Id ORDER BY a.Kind, a.Identifier`,
    );
    expect(aspects.map(({ kind, identifier }) => `${String(kind)} ${String(identifier)}`)).to.deep.equal([
      "Pumps P-1",
      "Pumps P-2",
      "Pumps P-3",
      "Valves 1",
      "Valves 2",
    ]);
    expect(new Set(aspects.map(({ document }) => document))).to.deep.equal(new Set(["plant.xlsx"]));
  });

  it("writes what changed, and nothing else", async () => {
    await timeline.sync(bytes(book([["Pumps", pumps], ["Valves", valves]]))); // prettier-ignore
    const edited = [pumps[0]!, ["P-2", "Drain", 5, date(44255), false], pumps[4]!, ["P-4", "New"]];
    expect(await timeline.sync(bytes(book([["Valves", valves], ["Pumps", edited]])))).to.deep.equal([1, 1, 1]); // prettier-ignore
    expect(rows("UserLabel, flow", "Pumps")).to.deep.equal([
      { userLabel: "P-2", flow: 5 },
      { userLabel: "P-3" },
      { userLabel: "P-4" },
    ]);
    expect(await timeline.sync(bytes(book([["Pumps", edited], ["Valves", valves]])))).to.deep.equal([0, 0, 0]); // prettier-ignore
    expect(await timeline.sync(bytes(book([["Pumps", edited]])))).to.deep.equal([0, 0, 2]); // prettier-ignore
    expect(rows("UserLabel", "Pumps")).to.have.length(3);
  });

  it("leaves hidden sheets out until they are asked for", async () => {
    const content = bytes(book([["Pumps", pumps], ["Valves", valves]], ["Valves"])); // prettier-ignore
    expect(await timeline.sync(content)).to.deep.equal([3, 0, 0]);
    timeline.args = { hiddenSheets: true };
    expect(await timeline.sync(content)).to.deep.equal([2, 0, 0]);
    timeline.args = { sheets: ["Valves"] };
    expect(await timeline.sync(content)).to.deep.equal([0, 0, 3]);
  });

  it("leaves hidden sheets of an .ods out until they are asked for", async () => {
    timeline.file = "plant.ods";
    const content = odsWithHidden([["Pumps", pumps], ["Valves > 1 & 2", valves], ["Old", pumps]], ["Valves > 1 & 2", "Old"]); // prettier-ignore
    expect(await timeline.sync(content)).to.deep.equal([3, 0, 0]);
    expect(rows("UserLabel", "Pumps")).to.have.length(3);
    timeline.args = { hiddenSheets: true };
    expect(await timeline.sync(content)).to.deep.equal([5, 0, 0]);
  });

  it("knows the sheets of an .ods by their names, not by what XML makes of them", async () => {
    timeline.file = "plant.ods";
    timeline.args = { sheets: [`A & B <"it's">`] };
    expect(await timeline.sync(bytes(book([[`A & B <"it's">`, pumps]]), "ods"))).to.deep.equal([3, 0, 0]);
  });

  it("identifies rows by their numbers where that is asked for", async () => {
    timeline.args = { idByRow: true };
    await timeline.sync(bytes(book([["Notes", [["text", "row"], ["first", 1], [], ["third", 3]]], ["Pumps", pumps]]))); // prettier-ignore
    expect(rows("UserLabel, text, row_", "Notes")).to.deep.equal([
      { userLabel: "2", text: "first", row_: 1 },
      { userLabel: "4", text: "third", row_: 3 },
    ]);
    expect(rows("UserLabel", "Pumps").map(({ userLabel }) => userLabel)).to.deep.equal(["P-1", "P-2", "P-3"]);
  });

  it("reads each sheet as its options say", async () => {
    timeline.args = {
      schemaName: "Plant",
      sheets: {
        Pumps: { className: "Pump", idColumn: "name" },
        Raw: { header: 0, idColumn: "B", lastRow: 2 },
      },
    };
    const raw = [[1, "a"], [2, "b"], ["remark"]];
    await timeline.sync(bytes(book([["Pumps", pumps], ["Raw", raw]]))); // prettier-ignore
    expect(timeline.query("SELECT UserLabel FROM Plant.Pump")).to.have.length(3);
    expect(timeline.query("SELECT UserLabel, A FROM Plant.Raw")).to.deep.equal([
      { userLabel: "a", a: 1 },
      { userLabel: "b", a: 2 },
    ]);
  });

  it("says which cells hold errors", async () => {
    const error: Content = { t: "e", v: 7 };
    const { issues } = await timeline.result(bytes(book([["Pumps", [...pumps.slice(0, 4), ["P-9", error, error]]]])));
    expect(issues.map(({ code, message }) => `${code} ${message}`)).to.deep.equal([
      "xlsx/error-value Sheet Pumps, cell B5 and 1 more: an error such as #N/A stands for no value.",
    ]);
    expect(rows("name, flow", "Pumps")[2]).to.deep.equal({});
    timeline.args = { ...(timeline.args as object), strict: true };
    const refused = await timeline.refusal();
    expect(refused.code).to.equal("xlsx/error-value");
    expect(refused.source).to.include({ sheet: "Pumps", cell: "B5" });
    await timeline.result(bytes(book([["Pumps", pumps]])));
  });

  it("takes names of sheets and columns as they come", async () => {
    const rows = [["id", "__proto__", "constructor", "😀", "x".repeat(10_000)], ["1", "a", "b", "c", "d"]]; // prettier-ignore
    await timeline.sync(bytes(book([["__proto__", rows], ["😀", rows]]))); // prettier-ignore
    for (const name of ["Proto", "Row_"]) {
      const [{ classId }] = timeline.query(
        `SELECT ec_classname(ECClassId) classId FROM XlsxPlant.${name}`,
      ) as [{ classId: string }]; // prettier-ignore
      expect(classId).to.equal(`XlsxPlant:${name}`);
    }
  });

  it("keeps formulas as their values", async () => {
    const content = sheet([["id", "sum"], ["a", { t: "n", v: 3, f: "1+2" }], ["b", { t: "s", v: "x", f: '"x"' }]]); // prettier-ignore
    await timeline.sync(bytes(book([["Pumps", content]])));
    expect(rows("sum_", "Pumps")).to.deep.equal([{ sum_: "3" }, { sum_: "x" }]);
  });

  it("tells who it is", () => {
    const connector = getConnectorInstance();
    expect(connector).to.be.instanceOf(XlsxConnector);
    expect(connector.getConnectorName()).to.equal("XLSX");
    expect(connector.getApplicationId()).to.equal("itwin-connector-xlsx");
  });
});
