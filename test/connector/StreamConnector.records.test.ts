import { renameSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { compareIModels, type EntityRelationship } from "itwin-connector-framework";
import { copyIModel } from "../support/copyIModel.js";
import type { TestEntity } from "./stream/StreamTestConnector.js";
import { counted, expectNothingWritten, issueCodes, related, StreamTimeline } from "./stream/StreamTimeline.js";

const feeds = (id: string, kind = "Pump"): EntityRelationship => ({ className: "Stream:Feeds", target: { kind, id } });
const pumpOf = (id: string): EntityRelationship => ({ property: "pump", target: { kind: "Pump", id } });

const first: TestEntity[] = [
  { kind: "Pump", id: "a", relationships: [feeds("b"), feeds("c")] },
  { kind: "Pump", id: "b", relationships: [feeds("p", "Port")] },
  { kind: "Pump", id: "c" },
  { kind: "Port", id: "p", relationships: [pumpOf("a")] },
  { kind: "Port", id: "q", relationships: [pumpOf("c")] },
];

/** `a` feeds `c` alone, `b` feeds nothing, `p` leads to `b`, and `c` is another class. */
const second: TestEntity[] = [
  { kind: "Pump", id: "a", relationships: [feeds("c")] },
  { kind: "Pump", id: "b" },
  { kind: "Pump", id: "c", type: "Port" },
  { kind: "Port", id: "p", relationships: [pumpOf("b")] },
  { kind: "Port", id: "q" },
];

describe("What a StreamConnector records of references", () => {
  let timeline: StreamTimeline;
  beforeEach(() => (timeline = new StreamTimeline()));

  const linksOf = (of: StreamTimeline) =>
    of.labels(
      `SELECT s.UserLabel, t.UserLabel t FROM Stream.Feeds r JOIN bis.Element s ON s.ECInstanceId=r.SourceECInstanceId
       JOIN bis.Element t ON t.ECInstanceId=r.TargetECInstanceId ORDER BY s.UserLabel, t.UserLabel`,
    );
  const pumpsOf = (of: StreamTimeline) =>
    of.labels(
      `SELECT p.UserLabel, t.UserLabel t FROM Stream.Port p JOIN bis.Element t ON t.ECInstanceId=p.Pump.Id ORDER BY p.UserLabel`,
    );
  const records = () =>
    timeline.query("SELECT JsonProperties j FROM bis.ExternalSourceAspect WHERE JsonProperties IS NOT NULL");

  /** Replaces the records by those that version 0.1 has written, with element ids. */
  const writeOldRecords = () =>
    timeline.edit((imodel) => {
      const rows = timeline.query(
        `SELECT x.ECInstanceId aspectId, x.Element.Id elementId, x.JsonProperties json FROM bis.ExternalSourceAspect x
         WHERE x.JsonProperties IS NOT NULL`,
      );
      for (const { aspectId, elementId } of rows) {
        const links = timeline
          .query(
            `SELECT ECInstanceId id, TargetECInstanceId t FROM Stream.Feeds WHERE SourceECInstanceId=${String(elementId)}`,
          )
          .map(({ id, t }) => [id, "Stream:Feeds", t]);
        const [port] = timeline.query(`SELECT Pump.Id p FROM Stream.Port WHERE ECInstanceId=${String(elementId)}`);
        const navigations = port?.p === undefined ? {} : { pump: port.p };
        const aspect = imodel.elements.getAspect(aspectId as string);
        const jsonProperties = JSON.stringify({ references: { links, navigations } });
        imodel.elements.updateAspect({ ...aspect.toJSON(), jsonProperties } as never);
      }
    });

  it("has no ids in it", async () => {
    await timeline.sync(first);
    expect(records()).to.have.lengthOf(4);
    for (const { j } of records()) expect(j).not.to.match(/0x/);
  });

  it("is the same in two iModels of one source", async () => {
    await timeline.sync(first);
    const other = new StreamTimeline();
    await other.sync([...second, { kind: "Pump", id: "gone", relationships: [feeds("a")] }]);
    await other.sync(first);
    const comparison = await compareIModels(timeline.iModelPath, other.iModelPath);
    expect(comparison.isEqual, JSON.stringify(comparison)).to.equal(true);
  });

  for (const scope of ["the physical model", "the scope"])
    it(`is the same in a snapshot and in a standalone iModel, with ${scope} as a scope`, async () => {
      const within: TestEntity[] = [
        { kind: "Pump", id: "scope" },
        { kind: "Pump", id: "a", scope },
        { kind: "Pump", id: "b", parent: { kind: "Pump", id: "a", scope } },
        {
          kind: "Pump",
          id: "c",
          relationships: [{ className: "Stream:Feeds", target: { kind: "Pump", id: "a", scope } }],
        },
        { kind: "Pump", id: "d", scope, relationships: [feeds("c")] },
      ];
      await timeline.sync(within);
      const other = new StreamTimeline();
      other.args = { isSnapshot: true };
      await other.sync([{ kind: "Pump", id: "moves the ids on" }, ...within]);
      await other.sync(within);
      const comparison = await compareIModels(timeline.iModelPath, other.iModelPath);
      expect(comparison.isEqual, JSON.stringify(comparison)).to.equal(true);
    });

  it("stays true when the iModel is copied and every element gets another id", async () => {
    await timeline.sync(first);
    const copy = join(timeline.folder, "copy.bim");
    await copyIModel(timeline.iModelPath, copy);
    renameSync(copy, timeline.iModelPath);
    expect(linksOf(timeline)).to.have.lengthOf(3);
    expectNothingWritten(await timeline.sync(first));
    const result = await timeline.sync(second);
    expect(issueCodes(result)).to.deep.equal([]);
    expect(related(result), "b to p and a to b are deleted, a to c follows").to.deep.equal([0, 1, 2]);
    expect(linksOf(timeline)).to.deep.equal([["a", "c"]]);
    expect(pumpsOf(timeline)).to.deep.equal([["p", "b"]]);
  });

  it("is understood as version 0.1 has written it", async () => {
    await timeline.sync(first);
    writeOldRecords();
    expectNothingWritten(await timeline.sync(first));
    const result = await timeline.sync(second);
    expect(counted(result)).to.deep.equal([0, 5, 0, 0]);
    expect(related(result)).to.deep.equal([0, 1, 2]);
    expect(linksOf(timeline)).to.deep.equal([["a", "c"]]);
    expect(pumpsOf(timeline)).to.deep.equal([["p", "b"]]);
    for (const { j } of records()) expect(j).not.to.match(/0x/);
  });

  it("follows a target that is replaced although the entity itself is unchanged", async () => {
    await timeline.sync(first);
    writeOldRecords();
    const replaced = first.map((entity) => (entity.id === "c" ? { ...entity, type: "Port" } : entity));
    await timeline.sync(replaced);
    await timeline.sync(replaced.map((entity) => (entity.id === "a" ? { ...entity, relationships: [] } : entity)));
    expect(linksOf(timeline)).to.deep.equal([["b", "p"]]);
  });

  it("follows a scope that is replaced", async () => {
    const within = (type: string, flow: number): TestEntity[] => [
      { kind: "Pump", id: "scope", type },
      { kind: "Pump", id: "a", scope: "the scope" },
      {
        kind: "Pump",
        id: "t",
        data: type === "Pump" ? { flow } : {},
        relationships: [{ className: "Stream:Feeds", target: { kind: "Pump", id: "a", scope: "the scope" } }],
      },
    ];
    await timeline.sync(within("Pump", 1));
    await timeline.sync(within("Port", 2));
    expect(linksOf(timeline)).to.deep.equal([["t", "a"]]);
    expectNothingWritten(await timeline.sync([...within("Port", 2)].reverse()));
  });

  it("stands beside what is recorded of federation GUIDs", async () => {
    const guid = "8f7a1a5e-3f0c-4d9a-9d5a-0f4f1a2b3c4d";
    const pumps = (a?: string, b?: string): TestEntity[] => [
      { kind: "Pump", id: "a", data: a === undefined ? {} : { federationGuid: a }, relationships: [feeds("b")] },
      { kind: "Pump", id: "b", data: b === undefined ? {} : { federationGuid: b } },
    ];
    await timeline.sync(pumps(guid));
    await timeline.sync(pumps());
    const [record] = records();
    expect(JSON.parse(record!.j as string)).to.deep.equal({
      federationGuid: "kept",
      references: { links: [["Stream:Feeds", ["Pump", "b"], null]], navigations: {} },
    });
    await timeline.sync(pumps(undefined, guid));
    const labels = timeline.query("SELECT FederationGuid, UserLabel FROM Stream.Pump");
    expect(labels.find(({ federationGuid }) => federationGuid === guid)?.userLabel).to.equal("b");
    expectNothingWritten(await timeline.sync(pumps(undefined, guid)));
    expect((await timeline.run(pumps(guid, guid))).error?.code).to.equal("sync/federation-guid-in-use");
    expect(linksOf(timeline)).to.deep.equal([["a", "b"]]);
  });

  it("is that of a link that is made, also for the first entity with one in a later run", async () => {
    const b: TestEntity = { kind: "Pump", id: "b" };
    await timeline.sync([b]);
    const both: TestEntity[] = [b, { kind: "Pump", id: "a", relationships: [feeds("b")] }];
    const result = await timeline.sync(both);
    expect(related(result)).to.deep.equal([1, 0, 0]);
    expect(linksOf(timeline)).to.deep.equal([["a", "b"]]);
    expect(records()).to.have.lengthOf(1);
    expectNothingWritten(await timeline.sync(both));
  });

  it("names targets in other scopes by what these stand for", async () => {
    const scope = "the physical model";
    const within: TestEntity[] = [
      { kind: "Pump", id: "a", scope, relationships: [feeds("b")] },
      {
        kind: "Pump",
        id: "b",
        relationships: [{ className: "Stream:Feeds", target: { kind: "Pump", id: "a", scope } }],
      },
    ];
    await timeline.sync(within);
    expect(linksOf(timeline)).to.have.lengthOf(2);
    for (const { j } of records()) expect(j).not.to.match(/0x/);
    const copy = join(timeline.folder, "copy.bim");
    await copyIModel(timeline.iModelPath, copy);
    renameSync(copy, timeline.iModelPath);
    expectNothingWritten(await timeline.sync({ entities: within, leftOut: [] }));
    const result = await timeline.sync(within.map((entity) => ({ ...entity, relationships: [] })));
    expect(related(result)).to.deep.equal([0, 0, 2]);
  });
});
