import { cpSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { execute, type Outcome } from "../support/commandLine.js";
import { temporaryFolder } from "../support/temporary.js";

const missing = [
  "itwin-connector-client",
  "itwin-connector-service",
  "itwin-connector-viewer",
  "itwin-connector-framework",
];

const repositoryFile = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** The built program in a folder of its own, with every package of the repository but those that are optional. */
function installWithoutOptionalPackages(): string {
  const folder = temporaryFolder();
  const installed = repositoryFile("node_modules");
  cpSync(repositoryFile("lib"), join(folder, "lib"), { recursive: true });
  cpSync(repositoryFile("package.json"), join(folder, "package.json"));
  mkdirSync(join(folder, "node_modules"));
  for (const name of readdirSync(installed).filter((entry) => !missing.includes(entry)))
    symlinkSync(join(installed, name), join(folder, "node_modules", name));
  return join(folder, "lib", "cli", "main.js");
}

describe("connector-runner without the optional packages", () => {
  let program: string;
  before(() => (program = installWithoutOptionalPackages()));

  const run = async (...args: string[]): Promise<Outcome> => execute(process.execPath, [program, ...args]);

  const file = repositoryFile("assets/plant.csv");
  const commands: [title: string, args: string[], packageName: string][] = [
    ["serve", ["serve"], "itwin-connector-service"],
    ["work", ["work"], "itwin-connector-service"],
    ["export", ["export", file], "itwin-connector-viewer"],
    [
      "--report",
      ["--connectorModule", "none", "--sourcePath", file, "--outputDir", "/", "--report", "r.html"],
      "itwin-connector-viewer",
    ],
    ["populate", ["populate", "--url", "http://127.0.0.1:1", file], "itwin-connector-client"],
    ["follow", ["follow", "http://127.0.0.1:1/run"], "itwin-connector-client"],
    ["manifest run", ["manifest", "run", "--url", "http://127.0.0.1:1", "id", file], "itwin-connector-client"],
  ];
  for (const [title, args, packageName] of commands)
    it(`says in one line what to install for ${title}`, async () => {
      const { exitCode, stdout, stderr } = await run(...args);
      expect([exitCode, stdout]).to.deep.equal([2, ""]);
      expect(stderr).to.equal(`error [usage/missing-package] This needs another package: npm install ${packageName}\n`);
    });

  it("prints the error as JSON too with --json", async () => {
    const { exitCode, stdout } = await run("populate", "--local", file, "--json");
    expect(exitCode).to.equal(2);
    const { error } = JSON.parse(stdout) as { error: { code: string; phase: string; message: string } };
    expect(error).to.include({ code: "usage/missing-package", phase: "arguments" });
    expect(error.message).to.contain("npm install itwin-connector-client");
  });

  for (const command of ["serve", "populate", "export"])
    it(`shows the help of ${command}`, async () => {
      const { exitCode, stdout, stderr } = await run(command, "--help");
      expect([exitCode, stderr]).to.deep.equal([0, ""]);
      expect(stdout).to.contain(`connector-runner ${command}`);
    });
});
