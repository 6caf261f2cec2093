import { expect } from "chai";
import { makeBoxes } from "../../bench/boxes.js";
import { usedHeap } from "../../src/testing/bench/usedHeap.js";

describe("The source of the bench", () => {
  it("takes the same memory before and after its texts were compared", async () => {
    const freed: number[] = [];
    for (let attempt = 0; attempt < 3; attempt++) freed.push(await bytesFreedByComparing());
    expect(Math.min(...freed), "bytes set free for each box").to.be.below(4);
  });
});

/** For each of new boxes. What else is set free meanwhile counts too, which is not the same in each attempt. */
async function bytesFreedByComparing(): Promise<number> {
  const boxes = makeBoxes(20_000);
  const copyOf = (text: string) => Buffer.from(text).toString();
  const before = await settledHeap();
  expect(boxes.every(({ id, checksum }) => id === copyOf(id) && checksum === copyOf(checksum))).to.equal(true);
  return (before - usedHeap()) / boxes.length;
}

/** The heap when what the tests before have left behind is gone: some of it goes only after a turn of the event loop. */
async function settledHeap(): Promise<number> {
  for (let last = usedHeap(); ;) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const next = usedHeap();
    if (last - next < 1000) return next;
    last = next;
  }
}
