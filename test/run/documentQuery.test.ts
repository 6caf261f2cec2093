import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import type { RunOptions } from "itwin-connector-framework";
import { documentQuery } from "../../src/run/documentQuery.js";
import { issueCodes, StreamTimeline } from "../connector/stream/StreamTimeline.js";

describe("Two URLs that differ in their query", () => {
  let timeline: StreamTimeline;

  beforeEach(() => {
    timeline = new StreamTimeline();
  });

  /** Runs on the source at a URL with this query. */
  const run = (query: string, ids: string[], options: RunOptions = {}) => {
    const url = pathToFileURL(join(timeline.folder, "source.json")).href;
    timeline.args = { dmsServerUrl: url + query };
    timeline.options = { cacheDirectory: join(timeline.folder, "cache"), ...options };
    return timeline.run({ entities: ids.map((id) => ({ kind: "Pump", id })) });
  };
  const pumps = () => timeline.labels("SELECT UserLabel FROM Stream.Pump ORDER BY UserLabel").flat();

  it("are refused as one document, with both queries", async () => {
    await run("?plant=1&rev=3", ["A"]);
    const { content } = timeline;
    for (const [query, shown] of [
      ["?plant=2&rev=3", 'the query "plant=2&rev=3"'],
      ["", "no query"],
    ] as const) {
      const { error } = await run(query, ["B"]);
      expect(error).to.include({ code: "source/other-query" });
      expect(error!.message).to.contain('the query "plant=1&rev=3"').and.to.contain(shown);
      expect(error!.advice).to.contain("documentName").and.to.contain("documentGuid");
    }
    expect(timeline.content).to.equal(content);
  });

  it("are refused where the first one had no query", async () => {
    await run("", ["A"]);
    expect((await run("?plant=2", ["B"])).error).to.include({ code: "source/other-query" });
    expect((await run("?plant=2", [], { unmap: true })).error).to.include({ code: "source/other-query" });
    expect(pumps()).to.deep.equal(["A"]);
  });

  it("are two documents with names of their own", async () => {
    await run("?plant=1", ["A"], { documentName: "plant 1" });
    const second = await run("?plant=2", ["B"], { documentName: "plant 2" });
    expect([second.error, issueCodes(second)]).to.deep.equal([undefined, []]);
    expect(pumps()).to.deep.equal(["A", "B"]);
  });

  it("are one document if they differ in a signature or in the order of parameters", async () => {
    await run("?plant=1&rev=3&sig=abc&se=2026-01-01&X-Amz-Date=1", ["A"]);
    const again = await run("?rev=3&plant=1&se=2027-01-01&sig=def&X-Amz-Date=2", ["A"]);
    expect([again.error, again.documents]).to.deep.equal([undefined, { new: 0, changed: 0, unchanged: 1 }]);
  });

  it("are one document if the run says so", async () => {
    await run("?plant=1", ["A"]);
    const documentName = pathToFileURL(join(timeline.folder, "source.json")).href;
    expect((await run("?plant=2", ["B"], { documentName })).counts).to.include({ new: 1, deleted: 1 });
  });
});

describe("The query of a URL, without what signs it,", () => {
  for (const [query, telling] of [
    ["X-Amz-Signature=1&X-Amz-Expires=60&X-Amz-Security-Token=x&doc=7", "doc=7"],
    ["sv=2022-11-02&sp=r&sr=b&st=a&se=b&sig=c&st2=kept", "st2=kept"],
    ["st=kept&sp=kept", "sp=kept&st=kept"],
    ["Expires=1&Signature=2&Key-Pair-Id=3&Policy=4", ""],
    ["access_token=1&expires_in=2&author=Ann&auth=3&expert=kept&signal=kept", "author=Ann&expert=kept&signal=kept"],
  ])
    it(`is "${telling}" of ${query}`, () => {
      expect(documentQuery(new URL(`https://example.com/a.csv?${query}`))).to.equal(telling);
    });
});
