import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { ConnectorJobDefArgs, ConnectorRunner, type RunResult } from "itwin-connector-framework";
import { temporaryFolder } from "../support/temporary.js";
import { observed } from "./stream/StreamOfMany.js";

const connectorModule = fileURLToPath(new URL("./stream/StreamOfMany.ts", import.meta.url));

describe("StreamConnector, for a source of any size,", () => {
  const entities = 200_000;
  const size = 1500;
  const writeEvery = 10;
  /** What the framework may remember of an element: identifier, state, the ids of element and aspect. */
  const bytesOfIndex = 1000;
  /** For what does not grow with the source. */
  const bytesOfAll = 20_000_000;

  it("holds one entity at a time, and of the others what identifies them @all", async function () {
    const outputDir = temporaryFolder();
    const sourcePath = join(outputDir, "many.json");
    writeFileSync(sourcePath, "");
    const run = async (): Promise<RunResult> => {
      const argsJson = { entities, size, writeEvery };
      const args = Object.assign(new ConnectorJobDefArgs(), { connectorModule, sourcePath, outputDir, argsJson });
      const runner = new ConnectorRunner(args);
      await runner.synchronize();
      if (runner.result.error !== undefined) throw runner.result.error;
      return runner.result;
    };

    for (const state of ["new", "unchanged"] as const) {
      const { counts } = await run();
      expect(counts[state]).to.equal(entities / writeEvery);
      const [first, last] = observed.heap as [number, number];
      expect(last - first, state).to.be.below((entities / writeEvery) * bytesOfIndex + bytesOfAll);
      if (state === "new") expect(observed.ahead, "back-pressure").to.be.at.most(1);
    }
  });
});
