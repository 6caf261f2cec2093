import { expect } from "chai";
import type { SchemaDescription } from "itwin-connector-framework";
import { counted, issueCodes, StreamTimeline } from "./stream/StreamTimeline.js";
import type { TestEntity } from "./stream/StreamTestConnector.js";

const good: TestEntity = { kind: "Pump", id: "good", data: { flow: 1 } };
const port = (property: string, id: string): TestEntity => ({
  kind: "Port",
  id: "port",
  relationships: [{ property, target: { kind: "Pump", id } }],
});

/** Entities that the iModel would keep only a part of, with the code and the words of the error. */
const faults: Record<string, [entity: TestEntity, code: string, words: string]> = {
  "a property in another case": [
    { ...good, id: "a", data: { Flow: 1 } },
    "sync/unknown-property",
    'no property "Flow"',
  ],
  "a text for a number": [{ ...good, id: "a", data: { flow: "1" } }, "sync/invalid-value", 'flow is "1"'],
  "a geometry without a placement": [
    { ...good, id: "a", data: { geom: [{ sphere: { center: [0, 0, 0], radius: 1 } }] } },
    "sync/missing-value",
    "geometry",
  ],
  "a misspelt navigation property": [port("pomp", "good"), "sync/unknown-property", 'no property "pomp"'],
  "a misspelt navigation property to an entity that comes later": [
    port("pomp", "later"),
    "sync/unknown-property",
    'no property "pomp"',
  ],
  "a navigation property to an entity of another class": [
    { ...port("pump", "a"), relationships: [{ property: "pump", target: { kind: "Port", id: "other" } }] },
    "sync/invalid-value",
    "must be the id of a Stream:Pump",
  ],
  "a property of a relationship in another case": [
    {
      ...good,
      id: "a",
      relationships: [{ className: "Stream:Feeds", target: { kind: "Pump", id: "good" }, properties: { Rate: 1 } }],
    },
    "sync/unknown-property",
    'Stream:Feeds has no property "Rate"',
  ],
  "an unknown class": [{ ...good, id: "a", type: "Pomp" }, "sync/unknown-class", "Stream:Pomp"],
  "no element": [{ ...good, id: "a", fails: "nothing" }, "stream/no-element", "toElement returned undefined"],
};

