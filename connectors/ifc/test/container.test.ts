import { existsSync } from "node:fs";
import { expect } from "chai";
import { houseText } from "./house.js";
import { placedFile } from "./placedFile.js";
import { IfcTimeline } from "./support.js";
import { zipOf } from "./zip.js";

describe("an IfcZIP", () => {
  let timeline: IfcTimeline;
  beforeEach(() => (timeline = new IfcTimeline("house.ifczip")));

  it("with one file is read as that file, and writes nothing when only the zip is another one", async () => {
    const [inserted] = await timeline.sync(zipOf({ "readme.txt": "Hello", "models/house.ifc": houseText }));
    expect(inserted).to.be.greaterThan(34);
    expect(timeline.count("SELECT 1 FROM Ifc.IfcWall")).to.equal(8);
    const other = zipOf({ "models/house.ifc": houseText, "__MACOSX/models/._house.ifc": "x" });
    expect(await timeline.sync(other)).to.deep.equal([0, 0, 0]);
  });

  it("with several files has a document for each that is named", async () => {
    const zip = zipOf({ "a/house.ifc": houseText, "box.IFC": placedFile() });
    const error = await timeline.refusal(zip);
    expect(error.code).to.equal("ifc/zip-several");
    expect(error.message).to.contain("a/house.ifc, box.IFC");
    expect(error.advice).to.contain('{"file":"a/house.ifc"}');
    timeline.args = { file: "a/house.ifc" };
    await timeline.result(zip);
    timeline.args = { file: "box.IFC" };
    const result = await timeline.result();
    expect(result.counts).to.include({ deleted: 0 });
    expect(timeline.count("SELECT 1 FROM Ifc.IfcProject")).to.equal(2);
    expect(timeline.count("SELECT 1 FROM bis.RepositoryLink")).to.be.greaterThan(1);
    expect(await timeline.sync(), "again").to.deep.equal([0, 0, 0]);
  });

  const refused: [what: string, zip: () => Buffer, code: string, args?: unknown][] = [
    ["that is cut off", () => zipOf({ "house.ifc": houseText }).subarray(0, 5000), "ifc/zip-damaged"],
    ["with a changed byte", () => withChange(zipOf({ "house.ifc": houseText }), 3000), "ifc/zip-damaged"],
    ["without a file", () => zipOf({}), "ifc/zip-empty"],
    ["without an IFC file", () => zipOf({ "a.txt": "a" }), "ifc/zip-empty"],
    ["with ifcXML", () => zipOf({ "a.ifcXML": "<ifcXML/>" }), "ifc/ifcxml"],
    ["without the file that is named", () => zipOf({ "a.ifc": houseText }), "ifc/zip-file", { file: "b.ifc" }],
    ["that is encrypted", () => encrypted(zipOf({ "a.ifc": houseText })), "ifc/zip-packed"],
    ["that unpacks to much more than it says", () => withSize(zipOf({ "a.ifc": houseText }), 100), "ifc/zip-damaged"],
    ["that says that it unpacks to 4 GB", () => withSize(zipOf({ "a.ifc": houseText }), 0xfffffff0), "ifc/zip-bomb"],
    [
      "that is the IFC file itself, with a name in the zip",
      () => Buffer.from(houseText),
      "ifc/options",
      { file: "b.ifc" },
    ],
    ["that is XML", () => Buffer.from('\ufeff<?xml version="1.0"?><ifcXML/>'), "ifc/ifcxml"],
  ];
  for (const [what, zip, code, args] of refused)
    it(`${what} is refused, with the file and what to do`, async () => {
      timeline.args = args;
      const error = await timeline.refusal(zip());
      expect(error.code, error.message).to.equal(code);
      expect(error.source?.file).to.match(/house\.ifczip$/);
      expect(existsSync(timeline.iModel)).to.equal(false);
    });

  it("with a file that is damaged names the zip and the line", async () => {
    const error = await timeline.refusal(zipOf({ "a.ifc": houseText.slice(0, 10_000) }));
    expect(error.code).to.equal("ifc/cut-off");
    expect(error.source?.file).to.match(/house\.ifczip$/);
    expect(error.source?.line).to.be.greaterThan(100);
  });
});

function withChange(zip: Buffer, at: number): Buffer {
  zip.writeUInt8(zip.readUInt8(at) ^ 0x55, at);
  return zip;
}

/** The entry in the directory at the end of a zip with one file. */
function entryOf(zip: Buffer): number {
  return zip.lastIndexOf("PK\x01\x02");
}

function encrypted(zip: Buffer): Buffer {
  zip.writeUInt16LE(1, entryOf(zip) + 8);
  return zip;
}

function withSize(zip: Buffer, size: number): Buffer {
  zip.writeUInt32LE(size, entryOf(zip) + 24);
  return zip;
}
