import { expect } from "chai";
import { makeBoxes } from "../../bench/boxes.js";
import { usedHeap } from "../../src/testing/usedHeap.js";

describe("The source of the bench", () => {
  it("takes the same memory before and after its texts were compared", () => {
    const boxes = makeBoxes(20_000);
    const copyOf = (text: string) => Buffer.from(text).toString();
    const compare = () => boxes.every(({ id, checksum }) => id === copyOf(id) && checksum === copyOf(checksum));
    const before = usedHeap();
    expect(compare()).to.equal(true);
    expect((before - usedHeap()) / boxes.length, "bytes set free for each box").to.be.below(4);
  });
});
