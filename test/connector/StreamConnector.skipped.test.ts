import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { counted, issueCodes, StreamTimeline } from "./stream/StreamTimeline.js";
import type { TestEntity, TestSource } from "./stream/StreamTestConnector.js";

const other: TestEntity = { kind: "Pump", id: "other", data: { flow: 1 } };
const whole: TestEntity = {
  kind: "Pump",
  id: "whole",
  data: { flow: 1 },
  pieces: ["piece"],
  parts: [{ userLabel: "part" }],
  notes: ["note"],
};
const noModel = { model: "0xfffff" };
const noAspect = { classFullName: "Stream:Pump", flow: 1 };

/** States of the entity that the iModel refuses only after it has written some of it. */
const refused: Record<string, [entity: TestEntity, code: string]> = {
  "a part": [{ ...whole, data: { flow: 2 }, pieces: ["new"], parts: [noModel] }, "sync/insert-failed"],
  "an aspect": [{ ...whole, data: { flow: 2 }, notes: ["new"], aspects: [noAspect] }, "sync/aspect-refused"],
  "a part of an element of another class": [
    { ...whole, type: "Port", data: {}, pieces: ["new", "piece"], parts: [{ userLabel: "x" }, noModel] },
    "sync/insert-failed",
  ],
  "the element": [{ ...whole, data: { flow: 2, ...noModel } }, "sync/insert-failed"],
};

const content = [
  "SELECT UserLabel, flow FROM Stream.Pump ORDER BY UserLabel",
  "SELECT UserLabel FROM Stream.Port",
  "SELECT text FROM Stream.Note",
  "SELECT Kind, Identifier, Checksum FROM bis.ExternalSourceAspect WHERE Kind<>'Stream test' ORDER BY ECInstanceId",
];

describe("StreamConnector, for an entity that the iModel refuses and that can be skipped,", () => {
  let timeline: StreamTimeline;
  beforeEach(() => (timeline = new StreamTimeline()));

  const source = (...entities: TestEntity[]): TestSource => ({ entities, invalidValues: "skippable" });
  const held = () => content.map((ecsql) => timeline.labels(ecsql));

  for (const [what, [entity, code]] of Object.entries(refused)) {
    it(`writes nothing of a new one if it refuses ${what}`, async () => {
      await timeline.sync(source(other));
      const before = held();
      const result = await timeline.sync(source(entity, other));
      expect(issueCodes(result)).to.deep.equal([code]);
      expect(result.issues[0]?.message).to.match(/^source.json, line 1: Pump "whole" was skipped: /);
      expect(result.skipped).to.equal(1);
      expect(counted(result)).to.deep.equal([0, 0, 1, 0]);
      expect(held()).to.deep.equal(before);
      expect(counted(await timeline.sync(source(whole, other)))).to.deep.equal([1, 0, 1, 0]);
    });

    it(`keeps the former state of a known one if it refuses ${what}`, async () => {
      await timeline.sync(source(whole, other));
      const before = held();
      const result = await timeline.sync(source(entity, { ...other, data: { flow: 3 } }));
      expect(issueCodes(result)).to.deep.equal([code]);
      expect(counted(result)).to.deep.equal([0, 1, 0, 0]);
      expect(result.elements).to.deep.equal({ inserted: 0, updated: 1, deleted: 0 });
      await timeline.sync(source(entity, other));
      expect(held(), "after it was tried again").to.deep.equal(before);
      const fixed = { ...whole, data: { flow: 4 } };
      expect(counted(await timeline.sync(source(fixed, other)))).to.deep.equal([0, 1, 1, 0]);
      expect(timeline.labels("SELECT flow FROM Stream.Pump WHERE UserLabel='whole'")).to.deep.equal([[4]]);
    });
  }

  it("keeps its former state when other entities refer to it afterwards", async () => {
    const port = {
      kind: "Port",
      id: "port",
      relationships: [{ property: "pump", target: { kind: "Pump", id: "whole" } }],
    };
    const child = { ...other, id: "child", parent: { kind: "Pump", id: "whole" } };
    await timeline.sync(source(whole));
    const [bad] = refused["a part"]!;
    await timeline.sync(source({ ...bad, relationships: [] }, port, child));
    const feeds = { className: "Stream:Feeds", target: { kind: "Pump", id: "child" } };
    await timeline.sync(
      source({ ...bad, relationships: [feeds] }, { ...port, data: {} }, { ...child, data: { flow: 5 } }),
    );
    expect(timeline.labels("SELECT UserLabel, flow FROM Stream.Pump WHERE Parent.Id IS NULL")).to.deep.equal([
      ["whole", 1],
    ]);
    expect(timeline.labels("SELECT count(*) FROM Stream.Feeds")).to.deep.equal([[0]]);
  });

  it("keeps its former state when what it referred to vanishes", async () => {
    const target = { property: "pump", target: { kind: "Pump", id: "other" } };
    const port = { kind: "Port", id: "port", data: { userLabel: "former" }, relationships: [target] };
    await timeline.sync(source(other, port));
    const bad = { ...port, data: { userLabel: "new" }, relationships: [], pieces: ["new"], parts: [noModel] };
    const result = await timeline.sync({ ...source(bad), document: { id: "source.json" } });
    expect(counted(result)).to.deep.equal([0, 0, 0, 1]);
    expect(timeline.labels("SELECT UserLabel, pump.Id FROM Stream.Port")).to.deep.equal([["former"]]);
  });

  it("ends the run with the entity and its place if it cannot be skipped", async () => {
    for (const [what, [entity, code]] of Object.entries(refused)) {
      const { error } = await timeline.run([other, entity]);
      expect(error?.code, what).to.equal(code);
      expect(error?.message, what).to.match(/^Pump "whole": Could not /);
      expect(error?.source, what).to.deep.equal({ file: "source.json", line: 2 });
    }
  });
});

