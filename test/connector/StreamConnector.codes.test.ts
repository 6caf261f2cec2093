import { expect } from "chai";
import { issueCodes, StreamTimeline } from "./stream/StreamTimeline.js";
import type { TestEntity, TestSource } from "./stream/StreamTestConnector.js";

const definitions = { categories: [{ name: "Equipment" }], codeSpecs: [{ name: "Tag" }] };

/** Pumps by their identifiers, with their tags. */
function pumps(tags: Record<string, string | undefined>, more: Partial<TestSource> = {}): TestSource {
  const entities = Object.entries(tags).map(([id, tag]): TestEntity => ({ kind: "Pump", id, tag }));
  return { definitions, entities, ...more };
}

describe("The codes of a StreamConnector", () => {
  let timeline: StreamTimeline;
  beforeEach(() => (timeline = new StreamTimeline()));

  const tags = () => {
    const rows = timeline.query("SELECT UserLabel, CodeValue FROM Stream.Pump ORDER BY UserLabel");
    return Object.fromEntries(rows.map((row): [string, unknown] => [row.userLabel as string, row.codeValue]));
  };

  for (const isSnapshot of [true, false])
    it(`are those of the source in a ${isSnapshot ? "snapshot" : "standalone iModel"}, wherever they move`, async () => {
      timeline.args = { isSnapshot };
      for (const state of [
        { a: "P-1", b: "P-2", c: "P-3" },
        { a: "P-2", b: "P-1", c: "p-3" },
        { d: "P-2", b: "p-2x", c: "P-1", a: "P-3" },
        { e: "p-1", a: "P-2" },
      ]) {
        await timeline.sync(pumps(state));
        expect(tags()).to.deep.equal(state);
      }
    });

  it("are not given where two entities want the same one, and the iModel stays as it was", async () => {
    await timeline.sync(pumps({ a: "P-1", b: "P-2" }));
    const before = timeline.content;
    const { error } = await timeline.run(pumps({ a: "P-1", b: "p-1" }));
    expect(error).to.include({ code: "sync/code-in-use", phase: "deletion" });
    expect(error?.message).to.equal('Pump "b" cannot have the code "p-1" of Tag, because Pump "a" has it.');
    expect(error?.source).to.deep.equal({ entity: "b" });
    expect(timeline.content).to.equal(before);
  });

  it("are not given where deletion is off and the former holder stays", async () => {
    await timeline.sync(pumps({ a: "P-1" }));
    timeline.args = { doDetectDeletedElements: false };
    const { error } = await timeline.run(pumps({ b: "P-1" }));
    expect(error).to.include({ code: "sync/code-in-use", phase: "finish" });
    expect(error?.message).to.contain('Pump "b"').and.to.contain('Pump "a"');
    await timeline.sync(pumps({ a: "P-2", b: "P-1" }));
    expect(tags()).to.deep.equal({ a: "P-2", b: "P-1" });
  });

  it("are left out where the connector lets the run go on, until they are free", async () => {
    const policy = { invalidValues: "skippable" } as const;
    await timeline.sync(pumps({ a: "P-1", b: "P-2" }, policy));
    const conflict = pumps({ a: "P-1", b: "P-1", c: "P-2" }, policy);
    const result = await timeline.sync(conflict);
    expect(issueCodes(result)).to.deep.equal(["sync/code-in-use"]);
    expect(result.issues[0]?.message).to.contain('Pump "b"').and.to.contain('Pump "a"');
    expect(tags()).to.deep.equal({ a: "P-1", b: undefined, c: "P-2" });
    const again = await timeline.sync(conflict);
    expect(issueCodes(again)).to.deep.equal(["sync/code-in-use"]);
    expect(again.counts).to.include({ changed: 1, unchanged: 2 });
    const free = await timeline.sync(pumps({ b: "P-1", c: "P-2" }, policy));
    expect(free.issues).to.deep.equal([]);
    expect(tags()).to.deep.equal({ b: "P-1", c: "P-2" });
  });

  it("are kept by an entity that is skipped, and whoever wants one reads why", async () => {
    await timeline.sync(pumps({ a: "P-1", b: "P-2" }));
    const next = pumps({ a: "P-3", b: "P-1" });
    next.entities[0]!.fails = "skippable";
    const { error, issues } = await timeline.run(next);
    expect(error).to.include({ code: "sync/code-in-use" });
    expect(error?.message).to.equal(
      'Pump "b" cannot have the code "P-1" of Tag, because Pump "a" has it. It was skipped, so that its element keeps what the run before has given it.',
    );
    expect(error?.advice).to.match(/^Fix Pump "a" in the source/);
    expect(issues.map(({ code }) => code)).to.deep.equal(["test/bad"]);
    expect(tags()).to.deep.equal({ a: "P-1", b: "P-2" });
    const result = await timeline.sync({ ...next, invalidValues: "skippable" });
    expect(issueCodes(result)).to.deep.equal(["test/bad", "sync/code-in-use"]);
    expect(result.issues[1]?.message).to.include("It was skipped");
    expect(tags()).to.deep.equal({ a: "P-1", b: undefined });
    await timeline.sync(pumps({ a: "P-3", b: "P-1" }));
    expect(tags()).to.deep.equal({ a: "P-3", b: "P-1" });
  });
});
