import { expect } from "chai";
import { makeBoxes } from "../../bench/boxes.js";
import { usedHeap } from "../../src/testing/bench/usedHeap.js";

describe("The source of the bench", () => {
  it("takes the same memory before and after its texts were compared", async () => {
    const boxes = makeBoxes(20_000);
    const copyOf = (text: string) => Buffer.from(text).toString();
    const compare = () => boxes.every(({ id, checksum }) => id === copyOf(id) && checksum === copyOf(checksum));
    const before = await settledHeap();
    expect(compare()).to.equal(true);
    expect((before - usedHeap()) / boxes.length, "bytes set free for each box").to.be.below(4);
  });
});

/** The heap when what the tests before have left behind is gone: some of it goes only after a turn of the event loop. */
async function settledHeap(): Promise<number> {
  for (let last = usedHeap(); ;) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const next = usedHeap();
    if (last - next < 1000) return next;
    last = next;
  }
}
