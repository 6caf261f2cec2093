import { cpSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import {
  ConnectorJobDefArgs,
  ConnectorRunner,
  IModelBankArgs,
  type RunOptions,
  type RunResult,
} from "itwin-connector-framework";
import { IModelBank } from "../../src/bank/IModelBank.js";
import { streamModule } from "../connector/stream/StreamTimeline.js";
import { queryFile } from "../support/iModels.js";
import { contentOf, temporaryFolder } from "../support/temporary.js";

type Changes = Partial<ConnectorJobDefArgs> & RunOptions;

const [north, south] = ["north/plant.json", "south/plant.json"];
const [guid, otherGuid] = ["8f7a1a5e-3f0c-4d9a-9d5a-0f4f1a2b3c4d", "0b6d1c52-6c50-4f4e-8d1e-6a2f9f0d7e11"];

/** A folder with documents in folders of their own, and the iModel into which all of them go. */
class Project {
  public constructor(
    public folder = join(temporaryFolder(), "project"),
    private readonly _bank?: string,
  ) {}

  public write(file: string, ...ids: string[]): void {
    mkdirSync(dirname(join(this.folder, file)), { recursive: true });
    const entities = ids.map((id) => ({ kind: "Pump", id }));
    writeFileSync(join(this.folder, file), JSON.stringify({ entities }));
  }

  public async run(file: string, changes: Changes = {}): Promise<RunResult> {
    const args = Object.assign(new ConnectorJobDefArgs(), {
      connectorModule: streamModule,
      sourcePath: join(this.folder, file),
      outputDir: join(this.folder, "out"),
      ...changes,
    });
    const bank =
      this._bank === undefined
        ? undefined
        : { url: join(this.folder, this._bank), iModelName: "Plant", createiModel: true };
    const serverArgs = bank && Object.assign(new IModelBankArgs(), bank);
    const options = { cacheDirectory: join(this.folder, "cache"), ...changes };
    const runner = new ConnectorRunner(args, serverArgs, options);
    await runner.synchronize();
    return runner.result;
  }

  public async sync(file: string, changes?: Changes): Promise<RunResult> {
    const result = await this.run(file, changes);
    if (result.error !== undefined) throw result.error;
    return result;
  }

  public query(ecsql: string): Record<string, unknown>[] {
    return queryFile(this.iModel, ecsql);
  }

  public get iModel(): string {
    return join(this.folder, "out", "plant.bim");
  }

  public get pumps(): unknown[] {
    return this.query("SELECT UserLabel FROM Stream.Pump ORDER BY UserLabel").map(({ userLabel }) => userLabel);
  }
}

/** A project that has synchronized its northern document. */
async function begin(changes?: Changes): Promise<Project> {
  const project = new Project();
  project.write(north, "n1", "n2");
  project.write(south, "s1");
  await project.sync(north, changes);
  return project;
}

describe("A document of the same file name from another folder", () => {
  it("is refused while the other one is still there, and nothing is written", async () => {
    const project = await begin();
    const content = contentOf(project.iModel);
    const { error } = await project.run(south);
    expect(error).to.include({ code: "source/same-name", phase: "source" });
    expect(error!.message).to.contain(join(project.folder, north)).and.to.contain(join(project.folder, south));
    expect(error!.advice).to.contain("documentName").and.to.contain("documentGuid");
    expect(contentOf(project.iModel)).to.equal(content);
    expect((await project.sync(north)).documents.unchanged).to.equal(1);
  });

  it("is another document at a URL, where it has a job of its own", async () => {
    const project = await begin();
    const dmsServerUrl = pathToFileURL(join(project.folder, south)).href;
    const { counts } = await project.sync(north, { dmsServerUrl, sourcePath: "plant.json" });
    expect(counts).to.include({ new: 1, deleted: 0 });
    expect(project.pumps).to.deep.equal(["n1", "n2", "s1"]);
  });

  it("is no matter for a job of several files with other names", async () => {
    const project = await begin({ argsJson: { jobName: "Plant" } });
    project.write("north/annex.json", "x1");
    const iModel = join(project.folder, "out", "annex.bim");
    renameSync(project.iModel, iModel);
    const { counts } = await project.sync("north/annex.json", { argsJson: { jobName: "Plant" } });
    expect(counts).to.include({ new: 1 });
  });

  it("is refused after the first one has moved by itself", async () => {
    const project = await begin();
    mkdirSync(join(project.folder, "moved"));
    renameSync(join(project.folder, north), join(project.folder, "moved/plant.json"));
    expect((await project.sync("moved/plant.json")).documents.unchanged).to.equal(1);
    expect((await project.run(south)).error).to.include({ code: "source/same-name" });
    expect(project.pumps).to.deep.equal(["n1", "n2"]);
  });

  it("is another document where its name is the end of the other one's", async () => {
    const project = await begin({ documentName: north });
    expect((await project.sync(south, { documentName: "plant.json" })).counts).to.include({ new: 1, deleted: 0 });
    expect(project.pumps).to.deep.equal(["n1", "n2", "s1"]);
  });

  it("is refused on a bank", async () => {
    const project = new Project(undefined, "bank");
    project.write(north, "n1");
    project.write(south, "s1");
    IModelBank.create(join(project.folder, "bank"));
    await project.sync(north);
    expect((await project.run(south)).error).to.include({ code: "source/same-name" });
  });

  for (const [what, changes] of [
    ["a name", { documentName: south }],
    ["a name with another file name", { documentName: "Southern plant" }],
    ["a GUID", { documentGuid: guid }],
    ["a GUID and a name", { documentGuid: guid, documentName: south }],
  ] as const)
    it(`is another document where it has ${what} of its own`, async () => {
      const project = await begin();
      expect((await project.sync(south, changes)).counts).to.include({ new: 1, deleted: 0 });
      expect(project.pumps).to.deep.equal(["n1", "n2", "s1"]);
      for (const again of [await project.sync(north), await project.sync(south, changes)])
        expect(again.documents).to.deep.equal({ new: 0, changed: 0, unchanged: 1 });
      project.write(south, "s2");
      expect((await project.sync(south, changes)).counts).to.include({ new: 1, deleted: 1 });
      expect(project.pumps).to.deep.equal(["n1", "n2", "s2"]);
    });

  for (const [what, ofNorth, ofSouth] of [
    ["names", { documentName: north }, { documentName: south }],
    ["GUIDs", { documentGuid: guid }, { documentGuid: otherGuid }],
  ] as const)
    it(`is another document where both have ${what}`, async () => {
      const project = await begin(ofNorth);
      await project.sync(south, ofSouth);
      expect(project.pumps).to.deep.equal(["n1", "n2", "s1"]);
      for (const again of [await project.sync(north, ofNorth), await project.sync(south, ofSouth)])
        expect(again.documents.unchanged).to.equal(1);
    });

  for (const [what, changes] of [
    ["a name", { documentName: north }],
    ["a GUID", { documentGuid: guid }],
  ] as const)
    it(`is refused where only the other one has ${what}`, async () => {
      const project = await begin(changes);
      expect((await project.run(south)).error).to.include({ code: "source/same-name" });
      expect(project.pumps).to.deep.equal(["n1", "n2"]);
    });

  it("is the same document where its name says so", async () => {
    const project = await begin();
    project.write(south, "n1", "s1");
    const result = await project.sync(south, { documentName: "plant.json" });
    expect(result.counts).to.include({ new: 1, unchanged: 1, deleted: 1 });
  });

  it("is another document where both are fetched from URLs", async () => {
    const project = await begin();
    const urls = [north, south].map((file) => pathToFileURL(join(project.folder, file)).href);
    const outputDir = join(project.folder, "fetched");
    for (const dmsServerUrl of urls) await project.sync(north, { dmsServerUrl, outputDir });
    const ecsql = "SELECT UserLabel FROM Stream.Pump ORDER BY UserLabel";
    const rows = queryFile(join(outputDir, "plant.bim"), ecsql);
    expect(rows.map(({ userLabel }) => userLabel)).to.deep.equal(["n1", "n2", "s1"]);
  });

  it("is not known when it is unmapped", async () => {
    const project = await begin();
    const { issues } = await project.sync(south, { unmap: true });
    expect(issues.map(({ code }) => code)).to.deep.equal(["run/unknown-document"]);
    expect(project.pumps).to.deep.equal(["n1", "n2"]);
    await project.sync(north, { unmap: true });
    expect(project.query("SELECT 1 FROM bis.RepositoryLink")).to.deep.equal([]);
  });
});

describe("A document that is known by its file name", () => {
  const expectUnchanged = ({ documents, elements }: RunResult) => {
    expect(documents).to.deep.equal({ new: 0, changed: 0, unchanged: 1 });
    expect(elements).to.deep.equal({ inserted: 0, updated: 0, deleted: 0 });
  };
  const issuesOf = ({ issues }: RunResult) => issues.map(({ code, message }) => `${code} ${message}`);
  const archived = "archive/plant.json";

  it("stays the same when its file moves", async () => {
    const project = await begin();
    renameSync(join(project.folder, "north"), join(project.folder, "archive"));
    expectUnchanged(await project.sync(archived));
    project.write(archived, "n1", "n3");
    expect((await project.sync(archived)).counts).to.include({ new: 1, deleted: 1, unchanged: 1 });
    project.write(north, "x");
    expect((await project.run(north)).error).to.include({ code: "source/same-name" });
  });

  for (const [what, changes] of [
    ["name", {}],
    ["GUID", { documentGuid: guid }],
  ] as const)
    it(`is reported with both places, once, if it has moved: known by its ${what}`, async () => {
      const project = await begin(changes);
      expect(issuesOf(await project.sync(north, changes))).to.deep.equal([]);
      renameSync(join(project.folder, "north"), join(project.folder, "archive"));
      const [former, latter] = [north, archived].map((file) => join(project.folder, file));
      const moved = `source/moved The document "plant.json" was read from ${former} before, and is read from ${latter} now.`;
      expect(issuesOf(await project.sync(archived, { ...changes, dryRun: true }))).to.deep.equal([moved]);
      expect(issuesOf(await project.sync(archived, changes))).to.deep.equal([moved]);
      expect(issuesOf(await project.sync(archived, changes))).to.deep.equal([]);
    });

  it("is not reported as moved if a name says that the file is a copy, also later", async () => {
    const changes = { documentGuid: guid, documentName: "Plant" };
    const project = await begin(changes);
    renameSync(join(project.folder, "north"), join(project.folder, "archive"));
    expect(issuesOf(await project.sync(archived, changes))).to.deep.equal([]);
    const ecsql = "SELECT JsonProperties FROM bis.RepositoryLink";
    expect(String(project.query(ecsql)[0]!.jsonProperties)).not.to.contain("DocumentPlace");
  });

  it("is refused while its folder is not there, and keeps its entities", async () => {
    const project = await begin();
    const content = contentOf(project.iModel);
    renameSync(join(project.folder, "north"), join(project.folder, "unmounted"));
    const { error } = await project.run(north);
    expect(error).to.include({ code: "source/missing" });
    expect(error!.message).to.contain(`There is no folder ${join(project.folder, "north")}, and so no source file`);
    expect(error!.advice).to.contain("mounted");
    expect(contentOf(project.iModel)).to.equal(content);
  });

  for (const [what, bring] of [
    ["moves", renameSync],
    ["is copied", (from: string, to: string) => cpSync(from, to, { recursive: true })],
  ] as const)
    it(`stays the same when it ${what} together with the iModel`, async () => {
      const project = await begin();
      const copy = new Project(join(temporaryFolder(), "elsewhere"));
      bring(project.folder, copy.folder);
      const result = await copy.sync(north);
      expectUnchanged(result);
      expect(issuesOf(result)).to.deep.equal([]);
      expect((await copy.run(south)).error).to.include({ code: "source/same-name" });
    });

  it("stays the same when it is copied together with its bank", async () => {
    const project = new Project(undefined, "bank");
    project.write(north, "n1");
    IModelBank.create(join(project.folder, "bank"));
    await project.sync(north);
    const copy = new Project(join(temporaryFolder(), "elsewhere"), "bank");
    cpSync(project.folder, copy.folder, { recursive: true });
    expectUnchanged(await copy.sync(north));
    const again = await copy.sync(north);
    expect(again.version).to.include({ changesetIndex: 1, isPushed: false });
  });

  it("stays the same when a link leads to its file", async () => {
    const project = await begin();
    symlinkSync(join(project.folder, "north"), join(project.folder, "link"));
    const result = await project.sync("link/plant.json");
    expectUnchanged(result);
    expect(issuesOf(result)).to.deep.equal([]);
  });

  it("has the label of the file, also where a GUID identifies it", async () => {
    const project = await begin({ documentGuid: guid });
    const ecsql = "SELECT UserLabel, RepositoryGuid FROM bis.RepositoryLink";
    expect(project.query(ecsql)).to.deep.equal([{ userLabel: "plant.json", repositoryGuid: guid }]);
  });
});
