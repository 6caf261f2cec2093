import { expect } from "chai";
import { Interruption } from "../../src/run/Interruption.js";

const never = new Promise<never>(() => {});
const failureOf = async (work: Promise<unknown>) => work.then(undefined, (error: unknown) => error);

describe("An interruption", () => {
  const stop = new Error("stop");

  it("ends all waits, also after one that lay within another was over", async () => {
    const interruption = new Interruption();
    const outer = failureOf(
      interruption.await(
        (async () => {
          await interruption.await(Promise.resolve());
          await never;
        })(),
      ),
    );
    const inner = failureOf(interruption.await(interruption.await(never)));
    setImmediate(() => interruption.interrupt(stop));
    expect(await outer).to.equal(stop);
    expect(await inner).to.equal(stop);
    expect(() => interruption.throwIfInterrupted()).to.throw("stop");
  });

  it("leaves alone what is waited for after it", async () => {
    const interruption = new Interruption();
    interruption.interrupt(stop);
    expect(await interruption.await(Promise.resolve(1))).to.equal(1);
    expect(interruption.isInterrupted).to.equal(true);
  });
});
