import { describeCounts, type ConformanceCheck } from "../bench/ConformanceCheck.js";
import { expectCounts, expectThat } from "../bench/Finding.js";

/** The source goes into a new iModel, and nothing else is left beside it. */
export const firstRun: ConformanceCheck = {
  name: "first-run",
  title: "makes an iModel of the source",
  async run({ bench, sample, sync }) {
    const result = await sync("first");
    expectThat(result.counts.new > 0, "entities that are new", "none");
    expectCounts("the first run", result.counts, { changed: 0, deleted: 0, ...sample.description.expected?.first });
    expectThat(bench.iModelPath !== undefined, "an iModel", "none");
    expectThat(bench.outputNames.length === 1, "nothing beside the iModel", bench.outputNames.join(", "));
    return describeCounts(result);
  },
};
