import { expect } from "chai";
import { NotImportedReports } from "../../../src/sync/items/NotImportedReports.js";

const space = { what: "Space boundary", reason: "not supported", example: "#7" };

describe("NotImportedReports", () => {
  let reports: NotImportedReports;
  beforeEach(() => (reports = new NotImportedReports()));

  it("sums up by what and reason, keeps the first example, and puts the most frequent first", () => {
    reports.add({ ...space, reason: "no shape" }, "0x1");
    reports.add({ ...space, example: "#8", count: 2 }, "0x1");
    reports.add({ ...space, example: "#9" }, "0x1");
    expect(reports.sum).to.deep.equal({
      entries: [
        { ...space, example: "#8", count: 3 },
        { ...space, reason: "no shape", count: 1 },
      ],
      unlisted: 0,
    });
  });

  it("tells what and reason apart whatever they consist of", () => {
    reports.add({ what: "a b", reason: "c", example: "1" }, undefined);
    reports.add({ what: "a", reason: "b c", example: "2" }, undefined);
    reports.add({ what: "__proto__", reason: "constructor", example: "3" }, undefined);
    expect(reports.sum.entries.map(({ example }) => example)).to.deep.equal(["1", "2", "3"]);
  });

  it("refuses what is no report, and members that it does not know", () => {
    for (const wrong of [null, undefined, "text", [], { ...space, cuont: 5 }, { ...space, example: undefined }])
      expect(() => reports.add(wrong as never, "0x1"), JSON.stringify(wrong)).to.throw("reportNotImported takes what");
    expect(reports.sum.entries).to.deep.equal([]);
  });

  it("puts a report down to the document that it names", () => {
    reports.add({ ...space, document: "0x2" }, "0x1");
    expect([reports.of("0x1").entries.length, reports.of("0x2").entries.length]).to.deep.equal([0, 1]);
  });

  it("sums up over documents", () => {
    reports.add(space, "0x1");
    reports.add({ ...space, example: "other", count: 4 }, "0x2");
    expect(reports.sum.entries).to.deep.equal([{ ...space, count: 5 }]);
    expect(reports.of("0x2").entries).to.deep.equal([{ ...space, example: "other", count: 4 }]);
    expect(reports.of("0x3")).to.deep.equal({ entries: [], unlisted: 0 });
  });

  it("recalls earlier reports of a document only as long as there are no new ones", () => {
    reports.recall("0x1", { entries: [{ ...space, count: 7 }], unlisted: 2 });
    expect(reports.sum).to.deep.equal({ entries: [{ ...space, count: 7 }], unlisted: 2 });
    reports.add(space, "0x2");
    expect(reports.sum.entries).to.deep.equal([{ ...space, count: 8 }]);
    reports.add(space, "0x1");
    expect(reports.sum).to.deep.equal({ entries: [{ ...space, count: 2 }], unlisted: 0 });
  });

  it("lists a thousand combinations and counts the others", () => {
    for (let index = 0; index < 1500; index++) reports.add({ ...space, reason: `reason ${index}` }, "0x1");
    reports.add({ ...space, reason: "reason 3", count: 10 }, "0x1");
    reports.add({ ...space, reason: "reason 1499", count: 10 }, "0x1");
    const { entries, unlisted } = reports.sum;
    expect(entries).to.have.length(1000);
    expect(entries[0]).to.include({ reason: "reason 3", count: 11 });
    expect(unlisted).to.equal(510);
  });

  it("puts each text in one line", () => {
    const report = { what: " Space\nboundary", reason: "not\r\n  supported", example: "#7\n" };
    reports.add(report, "0x1");
    reports.add(report, "0x2");
    expect(reports.sum.entries).to.deep.equal([{ ...space, count: 2 }]);
  });

  it("shortens long texts", () => {
    reports.add({ what: "w".repeat(1000), reason: "r".repeat(1000), example: "e".repeat(1000) }, undefined);
    reports.add({ what: "w".repeat(1000), reason: "r".repeat(1000), example: "other" }, undefined);
    const [entry, ...others] = reports.sum.entries;
    expect(others).to.deep.equal([]);
    expect(entry).to.deep.equal({
      what: `${"w".repeat(199)}…`,
      reason: `${"r".repeat(199)}…`,
      example: `${"e".repeat(199)}…`,
      count: 2,
    });
  });

  it("ignores a count of zero", () => {
    reports.add({ ...space, count: 0 }, "0x1");
    expect(reports.sum.entries).to.deep.equal([]);
  });

  for (const count of [-1, 0.5, NaN, Infinity, "2" as unknown as number])
    it(`refuses a count of ${count}${typeof count === "string" ? " as a text" : ""}`, () => {
      expect(() => reports.add({ ...space, count }, "0x1")).to.throw("a whole number as count");
    });

  for (const name of ["what", "reason", "example"] as const)
    it(`refuses a report without ${name}`, () => {
      expect(() => reports.add({ ...space, [name]: undefined as unknown as string }, "0x1")).to.throw("as texts");
    });
});
