import { createReadStream, createWriteStream, writeFileSync } from "node:fs";
import { devNull } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { expect } from "chai";
import { usedHeap } from "../../src/testing/bench/usedHeap.js";
import { temporaryFolder } from "../support/temporary.js";

describe("The heap that is in use", () => {
  const path = () => join(temporaryFolder(), "read.bin");
  const size = 40_000_000;
  /** For what the reading itself leaves behind. */
  const little = 2_000_000;

  it("does not hold the buffers of a file that was read before", async () => {
    const file = path();
    writeFileSync(file, Buffer.alloc(size));
    for (let time = 0; time < 3; time++) {
      const before = usedHeap();
      await pipeline(createReadStream(file), createWriteStream(devNull));
      expect(usedHeap() - before).to.be.below(little);
    }
  });

  it("holds what is still referred to", () => {
    const before = usedHeap();
    const held = Buffer.alloc(size);
    expect(usedHeap() - before).to.be.within(size - little, size + little);
    expect(held.length).to.equal(size);
  });
});
