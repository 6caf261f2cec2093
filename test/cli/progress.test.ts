import { Writable } from "node:stream";
import { BeEvent } from "@itwin/core-bentley";
import { expect } from "chai";
import type { RunProgress } from "itwin-connector-framework";
import { startProgress } from "../../src/cli/progress.js";

class FakeStream extends Writable {
  public text = "";
  public readonly columns = 120;

  public constructor(public readonly isTTY: boolean) {
    super();
  }

  public override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }

  public cursorTo(): void {}
  public clearLine(): void {}
}

function show(isTTY: boolean, steps: RunProgress[]): string {
  const stream = new FakeStream(isTTY);
  const onProgress = new BeEvent<(progress: RunProgress) => void>();
  const stop = startProgress(onProgress, stream as unknown as NodeJS.WriteStream);
  for (const step of steps) onProgress.raiseEvent(step);
  stop();
  expect(onProgress.numberOfListeners).to.equal(0);
  return stream.text;
}

describe("Progress", () => {
  const steps: RunProgress[] = [
    { phase: "open", items: 0 },
    { phase: "data", items: 0 },
    { phase: "data", items: 10, done: 1, total: 4 },
    { phase: "finish", items: 40 },
  ];

  it("is a line for each phase where there is no terminal", () => {
    expect(show(false, steps)).to.equal("opening the iModel\nsynchronizing\nfinishing\n");
  });

  it("is a bar with the phase on a terminal", () => {
    const text = show(true, steps);
    expect(text).to.contain("synchronizing").and.to.contain("finishing");
  });

  it("shows how much is done, and items per second", async () => {
    const stream = new FakeStream(true);
    const onProgress = new BeEvent<(progress: RunProgress) => void>();
    const stop = startProgress(onProgress, stream as unknown as NodeJS.WriteStream);
    onProgress.raiseEvent({ phase: "data", items: 0 });
    await new Promise((resolve) => setTimeout(resolve, 150)); // the bar is redrawn ten times a second at most
    onProgress.raiseEvent({ phase: "data", items: 1500, done: 1, total: 4 });
    stop();
    expect(stream.text).to.match(/25% \| synchronizing \| 1,500 items, [\d,]+\/s/);
  });
});
