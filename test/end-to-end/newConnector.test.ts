import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { execute, type Outcome } from "../support/commandLine.js";
import { isLongTest } from "../support/long.js";
import { queryFile } from "../support/iModels.js";
import { temporaryFolder } from "../support/temporary.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const example = "docs/examples/site-survey/";

/** What a reader of the tutorial does, as a script: saves each file that it shows, and enters each command. */
function scriptOf(tutorial: string, tarball: string): string {
  const blocks = /<!-- snippet: (\S+) -->|```sh\n([\s\S]*?)```/g;
  const steps = [...tutorial.matchAll(blocks)].map(([, path, commands]) =>
    path === undefined ? commands! : `cp ${join(root, path)} ${path.slice(example.length)}\n`,
  );
  return steps.join("").replace("--save-exact itwin-connector-framework", `--save-exact ${tarball}`);
}

describe("A new connector @all", function () {
  this.timeout(1_800_000); // it asks the package registry, and runs the tests of what it makes
  const folder = temporaryFolder();
  const project = join(folder, "project");
  let tarball: string;

  async function shell(script: string): Promise<Outcome> {
    const outcome = await execute("bash", ["-e", "-c", script], { cwd: project });
    expect(outcome.exitCode, `${script}\n${outcome.stdout}\n${outcome.stderr}`).to.equal(0);
    return outcome;
  }

  before(async () => {
    mkdirSync(project);
    const pack = await execute("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], { cwd: root });
    expect(pack.exitCode, pack.stderr).to.equal(0);
    tarball = join(folder, pack.stdout.trim().split("\n").at(-1)!);
  });

  it("is what one has who follows the tutorial", async () => {
    const tutorial = readFileSync(join(root, "docs/write-a-connector.md"), "utf8");
    const { stdout } = await shell(scriptOf(tutorial, tarball));
    expect(stdout).to.match(/10 passing[\s\S]*9 passing[^]*1 pending/);
    expect(stdout).to.match(/Created .*survey.bim[\s\S]*Synchronized .*survey.bim/);
    const cables = queryFile(
      join(project, "site-survey/out/survey.bim"),
      `SELECT c.UserLabel cable, a.UserLabel a, b.UserLabel b, b.Height height FROM SiteSurvey.Cable c
       JOIN SiteSurvey.Pole a ON a.ECInstanceId=c.Start.Id JOIN SiteSurvey.Pole b ON b.ECInstanceId=c.[End].Id
       ORDER BY c.UserLabel`,
    );
    expect(cables).to.deep.equal([
      { cable: "C-1", a: "P-1", b: "P-2", height: 9.5 },
      { cable: "C-2", a: "P-2", b: "P-3", height: 9 },
    ]);
  });

  it("builds and conforms at once, whatever it reads", async () => {
    const names = ["csv", "json", "xlsx"].map((format) => `${format}-demo`);
    for (const name of names) await shell(`npx connector-runner init ${name} --from ${name.replace("-demo", "")}`);
    // The parsers of all of them beside the framework, so that the platform is installed once.
    const { dependencies: csv } = manifestOf("csv-demo");
    const { dependencies: xlsx } = manifestOf("xlsx-demo");
    const { devDependencies } = manifestOf("json-demo");
    const tools = ["mocha", "typescript", "@types/mocha", "@types/node"].map((tool) => [tool, devDependencies[tool]!]);
    const packages = [...Object.entries({ ...csv, ...xlsx }), ...tools].map(([name, range]) => `${name}@${range}`);
    await shell(`npm install ${packages.join(" ")}`);
    for (const name of names) {
      const { stdout } = await shell(`cd ${name} && npm run build && ${isLongTest ? "npm test" : runOf(name)}`);
      if (name !== "xlsx-demo") expect(stdout, name).not.to.match(/\d pending/); // its parser holds the source as a whole
    }
  });

  /** The short form: that of the tutorial is tested whole, and hostile sources take a minute for each. */
  function runOf(name: string): string {
    const [source] = readdirSync(join(project, name, "sample/1-first"));
    const args = `--connectorModule lib/src/index.js --sourcePath sample/1-first/${source} --outputDir out`;
    return `npx connector-runner ${args}`;
  }

  function manifestOf(name: string): Record<"dependencies" | "devDependencies", Record<string, string>> {
    return JSON.parse(readFileSync(join(project, name, "package.json"), "utf8")) as ReturnType<typeof manifestOf>;
  }
});
