import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { connectorRunner } from "../support/commandLine.js";
import { temporaryFolder } from "../support/temporary.js";

/** What the files in a folder import from packages, such as `itwin-connector-framework/tables`. */
function importsOf(folder: string): string[] {
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    /\.[cm]?[jt]s$/.test(name),
  );
  const imports = sources.flatMap((name) => [
    ...readFileSync(join(folder, name), "utf8").matchAll(/(?:from|import|import\(|require\() ?"([^"]+)"/g),
  ]);
  return imports.map(([, specifier]) => specifier!).filter((specifier) => !/^(\.|node:)/.test(specifier));
}

/** The package that an import comes from: `@itwin/core-common` for `@itwin/core-common/lib`. */
function packageOf(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

/** The members of package.json that name packages. */
interface Manifest {
  dependencies?: Record<string, string>;
  devDependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}

/** Where npm finds the framework for a package. */
function frameworkOf(folder: string): string | undefined {
  return manifestOf(folder).devDependencies["itwin-connector-framework"];
}

const publicEntries = ["", "/tables", "/testing"].map((entry) => `itwin-connector-framework${entry}`);

/** What every user of an iModel has. */
const platform = ["core-backend", "core-bentley", "core-common", "core-geometry", "ecschema-metadata"].map(
  (name) => `@itwin/${name}`,
);

describe("connector-runner init", () => {
  const init = (cwd: string, ...args: string[]) => connectorRunner(["init", ...args], { cwd });

  it("writes a package, and says what to do with it", async () => {
    const cwd = temporaryFolder();
    const { exitCode, stdout } = await init(cwd, "@me/site-survey");
    expect(exitCode).to.equal(0);
    expect(stdout).to.include("  cd site-survey\n  npm install\n  npm test\n");
    const folder = join(cwd, "site-survey");
    expect(readdirSync(folder).sort()).to.deep.equal(
      [".gitignore", "README.md", "package.json", "sample", "src", "test", "tsconfig.json"].sort(),
    );
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { name: string };
    expect(manifest.name).to.equal("@me/site-survey");
    const source = readFileSync(join(folder, "src/SiteSurveyConnector.ts"), "utf8");
    expect(source).to.include("class SiteSurveyConnector extends StreamConnector");
    expect(source).to.include('"Site survey"');
  });

  for (const from of ["blank", "csv", "json", "xlsx"])
    it(`leaves no name of the template ${from}`, async () => {
      const cwd = temporaryFolder();
      expect((await init(cwd, "pump-connector", "--from", from)).exitCode).to.equal(0);
      const names = readdirSync(cwd, { recursive: true, encoding: "utf8" });
      expect(names.join()).not.to.match(/template|description/i);
      const texts = names.filter((name) => /\.(ts|md|json)$/.test(name)).map((name) => join(cwd, name));
      for (const path of texts) expect(readFileSync(path, "utf8"), path).not.to.match(/template|SOURCE_/i);
      expect(existsSync(join(cwd, "pump-connector/src/PumpConnector.ts"))).to.equal(true);
    });

  for (const from of ["blank", "csv", "json", "xlsx"])
    it(`writes a package from ${from} that imports only public entries and packages that it names`, async () => {
      const cwd = temporaryFolder();
      await init(cwd, "site-survey", "--from", from);
      const folder = join(cwd, "site-survey");
      const imported = importsOf(folder);
      const ofFramework = imported.filter((specifier) => specifier.startsWith("itwin-connector-framework"));
      expect(ofFramework).to.include("itwin-connector-framework/testing");
      expect(publicEntries).to.include.members(ofFramework);
      const { dependencies = {}, devDependencies, peerDependencies } = manifestOf(folder);
      expect(Object.keys({ ...dependencies, ...peerDependencies })).to.include.members(imported.map(packageOf));
      expect(Object.keys(peerDependencies).sort()).to.deep.equal([...platform, "itwin-connector-framework"]);
      expect(Object.keys(devDependencies)).to.include.members(Object.keys(peerDependencies));
    });

  it("takes the framework from where the project has it", async () => {
    const cwd = temporaryFolder();
    const manifest = { dependencies: { "itwin-connector-framework": "file:../packs/framework.tgz" } };
    writeFileSync(join(cwd, "package.json"), JSON.stringify(manifest));
    await init(cwd, "@me/site-survey");
    expect(frameworkOf(join(cwd, "site-survey"))).to.equal("file:../../packs/framework.tgz");
  });

  it("takes the framework by its version where the project does not say more", async () => {
    const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
      version: string;
    };
    const cwd = temporaryFolder();
    await init(cwd, "site-survey");
    expect(frameworkOf(join(cwd, "site-survey"))).to.equal(`^${version}`);
  });

  it("takes the framework from where it is told", async () => {
    const cwd = temporaryFolder();
    const manifest = { dependencies: { "itwin-connector-framework": "file:a.tgz" } };
    writeFileSync(join(cwd, "package.json"), JSON.stringify(manifest));
    await init(cwd, "site-survey", "--framework", "file:/b.tgz");
    expect(frameworkOf(join(cwd, "site-survey"))).to.equal("file:/b.tgz");
  });

  const badNames: Record<string, string> = {
    "Site-Survey": "is not the name of an npm package",
    "../site": "is not the name of an npm package",
    "site survey": "is not the name of an npm package",
    "3d-model": "does not begin with a letter",
    fs: "is a name that Node.js uses",
    mocha: "is the name of a package that the connector needs",
    ["a".repeat(215)]: "is longer than 214 characters",
  };
  for (const [name, message] of Object.entries(badNames))
    it(`refuses the name ${name.slice(0, 20)}`, async () => {
      const cwd = temporaryFolder();
      const { exitCode, stderr } = await init(cwd, name);
      expect(exitCode).to.equal(2);
      expect(stderr).to.include(`error [usage/name] "${name}" ${message}`);
      expect(readdirSync(cwd)).to.deep.equal([]);
    });

  it("refuses a folder that holds something, and takes an empty one", async () => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, "full"));
    writeFileSync(join(cwd, "full", "mine.txt"), "");
    const { exitCode, stderr } = await init(cwd, "full");
    expect(exitCode).to.equal(2);
    expect(stderr).to.match(/^error \[usage\/folder-not-empty\] .*full already exists and is not empty\.\nChoose/);
    expect(readdirSync(join(cwd, "full"))).to.deep.equal(["mine.txt"]);
    mkdirSync(join(cwd, "empty"));
    expect((await init(cwd, "empty")).exitCode).to.equal(0);
  });

  it("refuses a template that is none", async () => {
    const { exitCode, stderr } = await init(temporaryFolder(), "site-survey", "--from", "ifc");
    expect(exitCode).to.equal(2);
    expect(stderr).to.include("Choices: ");
  });
});
