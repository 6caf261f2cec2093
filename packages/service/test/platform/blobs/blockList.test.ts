import { expect } from "chai";
import { HttpError } from "../../../src/platform/errors.js";
import { readBlockList } from "../../../src/platform/blobs/BlockUploads.js";

describe("A list of blocks", () => {
  it("gives the ids in their order, wherever a block is to be found", () => {
    const xml = `<?xml version="1.0" encoding="utf-8"?>
      <BlockList><Latest>AAAB</Latest><Uncommitted> AAAA </Uncommitted><!-- <Latest>AAAC</Latest> --><Committed><![CDATA[AAAD]]></Committed></BlockList>`;
    expect(readBlockList(xml)).to.deep.equal(["AAAB", "AAAA", "AAAD"]);
  });

  it("may be empty", () => {
    expect(readBlockList("<BlockList/>")).to.deep.equal([]);
  });

  it("may be as long as the largest upload needs", () => {
    const ids = Array.from({ length: 50_000 }, (_, index) => Buffer.from(String(index)).toString("base64"));
    const xml = `<BlockList>${ids.map((id) => `<Latest>${id}</Latest>`).join("")}</BlockList>`;
    expect(readBlockList(xml)).to.deep.equal(ids);
  });

  for (const [what, xml] of [
    ["no XML", "AAAA"],
    ["nothing", ""],
    ["another document", "<Blocks><Latest>AAAA</Latest></Blocks>"],
    ["XML that is cut off", "<BlockList><Latest>AAAA</Latest>"],
    ["elements that are not closed", "<BlockList><Latest>AAAA</BlockList>"],
    ["longer than that", `<BlockList>${"<Latest>AAAA</Latest>".repeat(50_010)}</BlockList>`],
    ["an entity", '<!DOCTYPE BlockList [<!ENTITY a "AAAA">]><BlockList><Latest>&a;</Latest></BlockList>'],
    ["a document type", "<!DOCTYPE BlockList><BlockList><Latest>AAAA</Latest></BlockList>"],
  ] as const)
    it(`is refused if it is ${what}`, () => {
      expect(() => readBlockList(xml))
        .to.throw(HttpError)
        .with.property("status", 400);
    });
});
