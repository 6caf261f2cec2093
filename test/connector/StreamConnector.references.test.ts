import { expect } from "chai";
import { counted, expectNothingWritten, issueCodes, StreamTimeline } from "./stream/StreamTimeline.js";
import type { TestEntity } from "./stream/StreamTestConnector.js";

const pump = (id: string, flow = 1): TestEntity => ({ kind: "Pump", id, data: { flow } });
const target = { kind: "Pump", id: "b" };
const feeds = { className: "Stream:Feeds", target };
const leads = { property: "pump", target };

/** What an entity says of others, with the code and the message of the error. */
const faults: Record<string, [raw: Record<string, unknown>, code: string, message: RegExp]> = {
  "two targets of a navigation property": [
    { relationships: [leads, { property: "Pump", target: { kind: "Pump", id: "c" } }] },
    "sync/invalid-value",
    /"pump" is to lead to Pump "b" and to Pump "c"\.$/,
  ],
  "a navigation property that leads to one target by two classes": [
    { relationships: [leads, { ...leads, className: "Stream:PortRefersToPump" }] },
    "sync/invalid-value",
    /to Pump "b" and to Pump "b" by Stream:PortRefersToPump/,
  ],
  "two relationships to one target": [
    {
      relationships: [
        { ...feeds, properties: { rate: 1 } },
        { ...feeds, className: "stream.feeds", properties: { rate: 2 } },
      ],
    },
    "sync/invalid-value",
    /two relationships Stream:Feeds lead to Pump "b", with { rate: 1 } and { rate: 2 }/,
  ],
  "a relationship with and without properties": [
    { relationships: [feeds, { ...feeds, properties: { rate: 2 } }] },
    "sync/invalid-value",
    /with {} and { rate: 2 }/,
  ],
  "relationships that are null": [{ relationships: null }, "sync/invalid-value", /relationships is null/],
  "one relationship instead of an array": [{ relationships: feeds }, "sync/invalid-value", /must be an array/],
  "a relationship that is null": [{ relationships: [feeds, null] }, "sync/invalid-value", /relationships\[1\] is null/],
  "a relationship without a target": [
    { relationships: [{ className: "Stream:Feeds" }] },
    "sync/invalid-value",
    /relationships\[0\]\.target is undefined, but must be an object with kind and id/,
  ],
  "a target that is an identifier": [
    { relationships: [{ ...feeds, target: "b" }] },
    "sync/invalid-value",
    /target is "b"/,
  ],
  "a target with a number": [
    { relationships: [{ ...feeds, target: { kind: "Pump", id: 5 } }] },
    "sync/invalid-value",
    /target\.id is 5/,
  ],
  "a target without a kind": [{ relationships: [{ ...leads, target: { id: "b" } }] }, "sync/invalid-value", /kind is/],
  "a target within no element": [
    { relationships: [{ ...leads, target: { ...target, scope: "Site" } }] },
    "sync/invalid-value",
    /scope is "Site"/,
  ],
  "a target whose scope is null": [
    { relationships: [{ ...leads, target: { ...target, scope: null } }] },
    "sync/invalid-value",
    /scope is null/,
  ],
  "a relationship of no class": [{ relationships: [{ target }] }, "sync/invalid-value", /className, for a link/],
  "a navigation property without a name": [
    { relationships: [{ property: "", target }] },
    "sync/invalid-value",
    /property is ""/,
  ],
  "a class of elements as a relationship": [
    { relationships: [{ ...feeds, className: "Stream:Pump" }] },
    "sync/invalid-value",
    /Stream:Pump is no class of link-table relationships/,
  ],
  "the class of a navigation property as a relationship": [
    { relationships: [{ ...feeds, className: "Stream:PortRefersToPump" }] },
    "sync/invalid-value",
    /Stream:PortRefersToPump is no class of link-table/,
  ],
  "misspelt properties": [
    { relationships: [{ ...feeds, propertes: { rate: 1 } }] },
    "stream/unknown-member",
    /relationships\[0\] has an unknown member "propertes"/,
  ],
  "shortened properties": [{ relationships: [{ ...feeds, props: { rate: 1 } }] }, "stream/unknown-member", /"props"/],
  "a misspelt class": [{ relationships: [{ clasName: "Stream:Feeds", target }] }, "stream/unknown-member", /clasName/],
  "properties of a navigation property": [
    { relationships: [{ ...leads, properties: { rate: 1 } }] },
    "sync/invalid-value",
    /properties is { rate: 1 }, but must be left out/,
  ],
  "properties that are a number": [
    { relationships: [{ ...feeds, properties: 5 }] },
    "sync/invalid-value",
    /properties is 5/,
  ],
  "a parent that is null": [{ parent: null }, "sync/invalid-value", /parent is null/],
  "a parent that is an identifier": [{ parent: "b" }, "sync/invalid-value", /parent is "b"/],
  "a parent without an identifier": [{ parent: { kind: "Pump" } }, "sync/invalid-value", /parent\.id is undefined/],
};

