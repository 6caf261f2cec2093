import { randomUUID } from "node:crypto";
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { AbandonedRuns } from "../../src/work/AbandonedRuns.js";
import { LeaseLost, RunLease } from "../../src/work/RunLeases.js";
import { isLongTest } from "../../../../test/support/long.js";
import { hasPostgres, startPostgres, type PostgresServer } from "../../../../test/support/postgres.js";
import { temporaryFolder } from "../../../../test/support/temporary.js";
import { tasksOf, WorkTest } from "./WorkTest.js";

const kit = { categories: ["Steel"], parts: [{ id: "a", size: 1 }] };

for (const place of ["embedded", "server"])
  describe(`The lease of a run (${place} database)${place === "server" ? " @all" : ""}`, () => {
    let postgres: PostgresServer | undefined;
    let work: WorkTest;
    before(async function () {
      if (place === "server" && !hasPostgres) this.skip();
      if (place === "server") postgres = await startPostgres();
    });
    beforeEach(async () => {
      work = await WorkTest.start({ databaseUrl: postgres?.url, limits: { runAttempts: 2 } });
    });
    afterEach(async () => {
      await work.context.db.deleteFrom("imodels").execute(); // and with it its runs, for the next test
      await work.close();
    });
    after(() => postgres?.stop());

    it("goes to one of many workers", async () => {
      const id = await work.request({ content: kit });
      const { queue } = work.context;
      const taken = await Promise.all(Array.from({ length: 20 }, () => queue.take(randomUUID(), 20)));
      expect(taken.filter((run) => run !== undefined)).to.have.lengthOf(1);
      expect(await work.run(id)).to.include({ state: "WaitingToExecute", attempts: 1 });
    });

    it("is given out in the order in which the runs came, to each worker another one", async () => {
      const { db, queue } = work.context;
      const ids: string[] = [];
      for (let i = 0; i < 3; i++) {
        const id = await work.request({ content: kit });
        await db.updateTable("runs").set({ imodel_id: randomUUID() }).where("id", "=", id).execute(); // one for each iModel
        ids.push(id);
      }
      expect((await queue.take("first", 20))?.id).to.equal(ids[0]);
      const others = await Promise.all([queue.take("second", 20), queue.take("third", 20)]);
      expect(others.map((run) => run?.id)).to.have.members(ids.slice(1));
      expect(await queue.take("fourth", 20)).to.equal(undefined);
    });

    it("is not given out before its delay is over", async () => {
      const id = await work.request({ content: kit });
      const { db, queue } = work.context;
      const { jobs } = (await queue.take("first", 20))!;
      await new RunLease(db, id, "first", 20).giveBack(jobs, { counts: true, delaySeconds: 1 });
      expect(await queue.take("second", 20), "during the delay").to.equal(undefined);
      await delay(1100);
      expect(await queue.take("second", 20)).to.include({ id, attempts: 2 });
    });

    it("is over when its time is, and its holder can do nothing more", async () => {
      const id = await work.request({ content: kit });
      const { db, queue } = work.context;
      const watch = new AbandonedRuns(work.context);
      const first = new RunLease(db, id, "first", 20);
      expect(await queue.take("first", 20)).not.to.equal(undefined);
      await first.renew();
      await watch.look();
      expect(await queue.take("second", 20), "while the lease lasts").to.equal(undefined);
      await endLease(work, id, "first");
      await watch.look();
      const second = await queue.take("second", 20);
      expect(second).to.include({ attempts: 2 });
      const { jobs } = second!;
      for (const attempt of [
        () => first.renew(),
        () => first.save({ state: "Executing", phase: "MasterFile", jobs }),
        () => first.finish(db, { result: "Success", jobs }),
        () => first.giveBack(jobs, { counts: true, delaySeconds: 0 }),
      ])
        expect(await attempt().catch((error: unknown) => error)).to.be.instanceOf(LeaseLost);
      expect(await work.run(id)).to.include({ worker_id: "second", result: "Undetermined" });
      await new RunLease(db, id, "second", 20).finish(db, { result: "Success", jobs });
      expect(await queue.take("third", 20), "a run that is over").to.equal(undefined);
    });

    it("passes to another worker, and after so many attempts the run is ended", async () => {
      const id = await work.request({ content: kit });
      const { db, queue, config } = work.context;
      config.workers = 0;
      work.work();
      for (const attempts of [1, 2]) {
        const run = await queue.take(`worker ${attempts}`, 60);
        expect(run).to.include({ attempts });
        const jobs = run!.jobs;
        Object.assign(jobs[0]!.tasks[0]!, { state: "Executing", startDateTime: new Date().toISOString() });
        await new RunLease(db, id, `worker ${attempts}`, 60).save({ state: "Executing", phase: "MasterFile", jobs });
        await endLease(work, id, `worker ${attempts}`);
        const after = await work.until(id, ({ worker_id: workerId }) => workerId === null);
        if (attempts === 1) {
          expect(after).to.include({ state: "Queued" });
          expect(tasksOf(after)[0]).to.include({ state: "WaitingToRetry", retryAttempts: 1 });
        }
      }
      const run = await work.ended(id);
      expect(run).to.include({ result: "Error" });
      expect(run.error).to.include({ errorKey: "service/worker-died" });
      expect(tasksOf(run)[0]!.error).to.include({ errorCode: "service/worker-died" });
    });

    it("passes from a dead worker to one that ends the run, and the attempt of the dead one counts", async () => {
      const id = await work.request({ content: kit });
      const { db, queue } = work.context;
      const { jobs } = (await queue.take("dead", 0))!;
      Object.assign(jobs[0]!.tasks[0]!, { state: "Completed", startDateTime: new Date().toISOString() });
      await new RunLease(db, id, "dead", 0).save({ state: "Executing", phase: "MasterFile", jobs });
      work.work();
      const run = await work.ended(id);
      expect(run).to.include({ result: "Success", attempts: 2 });
      expect(tasksOf(run)[0]).to.include({ retryAttempts: 1, result: "Success" });
      expect(await work.publishedBy()).to.deep.equal([id]);
    });

    it("is not needed to cancel a run that no worker has taken", async () => {
      const id = await work.request({ content: kit });
      work.context.config.workers = 0;
      await work.change(id, { cancel_requested: true });
      work.work();
      expect(await work.ended(id)).to.include({ result: "Cancelled", attempts: 0 });
    });
  });

