import { expect } from "chai";
import { ConnectorError } from "../../src/ConnectorError.js";
import { countRecords, makeDiagnosticReport, type ReportedTask } from "../../src/diagnostics/makeDiagnosticReport.js";
import type { ReportedRun } from "../../src/diagnostics/toRecords.js";
import { expectShowable, recordsOf, tilesOf, type ViewerReport } from "./viewer.js";

const task: ReportedTask = {
  context: { operationType: "NORMAL_UPDATE", timestamp: "2026-01-02T03:04:05Z" },
  file: { fileId: "f1", fileName: "pumps.csv", localPath: "lists/pumps.csv", fileExists: true, bimFileExists: true },
  dataSource: "Folder",
};

function report(run: ReportedRun, more: Partial<ReportedTask> = {}): ViewerReport {
  const made: ViewerReport = makeDiagnosticReport(run, { ...task, ...more });
  const sent = JSON.parse(JSON.stringify(made)) as ViewerReport;
  expectShowable(sent);
  return sent;
}

/** What issues of a code are in a report, if they do not say how grave they are, and an error of it. */
function classified(code: string): string[] {
  const issue = { code, message: "It is so." };
  const [fatal, usual] = recordsOf(report({ error: issue, issues: [issue] })).map(({ auditinfo }) => auditinfo);
  expect(fatal).to.include({ issueid: code, level: "Fatal", category: usual!.category, type: usual!.type });
  return [usual!.category!, usual!.type!, usual!.level!];
}

/** The table of the documentation: codes, category, type, and the level of an issue without one. */
const table = `
source/missing service/file-missing service/source-unavailable geospatial/no-dbf geospatial/no-shx | InputFiles FileNotFound Critical
source/unreadable csv/unreadable json/changed-meanwhile fetch/timeout service/blob-missing service/file-damaged | DiskIO FileHandler Critical
fetch/denied fetch/address-not-allowed service/path-outside | Authorization DataSource Critical
ifc/not-ifc geospatial/not-geojson xlsx/not-a-workbook ifc/unknown-schema geospatial/shape-type | Unsupported DataSource Critical
xlsx/encrypted | DigitalRights Document Critical
ifc/damaged ifc/cut-off json/syntax json/too-deep csv/ragged-row csv/stray-quote csv/row-too-long geospatial/records-differ geospatial/bad-feature | CorruptData InvalidInputData Critical
csv/encoding xlsx/not-text json/nul-character | CorruptData InvalidInputData Critical
xlsx/no-rows csv/empty-file json/no-records json/no-columns xlsx/empty-workbook | MissingData InvalidInputData Critical
csv/no-header csv/no-id-column xlsx/unknown-column csv/ambiguous-column csv/unnamed-column csv/duplicate-column xlsx/unknown-sheet json/mixed-list | InconsistentData ECProperty Critical
csv/options json/mapping | InputFiles Config Critical
csv/empty-id csv/duplicate-id json/duplicate-key sync/duplicate-item ifc/duplicate-global-id ifc/no-global-id | InconsistentData ECInstance Warning
csv/not-a-number csv/incomplete-coordinates json/coordinate-out-of-range | UnexpectedData Geometry Critical
geospatial/out-of-range | UnexpectedData GCS Critical
geospatial/far | UnexpectedData Range Warning
geospatial/no-crs geospatial/unknown-crs ifc/unknown-crs | MissingData MissingGCS Warning
ifc/no-length-unit | MissingData Units Warning
ifc/body-failed ifc/body-empty geospatial/no-extent | MissingData MissingGeometry Critical
ifc/circle ifc/circle-of-parts sync/reference-lost | InconsistentData References Warning
geospatial/attributes-left-out xlsx/error-value xlsx/formula-without-value sync/aspect-refused | BusinessProperties ECProperty Critical
schema/name-taken csv/schema-refused csv/schema-name-taken csv/too-many-columns | BusinessProperties ECSchema Critical
csv/same-class | BusinessProperties ECClass Critical
sync/kept-for-references sync/definition-in-use sync/delete-failed sync/job-in-use | Synchronization Element Info
sync/modeled-element-replaced | Synchronization UpdateDoesNotChangeClass Info
ifc/web-ifc ifc/reader-failed service/connector-died service/out-of-memory | ToolkitError Alert Warning
load/no-connector service/unknown-connector-type service/missing-package | Compatibility MissingSoftwareDependency Critical
imodel/locked run/imodel-refused run/channel service/checkout-failed service/history-conflict | IModel iModel Critical
service/cancelled service/timed-out run/too-many-deletions service/run-failed | Synchronization Error Critical
other/thing no-scope | Unknown Undefined Warning
`;

