import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { RejectsFile } from "../../src/run/RejectsFile.js";
import { StreamTimeline } from "../connector/stream/StreamTimeline.js";
import type { TestEntity } from "../connector/stream/StreamTestConnector.js";
import { connectorRunner } from "../support/commandLine.js";
import { temporaryFolder } from "../support/temporary.js";
import { expectFailure, Workplace } from "../support/Workplace.js";

const good: TestEntity = { kind: "Pump", id: "good", data: { flow: 1 } };
const bad: TestEntity = { kind: "Pump", id: "bad", data: { flow: 2 }, fails: "skippable" };
const orphan: TestEntity = { kind: "Pump", id: "orphan", parent: { kind: "Pump", id: "gone" } };

function linesOf(path: string): unknown[] {
  const text = readFileSync(path, "utf8");
  expect(text).to.match(/\n$/);
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
}

describe("The file of rejects", () => {
  let timeline: StreamTimeline;
  let path: string;

  beforeEach(() => {
    timeline = new StreamTimeline();
    path = join(timeline.folder, "rejects.jsonl");
    timeline.options = { rejects: path };
  });

  it("holds kind, identifier, reason, place and data of each entity that was skipped", async () => {
    const result = await timeline.sync([bad, good, orphan]);
    expect(result.skipped).to.equal(2);
    expect(linesOf(path)).to.deep.equal([
      {
        kind: "Pump",
        identifier: "bad",
        reason: { code: "test/bad", message: "It is bad." },
        place: { file: "source.json", line: 1 },
        data: { flow: 2 },
      },
      {
        kind: "Pump",
        identifier: "orphan",
        reason: { code: "stream/unresolved-parent", message: 'its parent Pump "gone" is not there.' },
        place: { file: "source.json", line: 3 },
        data: {},
      },
    ]);
  });

  it("takes no other file", async () => {
    writeFileSync(path, "something else\n");
    const { error } = await timeline.run([bad]);
    expect(error).to.include({ code: "usage/rejects" });
    expect(readFileSync(path, "utf8")).to.equal("something else\n");
    expect(existsSync(timeline.iModelPath)).to.equal(false);
  });

  it("ends the run if an entity cannot be written to it", async () => {
    timeline.options = { rejects: "/dev/full" };
    expect((await timeline.run([bad, good])).error?.code).to.equal("run/rejects-not-writable");
    expect(existsSync(timeline.iModelPath)).to.equal(false);
  });

  it("holds an entity that comes twice in different states", async () => {
    const result = await timeline.sync([good, { ...good, data: { flow: 3 } }, good]);
    expect(result.skipped).to.equal(1);
    const [line, ...others] = linesOf(path) as { reason: unknown }[];
    expect(others).to.deep.equal([]);
    expect(line).to.deep.include({ identifier: "good", data: { flow: 3 } });
    expect(line!.reason).to.include({ code: "sync/duplicate-item" });
  });

  it("holds the same entities if the document is unchanged", async () => {
    const source = [good, { ...good, data: { flow: 3 } }, bad];
    await timeline.sync(source);
    const lines = linesOf(path);
    expect((await timeline.sync(source)).skipped).to.equal(2);
    expect(linesOf(path)).to.deep.equal(lines);
  });

  it("is not there if nothing was skipped, not even that of an earlier run", async () => {
    await timeline.sync([good, bad]);
    expect(existsSync(path)).to.equal(true);
    expect((await timeline.sync([good])).skipped).to.equal(0);
    expect(existsSync(path)).to.equal(false);
  });

  it("is replaced by each run", async () => {
    await timeline.sync([good, bad]);
    await timeline.sync([good, bad, { ...bad, id: "worse" }]);
    expect((linesOf(path) as { identifier: string }[]).map(({ identifier }) => identifier)).to.deep.equal([
      "bad",
      "worse",
    ]);
  });

  it("is complete if the run fails afterwards", async () => {
    const { error } = await timeline.run({ entities: [bad, good], breaksAfter: 1 });
    expect(error?.code).to.equal("test/broken");
    expect(linesOf(path)).to.have.length(1);
  });

  it("is written by a dry run too", async () => {
    timeline.options = { rejects: path, dryRun: true };
    await timeline.sync([bad, good]);
    expect(linesOf(path)).to.have.length(1);
  });

  it("is refused before the run if it cannot be written", async () => {
    timeline.options = { rejects: join(timeline.folder, "missing", "rejects.jsonl") };
    expect((await timeline.run([good])).error?.code).to.equal("run/rejects-not-writable");
    timeline.options = { rejects: timeline.folder };
    expect((await timeline.run([good])).error?.code).to.equal("run/rejects-not-writable");
    expect(existsSync(timeline.iModelPath)).to.equal(false);
  });

  it("is refused if it is the source", async () => {
    timeline.options = { rejects: join(timeline.folder, ".", "source.json") };
    expect((await timeline.run([good])).error?.code).to.equal("usage/rejects");
    expect(existsSync(timeline.options.rejects!)).to.equal(true);
  });

  it("does not keep a strict run from failing", async () => {
    timeline.options = { rejects: path, strict: true };
    const { error } = await timeline.run([bad, good]);
    expect(error?.code).to.equal("run/not-imported");
    expect(error?.message).to.contain('1 skipped (such as source.json, line 1: Pump "bad" was skipped: It is bad.)');
    expect(linesOf(path)).to.have.length(1);
  });
});

