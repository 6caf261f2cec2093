import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { connectorRunner, type Outcome } from "../support/commandLine.js";
import { queryFile } from "../support/iModels.js";
import { temporaryFolder } from "../support/temporary.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The commands of the README's section on versioned iModels. */
function readmeCommands(): string[][] {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const [, block = ""] = /## Share it\n[^]*?```sh\n([^]*?)```/.exec(readme) ?? [];
  const lines = block.split("\n").filter((line) => line.startsWith("connector-runner "));
  return lines.map((line) => line.replace("itwin-connector-csv", join(root, "connectors/csv/lib/index.js")).split(" "));
}

it("The five commands of the README make a bank, run twice, and show and bring back what there was", async function () {
  const cwd = temporaryFolder();
  const [create, run, versions, changes, checkOut, ...others] = readmeCommands() as [
    string[],
    string[],
    string[],
    string[],
    string[],
  ];
  expect(others).to.be.empty;
  const env = { ...process.env, XDG_CACHE_HOME: join(cwd, "cache") };
  const carryOut = async ([, ...args]: string[]): Promise<Outcome> => {
    const outcome = await connectorRunner(args, { cwd, env });
    expect(outcome.exitCode, outcome.stderr).to.equal(0);
    return outcome;
  };
  cpSync(join(root, "assets", "plant.csv"), join(cwd, "plant.csv"));
  await carryOut(create);
  await carryOut(run);
  const csv = readFileSync(join(cwd, "plant.csv"), "utf8").split("\n");
  writeFileSync(
    join(cwd, "plant.csv"),
    [...csv.slice(0, -2), "NEW-1,New pump,Pump,1,2,3,4,2020-01-01,true,", ""].join("\n"),
  );
  await carryOut(run);
  expect((await carryOut(versions)).stdout).to.match(/│ 2 /);
  const { stdout } = await carryOut(changes);
  expect(stdout).to.contain("inserted (1):").and.contain("NEW-1").and.contain("deleted (1):");
  await carryOut(checkOut);
  const rows = queryFile(join(cwd, "first.bim"), "SELECT COUNT(*) n FROM bis.PhysicalElement WHERE CodeValue='NEW-1'");
  expect(rows).to.deep.equal([{ n: 0 }]);
});
