import { performance } from "node:perf_hooks";
import { messageOf } from "../ConnectorError.js";
import { startHost } from "../imodel/host.js";
import { dryRun, failure } from "./checks/allOrNothing.js";
import { deletion, oneChange } from "./checks/changes.js";
import { firstRun } from "./checks/firstRun.js";
import { memory } from "./checks/memory.js";
import { readBack } from "./checks/readBack.js";
import { twoDocuments } from "./checks/twoDocuments.js";
import { reordered, unchanged } from "./checks/unchanged.js";
import { CheckContext, type ConformanceCheck } from "./bench/ConformanceCheck.js";
import { Finding, Skipped } from "./bench/Finding.js";
import { Sample, type SourceGenerator } from "./bench/Sample.js";
import { Workbench } from "./bench/Workbench.js";

/**
 * A connector with a sample of its sources.
 * @public
 */
export interface ConnectorUnderTest {
  /** Path of the module, or the name of a package, as for `connector-runner`. */
  connectorModule: string;
  /** The folder with the sample; docs/testing-connectors.md tells what is in it. */
  sampleDir: string;
  /** Arguments for the connector. Default: those of the sample. */
  argsJson?: unknown;
  /** Writes a large source, for the check of the memory. Default: what `generate.js` of the sample exports. */
  generate?: SourceGenerator;
}

/**
 * What a check came to.
 * @public
 */
export interface CheckResult {
  /** The name of the check, such as `one-change`. Stable. */
  name: string;
  /** What must hold, as a sentence about the connector. */
  title: string;
  /** Skipped where the sample does not have what the check needs. */
  state: "passed" | "failed" | "skipped";
  /** What was found; for a check that failed: what was expected, and what was found. */
  message: string;
  /** Wall time. */
  milliseconds: number;
}

const checks: readonly ConformanceCheck[] = [
  firstRun,
  readBack,
  unchanged,
  oneChange,
  deletion,
  reordered,
  failure,
  dryRun,
  twoDocuments,
  memory,
];

/**
 * The names and titles of all checks, in the order in which they are carried out.
 * @public
 */
export const conformanceChecks: readonly { readonly name: string; readonly title: string }[] = checks.map(
  ({ name, title }) => ({ name, title }),
);

/**
 * Carries out all checks, each with iModels of its own in a temporary folder.
 * @param onResult - is told each result as soon as it is known
 * @throws ConnectorError `usage/sample` for a sample that is none
 * @public
 */
export async function checkConnector(
  subject: ConnectorUnderTest,
  onResult?: (result: CheckResult) => void,
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  const stopHost = await startHost();
  try {
    for (const { name } of checks) {
      const result = await runCheck(name, subject);
      results.push(result);
      onResult?.(result);
    }
  } finally {
    await stopHost();
  }
  return results;
}

/**
 * Carries out one check.
 * @param name - one of those of {@link conformanceChecks}
 * @throws ConnectorError `usage/sample` for a sample that is none
 * @public
 */
export async function runCheck(name: string, subject: ConnectorUnderTest): Promise<CheckResult> {
  const check = checks.find((candidate) => candidate.name === name);
  if (check === undefined) throw new Error(`there is no check ${name}`);
  const sample = new Sample(subject.sampleDir);
  const generate = subject.generate ?? (await sample.generator());
  const bench = new Workbench(subject.connectorModule, subject.argsJson ?? sample.description.args);
  const start = performance.now();
  try {
    const { title } = check;
    const outcome = await carryOut(check, new CheckContext(sample, bench, generate));
    return { name, title, ...outcome, milliseconds: performance.now() - start };
  } finally {
    bench.dispose();
  }
}

async function carryOut(
  check: ConformanceCheck,
  context: CheckContext,
): Promise<Pick<CheckResult, "state" | "message">> {
  try {
    return { state: "passed", message: await check.run(context) };
  } catch (error) {
    if (error instanceof Skipped) return { state: "skipped", message: error.message };
    if (error instanceof Finding) return { state: "failed", message: error.message };
    return { state: "failed", message: `the check itself ended with: ${messageOf(error)}` };
  }
}
