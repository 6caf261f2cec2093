import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { connectorRunner, treeConnector, type Outcome } from "../support/commandLine.js";
import { temporaryFolder } from "../support/temporary.js";

interface ReportedChanges {
  counts: Record<string, number>;
  elements: { kind: string; label: string }[];
}

/** A part of the data that stands in a report. */
function partOf(report: string, name: string): unknown {
  const [, json = ""] =
    new RegExp(`<script type="application/json" id="part-${name}">(.*)</script>`).exec(readFileSync(report, "utf8")) ??
    [];
  return JSON.parse(json);
}

describe("connector-runner --report", () => {
  let folder: string;
  let report: string;
  beforeEach(() => {
    folder = temporaryFolder();
    report = join(folder, "reports", "report.html");
  });

  const run = async (ids: string[], ...more: string[]): Promise<Outcome> => {
    const trees = ids.map((id, index) => ({ id, species: `Tree ${id}`, position: [index * 5, 0, 0], radius: 1 }));
    const sourcePath = join(folder, "trees.json");
    writeFileSync(sourcePath, JSON.stringify(trees));
    const job = ["--connectorModule", treeConnector, "--sourcePath", sourcePath, "--report", report];
    const target = more.includes("--iModelBankUrl") ? [] : ["--outputDir", join(folder, "out")];
    return connectorRunner([...job, ...target, ...more]);
  };

  const kinds = () =>
    (partOf(report, "changes") as ReportedChanges).elements
      .filter(({ label }) => label.startsWith("Tree "))
      .map(({ kind, label }) => `${kind} ${label}`)
      .sort();

  it("writes what the run changed, and says where", async () => {
    const { exitCode, stdout } = await run(["A", "B"]);
    expect(exitCode).to.equal(0);
    expect(stdout).to.match(/Report: .*report\.html\.\n$/);
    expect(kinds()).to.deep.equal(["new Tree A", "new Tree B"]);
    const { stdout: json } = await run(["B", "C"], "--json");
    expect(JSON.parse(json)).to.have.nested.property("report.path", report);
    expect(JSON.parse(json)).to.have.property("job").that.includes({ connector: "Trees", connectorVersion: "1.0.0" });
    expect(kinds()).to.deep.equal(["changed Tree B", "deleted Tree A", "new Tree C"]);
    expect(readdirSync(join(folder, "reports"))).to.deep.equal(["report.html"]);
  });

  it("compares a version of a bank with the one before it @all", async () => {
    const bank = ["--iModelBankUrl", join(folder, "bank"), "--iModelName", "Garden", "--createiModel"];
    await connectorRunner(["bank", "create", join(folder, "bank")]);
    const cached = [...bank, "--cacheDirectory", join(folder, "cache")];
    await run(["A", "B"], ...cached);
    await run(["A", "B", "C"], ...cached);
    expect(kinds()).to.deep.equal(["new Tree C"]);
    expect((partOf(report, "run") as { iModel: string }).iModel).to.match(/Garden.*, version 2$/);
  });

  it("shows no changes of a dry run @all", async () => {
    await run(["A"]);
    await run(["A", "B"], "--dryRun");
    expect(partOf(report, "run")).to.deep.include({ dryRun: true, hasModel: true });
    expect(partOf(report, "model")).to.include({ comparison: false });
  });

  it("says why a run failed @all", async () => {
    const { exitCode, stdout, stderr } = await run(["A"], "--maxDeletions", "many");
    expect(exitCode).to.equal(2);
    expect(stdout).to.match(/^Report: .*report\.html\.\n$/);
    expect(stderr).to.contain("error [usage/");
    const { error } = partOf(report, "run") as { error: { code: string } };
    expect(error.code).to.match(/^usage\//);
  });

  it("replaces no other file, and refuses that before the run", async () => {
    report = join(folder, "mine.html");
    writeFileSync(report, "mine");
    const { exitCode, stderr } = await run(["A"]);
    expect(exitCode).to.equal(2);
    expect(stderr).to.contain("error [usage/file-exists]");
    expect(readFileSync(report, "utf8")).to.equal("mine");
    expect(existsSync(join(folder, "out"))).to.equal(false);
  });

  it("goes into no file, and refuses that before the run @all", async () => {
    writeFileSync(join(folder, "file"), "");
    report = join(folder, "file", "report.html");
    const { exitCode, stderr } = await run(["A"]);
    expect(exitCode).to.equal(2);
    expect(stderr).to.match(
      /^error \[usage\/not-writable\] Cannot write a report to .*file: .*\nChoose another folder/,
    );
    expect(existsSync(join(folder, "out"))).to.equal(false);
  });

  it("keeps what stands behind ? of an address out of the report @all", async () => {
    const { exitCode } = await connectorRunner([
      ...["--connectorModule", treeConnector, "--outputDir", join(folder, "out"), "--report", report],
      ...["--dmsServerUrl", "http://127.0.0.1:1/trees.json?token=hidden-4711"],
    ]);
    expect(exitCode).to.equal(1);
    expect(readFileSync(report, "utf8")).not.to.contain("hidden-4711");
  });
});
