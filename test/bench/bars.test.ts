import { expect } from "chai";
import { Bench, isMet, partNames } from "../../bench/bars.js";
import type { Measurements } from "../../bench/measurements.js";

/** Everything costs the same, but for a start-up that takes longer than it may. */
const measurements: Pick<Measurements, "measure" | "measureIndex" | "measureStartUp"> = {
  measure: (_, contenders) => contenders.map(() => ({ cpuMilliseconds: 1, deletionMilliseconds: 1, peakBytes: 1 })),
  measureIndex: () => ({ bytesPerItem: 100, bytesPerMetItem: 200 }),
  measureStartUp: () => 3001,
};

describe("Bench", () => {
  const measure = (...parts: (typeof partNames)[number][]) => {
    const bench = new Bench(measurements as Measurements, 100, () => {});
    for (const part of parts) bench.measure(part);
    return bench;
  };

  it("measures a case alone", () => {
    const { rows, bars } = measure("deleted");
    expect(rows.map(({ name }) => name)).to.deep.equal(["deleted", "deleted", "deleted"]);
    expect(bars.map(({ what }) => what)).to.deep.equal(["1% deleted, the deletion / raw deleteElement"]);
  });

  it("holds the project to all bars", () => {
    expect(measure(...partNames).bars).to.have.length(11);
  });

  it("tells which bars are met", () => {
    expect(measure("scale", "start-up").bars.map(isMet)).to.deep.equal([true, true, true, false]);
  });
});