describe("A worker that is killed @all", () => {
  let postgres: PostgresServer;
  let work: WorkTest;
  before(async function () {
    if (!hasPostgres) this.skip();
    postgres = await startPostgres();
    work = await WorkTest.start({ databaseUrl: postgres.url });
  });
  after(async () => {
    await work.close();
    await postgres.stop();
  });

  const processes: ChildProcess[] = [];
  afterEach(() => processes.forEach((child) => child.kill("SIGKILL")));

  const script = fileURLToPath(new URL("./workerProcess.ts", import.meta.url));
  const startWorker = () => {
    const args = {
      databaseUrl: postgres.url,
      dataDirectory: work.context.config.dataDirectory,
      files: [...work.files.contents],
    };
    const flags = [...process.execArgv, script, JSON.stringify(args)];
    const child = spawn(process.execPath, flags, { stdio: "inherit" });
    processes.push(child);
    return child;
  };

  it("takes a connector with it that never lets go of its thread", async () => {
    const diary = join(temporaryFolder(), "diary");
    const id = await work.request({ connectorType: "MISCHIEF", content: { ...kit, mischief: "loop", diary } });
    const worker = startWorker();
    await work.until(id, () => existsSync(diary));
    await delay(500); // so that it is in its loop
    worker.kill("SIGKILL");
    const connector = Number(readFileSync(diary, "utf8").trim());
    while (isAlive(connector)) await delay(50);
    await work.change(id, { cancel_requested: true });
    work.context.config.workers = 0;
    const watching = work.work();
    expect(await work.ended(id)).to.include({ result: "Cancelled", attempts: 1 });
    await watching.close();
  });

  for (let round = 0; round < (isLongTest ? 10 : 1); round++)
    it(`in the middle of a run (${round}) leaves it to another one, which ends it once`, async () => {
      const [until, diary] = [join(temporaryFolder(), "go"), join(temporaryFolder(), "diary")];
      const parts = [{ id: `a-${round}`, size: 1 }];
      const id = await work.request(
        { content: { ...kit, parts } },
        { connectorType: "MISCHIEF", content: { ...kit, parts, mischief: "wait", until, diary } },
      );
      const first = startWorker();
      await work.until(id, () => existsSync(diary));
      first.kill("SIGKILL");
      const connector = Number(readFileSync(diary, "utf8").trim());
      while (isAlive(connector)) await delay(50); // it ends with its worker

      writeFileSync(until, "");
      const workFolders = join(work.context.config.dataDirectory, "work");
      expect(readdirSync(workFolders), "the folder of the dead worker").to.have.lengthOf(1);
      startWorker();
      startWorker();
      const run = await work.ended(id);
      expect(run).to.include({ result: "Success", attempts: 2 });
      expect(tasksOf(run).map(({ retryAttempts }) => retryAttempts)).to.deep.equal([1, 1]);
      expect((await work.publishedBy()).filter((runId) => runId === id)).to.have.lengthOf.greaterThan(0);
      await delay(1000);
      expect((await work.run(id)).updated_at.getTime()).to.equal(run.updated_at.getTime());
      expect(readFileSync(diary, "utf8").trim().split("\n"), "runs of the connector").to.have.lengthOf(2);
      expect(readdirSync(workFolders)).to.deep.equal([]);
      rmSync(diary);
    });
});

/** Lets the time of a lease be over, as if its holder had not renewed it. A second ago, so that the clock is past it. */
async function endLease(work: WorkTest, runId: string, leaseId: string): Promise<void> {
  await new RunLease(work.context.db, runId, leaseId, -1).renew();
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
