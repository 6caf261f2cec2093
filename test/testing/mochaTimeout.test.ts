import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { conformanceChecks } from "../../src/testing/conformance.js";
import { execute } from "../support/commandLine.js";
import { temporaryFolder } from "../support/temporary.js";

const mocha = createRequire(import.meta.url).resolve("mocha/bin/mocha.js");
const testing = new URL("../../lib/testing/index.js", import.meta.url).href;
const csv = new URL("../../connectors/csv/", import.meta.url);
const connectorModule = fileURLToPath(new URL("lib/index.js", csv));
const sampleDir = fileURLToPath(new URL("sample", csv));

/** Runs a test file in a process of its own, with a limit that every hook and test exceeds that has no limit of its own. */
async function runWithin(milliseconds: number, ...statements: string[]): Promise<string> {
  const file = join(temporaryFolder(), "suite.test.mjs");
  writeFileSync(file, [`import * as testing from "${testing}";`, ...statements].join("\n"));
  const { exitCode, stdout, stderr } = await execute(process.execPath, [
    mocha,
    "--no-config",
    ...["--timeout", `${milliseconds}`],
    file,
  ]);
  expect(exitCode, stdout + stderr).to.equal(0);
  return stdout;
}

describe("The limit of mocha", () => {
  it("does not end the hooks and tests of describeHostileSources", async () => {
    const subject = JSON.stringify({ connectorModule });
    const stdout = await runWithin(
      1,
      `const { sources, ...rest } = testing.hostileCsv();`,
      `testing.describeHostileSources({ ...${subject}, ...rest, sources: sources.slice(0, 1) });`,
    );
    expect(stdout).to.contain("1 passing");
  });

  it("does not end the hooks and tests of describeConnector", async () => {
    const without = conformanceChecks.map(({ name }) => name).slice(1);
    const subject = JSON.stringify({ connectorModule, sampleDir });
    const stdout = await runWithin(1, `testing.describeConnector(${subject}, ${JSON.stringify({ without })});`);
    expect(stdout).to.contain("1 passing");
  });
});
