import { randomUUID } from "node:crypto";
import { expect } from "chai";
import { fromLongId } from "../../src/platform/ids.js";
import { expectShowable, recordsOf, tilesOf, type ViewerReport } from "../../../../test/diagnostics/viewer.js";
import type { Answer } from "../sendRequest.js";
import { TestService } from "../TestService.js";
import { FileServer } from "./FileServer.js";
import { connectors, ServedIModel, tasksOf, type ShownRun, type ShownTask } from "./ServedIModel.js";

const path = "/synchronization/diagnosticreports";

interface ShownEntry {
  id: string;
  imodelId: string;
  runId: string;
  taskId: string;
  sasUri: string;
  createdTimeStamp: string;
}

describe("Diagnostic reports", () => {
  let files: FileServer;
  let test: TestService;
  let iModel: ServedIModel;
  let run: ShownRun;

  before(async () => {
    files = await FileServer.start();
    const manifests = { allowedPrivateHosts: ["127.0.0.1"] };
    test = await TestService.start({ connectors, manifests });
    iModel = await ServedIModel.create(test);
    const goodFile = await iModel.addFile("good.csv", "id,name\n1,a\n2\n");
    const badFile = await iModel.addFile("bad.csv", 'id,name\n1,"Pump\n');
    const otherFile = await iModel.addFile("plan.dgn", "nothing");
    const connection = await iModel.connect([
      { storageFileId: goodFile, connectorType: "SHELLEDWCSV" },
      { storageFileId: badFile, connectorType: "SHELLEDWCSV" },
      { storageFileId: otherFile, connectorType: "MSTN" },
    ]);
    run = await iModel.run(connection);
  });
  after(async () => {
    await test.close();
    await files.close();
  });

  const ask = async (query: string, at = path): Promise<Answer<{ reports: ShownEntry[] }>> =>
    test.request("GET", `${at}?${query}`);

  const reportsOf = async (id = run.id): Promise<ShownEntry[]> => {
    const { status, body } = await ask(`iModelId=${iModel.id}&runId=${id}`);
    expect(status).to.equal(200);
    return body.reports;
  };

  /** Without a token. */
  const read = async ({ sasUri }: ShownEntry): Promise<ViewerReport> => {
    const answer = await fetch(sasUri);
    expect(answer.status).to.equal(200);
    const report = (await answer.json()) as ViewerReport;
    expectShowable(report);
    return report;
  };

  const expectCounts = (report: ViewerReport, { details }: ShownTask) => {
    const { errors, warnings, info } = tilesOf(report);
    const { totalErrorsCount, totalWarningsCount, totalOtherIssuesCount } = details!.synchronizationReport;
    expect([totalErrorsCount, totalWarningsCount, totalOtherIssuesCount]).to.deep.equal([errors, warnings, info]);
  };

  it("are one for each task of a run, with ids and the time of its end", async () => {
    const reports = await reportsOf();
    const tasks = tasksOf(run);
    expect(reports.map(({ taskId }) => taskId)).to.deep.equal(tasks.map(({ id }) => id));
    for (const [index, entry] of reports.entries()) {
      expect(Object.keys(entry)).to.deep.equal(["id", "imodelId", "runId", "taskId", "sasUri", "createdTimeStamp"]);
      expect(entry).to.include({ imodelId: iModel.id, runId: run.id });
      expect(fromLongId(entry.id)).to.deep.equal({ ownerId: run.id, itemId: entry.taskId });
      expect(entry.createdTimeStamp).to.equal(`${tasks[index]!.endDateTime!.slice(0, 19)}Z`);
    }
  });

  it("have the numbers that the tasks have", async () => {
    const reports = await reportsOf();
    for (const [index, task] of tasksOf(run).entries()) expectCounts(await read(reports[index]!), task);
  });

  it("say what the platform's viewer shows of a file", async () => {
    const [good, bad, other] = await Promise.all((await reportsOf()).map(read));
    const [task, failed] = tasksOf(run);
    expect(good!.context).to.deep.equal({
      reportType: "detailReport",
      operationType: "NORMAL_UPDATE",
      jobid: run.jobs[0]!.id,
      contextid: test.iTwinId,
      imodelid: iModel.id,
      activityid: run.id,
      timestamp: task!.endDateTime,
    });
    const file = { itemType: "File", dataSource: "Storage", fileId: task!.storageFileId, fileName: "good.csv" };
    expect(good!.sourceFilesInfo).to.deep.equal({ ...file, fileExists: true, bimFileExists: true, Files: [] });
    expect(recordsOf(good!)[0]!.auditinfo).to.include({ issueid: "csv/short-row", level: "Warning" });
    expect(bad!.sourceFilesInfo).to.include({ fileId: failed!.storageFileId, bimFileExists: false });
    expect(bad!.filerecords).to.have.length(1);
    const [record] = recordsOf(bad!);
    expect(record!.auditinfo).to.include({ level: "Fatal", category: "CorruptData", fileName: "bad.csv" });
    expect(record!.auditinfo.message).to.match(/^line \d/);
    expect(recordsOf(other!)[0]!.auditinfo).to.include({
      issueid: "service/unknown-connector-type",
      category: "Compatibility",
      type: "MissingSoftwareDependency",
    });
  });

  it("are JSON that the pages of any origin can read without a token", async () => {
    const [{ sasUri }] = (await reportsOf()) as [ShownEntry];
    const answer = await fetch(sasUri, { headers: { origin: "https://viewer.example.com" } });
    expect(answer.headers.get("content-type")).to.match(/^application\/json/);
    expect(answer.headers.get("access-control-allow-origin")).to.equal("*");
  });

  it("are given to nobody with another signature, for another report, or after the end", async () => {
    const [first, second] = (await reportsOf()) as [ShownEntry, ShownEntry];
    const forged = [
      first.sasUri.replace(/signature=.{6}/, "signature=AAAAAA"),
      first.sasUri.replace(first.id, second.id),
      first.sasUri.replace(/expires=\d+/, "expires=9999999999"),
      first.sasUri.split("?")[0]!,
    ];
    for (const url of forged) {
      const answer = await fetch(url);
      expect(answer.status, url).to.equal(403);
      expect(await answer.json()).to.have.nested.property("error.code", "InsufficientPermissions");
    }
  });

  it("are listed for one task, at both addresses, and with imodelId as well", async () => {
    const [, task] = tasksOf(run);
    for (const at of [path, "/synchronization/imodels/diagnosticreports"])
      for (const name of ["iModelId", "imodelId"]) {
        const { body } = await ask(`${name}=${iModel.id}&runId=${run.id}&taskId=${task!.id}`, at);
        expect(body.reports.map(({ taskId }) => taskId)).to.deep.equal([task!.id]);
      }
  });

  it("name all ids that are missing or wrong", async () => {
    const none = await ask("");
    expect(none.status).to.equal(422);
    const missing = (target: string) => ({
      code: "MissingRequiredProperty",
      message: `${target} should be provided.`,
      target,
    });
    expect(none.body).to.deep.equal({
      error: {
        code: "InvalidBadgersRequest",
        message: "Cannot perform operation.",
        details: [missing("iModelId"), missing("runId")],
      },
    });
    const wrong = await ask("iModelId=a&runId=b&taskId=c");
    expect(wrong.status).to.equal(422);
    const invalid = ["iModelId", "runId", "taskId"].map((target) => ({
      code: "InvalidValue",
      message: `Provided ${target} value is not valid.`,
      target,
    }));
    expect(wrong.body).to.have.nested.property("error.details").that.deep.equals(invalid);
  });

  it("are not listed for an unknown run, or for a run of another iModel", async () => {
    expect(await reportsOf(randomUUID())).to.deep.equal([]);
    const other = await ServedIModel.create(test, "Other");
    expect((await ask(`iModelId=${other.id}&runId=${run.id}`)).body.reports).to.deep.equal([]);
    const { status, body } = await ask(`iModelId=${randomUUID()}&runId=${run.id}`);
    expect([status, body]).to.deep.equal([
      404,
      { error: { code: "iModelNotFound", message: "Requested iModel is not available." } },
    ]);
  });

  it("are for members of the iTwin, and for the scope of the platform", async () => {
    const query = `${path}?iModelId=${iModel.id}&runId=${run.id}`;
    const as = async (client: string, scopes?: string[]) => {
      const authorization = `Bearer ${await test.tokenOf(client, scopes)}`;
      return (await test.request("GET", query, undefined, { authorization })).status;
    };
    expect(await as("stranger")).to.equal(403);
    expect(await as("tester", ["synchronization:read"])).to.equal(401);
    expect(await as("tester", ["itwin-platform"])).to.equal(200);
  });

  it("name the reference files of a manifest's file", async () => {
    files.files.set("/master.csv", "id,name\n1,a\n");
    files.files.set("/bad.csv", 'id,name\n1,"Pump\n');
    const entry = (id: string) => ({ id, name: id, url: files.urlOf(`/${id}`), connectorType: "SHELLEDWCSV" });
    const plant = await ServedIModel.create(test, "Manifest");
    const connection = await plant.connectDocuments(["master.csv"]);
    const children = [entry("bad.csv"), entry("gone.csv")];
    const ended = await plant.runManifest(connection, { sourceFiles: [{ ...entry("master.csv"), children }] });
    const { body } = await ask(`iModelId=${plant.id}&runId=${ended.id}`);
    const reports = await Promise.all(body.reports.map(read));
    for (const [index, task] of tasksOf(ended).entries()) expectCounts(reports[index]!, task);
    const { sourceFilesInfo } = reports[0]!;
    expect(sourceFilesInfo).to.include({ fileId: "master.csv", dataSource: "Manifest", fileExists: true });
    const states = sourceFilesInfo!.Files!.map(({ fileId, state, fileExists }) => [fileId, state, fileExists]);
    expect(states).to.deep.equal([
      ["bad.csv", "Failed", true],
      ["gone.csv", "Missing", false],
    ]);
    expect(sourceFilesInfo!.Files![0]!.failureReason).to.be.a("string");
    expect(reports[2]!.sourceFilesInfo).to.deep.include({ fileId: "gone.csv", fileExists: false, Files: [] });
  });

  it("go with the run", async () => {
    const plant = await ServedIModel.create(test, "Short-lived");
    const storageFileId = await plant.addFile("list.csv", "id,name\n1,a\n");
    const connection = await plant.connect([{ storageFileId, connectorType: "SHELLEDWCSV" }]);
    const { id } = await plant.run(connection);
    const { body } = await ask(`iModelId=${plant.id}&runId=${id}`);
    await test.request("DELETE", connection);
    const answer = await fetch(body.reports[0]!.sasUri);
    expect(answer.status).to.equal(404);
    expect((await ask(`iModelId=${plant.id}&runId=${id}`)).body.reports).to.deep.equal([]);
  });
});
