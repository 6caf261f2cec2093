import { expect } from "chai";
import type { EntityRelationship } from "itwin-connector-framework";
import type { TestEntity } from "./stream/StreamTestConnector.js";
import { counted, expectNothingWritten, issueCodes, related, StreamTimeline } from "./stream/StreamTimeline.js";

const pump = (id: string, ...relationships: EntityRelationship[]): TestEntity => ({ kind: "Pump", id, relationships });
const port = (id: string, target?: string): TestEntity => ({
  kind: "Port",
  id,
  relationships: target === undefined ? [] : [{ property: "pump", target: { kind: "Pump", id: target } }],
});
const feeds = (id: string, rate?: number): EntityRelationship => ({
  className: "Stream:Feeds",
  target: { kind: "Pump", id },
  ...(rate !== undefined && { properties: { rate } }),
});

/** Another one in each run, so that the document is never skipped. */
let number = 0;
const other = (): TestEntity => ({ kind: "Group", id: "other", data: { note: `${number++}` } });

describe("StreamConnector, for link-table relationships,", () => {
  let timeline: StreamTimeline;
  beforeEach(() => (timeline = new StreamTimeline()));

  const links = () =>
    timeline.labels(
      `SELECT s.UserLabel, t.UserLabel t, r.rate FROM Stream.Feeds r JOIN bis.Element s ON s.ECInstanceId=r.SourceECInstanceId
       JOIN bis.Element t ON t.ECInstanceId=r.TargetECInstanceId ORDER BY s.UserLabel, t.UserLabel`,
    );

  it("inserts them, also where the target comes later", async () => {
    const result = await timeline.sync([pump("a", feeds("b", 1), feeds("c")), pump("b"), pump("c", feeds("a", 2))]);
    expect(related(result)).to.deep.equal([3, 0, 0]);
    expect(issueCodes(result)).to.deep.equal([]);
    expect(links()).to.deep.equal([
      ["a", "b", 1],
      ["a", "c"],
      ["c", "a", 2],
    ]);
  });

  it("leaves them alone where nothing changed, in any order of the entities", async () => {
    const source = [pump("a", feeds("b", 1), feeds("c")), pump("b"), pump("c", feeds("a", 2)), other()];
    await timeline.sync(source);
    expectNothingWritten(await timeline.sync([...source].reverse()));
    expect(links()).to.have.length(3);
  });

  it("inserts, changes and deletes those that the entity gives in another way", async () => {
    await timeline.sync([pump("a", feeds("b", 1), feeds("c", 2)), pump("b"), pump("c"), pump("d")]);
    const result = await timeline.sync([pump("a", feeds("b", 5), feeds("d", 3)), pump("b"), pump("c"), pump("d")]);
    expect(related(result)).to.deep.equal([1, 1, 1]);
    expect(counted(result)).to.deep.equal([0, 1, 3, 0]);
    expect(links()).to.deep.equal([
      ["a", "b", 5],
      ["a", "d", 3],
    ]);
    await timeline.sync([pump("a", feeds("b"), feeds("d", 3)), pump("b"), pump("c"), pump("d")]);
    expect(links(), "a property that is gone is cleared").to.deep.equal([
      ["a", "b"],
      ["a", "d", 3],
    ]);
    expect(related(await timeline.sync([pump("a"), pump("b"), pump("c"), pump("d")]))).to.deep.equal([0, 0, 2]);
    expect(links()).to.deep.equal([]);
  });

  it("keeps them when their entity changes in another way", async () => {
    await timeline.sync([pump("a", feeds("b", 1)), pump("b")]);
    const result = await timeline.sync([{ ...pump("a", feeds("b", 1)), data: { flow: 3 } }, pump("b")]);
    expect(counted(result)).to.deep.equal([0, 1, 1, 0]);
    expect(related(result)).to.deep.equal([0, 0, 0]);
    expect(links()).to.deep.equal([["a", "b", 1]]);
  });

  it("reports a target that is not there, and inserts the relationship when it has come", async () => {
    const result = await timeline.sync([pump("a", feeds("b", 1)), pump("c")]);
    expect(issueCodes(result)).to.deep.equal(["stream/unresolved-target"]);
    expect(result.issues[0]!.message).to.equal('Pump "a" refers to Pump "b", which is not in the source.');
    expect(links()).to.deep.equal([]);

    const next = await timeline.sync([pump("a", feeds("b", 1)), pump("b"), pump("c")]);
    expect(counted(next), "a itself is unchanged").to.deep.equal([1, 0, 2, 0]);
    expect(issueCodes(next)).to.deep.equal([]);
    expect(links()).to.deep.equal([["a", "b", 1]]);
  });

  it("reports a target that is gone, and inserts the relationship anew when it is back", async () => {
    const whole = [pump("a", feeds("b", 1)), pump("b")];
    await timeline.sync(whole);
    const result = await timeline.sync([whole[0]!, other()]);
    expect(issueCodes(result)).to.deep.equal(["stream/unresolved-target"]);
    expect(counted(result)).to.deep.equal([1, 0, 1, 1]);
    expect(links()).to.deep.equal([]);
    expect(issueCodes(await timeline.sync([whole[0]!, other()])), "still gone").to.deep.equal([
      "stream/unresolved-target",
    ]);
    await timeline.sync(whole);
    expect(links()).to.deep.equal([["a", "b", 1]]);
  });

  it("keeps those to a target that is not to be deleted", async () => {
    await timeline.sync([pump("a", feeds("b", 1)), pump("b")]);
    timeline.args = { doDetectDeletedElements: false };
    expect(issueCodes(await timeline.sync([pump("a", feeds("b", 1)), other()]))).to.deep.equal([]);
    expect(links()).to.deep.equal([["a", "b", 1]]);
  });

  for (const order of ["before", "after"])
    it(`keeps those to a target that is replaced ${order} its unchanged source`, async () => {
      const source = pump("a", feeds("b", 1));
      await timeline.sync([source, pump("b")]);
      const target = { ...pump("b"), type: "Port" };
      const result = await timeline.sync(order === "before" ? [target, source] : [source, target]);
      expect(result.counts).to.include({ replaced: 1, unchanged: 1 });
      expect(links()).to.deep.equal([["a", "b", 1]]);
      await timeline.sync([source, target, { kind: "Group", id: "other" }]);
      expectNothingWritten(await timeline.sync([target, { kind: "Group", id: "other" }, source]));
    });

  it("keeps those of a source that is replaced", async () => {
    await timeline.sync([pump("a", feeds("b", 1)), pump("b")]);
    await timeline.sync([{ ...pump("a", feeds("b", 1)), type: "Port" }, pump("b")]);
    expect(links()).to.deep.equal([["a", "b", 1]]);
  });

  it("keeps those of an entity that is skipped", async () => {
    await timeline.sync([pump("a", feeds("b", 1)), pump("b")]);
    await timeline.sync([{ ...pump("a", feeds("c")), fails: "skippable" }, pump("b"), pump("c")]);
    expect(links()).to.deep.equal([["a", "b", 1]]);
  });

  it("never touches those that someone else has made", async () => {
    await timeline.sync([pump("a", feeds("b", 1)), pump("b"), pump("c")]);
    timeline.edit((imodel) => {
      const idOf = (label: string) =>
        imodel.withPreparedStatement(`SELECT ECInstanceId FROM Stream.Pump WHERE UserLabel='${label}'`, (statement) => {
          statement.step();
          return statement.getValue(0).getId();
        });
      const insert = (sourceId: string, targetId: string, rate: number) =>
        imodel.relationships.insertInstance({ classFullName: "Stream:Feeds", sourceId, targetId, rate } as never);
      insert(idOf("a"), idOf("c"), 77);
      insert(idOf("b"), idOf("a"), 88);
    });
    const theirs = [
      ["a", "c", 77],
      ["b", "a", 88],
    ];
    const changed = { ...pump("a"), data: { flow: 2 } };
    await timeline.sync([changed, { ...pump("b"), data: { flow: 2 } }, pump("c")]);
    expect(links()).to.deep.equal(theirs);

    const adopted = { ...pump("a", feeds("c", 5)), data: { flow: 2 } };
    expect(related(await timeline.sync([adopted, pump("b"), pump("c")]))).to.deep.equal([0, 0, 0]);
    await timeline.sync([changed, pump("b"), pump("c")]);
    expect(links(), "also where the source wants the same").to.deep.equal(theirs);
  });

  it("refuses those of a class that is not there", async () => {
    const target = { kind: "Pump", id: "b" };
    const { error } = await timeline.run([pump("b"), pump("a", { className: "Stream:Likes", target })]);
    expect(error?.code).to.equal("sync/unknown-class");
  });
});

