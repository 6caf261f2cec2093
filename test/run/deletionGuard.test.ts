import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { ConnectorError } from "itwin-connector-framework";
import { SnapshotDb, Subject } from "@itwin/core-backend";
import { StreamTimeline } from "../connector/stream/StreamTimeline.js";
import type { TestEntity } from "../connector/stream/StreamTestConnector.js";
import { KitTimeline } from "../kit/KitTimeline.js";
import { query } from "../support/iModels.js";
import { Job } from "../sync/Job.js";
import { temporaryFolder } from "../support/temporary.js";
import { expectFailure, trees, Workplace } from "../support/Workplace.js";

function pumps(count: number, more: Partial<TestEntity> = {}): TestEntity[] {
  return Array.from({ length: count }, (_, index) => ({ kind: "Pump", id: `p${index}`, ...more }));
}

function groups(count: number): TestEntity[] {
  return Array.from({ length: count }, (_, index) => ({ kind: "Group", id: `g${index}` }));
}

const code = "run/too-many-deletions";

describe("A run that deletes entities", () => {
  let timeline: StreamTimeline;
  beforeEach(() => (timeline = new StreamTimeline()));

  /** Expects that the next state of the source is refused, and that the iModel stays. */
  async function refusal(source: TestEntity[]): Promise<ConnectorError> {
    const { content } = timeline;
    const { error, status } = await timeline.run(source);
    expect(error?.code, error?.message).to.equal(code);
    expect(status).not.to.equal(0);
    expect(timeline.content).to.equal(content);
    expect(readdirSync(timeline.folder).sort()).to.deep.equal(["source.bim", "source.json"]);
    return error!;
  }

  it("succeeds with half of a hundred", async () => {
    await timeline.sync(pumps(100));
    expect((await timeline.sync(pumps(50))).counts.deleted).to.equal(50);
  });

  it("is refused with more than half of a hundred, with the number of each kind and a way to go on", async () => {
    await timeline.sync([...pumps(60), ...groups(40)]);
    const { message, advice, phase } = await refusal([...pumps(29), ...groups(20)]);
    expect(message).to.equal("The run would delete 51 of the 100 entities of source.json: 31 Pump, 20 Group.");
    expect(advice).to.contain("--max-deletions 51%").and.contain("none");
    expect(phase).to.equal("deletion");

    timeline.options = { maxDeletions: "51%" };
    expect((await timeline.sync([...pumps(29), ...groups(20)])).counts.deleted).to.equal(51);
  });

  it("succeeds with almost all of fewer than a hundred", async () => {
    await timeline.sync(pumps(99));
    expect((await timeline.sync(pumps(1))).counts.deleted).to.equal(98);
  });

  it("counts only what the document had before, not what is new", async () => {
    await timeline.sync(pumps(100));
    const renamed = pumps(100).map((pump) => ({ ...pump, id: `new ${pump.id}` }));
    expect((await refusal([...pumps(49), ...renamed])).message).to.contain("51 of the 100 entities");
  });

  it("counts entities whose element was replaced as ones that were there", async () => {
    await timeline.sync(pumps(120));
    const replaced = pumps(60, { type: "Port" });
    expect((await timeline.sync(replaced)).counts).to.deep.include({ replaced: 60, deleted: 60 });
  });

  it("is refused if the source is empty of all but one entity", async () => {
    await timeline.sync(pumps(150));
    expect((await refusal(pumps(1))).message).to.contain("149 of the 150");
  });

  it("is not refused if deletions are not detected", async () => {
    await timeline.sync(pumps(150));
    timeline.args = { doDetectDeletedElements: false };
    expect((await timeline.sync(pumps(1))).counts.deleted).to.equal(0);
  });

  it("is refused as a dry run too", async () => {
    await timeline.sync(pumps(150));
    timeline.options = { dryRun: true };
    await refusal(pumps(1));
  });

  it("has no limit with none", async () => {
    await timeline.sync(pumps(150));
    timeline.options = { maxDeletions: "none" };
    expect((await timeline.sync(pumps(1))).counts.deleted).to.equal(149);
  });

  for (const [maxDeletions, passing, refused, advised] of [
    ["5%", 1, 2, "10%"],
    ["7.5%", 1, 2, "10%"],
    ["0%", 0, 1, "5%"],
    [3, 3, 4, "4"],
    ["3", 3, 4, "4"],
    [0, 0, 1, "1"],
    ["100%", 19, undefined, ""],
  ] as const)
    it(`keeps to ${typeof maxDeletions === "number" ? "the number" : ""} ${maxDeletions} however few there are`, async () => {
      await timeline.sync(pumps(20));
      timeline.options = { maxDeletions };
      if (refused !== undefined)
        expect((await refusal(pumps(20 - refused))).advice).to.contain(`--max-deletions ${advised},`);
      const changed = [...pumps(20 - passing), { kind: "Group", id: "new" }];
      expect((await timeline.sync(changed)).counts.deleted).to.equal(passing);
    });

  for (const maxDeletions of ["101%", "-1", -1, "5 %", "half", "", "1.5", NaN, Infinity, "1e3"])
    it(`does not take ${JSON.stringify(maxDeletions)} for a limit`, async () => {
      timeline.options = { maxDeletions };
      expect((await timeline.run(pumps(1))).error?.code).to.equal("usage/max-deletions");
      expect(existsSync(timeline.iModelPath)).to.equal(false);
    });

  it("names the ten most frequent kinds", async () => {
    const classes = Array.from({ length: 12 }, (_, index) => ({ name: `Kind${index}` }));
    const entities = classes.flatMap(({ name }, index) =>
      Array.from({ length: 20 - index }, (_, number) => ({ kind: name, id: `${number}` })),
    );
    const schema = { name: "Stream", classes };
    await timeline.sync({ schema, entities });
    const { error } = await timeline.run({ schema, entities: entities.slice(0, 1) });
    expect(error?.message).to.contain(": 19 Kind0, 19 Kind1, 18 Kind2,").and.contain("11 Kind9, 19 others.");
  });

  it("is not refused if it unmaps the document", async () => {
    await timeline.sync(pumps(150));
    timeline.options = { unmap: true };
    expect((await timeline.sync(pumps(150))).counts.deleted).to.equal(150);
  });
});