describe("StreamConnector, for a fault of what an entity says of others,", () => {
  let timeline: StreamTimeline;
  beforeEach(() => (timeline = new StreamTimeline()));

  const others = [pump("b"), pump("c")];
  const port = (raw: Record<string, unknown>, id = "port"): TestEntity => ({ kind: "Port", id, raw });
  const held = () =>
    timeline.labels(
      "SELECT p.UserLabel, b.UserLabel b FROM Stream.Port p JOIN bis.Element b ON b.ECInstanceId=p.pump.Id",
    );

  it("ends the run with the entity and its place", async () => {
    for (const what of ["two targets of a navigation property", "misspelt properties", "a parent that is null"]) {
      const [raw, code, message] = faults[what]!;
      const { error } = await timeline.run([...others, port(raw)]);
      expect(error?.code, what).to.equal(code);
      expect(error?.message, what)
        .to.match(/^Port "port"/)
        .and.to.match(message);
      expect(error?.advice, what).to.match(/^(Give|Use) /);
      expect(error?.source, what).to.deep.equal({ file: "source.json", line: 3 });
    }
  });

  it("goes on without the entity if it can be skipped, and keeps what the iModel has of it", async () => {
    const sound = Object.keys(faults).map((what) => port({ relationships: [leads] }, what));
    await timeline.sync([...others, ...sound]);
    const before = held();
    const bad = Object.entries(faults).map(([what, [raw]]) => port(raw, what));
    const result = await timeline.sync({ entities: [...others, ...bad], invalidValues: "skippable" });
    for (const [index, [what, [, code, message]]] of Object.entries(faults).entries()) {
      expect(result.issues[index]?.code, what).to.equal(code);
      expect(result.issues[index]?.message, what).to.include(`Port "${what}" was skipped: Port "${what}"`);
      expect(result.issues[index]?.message, what).to.match(message);
    }
    expect(result.issues).to.have.length(bad.length);
    expect(result.skipped).to.equal(bad.length);
    expect(counted(result)).to.deep.equal([0, 0, 2, 0]);
    expect(held()).to.deep.equal(before).and.to.have.length(bad.length);
  });

  it("takes an entity again when it was corrected", async () => {
    await timeline.sync([...others, port({ relationships: [leads] })]);
    await timeline.sync({ entities: [...others, port({ relationships: null })], invalidValues: "skippable" });
    const other = { ...leads, target: { kind: "Pump", id: "c" } };
    expect(counted(await timeline.sync([...others, port({ relationships: [other] })]))).to.deep.equal([0, 1, 2, 0]);
    expect(held()).to.deep.equal([["port", "c"]]);
  });

  it("takes the same relationship twice, and members that are undefined", async () => {
    const twice = [leads, { ...leads }, feeds, { ...feeds, className: "Stream.Feeds", properties: {} }];
    const entities = [...others, port({ relationships: twice })];
    expect(issueCodes(await timeline.sync(entities))).to.deep.equal([]);
    expectNothingWritten(await timeline.sync(entities.reverse()));
  });
});
