import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { expectShowable, recordsOf, tilesOf, type ViewerReport } from "../diagnostics/viewer.js";
import { connectorRunner, type Outcome } from "../support/commandLine.js";
import { temporaryFolder } from "../support/temporary.js";

const csv = fileURLToPath(new URL("../../connectors/csv/lib/index.js", import.meta.url));

describe("connector-runner --issues", () => {
  let folder: string;
  let sourcePath: string;
  let path: string;
  beforeEach(() => {
    folder = temporaryFolder();
    sourcePath = join(folder, "pumps.csv");
    path = join(folder, "reports", "issues.json");
  });

  const run = async (text: string, ...more: string[]): Promise<Outcome> => {
    writeFileSync(sourcePath, text);
    const job = ["--connectorModule", csv, "--sourcePath", sourcePath, "--outputDir", join(folder, "out")];
    return connectorRunner([...job, "--issues", path, ...more]);
  };

  const read = (): ViewerReport => {
    const report = JSON.parse(readFileSync(path, "utf8")) as ViewerReport;
    expectShowable(report);
    return report;
  };

  it("writes the issues of a run, and says where", async () => {
    const { exitCode, stdout } = await run("id,name\n1,a\n2\n");
    expect(exitCode, stdout).to.equal(0);
    expect(stdout).to.contain(`Issues: ${path}.\n`);
    const report = read();
    expect(tilesOf(report)).to.deep.equal({ errors: 0, warnings: 1, info: 0 });
    expect(report.sourceFilesInfo).to.include({ fileId: sourcePath, fileName: "pumps.csv", fileExists: true });
    const [record] = recordsOf(report);
    expect(record!.auditinfo).to.include({ issueid: "csv/short-row", level: "Warning", fileName: "pumps.csv" });
  });

  it("writes the error of a run that failed as a fatal record", async () => {
    const { exitCode } = await run('id,name\n1,"Pump\n');
    expect(exitCode).to.equal(1);
    const report = read();
    expect(tilesOf(report)).to.include({ errors: 1 });
    const [record] = recordsOf(report);
    expect(record!.auditinfo).to.include({ level: "Fatal", category: "CorruptData", fileName: "pumps.csv" });
    expect(record!.auditinfo.message).to.match(/^line \d/);
    expect(report.sourceFilesInfo).to.include({ fileExists: true, bimFileExists: false });
  });

  it("says that a source is missing", async () => {
    const job = ["--connectorModule", csv, "--sourcePath", join(folder, "gone.csv"), "--outputDir", folder];
    await connectorRunner([...job, "--issues", path]);
    const report = read();
    expect(report.sourceFilesInfo).to.include({ fileExists: false });
    expect(recordsOf(report)[0]!.auditinfo).to.include({ issueid: "source/missing", type: "FileNotFound" });
  });

  it("replaces an earlier file of issues, and no other file", async () => {
    await run("id,name\n1,a\n2\n");
    await run("id,name\n1,a\n");
    expect(recordsOf(read())).to.deep.equal([]);
    writeFileSync(path, "{}");
    const { exitCode, stderr } = await run("id,name\n1,a\n");
    expect(exitCode).to.equal(2);
    expect(stderr).to.contain("usage/file-exists");
    expect(readFileSync(path, "utf8")).to.equal("{}");
  });

  it("refuses a folder that cannot be written to before the run", async () => {
    mkdirSync(join(folder, "reports"));
    path = join(sourcePath, "issues.json");
    const { exitCode, stderr } = await run("id,name\n1,a\n");
    expect(exitCode).to.equal(2);
    expect(stderr).to.contain("usage/not-writable");
    expect(existsSync(join(folder, "out"))).to.equal(false);
  });
});
