import type { ItemCounts, RunResult } from "../../run/RunResult.js";
import { describeCounts, type CheckContext, type ConformanceCheck } from "../bench/ConformanceCheck.js";
import { expectCounts, expectThat } from "../bench/Finding.js";
import type { SampleVersion } from "../bench/SampleDescription.js";
import { expectNoWrites } from "./unchanged.js";

const noItems = { new: 0, changed: 0, deleted: 0 };

/** One change in the source is one change in the iModel. */
export const oneChange: ConformanceCheck = {
  name: "one-change",
  title: "writes one change when the source has one change",
  async run(context) {
    await context.sync("first");
    const found = await expectChange(context, "changed", { ...noItems, changed: 1 });
    await expectNoWrites(context, "changed", "by another run after that");
    return found;
  },
};

/** What vanishes from the source vanishes from the iModel, and comes back with it. */
export const deletion: ConformanceCheck = {
  name: "deletion",
  title: "deletes what vanished from the source, and brings back what came back",
  async run(context) {
    const first = await context.sync("first");
    const count = context.bench.state().elementIds.length;
    const found = await expectChange(context, "deleted", { ...noItems, deleted: 1 });
    const left = context.bench.state().elementIds.length;
    expectThat(left < count, `fewer than ${count} elements`, `${left}`);

    const again = await context.sync("first");
    const known = first.counts.new - again.counts.new;
    expectThat(
      again.counts.new > 0 && again.counts.deleted === 0,
      "what vanished to be new again",
      describeCounts(again),
    );
    expectThat(
      again.counts.unchanged + again.counts.changed === known,
      `${known} known entities`,
      describeCounts(again),
    );
    return found;
  },
};

async function expectChange(context: CheckContext, version: SampleVersion, counts: Partial<ItemCounts>) {
  const before = context.bench.state();
  const result = await context.sync(version);
  const expected = { ...counts, ...context.sample.description.expected?.[version] };
  expectCounts(`the run on "${version}"`, result.counts, expected);
  expectHonestCounts(result, context.bench.state().writtenSince(before).updated.length);
  return describeCounts(result);
}

/** Elements that are updated without a count are ones that the connector writes on its own, changed or not. */
function expectHonestCounts({ elements }: RunResult, updated: number): void {
  expectThat(updated <= elements.updated, `${elements.updated} updated elements, as counted`, `${updated}`);
}
