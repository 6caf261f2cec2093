import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { compareIModels, type RunResult } from "itwin-connector-framework";
import { StreamTimeline } from "../connector/stream/StreamTimeline.js";
import { connectorRunner } from "../support/commandLine.js";
import { expectFailure, Workplace } from "../support/Workplace.js";

const entities = [{ kind: "Pump", id: "a" }];
const touched = [...entities, { kind: "Pump", id: "b" }];
const leftOut = [
  { what: "Valve", reason: "not supported", example: "V-1" },
  { what: "Note", reason: "empty", example: "line 3", count: 1333 },
  { what: "Note", reason: "empty", example: "line 9" },
];
const summedUp = [
  { what: "Note", reason: "empty", example: "line 3", count: 1334 },
  { what: "Valve", reason: "not supported", example: "V-1", count: 1 },
];

describe("RunResult.notImported", () => {
  let timeline: StreamTimeline;
  beforeEach(() => (timeline = new StreamTimeline()));

  it("sums up what the connector reports", async () => {
    const result = await timeline.sync({ entities, leftOut });
    expect(result.notImported).to.deep.equal(summedUp);
    expect(result.unlistedNotImported).to.equal(0);
  });

  it("is empty if the connector reports nothing", async () => {
    expect((await timeline.sync(entities)).notImported).to.deep.equal([]);
  });

  it("repeats what was reported for a document that is unchanged", async () => {
    await timeline.sync({ entities, leftOut });
    const { documents, notImported } = await timeline.sync({ entities, leftOut });
    expect(documents).to.deep.equal({ new: 0, changed: 0, unchanged: 1 });
    expect(notImported).to.deep.equal(summedUp);
  });

  it("holds only new reports for a document that changed, and forgets them with the last one", async () => {
    await timeline.sync({ entities, leftOut });
    expect((await timeline.sync({ entities: touched, leftOut: [leftOut[0]!] })).notImported).to.deep.equal([
      summedUp[1],
    ]);
    expect((await timeline.sync({ entities })).notImported).to.deep.equal([]);
    expect((await timeline.sync({ entities })).notImported).to.deep.equal([]);
  });

  it("ends with what nobody misses", async () => {
    const remnant = { what: "Point", reason: "nothing refers to it", example: "#7", count: 5000, isLoss: false };
    const { notImported } = await timeline.sync({ entities, leftOut: [remnant, ...leftOut] });
    expect(notImported).to.deep.equal([...summedUp, remnant]);
  });

  it("counts the combinations that are too many to list, in later runs too", async () => {
    const many = Array.from({ length: 1002 }, (_, index) => ({ what: "Row", reason: `${index}`, example: "1" }));
    const countsOf = ({ notImported, unlistedNotImported }: RunResult) => [notImported.length, unlistedNotImported];
    expect(countsOf(await timeline.sync({ entities, leftOut: many }))).to.deep.equal([1000, 2]);
    expect(countsOf(await timeline.sync({ entities, leftOut: many }))).to.deep.equal([1000, 2]);
  });

  it("leaves an iModel that equals one that is made at once", async () => {
    await timeline.sync({ entities, leftOut: [leftOut[0]!] });
    await timeline.sync({ entities: touched, leftOut });
    const fresh = new StreamTimeline();
    await fresh.sync({ entities: touched, leftOut });
    const { isEqual } = await compareIModels(timeline.iModelPath, fresh.iModelPath);
    expect(isEqual).to.equal(true);
  });

  it("does not hold reports of a run that failed", async () => {
    await timeline.sync({ entities });
    const failed = await timeline.run({ entities: touched, leftOut, breaksAfter: 1 });
    expect(failed.error?.code).to.equal("test/broken");
    expect((await timeline.sync({ entities })).notImported).to.deep.equal([]);
  });

  it("is the connector's fault if a report is not one", async () => {
    const { error } = await timeline.run({ entities, leftOut: [{ ...leftOut[0]!, count: 0.5 }] });
    expect(error?.message).to.contain("reportNotImported takes what, reason and example");
  });
});

