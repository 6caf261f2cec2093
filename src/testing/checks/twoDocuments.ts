import { describeCounts, type ConformanceCheck } from "../bench/ConformanceCheck.js";
import { expectCounts, expectThat } from "../bench/Finding.js";
import type { IModelState } from "../bench/IModelState.js";

/** Each document has its elements, whatever happens to the other one. */
export const twoDocuments: ConformanceCheck = {
  name: "two-documents",
  title: "keeps two documents in one iModel apart",
  async run({ bench, sync }) {
    const first = await sync("first");
    const before = bench.state();
    const other = await sync("other");
    const both = bench.state();
    expectThat(other.counts.new > 0, "new entities in the other document", describeCounts(other));
    expectCounts("the other document", other.counts, { changed: 0, deleted: 0 });
    expectUntouched(before.elementIds, before, both, "the other document was brought in");

    const ofOther = both.writtenSince(before).inserted;
    const deleted = await sync("deleted");
    expectThat(deleted.counts.deleted > 0, "the first document to lose an entity", describeCounts(deleted));
    const after = bench.state();
    expectUntouched(ofOther, both, after, "the first document changed");
    expectCounts("the other document", (await sync("other")).counts, { new: 0, changed: 0, deleted: 0 });
    return `${first.counts.new} and ${other.counts.new} entities; ${deleted.counts.deleted} of the first deleted`;
  },
};

function expectUntouched(ids: string[], before: IModelState, after: IModelState, when: string): void {
  const { updated, deleted } = after.writtenSince(before);
  const touched = new Set([...updated, ...deleted]);
  const lost = ids.filter((id) => touched.has(id));
  expectThat(lost.length === 0, `no element of one document to be touched when ${when}`, `${lost.length} touched`);
}