describe("StreamConnector, for values that the iModel cannot hold,", () => {
  let timeline: StreamTimeline;
  beforeEach(() => (timeline = new StreamTimeline()));

  for (const [what, [entity, code, words]] of Object.entries(faults))
    it(`ends the run at ${what}`, async () => {
      const entities = [good, { kind: "Port", id: "other" }, entity, { ...good, id: "later" }];
      const { error } = await timeline.run(entities);
      expect(error?.code).to.equal(code);
      expect(error?.message).to.include(`${entity.kind} "${entity.id}"`).and.to.include(words);
      expect(error?.source).to.deep.equal({ file: "source.json", line: 3 });
      const skipping = await timeline.run({ entities, invalidValues: "skippable" });
      expect(issueCodes(skipping)).to.deep.equal([code]);
      expect(counted(skipping), "the others").to.deep.equal([3, 0, 0, 0]);
    });

  it("refuses a relationship between elements of other classes than its class allows", async () => {
    const feeds = (kind: string, id: string) => ({ className: "Stream:Feeds", target: { kind, id } });
    const group: TestEntity = { kind: "Group", id: "group" };
    const errorOf = async (entities: TestEntity[]) => (await timeline.run(entities)).error;
    const wrongTarget = await errorOf([group, { ...good, relationships: [feeds("Group", "group")] }]);
    expect(wrongTarget?.code).to.equal("sync/invalid-value");
    expect(wrongTarget?.message).to.match(
      /^Pump "good": Stream:Feeds.target is "0x[0-9a-f]+", but must be the id of a BisCore:PhysicalElement/,
    );
    const wrongSource = await errorOf([{ ...group, relationships: [feeds("Pump", "good")] }, good]);
    expect(wrongSource?.message).to.match(/^Group "group": Stream:Feeds.source is/);
  });

  it("checks a navigation property that is set at the end of the stream", async () => {
    const late = [port("pump", "later"), { kind: "Pump", id: "later", type: "Port" }];
    const { error } = await timeline.run(late);
    expect(error?.code).to.equal("sync/invalid-value");
    expect(error?.message).to.match(
      /^Port "port": Stream:Port.pump is "0x[0-9a-f]+", but must be the id of a Stream:Pump/,
    );
  });

  it("keeps the old element of an entity that it skips", async () => {
    await timeline.sync([good]);
    const bad = { ...good, data: { flow: "5" } };
    const result = await timeline.sync({ entities: [bad], invalidValues: "skippable" });
    expect(result.issues[0]?.message).to.match(
      /^source.json, line 1: Pump "good" was skipped: Pump "good": Stream:Pump.flow/,
    );
    expect(timeline.labels("SELECT flow FROM Stream.Pump")).to.deep.equal([[1]]);
    expect(counted(await timeline.sync({ entities: [{ ...good, data: { flow: 5 } }] }))).to.deep.equal([0, 1, 0, 0]);
  });

  it("takes the names of classes with a dot", async () => {
    const related = [
      { property: "pump", className: "Stream.PortRefersToPump", target: { kind: "Pump", id: "late" } },
      { className: "Stream.Feeds", target: { kind: "Pump", id: "good" } },
    ];
    const dotted: TestEntity = {
      kind: "Port",
      id: "dotted",
      parent: { kind: "Pump", id: "good", className: "BisCore.ElementOwnsChildElements" } as never,
      relationships: related,
      data: { classFullName: "Stream.Port" },
      parts: [{ classFullName: "Stream.Pump", userLabel: "part" }],
      aspects: [{ classFullName: "Stream.Note", text: "a" }],
    };
    for (const first of [1, 2]) {
      const entities = [{ ...good, data: { flow: first } }, dotted, { ...good, id: "late" }];
      expect(issueCodes(await timeline.sync(entities))).to.deep.equal([]);
    }
    const read =
      "SELECT p.UserLabel, b.UserLabel b, n.text FROM Stream.Port p JOIN Stream.Pump b ON b.ECInstanceId=p.pump.Id";
    expect(timeline.labels(`${read} JOIN Stream.Note n ON n.Element.Id=p.ECInstanceId`)).to.deep.equal([
      ["dotted", "late", "a"],
    ]);
    expect(timeline.labels("SELECT count(*) FROM Stream.Feeds")).to.deep.equal([[1]]);
    const unknown = { ...good, data: { classFullName: "Stream.Pomp" } };
    expect((await timeline.run([unknown])).error?.code).to.equal("sync/unknown-class");
    const bare = { ...good, data: { classFullName: "Pump" } };
    expect((await timeline.run([bare])).error?.code).to.equal("sync/unknown-class");
  });

  it("takes null as no value", async () => {
    const classes: SchemaDescription["classes"] = [
      {
        name: "Pump",
        properties: [{ name: "place", type: "point3d" }],
        navigations: [{ name: "spare", target: "Pump" }],
      },
    ];
    const schema = { name: "Stream", classes };
    const pump = (data: object): TestEntity => ({ kind: "Pump", id: "pump", data: { ...data } });
    const held = () => timeline.labels("SELECT place, spare.Id FROM Stream.Pump");
    const nothing = { spare: null, place: null, parent: null, category: null, code: null };
    for (const data of [nothing, { place: [1, 2, 3] }, nothing]) {
      await timeline.sync({ schema, entities: [pump(data)] });
      expect(held()).to.have.length(1);
      expect(held()[0], JSON.stringify(data)).to.have.length(data === nothing ? 0 : 1);
    }
  });

  it("refuses a member of an entity with a misspelt name", async () => {
    const misspelt = { ...good, relationship: [], relationships: undefined } as TestEntity;
    const { error } = await timeline.run({ entities: [misspelt] });
    expect(error).to.include({ code: "stream/unknown-member", advice: 'Use "relationships".' });
    expect(error?.message).to.equal('Pump "good" has an unknown member "relationship".');
  });

  it("refuses an entity whose changes it could not notice", async () => {
    const stateless = { ...good, stateless: true };
    expect((await timeline.run([stateless])).error?.code).to.equal("stream/no-state");
    expect((await timeline.run([{ ...stateless, version: "" }])).error?.code).to.equal("stream/no-state");
    await timeline.sync([{ ...stateless, version: "1" }]);
    await timeline.sync([{ ...stateless, checksum: "1" }]);
  });
});
