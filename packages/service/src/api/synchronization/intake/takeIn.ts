import { once } from "node:events";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { ManifestBody } from "../manifestSchemas.js";
import type { IntakeData } from "./intakeThread.js";
import { ReadIntake, type IntakeFindings, type IntakeRules, type ManifestPlan, type PlanRules } from "./readIntake.js";

/** A manifest that is taken in. */
export interface Intake {
  findings: IntakeFindings;
  /** The run of the manifest; see `ReadIntake`. */
  plan: (rules: PlanRules) => Promise<ManifestPlan>;
}

/** Large manifests are taken in one after the other: each takes memory of several times its size. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Takes in a manifest.
 * @param body - read and checked, or a large one as it came, which a thread reads and checks
 * @param use - what is done with it; a thread ends after that
 */
export async function takeIn<T>(
  body: ManifestBody | Buffer,
  rules: IntakeRules,
  use: (intake: Intake) => Promise<T>,
): Promise<T> {
  if (Buffer.isBuffer(body)) {
    const turn = last.then(() => inThread({ body, rules }, use));
    last = turn.catch(() => {}); // whose turn it is says so
    return turn;
  }
  const intake = ReadIntake.of(body, rules);
  return use({ findings: intake.findings, plan: async (planRules) => intake.plan(planRules) });
}

async function inThread<T>(data: IntakeData, use: (intake: Intake) => Promise<T>): Promise<T> {
  const program = new URL(`./intakeThread${extname(fileURLToPath(import.meta.url))}`, import.meta.url);
  const thread = new Worker(program, { workerData: data });
  const ended = once(thread, "exit").then(() => {
    throw new Error("the thread that takes in a manifest has ended");
  });
  ended.catch(() => {}); // who waits for an answer hears of it
  const answer = async <A>() => ((await Promise.race([once(thread, "message"), ended])) as [A])[0];
  try {
    const findings = await answer<IntakeFindings>();
    const plan = async (rules: PlanRules) => {
      thread.postMessage(rules);
      return answer<ManifestPlan>();
    };
    return await use({ findings, plan });
  } finally {
    await thread.terminate();
  }
}
