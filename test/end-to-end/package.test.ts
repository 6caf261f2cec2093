import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
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

/** Packs a package as it is published. */
async function pack(packageFolder: string, destination: string): Promise<string> {
  const script = join(root, "scripts", "pack.js");
  const outcome = await execute(process.execPath, [script, packageFolder, destination]);
  expect(outcome.exitCode, outcome.stderr).to.equal(0);
  return outcome.stdout.trim();
}

/** Relative links of a document that lead nowhere. */
function danglingLinks(document: string): string[] {
  const links = [...readFileSync(document, "utf8").matchAll(/\]\((?!\w+:|#)([^)#]+)/g)].map(([, path]) => path!);
  return links.filter((path) => !existsSync(join(dirname(document), path)));
}

describe("The package @all", () => {
  it("can be installed with a connector into an empty project, as the README says, and runs connectors there", async function () {
    const folder = temporaryFolder();
    const project = join(folder, "project");
    mkdirSync(project);
    writeFileSync(join(project, ".npmrc"), "engine-strict=true\n");
    const tarballs = [await pack(root, folder), await pack(join(root, "connectors", "csv"), folder)].join(" ");

    for (const command of commandsOf("Install it")) {
      const outcome = await execute(
        "sh",
        ["-c", command.replace("itwin-connector-framework itwin-connector-csv", tarballs)],
        {
          cwd: project,
        },
      );
      expect(outcome.exitCode, `${command}\n${outcome.stderr}`).to.equal(0);
    }

    const installed = join(project, "node_modules", "itwin-connector-framework");
    for (const name of ["README.md", ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`)])
      if (name.endsWith(".md")) expect(danglingLinks(join(installed, name)), name).to.deep.equal([]);
    const connectorFiles = readdirSync(join(project, "node_modules", "itwin-connector-csv"));
    expect(connectorFiles).to.have.members(["README.md", "lib", "package.json", "src"]);

    const entries = ["", "/tables", "/places", "/units", "/testing", "/internal"];
    const imports = entries.map((entry, at) => `export * as e${at} from "itwin-connector-framework${entry}";\n`);
    writeFileSync(join(project, "entries.mts"), imports.join(""));
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const types = ["--noEmit", "--strict", "--module", "nodenext", "--typeRoots", join(root, "node_modules", "@types")];
    const compiled = await execute(process.execPath, [tsc, ...types, "entries.mts"], { cwd: project });
    expect(compiled.stdout.split("\n").filter((line) => line.includes("itwin-connector"))).to.deep.equal([]);

    copyFileSync(join(root, "assets", "plant.csv"), join(project, "plant.csv"));
    const [use] = commandsOf("Use it");
    const used = await execute("sh", ["-c", use!], { cwd: project });
    expect(used.exitCode, used.stderr).to.equal(0);
    expect(existsSync(join(project, "out", "plant.bim"))).to.equal(true);

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

    const others = ["client", "service", "imodelhub", "viewer"].map((name) =>
      pack(join(root, "packages", name), folder),
    );
    const added = await execute("npm", ["install", ...(await Promise.all(others))], { cwd: project });
    expect(added.exitCode, added.stderr).to.equal(0);
    const populated = await execute("npx", ["connector-runner", "populate", "--local", "plant.csv"], { cwd: project });
    expect(populated.exitCode, populated.stderr).to.equal(0);
    expect(populated.stdout).to.include("Success");
  });

  it("adds at most 25 packages and 4 MB to the platform's own", async () => {
    const measured = await execute(process.execPath, [join(root, "scripts", "measure-install.js"), root]);
    expect(measured.exitCode, measured.stderr).to.equal(0);
    const { packages, bytes } = JSON.parse(measured.stdout) as { packages: number; bytes: number };
    expect(packages).to.be.at.most(25);
    expect(bytes).to.be.at.most(4_000_000);
  });
});