describe("StreamConnector, for navigation properties,", () => {
  let timeline: StreamTimeline;
  beforeEach(() => (timeline = new StreamTimeline()));

  const navigations = () =>
    timeline.labels(
      "SELECT p.UserLabel, t.UserLabel t FROM Stream.Port p LEFT JOIN bis.Element t ON t.ECInstanceId=p.pump.Id ORDER BY p.UserLabel",
    );
  /** Those that lead to an element that is not there, or are null. */
  const leadNowhere = () =>
    timeline.labels("SELECT UserLabel FROM Stream.Port WHERE pump.Id IS NULL ORDER BY UserLabel");

  it("sets them at once where the target is there, and at the end where it comes later", async () => {
    const result = await timeline.sync([pump("a"), port("1", "a"), port("2", "b"), pump("b"), port("3")]);
    expect(result.elements).to.deep.equal({ inserted: 5, updated: 1, deleted: 0 });
    expect(navigations()).to.deep.equal([["1", "a"], ["2", "b"], ["3"]]);
  });

  it("leaves them alone where nothing changed", async () => {
    const source = [pump("a"), port("1", "a"), port("2", "b"), pump("b"), port("3"), other()];
    await timeline.sync(source);
    expectNothingWritten(await timeline.sync([...source].reverse()));
    expect(navigations()).to.deep.equal([["1", "a"], ["2", "b"], ["3"]]);
  });

  it("changes and clears them", async () => {
    await timeline.sync([pump("a"), pump("b"), port("1", "a"), port("2", "b")]);
    const result = await timeline.sync([pump("a"), pump("b"), port("1", "b"), port("2")]);
    expect(result.elements).to.deep.equal({ inserted: 0, updated: 2, deleted: 0 });
    expect(navigations()).to.deep.equal([["1", "b"], ["2"]]);
    expect(leadNowhere()).to.deep.equal([["2"]]);
  });

  it("keeps them when their entity changes in another way", async () => {
    await timeline.sync([port("1", "a"), pump("a")]);
    const result = await timeline.sync([{ ...port("1", "a"), data: { userLabel: "one" } }, pump("a")]);
    expect(result.elements.updated).to.equal(1);
    expect(navigations()).to.deep.equal([["one", "a"]]);
  });

  it("reports a target that is not there, and sets the property when it has come", async () => {
    expect(issueCodes(await timeline.sync([port("1", "a")]))).to.deep.equal(["stream/unresolved-target"]);
    expect(navigations()).to.deep.equal([["1"]]);
    const result = await timeline.sync([port("1", "a"), pump("a")]);
    expect(counted(result)).to.deep.equal([1, 0, 1, 0]);
    expect(navigations()).to.deep.equal([["1", "a"]]);
  });

  it("clears those to a target that is gone, and sets them again when it is back", async () => {
    await timeline.sync([port("1", "a"), pump("a")]);
    const result = await timeline.sync([port("1", "a"), other()]);
    expect(issueCodes(result)).to.deep.equal(["stream/unresolved-target"]);
    expect(result.counts.deleted).to.equal(1);
    expect(leadNowhere()).to.deep.equal([["1"]]);
    await timeline.sync([port("1", "a"), pump("a")]);
    expect(navigations()).to.deep.equal([["1", "a"]]);
  });

  for (const order of ["before", "after"])
    it(`follows a target that is replaced ${order} its unchanged source`, async () => {
      await timeline.sync([port("1", "a"), pump("a")]);
      const target = { ...pump("a"), pieces: ["x"], type: "Pump" };
      await timeline.sync([port("1", "a"), target]);
      const replaced = { kind: "Pump", id: "a", type: "Large" };
      const schema = {
        name: "Stream",
        classes: [
          { name: "Pump" },
          { name: "Large", baseClass: "Pump" },
          { name: "Port", navigations: [{ name: "pump", target: "Pump" }] },
        ],
      };
      const entities = order === "before" ? [replaced, port("1", "a")] : [port("1", "a"), replaced];
      const result = await timeline.sync({ schema, entities });
      expect(result.counts).to.include({ replaced: 1, unchanged: 1 });
      expect(navigations()).to.deep.equal([["1", "a"]]);
    });

  it("sets those that lead to the entity itself, and follows it when it is replaced", async () => {
    const schema = {
      name: "Stream",
      classes: [
        { name: "Pump", navigations: [{ name: "spare", target: "Pump" }] },
        { name: "Large", baseClass: "Pump" },
      ],
    };
    const entity = (flow: number, type: string, target = "a"): TestEntity => ({
      ...pump("a", { property: "spare", target: { kind: "Pump", id: target } }),
      type,
      data: { userLabel: `${flow}` },
    });
    const spares = () =>
      timeline.labels(
        "SELECT a.UserLabel, b.UserLabel b FROM Stream.Pump a JOIN Stream.Pump b ON b.ECInstanceId=a.spare.Id ORDER BY 1",
      );
    for (const [flow, type] of [
      [1, "Pump"],
      [2, "Pump"],
      [3, "Large"],
      [4, "Large"],
    ] as const) {
      await timeline.sync({ schema, entities: [entity(flow, type), pump("b")] });
      expect(spares()).to.deep.equal([[`${flow}`, `${flow}`]]);
      const again = await timeline.sync({ schema, entities: [pump("b"), entity(flow, type)] });
      expectNothingWritten(again);
    }
    await timeline.sync({ schema, entities: [entity(5, "Pump", "b"), pump("b")] });
    expect(spares(), "to another one").to.deep.equal([["5", "b"]]);
  });
});
