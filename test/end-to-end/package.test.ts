import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { execute, treeConnector } from "../support/commandLine.js";
import { queryFile } from "../support/iModels.js";
import { temporaryFolder } from "../support/temporary.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The commands of a shell block of the README, from the section with the given title. */
function commandsOf(section: string): string[] {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const text = readme.slice(readme.indexOf(`## ${section}`));
  return /```sh\n([\s\S]*?)```/.exec(text)![1]!.trim().split("\n");
}

describe("The package", () => {
  it("can be installed into an empty project, as the README says, and runs a connector there", async function () {
    this.timeout(300_000); // it asks the package registry
    const folder = temporaryFolder();
    const project = join(folder, "project");
    mkdirSync(project);
    const pack = await execute("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], { cwd: root });
    expect(pack.exitCode, pack.stderr).to.equal(0);
    const tarball = join(folder, pack.stdout.trim().split("\n").at(-1)!);

    for (const command of commandsOf("Install it")) {
      const outcome = await execute("sh", ["-c", command.replace(/install .*/, `install ${tarball}`)], {
        cwd: project,
      });
      expect(outcome.exitCode, `${command}\n${outcome.stderr}`).to.equal(0);
    }

    copyFileSync(treeConnector, join(project, "tree-connector.js"));
    writeFileSync(
      join(project, "trees.json"),
      '[{ "id": "t1", "species": "Oak", "position": [0, 0, 0], "radius": 3 }]',
    );
    const args = "--connectorModule tree-connector.js --sourcePath trees.json --outputDir out".split(" ");
    const run = await execute("npx", ["connector-runner", ...args], { cwd: project });
    expect(run.exitCode, run.stderr).to.equal(0);
    const rows = queryFile(join(project, "out", "trees.bim"), "SELECT UserLabel FROM generic.PhysicalObject");
    expect(rows).to.deep.equal([{ userLabel: "Oak" }]);
  });
});
