import type { CellObject } from "@e965/xlsx";
import { expect } from "chai";
import type { RunResult } from "itwin-connector-framework";
import { ConnectorTimeline } from "../../../test/support/ConnectorTimeline.js";
import { book, bytes, connectorModule, odsWithHidden, sheet, withFiles, type Content } from "./support.js";

const pumps: Content[][] = [["id", "name"], ["P-1", "Feed"], ["P-2", "Drain"]]; // prettier-ignore

function linesOf({ notImported }: RunResult): string[] {
  return notImported.map(({ count, what, example }) => `${count} ${what}: ${example}`).sort();
}

describe("What a workbook holds and no element gets", () => {
  let timeline: ConnectorTimeline;
  beforeEach(() => (timeline = new ConnectorTimeline(connectorModule, "plant.xlsx")));

  const sheets: [string, Content[][]][] = [["Pumps", pumps], ["Old", pumps], ["Older", pumps], ["Empty", []]]; // prettier-ignore
  const hidden = ["Old", "Older", "Empty"];
  const workbooks = {
    "plant.xlsx": bytes(book(sheets, hidden)),
    "plant.xls": bytes(book(sheets, hidden), "xls"),
    "plant.ods": odsWithHidden(sheets, hidden),
  };
  for (const [file, content] of Object.entries(workbooks))
    it(`is reported: hidden sheets with values, in ${file}`, async () => {
      timeline.file = file;
      const { notImported } = await timeline.result(content);
      const reason = 'it is read only if the option "sheets" or "hiddenSheets" says so';
      expect(notImported).to.deep.equal([{ what: "hidden sheet", reason, example: "Old", count: 2 }]);
      timeline.args = { hiddenSheets: false };
      expect(linesOf(await timeline.result())).to.deep.equal([]);
    });

  it("is reported: cells above a header that was found, and cells with errors", async () => {
    const error: Content = { t: "e", v: 7 };
    const content = sheet([["List of pumps", null], [null, 2024], [], ["id", "name"], ["P-1", error]]); // prettier-ignore
    timeline.write(bytes(book([["Pumps", content]])));
    expect(linesOf(await timeline.result())).to.deep.equal([
      "1 cell with an error: sheet Pumps, cell B5",
      "2 cell above the header: sheet Pumps, cell A1",
    ]);
    timeline.args = { header: 4 };
    expect(linesOf(await timeline.result()), "the option names the header").to.deep.equal([
      "1 cell with an error: sheet Pumps, cell B5",
    ]);
  });

  it("is reported: comments and hyperlinks", async () => {
    const content = sheet(pumps);
    (content.A2 as CellObject).c = [{ t: "Check it", a: "me" }];
    for (const address of ["B2", "B3"])
      (content[address] as { l: object }).l = { Target: "https://example.com/", Tooltip: "" };
    expect(linesOf(await timeline.result(bytes(book([["Pumps", content]]))))).to.deep.equal([
      "1 comment: sheet Pumps, cell A2",
      "2 hyperlink: sheet Pumps, cell B2",
    ]);
  });

  it("is reported: charts, pictures and other embedded files", async () => {
    const files = ["xl/charts/chart1.xml", "xl/charts/chart2.xml", "xl/media/image1.png", "xl/embeddings/a.bin", "xl/vbaProject.bin"]; // prettier-ignore
    expect(linesOf(await timeline.result(withFiles(bytes(book([["Pumps", pumps]])), files)))).to.deep.equal([
      "1 embedded object: xl/embeddings/a.bin",
      "1 macro project: xl/vbaProject.bin",
      "1 picture: xl/media/image1.png",
      "2 chart: xl/charts/chart1.xml",
    ]);
  });

  it("is nothing in plain sheets", async () => {
    const content = bytes(book([["Pumps", [...pumps, [], ["P-3", null]]], ["Empty", []]])); // prettier-ignore
    expect(linesOf(await timeline.result(content))).to.deep.equal([]);
  });
});
