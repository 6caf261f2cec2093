import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { connectorRunner, execute, type Outcome } from "../support/commandLine.js";
import { expectFailure, Workplace } from "../support/Workplace.js";

/** A workplace with an iModel of two trees. */
class Site extends Workplace {
  public static async make(): Promise<Site> {
    const site = new Site();
    expect((await site.run()).exitCode).to.equal(0);
    return site;
  }

  public async export(...args: string[]): Promise<Outcome> {
    return connectorRunner(["export", this.iModelPath, ...args]);
  }
}

describe("connector-runner export", () => {
  let site: Site;
  before(async () => (site = await Site.make()));

  it("writes a glb beside the iModel, and says what is in it", async () => {
    const { exitCode, stdout, stderr } = await site.export();
    expect([exitCode, stderr]).to.deep.equal([0, "exporting\n"]);
    const out = join(site.outputDir, "trees.glb");
    expect(stdout).to.match(/^Wrote .*trees\.glb: 2 elements, [\d,]+ triangles, \d+ kB, in \d+\.\d s\.\n$/);
    expect(stdout).to.contain(out);
    expect(statSync(out).size).to.be.greaterThan(1000);
  });

  it("writes 3D Tiles, compressed, and says so as JSON", async () => {
    const out = join(site.folder, "tiles");
    const { exitCode, stdout } = await site.export(out, "--format", "3dtiles", "--compress", "meshopt", "--json");
    expect(exitCode).to.equal(0);
    expect(JSON.parse(stdout)).to.deep.include({ path: out, elements: 2, issues: [] });
    expect(readdirSync(out)).to.have.members(["tiles", "tileset.json"]);
  });

  it("takes the format from the name of the output, and says nothing with --quiet", async () => {
    const out = join(site.folder, "trees.3dtiles");
    const outcome = await site.export(out, "--quiet");
    expect(outcome).to.deep.equal({ exitCode: 0, stdout: "", stderr: "" });
    expect(existsSync(join(out, "tileset.json"))).to.equal(true);
  });

  it("writes tables, of all elements, of classes, or of a query", async () => {
    const out = join(site.folder, "trees.csv");
    const { exitCode, stdout } = await site.export(out);
    expect([exitCode, /: .*(?=, in)/.exec(stdout)?.[0]]).to.deep.equal([0, ": 2 elements, 1 kB"]);
    const [names, ...rows] = readFileSync(out, "utf8").trimEnd().split("\r\n");
    expect(names).to.match(/^ECInstanceId,ECClassName,UserLabel,/);
    expect(rows.map((row) => /Oak|Ash/.exec(row)?.[0])).to.deep.equal(["Oak", "Ash"]);
    const ecsql = "SELECT count(*) AS Trees FROM bis.ExternalSourceAspect WHERE Identifier LIKE 't_'";
    const json = join(site.folder, "count.jsonl");
    expect((await site.export(json, "--ecsql", ecsql, "--quiet")).exitCode).to.equal(0);
    expect(readFileSync(json, "utf8")).to.equal('{"Trees":2}\n');
  });

  it("replaces what exists only with --overwrite @all", async () => {
    const out = join(site.folder, "again.glb");
    await site.export(out);
    expectFailure(await site.export(out), 2, "error [usage/file-exists]", "give --overwrite");
    expect((await site.export(out, "--overwrite")).exitCode).to.equal(0);
  });

  const refused: [title: string, args: string[], exitCode: number, message: string][] = [
    ["a category that no element has", ["--categories", "None"], 1, "error [viewer/no-geometry]"],
    ["a class that there is not", ["--classes", "Plant:Pump"], 2, "error [usage/unknown-class]"],
    ["a query for graphics", ["--format", "glb", "--ecsql", "SELECT 1"], 2, "error [usage/format-option]"],
    ["compression of a table", ["--format", "csv", "--compress", "meshopt"], 2, "error [usage/format-option]"],
    ["a query that is wrong", ["--format", "csv", "--ecsql", "SELECT Nope FROM bis.Element"], 1, "(line 1, column 8)"],
    ["a map without a place", ["--format", "geojson"], 1, "error [viewer/no-place]"],
    ["a format that there is not", ["--format", "obj"], 2, "error [usage/arguments]"],
  ];
  for (const [title, args, exitCode, message] of refused)
    it(`refuses ${title}`, async () => {
      expectFailure(await site.export(join(site.folder, "refused.glb"), ...args), exitCode, message);
      expect(existsSync(join(site.folder, "refused.glb"))).to.equal(false);
    });

  it("refuses a file that is not there", async () => {
    expectFailure(await connectorRunner(["export", join(site.folder, "none.bim")]), 2, "error [usage/missing-imodel]");
  });

  for (const format of ["glb", "3dtiles"])
    it(`leaves nothing behind on a full disk, as ${format}`, async function () {
      const disk = new Workplace().folder;
      const mounted = await execute("mount", ["-t", "tmpfs", "-o", "size=4k", "tmpfs", disk]).catch(() => undefined);
      if (mounted?.exitCode !== 0) this.skip();
      try {
        const outcome = await site.export(join(disk, "out"), "--format", format);
        expectFailure(outcome, 1, "error [viewer/disk-full] The disk is full", "Free some space");
        expect(readdirSync(disk)).to.deep.equal([]);
      } finally {
        await execute("umount", [disk]);
      }
    });
});