describe("A line of rejects", () => {
  /** What comes back of some data. */
  function written(data: unknown): Record<string, unknown> {
    const path = join(temporaryFolder(), "rejects.jsonl");
    const file = new RejectsFile(path);
    file.add({ kind: "K", identifier: "1", reason: { code: "c", message: "line\nbreak" }, data });
    file.close();
    return linesOf(path)[0] as Record<string, unknown>;
  }

  for (const [what, data, expected] of [
    ["large integers", 12345678901234567890n, "12345678901234567890"],
    ["numbers that are not finite", [NaN, -Infinity], ["NaN", "-Infinity"]],
    ["bytes in a Buffer", { bytes: Buffer.from("abc") }, { bytes: "YWJj" }],
    ["bytes in an array", new Uint8Array([97, 98, 99]), "YWJj"],
    ["dates", new Date(0), "1970-01-01T00:00:00.000Z"],
    ["texts of any characters", "😀\u2028\n\0", "😀\u2028\n\0"],
  ] as const)
    it(`keeps ${what}`, () => {
      expect(written(data).data).to.deep.equal(expected);
    });

  it("says that data was left out that leads back to itself", () => {
    const data: Record<string, unknown> = {};
    data.self = data;
    const line = written(data);
    expect(line).to.include({ kind: "K", identifier: "1" });
    expect(line.dataLeftOut).to.contain("circular");
  });
});

describe("connector-runner --rejects", () => {
  it("writes the rows of a table under the headers of their columns", async () => {
    const folder = temporaryFolder();
    const [source, rejects] = [join(folder, "plant.csv"), join(folder, "rejects.jsonl")];
    writeFileSync(source, "id,Max flow,station\na,1,\nb,2,gone\n");
    const mapping = { tables: { plant: { class: "Pump", parent: { column: "station", table: "plant" } } } };
    const module = fileURLToPath(new URL("../../connectors/csv/lib/index.js", import.meta.url));
    const args = ["--connectorModule", module, "--sourcePath", source, "--outputDir", folder, "--rejects", rejects];
    const { exitCode, stderr } = await connectorRunner([...args, "--argsJson", JSON.stringify({ mapping })]);
    expect(exitCode, stderr).to.equal(0);
    expect(linesOf(rejects)).to.deep.equal([
      {
        kind: "plant",
        identifier: "b",
        reason: { code: "stream/unresolved-parent", message: 'its parent plant "gone" is not there.' },
        place: { line: 3 },
        data: { id: "b", "Max flow": "2", station: "gone" },
      },
    ]);
  });

  it("refuses to take the source for it", async () => {
    const workplace = new Workplace();
    expectFailure(await workplace.run("--rejects", workplace.sourcePath), 2, "error [usage/rejects]");
    mkdirSync(join(workplace.folder, "rejects"));
    const outcome = await workplace.run("--rejects", join(workplace.folder, "rejects"));
    expectFailure(outcome, 1, "error [run/rejects-not-writable]");
  });
});
