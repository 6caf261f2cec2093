import type { RunResult } from "../../run/RunResult.js";
import { describeCounts, type CheckContext, type ConformanceCheck } from "../bench/ConformanceCheck.js";
import { expectCounts, expectThat, Skipped } from "../bench/Finding.js";
import type { SampleVersion } from "../bench/SampleDescription.js";
import type { BenchRun } from "../bench/Workbench.js";

const nothing = { inserted: 0, updated: 0, deleted: 0 };

/**
 * Not looking for deletions is an argument that StreamConnector takes as a reason to read a document again that is as it
 * was, so that its entities are recognized and not only the document.
 */
const readAgain: BenchRun = { job: { doDetectDeletedElements: false } };

/** The same source once more. */
export const unchanged: ConformanceCheck = {
  name: "unchanged",
  title: "writes nothing when the source is unchanged",
  async run(context) {
    const first = await context.sync("first");
    await expectNoWrites(context, "first", "by a run on the same source");
    const { counts } = await expectNoWrites(context, "first", "by reading the same source again", readAgain);
    return `${first.counts.new} entities, ${counts.unchanged} of them recognized when the source was read again`;
  },
};

/** The same entities in another order. */
export const reordered: ConformanceCheck = {
  name: "reordered",
  title: "writes nothing when the source has another order",
  async run(context) {
    if (!context.sample.has("reordered")) throw new Skipped('the sample has no folder "reordered"');
    const { counts } = await context.sync("first");
    const result = await expectNoWrites(context, "reordered", "by a run on the source in another order");
    const found = describeCounts(result);
    expectThat(result.counts.unchanged === counts.new, `${counts.new} unchanged entities`, found);
    return found;
  },
};

/** Runs the connector on a source that the iModel holds already. */
export async function expectNoWrites(
  context: CheckContext,
  version: SampleVersion,
  when: string,
  options?: BenchRun,
): Promise<RunResult> {
  const before = context.bench.state();
  const result = await context.sync(version, options);
  expectCounts("the run", result.counts, { new: 0, changed: 0, deleted: 0, replaced: 0 });
  expectCounts("the elements", result.elements, nothing);
  expectCounts("the relationships", result.relationships, nothing);
  await context.bench.state().expectNothingWrittenSince(before, when);
  return result;
}
