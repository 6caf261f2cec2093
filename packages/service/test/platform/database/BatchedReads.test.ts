import { setImmediate } from "node:timers/promises";
import { expect } from "chai";
import { BatchedReads } from "../../../src/platform/database/BatchedReads.js";

describe("Batched reads", () => {
  /** Queries that a test answers itself. */
  function open() {
    const queries: { ids: string[]; answer: (rows: Map<string, string>) => void; fail: (error: Error) => void }[] = [];
    const reads = new BatchedReads<string>((ids) => new Promise((answer, fail) => queries.push({ ids, answer, fail })));
    return { reads, queries };
  }

  async function turns(): Promise<void> {
    for (let turn = 0; turn < 5; turn++) await setImmediate();
  }

  it("read what is asked for at once in one query, each id once", async () => {
    const { reads, queries } = open();
    const rows = Promise.all([reads.get("a"), reads.get("b"), reads.get("a"), reads.get("c")]);
    await turns();
    expect(queries.map(({ ids }) => ids)).to.deep.equal([["a", "b", "c"]]);
    const found = { a: "row a", b: "row b" };
    queries[0]!.answer(new Map(Object.entries(found)));
    expect(await rows).to.deep.equal(["row a", "row b", "row a", undefined]);
  });

  it("answer who asks during a query with the next one, so that no row is older than the question", async () => {
    const { reads, queries } = open();
    const first = reads.get("a");
    await turns();
    const second = [reads.get("a"), reads.get("b")];
    await turns();
    expect(queries, "one query at a time").to.have.lengthOf(1);
    queries[0]!.answer(new Map([["a", "old"]]));
    expect(await first).to.equal("old");
    await turns();
    expect(queries[1]!.ids).to.deep.equal(["a", "b"]);
    queries[1]!.answer(new Map([["a", "new"]]));
    expect(await Promise.all(second)).to.deep.equal(["new", undefined]);
  });

  it("go on after a query that failed", async () => {
    const { reads, queries } = open();
    const first = reads.get("a").catch((error: unknown) => error);
    await turns();
    queries[0]!.fail(new Error("no connection"));
    expect(await first).to.have.property("message", "no connection");
    const second = reads.get("a");
    await turns();
    queries[1]!.answer(new Map([["a", "row a"]]));
    expect(await second).to.equal("row a");
  });
});
