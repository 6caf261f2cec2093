import { expect } from "chai";
import { abortable } from "../../src/run/abortable.js";

const never = new Promise<never>(() => {});
const failureOf = async (work: Promise<unknown>) => work.then(undefined, (error: unknown) => error);

describe("abortable", () => {
  const stop = new Error("stop");

  it("ends every wait, also a wait around another one that is over", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const outer = failureOf(
      abortable(
        (async () => {
          await abortable(Promise.resolve(), signal);
          await never;
        })(),
        signal,
      ),
    );
    const inner = failureOf(abortable(abortable(never, signal), signal));
    setImmediate(() => controller.abort(stop));
    expect(await outer).to.equal(stop);
    expect(await inner).to.equal(stop);
  });

  it("does not end a wait that begins after the abort", async () => {
    const controller = new AbortController();
    controller.abort(stop);
    expect(await abortable(Promise.resolve(1), controller.signal)).to.equal(1);
  });
});