describe("A strict run", () => {
  let timeline: StreamTimeline;
  beforeEach(() => {
    timeline = new StreamTimeline();
    timeline.options = { strict: true };
  });

  it("succeeds if everything is imported", async () => {
    expect((await timeline.sync(entities)).counts.new).to.equal(1);
  });

  it("succeeds if nobody misses what is not imported", async () => {
    const remnant = { what: "Point", reason: "nothing refers to it", example: "#7", isLoss: false };
    const { error, notImported } = await timeline.run({ entities, leftOut: [remnant] });
    expect(error).to.equal(undefined);
    expect(notImported).to.deep.equal([{ ...remnant, count: 1 }]);
  });

  it("fails if something is not, names it, and makes no iModel", async () => {
    const { error, notImported } = await timeline.run({ entities, leftOut });
    expect(error?.code).to.equal("run/not-imported");
    expect(error?.message).to.contain("1334 Note (empty; such as line 3), 1 Valve (not supported; such as V-1)");
    expect(error?.advice).to.contain("--strict");
    expect(notImported).to.deep.equal(summedUp);
    expect(existsSync(timeline.iModelPath)).to.equal(false);
  });

  it("names the most frequent ones if there are many", async () => {
    const many = Array.from({ length: 1002 }, (_, index) => ({ what: "Row", reason: `r${index}`, example: "1" }));
    const { error } = await timeline.run({ entities, leftOut: [...many, { ...many[0]!, count: 5 }] });
    expect(error?.message).to.contain("does not import 6 Row (r0; such as 1), 1 Row (r1;").and.contain(", 997 others.");
  });

  it("leaves the iModel as it was", async () => {
    await timeline.sync({ entities });
    const { content } = timeline;
    expect((await timeline.run({ entities: touched, leftOut })).error?.code).to.equal("run/not-imported");
    expect(timeline.content).to.equal(content);
  });

  it("fails for an unchanged document that an earlier run imported only in part", async () => {
    timeline.options = {};
    await timeline.sync({ entities, leftOut });
    const { content } = timeline;
    timeline.options = { strict: true };
    const { error, documents } = await timeline.run({ entities, leftOut });
    expect(documents.unchanged).to.equal(1);
    expect(error?.code).to.equal("run/not-imported");
    expect(timeline.content).to.equal(content);
  });

  it("fails as a dry run too", async () => {
    timeline.options = { strict: true, dryRun: true };
    expect((await timeline.run({ entities, leftOut })).error?.code).to.equal("run/not-imported");
  });
});

describe("connector-runner", () => {
  const connector = `
    import TreeConnector from ${JSON.stringify(new URL("../../docs/examples/tree-connector.js", import.meta.url).href)};
    export default class extends TreeConnector {
      async updateExistingData() {
        for (let count = 0; count < 1334; count++)
          this.reportNotImported({ what: "Shrub", reason: "too\\nsmall", example: "#" + count });
        await super.updateExistingData();
      }
    }`;
  let workplace: Workplace;
  let args: string[];

  beforeEach(() => {
    workplace = new Workplace();
    const path = join(workplace.folder, "shrubs.mjs");
    writeFileSync(path, connector);
    args = ["--connectorModule", path, ...workplace.args.slice(2)];
  });

  it("prints a line for each sort of thing that was not imported", async () => {
    const { exitCode, stdout } = await connectorRunner(args);
    expect(exitCode).to.equal(0);
    expect(stdout.split("\n")).to.include("not imported: 1,334 Shrub; too small (such as #0)");
  });

  it("has them in its JSON", async () => {
    const { notImported } = JSON.parse((await connectorRunner([...args, "--json"])).stdout) as RunResult;
    expect(notImported).to.deep.equal([{ what: "Shrub", reason: "too small", example: "#0", count: 1334 }]);
  });

  it("fails with --strict, and leaves nothing", async () => {
    expectFailure(await connectorRunner([...args, "--strict"]), 1, "error [run/not-imported]", "1334 Shrub (too small");
    expect(existsSync(workplace.iModelPath)).to.equal(false);
  });
});
