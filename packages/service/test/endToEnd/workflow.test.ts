import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { OwnCredentials } from "../../src/platform/auth/ownClient.js";
import { execute, type Outcome } from "../../../../test/support/commandLine.js";
import { temporaryFolder } from "../../../../test/support/temporary.js";
import { TestService } from "../TestService.js";
import { connectors, repositoryFile, ServedIModel } from "./ServedIModel.js";

const sample = (state: string) => repositoryFile(`connectors/csv/sample/${state}/plant.csv`);

const weightsOfValves = "SELECT UserLabel, weight_kg FROM CsvPlant.Plant WHERE UserLabel LIKE 'HV-100%' ORDER BY 1";

interface ConnectionsBody {
  connections: { id: string; _links: { lastRun: { href: string } } }[];
}

describe("The workflow of the platform", function () {
  let test: TestService;
  let imodel: ServedIModel;
  let credentials: OwnCredentials;
  before(async () => {
    const dataDirectory = temporaryFolder();
    test = await TestService.start({ dataDirectory, connectors });
    credentials = JSON.parse(readFileSync(join(dataDirectory, "credentials.json"), "utf8")) as OwnCredentials;
    imodel = await ServedIModel.create(test);
  });
  after(() => test.close());

  /** The script of the documentation, with the client that the service has made for its owner. */
  async function workflow(file: string, type = "SHELLEDWCSV", iModelId = imodel.id): Promise<Outcome> {
    const { clientId, clientSecret } = credentials;
    const script = repositoryFile("docs/examples/service/workflow.sh");
    const args = [test.url, `${clientId}:${clientSecret}`, test.iTwinId, iModelId, file, type];
    return execute("bash", [script, ...args]);
  }

  async function connections(): Promise<ConnectionsBody["connections"]> {
    const path = `/synchronization/imodels/storageconnections?imodelId=${imodel.id}`;
    const prefer = { prefer: "return=representation" };
    return (await test.request<ConnectionsBody>("GET", path, undefined, prefer)).body.connections;
  }

  it("leads from a file to an iModel, as the script of the documentation goes it @all", async () => {
    expect(await workflow(sample("1-first"))).to.deep.equal({ exitCode: 0, stdout: "Success\n", stderr: "" });
    const rows = await imodel.query("SELECT COUNT(*) n FROM CsvPlant.Plant WHERE GeometryStream IS NOT NULL");
    expect(rows).to.deep.equal([{ n: 40 }]);
    const valves = await imodel.query(weightsOfValves);
    expect(valves).to.have.lengthOf(9);
    expect(valves[2]).to.deep.equal({ userLabel: "HV-1003", weight_kg: 243.9 });
    expect(await connections()).to.have.lengthOf(1);
  });

  it("brings the next content of the file, and takes no second connection for it @all", async () => {
    const [connection] = await connections();
    const url = `${test.url}/synchronization/imodels/storageconnections/${connection!.id}`;
    const { body } = await test.request<{ sourceFiles: { storageFileId: string }[] }>("GET", `${url}/sourcefiles`);
    const { storageFileId } = body.sourceFiles[0]!;
    const again = await test.request("POST", "/synchronization/imodels/storageconnections", {
      iModelId: imodel.id,
      sourceFiles: [{ storageFileId, connectorType: "SHELLEDWCSV" }],
    });
    expect(again.status).to.equal(409);
    expect(again.body).to.deep.equal({
      error: { code: "FileAlreadyMapped", message: "The file is already mapped to this iModel." },
    });

    const before = await imodel.publishedBy();
    await imodel.replaceFile(storageFileId, readFileSync(sample("2-changed")));
    const run = await imodel.run(url);
    expect(run.result).to.equal("Success");
    expect(run.jobs[0]!.tasks[0]!.details!.synchronizationReport.message).to.equal(
      "0 new, 1 changed, 39 unchanged, 0 deleted.",
    );
    expect((await imodel.query(weightsOfValves))[2]).to.deep.equal({ userLabel: "HV-1003", weight_kg: 123.5 });
    expect(await imodel.publishedBy()).to.deep.equal([...before, run.id]);
    expect((await connections())[0]!._links.lastRun.href).to.equal(
      `${url}/runs/${run.id}`.replace("/storageconnections/", "/storageConnections/"),
    );
  });

  it("ends where a step fails, and says of what status the answer was", async () => {
    const unknown = await workflow(sample("1-first"), "CSV");
    expect(unknown.exitCode).not.to.equal(0);
    expect(unknown.stderr).to.contain("422");
    credentials = { ...credentials, clientSecret: "wrong" };
    const stranger = await workflow(sample("1-first"));
    expect(stranger.exitCode).not.to.equal(0);
    expect(stranger.stderr).to.contain("401");
  });
});