describe("A diagnostic report", () => {
  for (const row of table.trim().split("\n")) {
    const [codes = "", expected = ""] = row.split(" | ");
    it(`sorts ${codes.split(" ")[0]} and its like in as ${expected}`, () => {
      for (const code of codes.split(" ")) expect(classified(code).join(" "), code).to.equal(expected);
    });
  }

  it("has lists that the viewer asks for where there is nothing to say", () => {
    const { filerecords, sourceFilesInfo, context } = report({});
    expect(filerecords).to.deep.equal([{ file: { identifier: "f1" }, auditrecords: [] }]);
    expect(sourceFilesInfo).to.deep.equal({
      itemType: "File",
      dataSource: "Folder",
      fileId: "f1",
      fileName: "pumps.csv",
      fileExists: true,
      bimFileExists: true,
      Files: [],
    });
    expect(context).to.deep.equal({ reportType: "detailReport", ...task.context });
  });

  it("has an issue with its place, its advice, its element and its entity", () => {
    const source = { file: "lists/pumps.csv", line: 12, cell: "flow", entity: "p1" };
    const issue = { code: "csv/odd", message: "It is odd.", advice: "Look.", elementId: "0x12", source };
    const [record] = recordsOf(report({ issues: [issue] }));
    expect(record).to.deep.equal({
      auditinfo: {
        issueid: "csv/odd",
        level: "Warning",
        category: "Unknown",
        type: "Undefined",
        message: "line 12, cell flow: It is odd. Look.",
        line: 12,
        cell: "flow",
        fileName: "pumps.csv",
      },
      elementinfo: { ecinstanceid: "0x12", sourceid: "p1" },
    });
  });

  it("does not repeat a place that the message names", () => {
    const issue = { code: "csv/odd", message: "pumps.csv, line 3: it is odd.", source: { line: 3 } };
    const [record] = recordsOf(report({ issues: [issue] }));
    expect(record!.auditinfo.message).to.equal(issue.message);
    expect(record!.elementinfo).to.deep.equal({ ecinstanceid: "", sourceid: "" });
  });

  it("begins with the error that ended the run, which is fatal", () => {
    const error = new ConnectorError("csv/duplicate-id", "p1 comes twice.", {
      advice: "Remove one.",
      source: { line: 2 },
    });
    const issues = [{ code: "geospatial/far", message: "It is far." }];
    const [first, second] = recordsOf(report({ error, issues }));
    expect(first!.auditinfo).to.include({ level: "Fatal", message: "line 2: p1 comes twice. Remove one." });
    expect(second!.auditinfo.level).to.equal("Warning");
  });

  it("takes the level that an issue has", () => {
    const issues = [{ code: "geospatial/far", message: "It is far.", level: "Critical" as const }];
    expect(recordsOf(report({ issues }))[0]!.auditinfo.level).to.equal("Critical");
  });

  it("says what was not imported, and that the rest is no loss", () => {
    const lost = { what: "IfcText", reason: "not supported", example: "#12", count: 3 };
    const notImported = [lost, { ...lost, what: "IfcPoint", isLoss: false }];
    const records = recordsOf(report({ notImported, unlistedNotImported: 7 }));
    expect(records.map(({ auditinfo: { issueid, level, message } }) => [issueid, level, message])).to.deep.equal([
      ["run/not-imported", "Critical", "Not imported: 3 IfcText; not supported (such as #12)."],
      ["run/not-imported", "Info", "Not imported: 3 IfcPoint; not supported (such as #12)."],
      ["run/not-imported", "Critical", "7 things more were not imported."],
    ]);
  });

  it("counts issues that are not listed in one record", () => {
    const [record] = recordsOf(report({ unlistedIssues: 17 }));
    expect(record!.auditinfo).to.include({ issueid: "run/unlisted-issues", level: "Info" });
    expect(record!.auditinfo.message).to.contain("17");
  });

  it("files each record under its file, and adds files that only issues name", () => {
    const of = (file?: string) => ({ code: "a/b", message: "m", source: { file } });
    const issues = [of("pumps.csv"), of("refs/valves.csv"), of(), of("lists\\pumps.csv"), of("refs/other.prj")];
    const known = { fileId: "r1", fileName: "valves.csv", localPath: "refs/valves.csv", fileExists: false };
    const references = [{ ...known, bimFileExists: false, state: "Missing" as const, failureReason: "gone" }];
    const { filerecords, sourceFilesInfo } = report({ issues }, { references });
    const counts = filerecords!.map(({ file, auditrecords }) => [file!.identifier, auditrecords!.length]);
    expect(counts).to.deep.equal([
      ["f1", 3],
      ["r1", 1],
      ["refs/other.prj", 1],
    ]);
    expect(sourceFilesInfo!.Files).to.deep.equal([
      {
        fileId: "r1",
        fileName: "valves.csv",
        state: "Missing",
        fileExists: false,
        bimFileExists: false,
        failureReason: "gone",
      },
      { fileId: "refs/other.prj", fileName: "other.prj", state: "Processed", fileExists: true, bimFileExists: true },
    ]);
  });

  it("has as many records of each sort as are counted", () => {
    const run: ReportedRun = {
      error: { code: "csv/damaged", message: "It is damaged." },
      issues: [
        { code: "a/b", message: "m", level: "Error" },
        { code: "geospatial/far", message: "m" },
        { code: "sync/job-in-use", message: "m" },
      ],
      unlistedIssues: 3,
      notImported: [{ what: "w", reason: "r", example: "e", count: 5 }],
    };
    const { errors, warnings, info } = tilesOf(report(run));
    expect([errors, warnings, info]).to.deep.equal([2, 2, 2]);
    expect(countRecords(run)).to.deep.equal({ errors, warnings, others: info });
  });
});
