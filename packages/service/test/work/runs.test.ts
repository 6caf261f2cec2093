import { expect } from "chai";
import { randomUUID } from "node:crypto";
import { readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { temporaryFolder } from "../../../../test/support/temporary.js";
import { Configurations } from "../../src/runs/settings/Configurations.js";
import { tasksOf, WorkTest, type FileOfRun } from "./WorkTest.js";

const kit = { categories: ["Steel"], parts: [{ id: "a", size: 1 }, { id: "b" }] };

describe("A run", () => {
  let work: WorkTest;
  beforeEach(async () => (work = await WorkTest.start({ limits: { runSeconds: 3600, runAttempts: 2 } })));
  afterEach(() => work.close());

  it("brings all files in, and is published whole", async () => {
    const workers = work.work();
    const id = await work.request(
      { content: kit },
      { connectorType: "CSV", path: "/lists/pumps.csv", content: "id,name\n1,Pump\n" },
    );
    const run = await work.ended(id);
    expect(run).to.include({ result: "Success", state: "Completed", worker_id: null, error: null, attempts: 1 });
    expect(run.ended_at!.getTime()).to.be.greaterThan(run.started_at.getTime());
    for (const task of tasksOf(run)) {
      expect(task).to.include({ state: "Completed", result: "Success", retryAttempts: 0 });
      expect(task.startDateTime! <= task.endDateTime!).to.equal(true);
    }
    expect(run.jobs.map(({ state, result }) => [state, result])).to.deep.equal([
      ["Completed", "Success"],
      ["Completed", "Success"],
    ]);
    expect(tasksOf(run)[0]!.report).to.include({ message: "3 new, 0 changed, 0 unchanged, 0 deleted." });
    expect(await work.publishedBy()).to.deep.equal([id, id]);
    const reports = await work.context.db.selectFrom("task_reports").selectAll().execute();
    expect(reports).to.have.lengthOf(2);
    expect(reports[0]!.report).to.nested.include({ "counts.new": 3 });
    await workers.close();
    expect(readdirSync(join(resolve(work.context.config.dataDirectory), "work")), "work folder").to.deep.equal([]);
  });

  it("reports what was not imported, and counts each sort of it in each task", async () => {
    const leftOut = [{ what: "Screw", reason: "too small", example: "s1", count: 3 }];
    const id = await work.request({ connectorType: "MISCHIEF", content: { ...kit, leftOut } }, { content: kit });
    work.work();
    const [task, other] = tasksOf(await work.ended(id));
    expect(task!.report).to.include({ totalWarningsCount: 1, totalOtherIssuesCount: 0 });
    expect(other!.report).to.include({ totalWarningsCount: 0, totalOtherIssuesCount: 0 });
    const reports = await work.context.db.selectFrom("task_reports").selectAll().execute();
    const { report } = reports.find((row) => row.task_id === task!.id)!;
    expect(report).to.deep.include({ notImported: leftOut, unlistedNotImported: 0 });
  });

  it("reports how many entities were skipped", async () => {
    const skipped = [{ kind: "Pump", identifier: "P-1", reason: { code: "kit/bad", message: "It is bad." } }];
    const id = await work.request({ connectorType: "MISCHIEF", content: { ...kit, skipped } });
    work.work();
    const [task] = tasksOf(await work.ended(id));
    expect(task!.report).to.include({ message: "3 new, 0 changed, 0 unchanged, 0 deleted, 1 skipped." });
    const [row] = await work.context.db.selectFrom("task_reports").selectAll().execute();
    expect(row!.report).to.include({ skipped: 1 });
  });

  it("follows the options of its connection @all", async () => {
    const leftOut = [{ what: "Screw", reason: "too small", example: "s1" }];
    const content = { ...kit, leftOut };
    work.work();
    await work.setOptions({ strict: true });
    const strict = await work.ended(await work.request({ connectorType: "MISCHIEF", content }));
    const [refused] = tasksOf(strict);
    expect(refused!.error).to.include({ errorCode: "run/not-imported" });
    const optionOf = (name: string) => `${name} is one of the runOptions of the connection`;
    expect(refused!.report!.suggestedAction)
      .to.match(/ or run without strict\. /)
      .and.contain(optionOf("strict"));
    const storageFileId = randomUUID();
    await work.setOptions({ maxDeletions: "0", schemaContract: "freeze" });
    const first = await work.ended(await work.request({ storageFileId, content: kit }));
    expect(tasksOf(first)[0]!.result).to.equal("Success");
    const less = await work.ended(await work.request({ storageFileId, content: { ...kit, parts: [] } }));
    const { error } = tasksOf(less)[0]!;
    expect(error).to.include({ errorCode: "run/too-many-deletions" });
    expect(error!.details)
      .to.match(/with maxDeletions \d, or none/)
      .and.contain(optionOf("maxDeletions"));
    expect(error!.details).not.to.contain("--");
  });

  it("gives connectors the settings that they follow, and keeps the others for itself", async () => {
    const { db } = work.context;
    const { itwin_id, imodel_id } = await db.selectFrom("connections").selectAll().executeTakeFirstOrThrow();
    const configurations = new Configurations(db);
    await configurations.create({ iTwinId: itwin_id }, { skipRvtReprojection: true, maxDeletions: "7%" });
    await configurations.create({ iTwinId: itwin_id, iModelId: imodel_id }, { enableFileNamePolicy: true });
    const id = await work.request({ connectorType: "MISCHIEF", content: { ...kit, mischief: "settings" } });
    work.work();
    const [task] = tasksOf(await work.ended(id));
    expect(task!.error!.message).to.equal('{"skipRvtReprojection":true,"enableFileNamePolicy":true}');
  });

  it("finds the reference files beside the file that names them, and does named files first", async () => {
    const diary = join(temporaryFolder(), "diary");
    const master: FileOfRun = {
      path: "/site/master.json",
      content: { ...kit, references: ["refs/other.json"], diary },
      connectorType: "MISCHIEF",
    };
    const reference: FileOfRun = {
      path: "/site/refs/other.json",
      content: { categories: ["Wood"], parts: [{ id: "c" }] },
    };
    work.work();
    const run = await work.ended(await work.request({ ...reference, phase: "ReferenceFile" }, master));
    const [other, first] = tasksOf(run);
    expect([first!.result, other!.result], JSON.stringify(run.jobs)).to.deep.equal(["Success", "Success"]);
    expect(first!.report!.message).to.contain("5 new");
    expect(first!.endDateTime! <= other!.startDateTime!).to.equal(true);
    expect(run.phase).to.equal("ReferenceFile");
  });

  it("tells where in a file a problem lies, and not where the service kept the file", async () => {
    const path = "/lists/pumps.csv";
    const id = await work.request({ connectorType: "CSV", path, content: 'id,name\n1,"Pump\n' });
    work.work();
    const [task] = tasksOf(await work.ended(id));
    expect(task!.error!.details).to.match(/^lists\/pumps\.csv, /);
    const reports = await work.context.db.selectFrom("task_reports").selectAll().execute();
    expect(JSON.stringify([task, reports])).not.to.contain(resolve(work.context.config.dataDirectory, "work"));
  });

  it("goes on where a connector type is not known, a file cannot be had, or a connector fails", async () => {
    const id = await work.request(
      { connectorType: "MSTN", content: "whatever" },
      { content: kit },
      { connectorType: "MISCHIEF", content: { ...kit, mischief: "binary" } },
      { content: "not there" },
    );
    work.files.contents.delete(tasksOf(await work.run(id))[2]!.storageFileId!);
    work.work();
    const run = await work.ended(id);
    expect(run.result).to.equal("PartialSuccess");
    expect(run.jobs.map(({ result }) => result)).to.deep.equal(["Error", "PartialSuccess", "Error"]);
    const [unknown, good, missing, failed] = tasksOf(run);
    expect(unknown!.error).to.include({ errorCode: "service/unknown-connector-type", system: "connector" });
    expect(unknown!.error!.message).to.contain("MSTN");
    expect(good!.error).to.equal(undefined);
    expect(missing!.error).to.include({ errorCode: "service/source-unavailable", phase: "fetch" });
    expect(failed!.error).to.deep.equal({
      errorCode: "kit/binary",
      message: "read \ufffd and \ufffd where a number should be",
      details: "kit.json, line 7: Look at the line.",
      system: "connector",
      phase: "data",
      category: "Source",
      descriptionKey: "kit/binary",
      description: "Look at the line.",
      kbArticleLink: "",
      canUserFix: true,
    });
    expect(failed!.report).to.include({ totalErrorsCount: 1, suggestedAction: "Look at the line." });
    expect(await work.publishedBy()).to.deep.equal([id]);
  });

  it("writes nothing the second time where nothing changed", async () => {
    work.work();
    const storageFileId = randomUUID();
    await work.ended(await work.request({ content: kit, storageFileId }));
    const run = await work.ended(await work.request({ content: kit, storageFileId }));
    expect(tasksOf(run)[0]!.report!.message).to.match(/^0 new, 0 changed, .* 0 deleted/);
  });

  it("repeats a task that can be repeated, and counts that", async () => {
    work.work();
    const run = await work.ended(
      await work.request({ connectorType: "MISCHIEF", content: { ...kit, mischief: "retriable" } }),
    );
    expect(run.result).to.equal("Error");
    expect(tasksOf(run)[0]).to.include({ retryAttempts: 1 });
    expect(tasksOf(run)[0]!.error).to.include({ errorCode: "kit/busy", category: "Transient", canUserFix: false });
  });

  it("is attempted again after a fault of the service, and given up after so many attempts @all", async () => {
    work.histories.failures = 1;
    work.work();
    const lucky = await work.ended(await work.request({ content: kit }));
    expect(lucky).to.include({ result: "Success", attempts: 2 });
    expect(tasksOf(lucky)[0]).to.include({ retryAttempts: 1, result: "Success" });
    work.histories.failures = 2;
    const unlucky = await work.ended(await work.request({ content: { ...kit, parts: [{ id: "x" }] } }));
    expect(unlucky).to.include({ result: "Error", attempts: 2 });
    expect(unlucky.error!.description).to.contain("another worker was quicker");
    expect(tasksOf(unlucky)[0]).to.include({ result: "Error" });
  });

  it("is cancelled while a connector is at work, and keeps what was done", async () => {
    work.work();
    const until = join(temporaryFolder(), "go");
    const busy: FileOfRun = { connectorType: "MISCHIEF", content: { ...kit, mischief: "wait", until } };
    const id = await work.request({ content: kit }, busy);
    await work.until(id, (run) => tasksOf(run)[1]!.state === "Executing");
    await work.change(id, { cancel_requested: true });
    const run = await work.ended(id);
    expect(run.result).to.equal("Cancelled");
    expect(run.error).to.deep.equal({ errorKey: "service/cancelled", description: "The run was cancelled." });
    expect(tasksOf(run).map(({ result }) => result)).to.deep.equal(["Success", "Cancelled"]);
    expect(await work.publishedBy()).to.deep.equal([id]);
    writeFileSync(until, "");
  });

  it("is cancelled before it begins, also where there is no worker", async () => {
    const id = await work.request({ content: kit });
    await work.change(id, { cancel_requested: true });
    work.context.config.workers = 0;
    work.work();
    const run = await work.ended(id);
    expect(run).to.include({ result: "Cancelled", attempts: 0 });
    work.context.config.workers = 2;
    const other = await work.request({ content: kit });
    await work.change(other, { cancel_requested: true });
    expect(await work.ended(other)).to.include({ result: "Cancelled" });
    expect(await work.publishedBy()).to.deep.equal([]);
  });

  it("is handed on when the service closes, which is no attempt, and goes on elsewhere", async () => {
    const until = join(temporaryFolder(), "go");
    const id = await work.request({ connectorType: "MISCHIEF", content: { ...kit, mischief: "wait", until } });
    const closing = work.work();
    await work.until(id, (run) => tasksOf(run)[0]!.state === "Executing");
    await closing.close();
    const waiting = await work.run(id);
    expect(waiting).to.include({ state: "Queued", attempts: 0, worker_id: null });
    expect(tasksOf(waiting)[0]).to.include({ state: "Queued", retryAttempts: 0 });
    writeFileSync(until, "");
    work.work();
    expect(await work.ended(id)).to.include({ result: "Success", attempts: 1 });
  });

  it("is finished when the service closes, where it has the time", async () => {
    const id = await work.request({ content: kit });
    const closing = work.work({ closing: 30 });
    await work.until(id, (run) => tasksOf(run)[0]!.state === "Executing");
    await closing.close();
    expect(await work.run(id)).to.include({ result: "Success" });
  });
});