describe("StreamConnector, for a reference that the iModel cannot hold,", () => {
  let timeline: StreamTimeline;
  beforeEach(() => (timeline = new StreamTimeline()));

  const group: TestEntity = { kind: "Group", id: "group" };
  const feedsGroup: TestEntity = {
    ...other,
    relationships: [{ className: "Stream:Feeds", target: { kind: "Group", id: "group" } }],
  };
  const port: TestEntity = {
    kind: "Port",
    id: "port",
    data: { userLabel: "a port" },
    relationships: [{ property: "pump", target: { kind: "Group", id: "group" } }],
  };

  for (const [name, entity] of Object.entries({ "a relationship": feedsGroup, "a navigation property": port })) {
    it(`skips the entity of ${name} whose target is there`, async () => {
      const result = await timeline.sync({ entities: [group, entity], invalidValues: "skippable" });
      expect(issueCodes(result)).to.deep.equal(["sync/invalid-value"]);
      expect(counted(result)).to.deep.equal([1, 0, 0, 0]);
    });

    it(`leaves out ${name} whose target comes later, and tries it again in the next run`, async () => {
      const rejects = join(timeline.folder, "rejects.jsonl");
      timeline.options = { rejects };
      const result = await timeline.sync({ entities: [entity, group], invalidValues: "skippable" });
      expect(issueCodes(result)).to.deep.equal(["sync/invalid-value"]);
      expect(result.issues[0]?.message).to.match(/^source.json, line 1: a reference was skipped: /);
      expect(result.skipped).to.equal(1);
      const [line] = readFileSync(rejects, "utf8").trim().split("\n");
      expect(JSON.parse(line!)).to.deep.include({
        kind: entity.kind,
        identifier: entity.id,
        place: { file: "source.json", line: 1 },
        data: entity.data,
      });
      expect(counted(result)).to.deep.equal([2, 0, 0, 0]);
      const again = await timeline.sync({ entities: [entity, group], invalidValues: "skippable" });
      expect(issueCodes(again)).to.deep.equal(["sync/invalid-value"]);
      expect(counted(again), "it is written only without the reference").to.deep.equal([0, 0, 1, 0]);
      const fixed = { ...entity, relationships: [] };
      expect(counted(await timeline.sync([fixed, group]))).to.deep.equal([0, 1, 1, 0]);
    });

    it(`ends the run at ${name} whose target comes later, with its place`, async () => {
      const { error } = await timeline.run([{ ...other, id: "first" }, entity, group]);
      expect(error?.code).to.equal("sync/invalid-value");
      expect(error?.source).to.deep.equal({ file: "source.json", line: 2 });
    });
  }

  it("reports an entity once, and makes its other references", async () => {
    const target = (id: string) => ({
      className: "Stream:Feeds",
      target: { kind: id === "group" ? "Group" : "Pump", id },
    });
    const entity = { ...other, relationships: [target("group"), target("late"), target("later")] };
    const pump = (id: string) => ({ ...other, id });
    const result = await timeline.sync({
      entities: [entity, pump("late"), group, pump("later")],
      invalidValues: "skippable",
    });
    expect(issueCodes(result)).to.deep.equal(["sync/invalid-value"]);
    expect(timeline.labels("SELECT count(*) FROM Stream.Feeds")).to.deep.equal([[2]]);
  });
});
