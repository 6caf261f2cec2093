import { existsSync } from "node:fs";
import { expectDefined } from "@itwin/core-bentley";
import type { BreakPoint } from "../bench/BreakingRunner.js";
import { breakMessage } from "../bench/BreakingRunner.js";
import { describeCounts, type CheckContext, type ConformanceCheck } from "../bench/ConformanceCheck.js";
import { expectCounts, expectThat, Finding } from "../bench/Finding.js";
import { hashOf } from "../bench/IModelState.js";
import type { SampleVersion } from "../bench/SampleDescription.js";
import { describeError } from "../bench/Workbench.js";

const breakPoints: readonly BreakPoint[] = ["halfway", "after-data", "before-commit"];

/** A run that fails leaves the iModel as it was, down to the byte, and the next one makes up for it. */
export const failure: ConformanceCheck = {
  name: "failure",
  title: "leaves the iModel as it was when a run fails in the middle",
  async run(context) {
    const { counts } = await context.sync("first", { dryRun: true });
    for (const breakPoint of breakPoints) {
      await expectBreak(context, "first", breakPoint, Math.floor(counts.new / 2));
      expectThat(context.bench.outputNames.length === 0, "no iModel", context.bench.outputNames.join(", "));
    }
    await context.sync("first");
    for (const breakPoint of breakPoints)
      await expectSameFile(context, () => expectBreak(context, "changed", breakPoint));
    const { counts: made } = await context.sync("changed");
    expectThat(made.new + made.changed + made.deleted > 0, "the next run to make the change", "none");
    return `failures ${breakPoints.join(", ")} left the iModel byte for byte as it was, and none where there was none`;
  },
};

/** A dry run says what a run would do, and does not do it. */
export const dryRun: ConformanceCheck = {
  name: "dry-run",
  title: "changes nothing in a dry run",
  async run(context) {
    await context.sync("first", { dryRun: true });
    expectThat(context.bench.iModelPath === undefined, "no iModel after a dry run", "one");
    await context.sync("first");
    const dry = await expectSameFile(context, () => context.sync("changed", { dryRun: true }));
    const { counts } = await context.sync("changed");
    expectCounts("the run after the dry run", counts, dry.counts);
    return `as foretold: ${describeCounts(dry)}`;
  },
};

async function expectBreak(context: CheckContext, version: SampleVersion, breakPoint: BreakPoint, writesBefore = 0) {
  const { error } = await context.run(version, { breakPoint, writesBefore });
  const isOurs = error !== undefined && [error.message, String(error.cause)].join().includes(breakMessage);
  if (!isOurs && breakPoint === "halfway") return; // it does not write through updateIModel, and so does not break
  if (!isOurs) throw new Finding(`a run to fail that breaks ${breakPoint}`, error ? describeError(error) : "success");
}

async function expectSameFile<T>({ bench }: CheckContext, act: () => Promise<T>): Promise<T> {
  const path = expectDefined(bench.iModelPath);
  const before = hashOf(path);
  const result = await act();
  expectThat(existsSync(path) && hashOf(path) === before, "the iModel as it was", "another one");
  expectThat(bench.outputNames.length === 1, "nothing beside the iModel", bench.outputNames.join(", "));
  return result;
}
