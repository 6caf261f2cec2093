import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { temporaryFolder } from "../../../../test/support/temporary.js";
import type { Mischief } from "./MischiefConnector.js";
import { tasksOf, WorkTest } from "./WorkTest.js";

const kit = { categories: ["Steel"], parts: [{ id: "a", size: 1 }] };

/** What a connector can do to its process, and what the task says of it then. */
const crashes: { mischief: Mischief; error: object; message: RegExp }[] = [
  {
    mischief: "exit",
    error: { errorCode: "service/connector-died", bridgeExitCode: 3 },
    message: /ended with exit code 3/,
  },
  {
    mischief: "segfault",
    error: { errorCode: "service/connector-died", bridgeExitCode: 139 },
    message: /was ended by SIGSEGV/,
  },
  {
    mischief: "heap",
    error: { system: "connector", canUserFix: false },
    message: /memory/, // whichever limit is reached first
  },
  {
    mischief: "memory",
    error: { errorCode: "service/out-of-memory", bridgeExitCode: 137 },
    message: /more than 600 MB/,
  },
  { mischief: "stray", error: { errorCode: "run/data-failed", phase: "data" }, message: /nobody catches this/ },
  { mischief: "hang", error: { errorCode: "run/data-failed" }, message: /nothing is left to wait for/ },
];

describe("A connector that misbehaves @all", () => {
  let work: WorkTest;
  const start = async (limits: object = {}) => {
    work = await WorkTest.start({ limits: { runSeconds: 3600, runAttempts: 2, runMegabytes: 600, ...limits } });
    work.work();
  };
  afterEach(() => work.close());

  for (const { mischief, error, message } of crashes)
    it(`(${mischief}) fails, and the next task is carried out`, async () => {
      await start();
      const run = await work.ended(
        await work.request({ connectorType: "MISCHIEF", content: { ...kit, mischief } }, { content: kit }),
      );
      const failed = tasksOf(run)[0]!;
      expect(failed.error).to.include(error);
      expect(failed.error!.message).to.match(message);
      expect(run).to.include({ result: "PartialSuccess", attempts: 1 });
      expect(await work.publishedBy()).to.deep.equal([run.id]);
    });

  it("(an endless loop) is ended when its time is over", async () => {
    const runSeconds = 3600;
    const deadline = holdTimer(runSeconds * 1000);
    await start({ runSeconds });
    const diary = join(temporaryFolder(), "diary");
    const looping = { connectorType: "MISCHIEF", content: { ...kit, mischief: "loop" as const, diary } };
    const id = await work.request({ content: kit }, looping);
    await work.until(id, () => existsSync(diary));
    deadline.fire();
    const run = await work.ended(id);
    expect(run).to.include({ result: "TimedOut", attempts: 1 });
    expect(run.error).to.include({ errorKey: "service/timed-out" });
    expect(tasksOf(run).map(({ result }) => result)).to.deep.equal(["Success", "TimedOut"]);
  });

  it("(an endless loop) is ended when the run is cancelled", async () => {
    await start();
    const diary = join(temporaryFolder(), "diary");
    const id = await work.request({ connectorType: "MISCHIEF", content: { ...kit, mischief: "loop", diary } });
    await work.until(id, () => existsSync(diary));
    await work.change(id, { cancel_requested: true });
    expect(await work.ended(id)).to.include({ result: "Cancelled" });
    expectGone(diary);
  });

  it("(an endless loop) is ended when the run is lost to another worker, which is not disturbed", async () => {
    await start();
    const diary = join(temporaryFolder(), "diary");
    const id = await work.request({ connectorType: "MISCHIEF", content: { ...kit, mischief: "loop", diary } });
    await work.until(id, () => existsSync(diary));
    await work.change(id, { worker_id: "another" });
    while (isAlive(diary)) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await work.run(id)).to.include({ worker_id: "another", result: "Undetermined" });
    await work.change(id, { cancel_requested: true });
    expect((await work.ended(id)).result, "after the other one has died").to.equal("Cancelled");
  });

  it("(one that prints a lot) succeeds", async () => {
    await start();
    const id = await work.request({ connectorType: "MISCHIEF", content: { ...kit, mischief: "chatter" } });
    expect(await work.ended(id)).to.include({ result: "Success" });
  });

  it("(one that is curious) does not see the secrets of the service", async () => {
    await start();
    process.env.DATABASE_URL = "postgres://secret";
    try {
      const id = await work.request({ connectorType: "MISCHIEF", content: { ...kit, mischief: "environment" } });
      expect(tasksOf(await work.ended(id))[0]!.error!.message).to.equal("DATABASE_URL is undefined");
    } finally {
      delete process.env.DATABASE_URL;
    }
  });
});

/** Holds the next timer of so many milliseconds, so that a test says when it is due, however slow the machine is. */
function holdTimer(milliseconds: number): { fire(): void } {
  const { setTimeout } = globalThis;
  let callback = () => {};
  globalThis.setTimeout = ((given: () => void, delay?: number, ...args: []) => {
    if (delay !== milliseconds) return setTimeout(given, delay, ...args);
    globalThis.setTimeout = setTimeout;
    callback = given;
    return setTimeout(() => {}, 0);
  }) as typeof setTimeout;
  return { fire: () => callback() };
}

function expectGone(diary: string): void {
  expect(isAlive(diary), "the process of the connector").to.equal(false);
}

/** Whether the process lives that last wrote into a diary. */
function isAlive(diary: string): boolean {
  try {
    process.kill(Number(readFileSync(diary, "utf8").trim().split("\n").at(-1)), 0);
    return true;
  } catch {
    return false;
  }
}