describe("A run of several documents", () => {
  const parts = (count: number, prefix: string) =>
    Array.from({ length: count }, (_, index) => ({ id: `${prefix}${index}` }));
  const master = { categories: ["Steel"], references: ["small.json"], parts: parts(1000, "m") };
  let timeline: KitTimeline;

  beforeEach(async () => {
    timeline = new KitTimeline();
    timeline.write(master);
    timeline.write({ parts: parts(120, "s") }, "small.json");
    await timeline.resync();
  });

  it("is refused if one of them loses more than half of its own entities", async () => {
    timeline.write({ parts: parts(40, "s") }, "small.json");
    const { error } = await timeline.run();
    expect(error?.message).to.equal("The run would delete 80 of the 120 entities of small.json: 80 Part.");
    expect(timeline.partLabels()).to.have.length(1120);
  });

  it("is refused if one of them vanishes", async () => {
    timeline.write({ ...master, references: [] });
    expect((await timeline.run()).error?.message).to.contain("120 of the 120 entities of small.json");
  });

  it("counts a number for all of them together", async () => {
    timeline.write({ ...master, parts: parts(998, "m") });
    timeline.write({ parts: parts(118, "s") }, "small.json");
    const { error } = await timeline.run({}, {}, { maxDeletions: 3 });
    expect(error?.message).to.equal("The run would delete 4 of the 1121 entities of all documents: 4 Part.");
    expect((await timeline.run({}, {}, { maxDeletions: 4 })).counts.deleted).to.equal(4);
  });

  it("does not count a document that it leaves alone", async () => {
    await timeline.resync({ severalFiles: true });
    timeline.write({ ...master, parts: parts(400, "m") });
    const { error } = await timeline.run({ severalFiles: true, leaveOut: ["small.json"] });
    expect(error?.message).to.contain("600 of the 1001 entities of kit.json");
  });
});

describe("A Synchronizer", () => {
  let imodel: SnapshotDb;
  beforeEach(() => (imodel = SnapshotDb.createEmpty(join(temporaryFolder(), "x.bim"), { rootSubject: { name: "x" } })));
  afterEach(() => imodel.close());

  const items = Array.from({ length: 150 }, (_, index) => ({ id: `i${index}` }));

  it("has no limit of its own", () => {
    const job = new Job(imodel, "job");
    job.run(items);
    expect(job.run([]).statistics.deleted).to.equal(150);
  });

  it("refuses deletions beyond a limit that it gets, before it deletes anything", () => {
    const job = new Job(imodel, "job");
    job.run(items);
    expect(() => job.run(items.slice(0, 70), { percent: 50 })).to.throw("80 of the 150 entities of job: 80 Item.");
    expect(query(imodel, "SELECT ECInstanceId FROM generic.PhysicalObject")).to.have.length(150);
  });

  it("adds up scopes that are too small for a limit of their own", () => {
    const job = new Job(imodel, "job");
    const scopes = Array.from({ length: 30 }, (_, index) => Subject.insert(imodel, job.subjectId, `scope ${index}`));
    const scoped = scopes.flatMap((scope) => items.slice(0, 5).map(({ id }) => ({ id: `${scope} ${id}`, scope })));
    job.run(scoped);
    const limit = { percent: 50, from: 100 };
    expect(() => job.run(scoped.slice(0, 74), limit)).to.throw("76 of the 150 entities of all documents");
    expect(job.run(scoped.slice(0, 75), limit).statistics.deleted).to.equal(75);
  });
});

describe("connector-runner --max-deletions", () => {
  it("takes a percentage, a number or none @all", async () => {
    const workplace = new Workplace();
    const forest = Array.from({ length: 4 }, (_, index) => ({ ...trees[0]!, id: `t${index}` }));
    workplace.write(forest);
    await workplace.run();
    workplace.write(forest.slice(0, 2));
    expectFailure(
      await workplace.run("--max-deletions", "25%"),
      1,
      `error [${code}]`,
      "2 of the 4",
      "--max-deletions 50%",
    );
    expectFailure(await workplace.run("--maxDeletions=1"), 1, `error [${code}]`, "--max-deletions 2, or none");
    expectFailure(await workplace.run("--max-deletions", "many"), 2, "error [usage/max-deletions]");
    expect((await workplace.run("--max-deletions", "none")).exitCode).to.equal(0);
  });
});
