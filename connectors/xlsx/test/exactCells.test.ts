import { expect } from "chai";
import { ConnectorTimeline } from "../../../test/support/ConnectorTimeline.js";
import { book, bytes, connectorModule, date, openSheets, xmlBook, type Content } from "./support.js";

const text = (content: string) => `<c t="inlineStr"><is>${content}</is></c>`;
const t = (content: string) => `<t xml:space="preserve">${content}</t>`;
const run = (content: string) => `<r><rPr><b/></rPr>${t(content)}</r>`;
const header = `<row>${["id", "v"].map((name) => text(t(name))).join("")}</row>`;

/** What the second cell of the only row is. */
async function valueOf(cell: string, sharedTexts?: string): Promise<unknown> {
  const [table] = await openSheets(xmlBook(`${header}<row>${text(t("P-1"))}${cell}</row>`, sharedTexts));
  return table!.rows[1]![1];
}

describe("A text of a workbook", () => {
  const texts: Record<string, [content: string, expected: string]> = {
    "a text beside a run": [t("valve ") + run("closed"), "valve closed"],
    "a text beside several runs": [t("a ") + run("b ") + run("c"), "a b c"],
    "an empty text beside a run": [`<t/>${run("closed")}`, "closed"],
    "runs alone": [run("do not ") + run("start"), "do not start"],
    "runs before a text": [run("do ") + t("start"), "do start"],
    "a text alone": [t("plain &amp; simple"), "plain & simple"],
    "a text with signs in it": [`${t("a &lt;r&gt; ")}${run("grün 😀")}`, "a <r> grün 😀"],
    "a text with its reading": [`<t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh>`, "東京"],
  };
  for (const [title, [content, expected]] of Object.entries(texts))
    it(`is whole: ${title}`, async () => {
      expect(await valueOf(text(content)), "in the cell").to.equal(expected);
      expect(await valueOf('<c t="s"><v>0</v></c>', `<si>${content}</si>`), "shared").to.equal(expected);
    });

  it("is whole with prefixes", async () => {
    const content = `<x:is><x:t>valve </x:t><x:r><x:t>closed</x:t></x:r></x:is>`;
    expect(await valueOf(`<c t="inlineStr">${content}</c>`)).to.equal("valve closed");
  });

  it("can be a date, as in JSON", async () => {
    const timeline = new ConnectorTimeline(connectorModule, "plant.xlsx");
    const rows: Content[][] = [["id", "built", "seen", "note"], ["a", "2024-02-29", "2024-02-29T12:30:00Z", "2024-02-30"], ["b", date(45_351), null, "x"]]; // prettier-ignore
    await timeline.sync(bytes(book([["Pumps", rows]])));
    expect(timeline.query("SELECT built, seen, note FROM XlsxPlant.Pumps ORDER BY UserLabel")).to.deep.equal([
      { built: "2024-02-29", seen: "2024-02-29T12:30:00.000Z", note: "2024-02-30" },
      { built: "2024-02-29", note: "x" },
    ]);
  });
});

describe("A number of a workbook", () => {
  const numbers: Record<string, unknown> = {
    "0.1": 0.1,
    "0.10000000000000001": 0.1,
    "1.2345678901234567E+19": 1.2345678901234567e19,
    "9007199254740991": 9007199254740991,
    "9007199254740993": "9007199254740993",
    "-12345678901234567890": "-12345678901234567890",
    "123456789012345": 123456789012345,
  };
  for (const [written, expected] of Object.entries(numbers))
    it(`is exact: ${written}`, async () => {
      expect(await valueOf(`<c><v>${written}</v></c>`)).to.equal(expected);
      expect(await valueOf(`<c r="B2" s="0" t="n"><f>1+1</f><v>${written}</v></c>`), "of a formula").to.equal(expected);
    });

  it("is no text of many digits, nor the other way round", async () => {
    expect(await valueOf('<c t="str"><v>9007199254740993</v></c>')).to.equal("9007199254740993");
    expect(await valueOf(text(t("0012")))).to.equal("0012");
  });

  it("can be a date of ISO 8601, true, a share or a time", async () => {
    expect(await valueOf('<c t="d"><v>2024-02-29T12:30:00</v></c>')).to.equal("2024-02-29T12:30:00");
    expect(await valueOf('<c t="d"><v>2024-02-29T12:30:00.000Z</v></c>')).to.equal("2024-02-29T12:30:00.000");
    expect(await valueOf('<c s="1" t="d"><v>2024-02-29T00:00:00.000Z</v></c>')).to.equal("2024-02-29");
    expect(await valueOf('<c t="d"><f>TODAY()</f><v>2024-02-29T00:00:00Z</v></c>')).to.equal("2024-02-29");
    expect(await valueOf("<c t='d'><v>2024-02-29</v></c>")).to.equal("2024-02-29");
    expect(await valueOf('<c t="b"><v>1</v></c>')).to.equal(true);
    const cells = [{ t: "n", v: 0.25, z: "0%" }, date(0.5, "hh:mm"), { t: "e", v: 42 }] as Content[];
    const [table] = await openSheets(bytes(book([["S", [["id", "a", "b", "c"], ["x", ...cells]]]]))); // prettier-ignore
    expect(table!.rows[1]).to.deep.equal(["x", 0.25, "12:00", undefined]);
  });

  it("is another one after an edit of its last digit", async () => {
    const timeline = new ConnectorTimeline(connectorModule, "plant.xlsx");
    const content = (digit: number) => xmlBook(`${header}<row>${text(t("P-1"))}<c><v>900719925474099${digit}</v></c></row>`); // prettier-ignore
    expect(await timeline.sync(content(4))).to.deep.equal([1, 0, 0]);
    expect(await timeline.sync(content(5))).to.deep.equal([0, 1, 0]);
    expect(timeline.query("SELECT v FROM XlsxPlant.Pumps")).to.deep.equal([{ v: "9007199254740995" }]);
  });
});
