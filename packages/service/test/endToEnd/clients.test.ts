import { readFileSync } from "node:fs";
import { IModelsClient, toArray, type AuthorizationCallback } from "@itwin/imodels-client-management";
import { ITwinsAccessClient, ITwinSubClass } from "@itwin/itwins-client";
import { ServiceAuthorizationClient } from "@itwin/service-authorization";
import { expect } from "chai";
import type { FileModel, FolderModel } from "../../src/api/storage/itemSchemas.js";
import type { UploadBody } from "../api/storage/StorageClient.js";
import { TestService } from "../TestService.js";
import { CommandLineClient, putBytes } from "./CommandLineClient.js";
import { ApiError, SampleAppClient } from "./SampleAppClient.js";
import { FileServer } from "./FileServer.js";
import { connectors, repositoryFile, ServedIModel, tasksOf, type ShownRun } from "./ServedIModel.js";

const plant = (state: string) => readFileSync(repositoryFile(`connectors/csv/sample/${state}/plant.csv`));
const valves = readFileSync(repositoryFile("connectors/csv/sample/other/valves.csv"));
const connectorType = "SHELLEDWCSV";

const credentials = { id: "plant client", secret: "s:%&ecret" };

/** What a request came to that was refused. */
async function refusal(request: Promise<unknown>): Promise<string> {
  return request.then(
    () => "no refusal",
    (error: unknown) => (error as Error).message,
  );
}

describe("Clients of the platform @all", () => {
  let test: TestService;
  let server: FileServer;
  let itp: CommandLineClient;
  let authorization: ServiceAuthorizationClient;

  before(async () => {
    server = await FileServer.start();
    test = await TestService.start({
      connectors,
      clients: [{ ...credentials, iTwins: "*" }],
      manifests: { allowedPrivateHosts: ["127.0.0.1"] },
    });
    authorization = new ServiceAuthorizationClient({
      clientId: credentials.id,
      clientSecret: credentials.secret,
      scope: "itwin-platform",
      authority: test.url,
    });
    itp = new CommandLineClient(test.url, await authorization.getAccessToken());
  });
  after(async () => {
    await test.close();
    await server.close();
  });

  /** Does something while a manifest is run of an iModel, and waits for the end of it. */
  async function whileRunning(imodel: ServedIModel, act: (run: ShownRun) => Promise<void>): Promise<void> {
    let release!: (content: string) => void;
    server.files.set("/slow.csv", new Promise((resolve) => (release = resolve)));
    const connection = await imodel.connectDocuments([]);
    const sourceFiles = [{ id: connection, name: "slow.csv", url: server.urlOf("/slow.csv"), connectorType: "MSTN" }];
    const { headers } = await test.request("POST", `${connection}/runs`, { sourceFiles });
    const url = headers.get("location")!;
    try {
      await act((await test.request<{ run: ShownRun }>("GET", url)).body.run);
    } finally {
      release("id\n1\n");
      await imodel.ended(url);
    }
  }

  describe("The command line", () => {
    let imodel: ServedIModel;
    before(async () => (imodel = await ServedIModel.create(test, "Command line")));

    it("populates an iModel with two files, and again with what has changed", async () => {
      const populate = async (state: string) =>
        itp.populate(imodel.id, [
          { name: "plant.csv", content: plant(state), connectorType },
          { name: "valves.csv", content: valves, connectorType },
        ]);
      const first = await populate("1-first");
      expect(first.jobs.map(({ connectorType: type, tasks }) => [type, tasks.length])).to.deep.equal([
        [connectorType, 2],
      ]);
      const again = await populate("2-changed");
      expect(again.id).not.to.equal(first.id);
      const messages = tasksOf(again).map(({ details }) => details!.synchronizationReport.message);
      expect(messages).to.have.members(["0 new, 1 changed, 39 unchanged, 0 deleted.", "The file is unchanged."]);
      const rows = await imodel.query("SELECT COUNT(*) n FROM bis.PhysicalElement");
      expect(rows).to.deep.equal([{ n: 42 }]);
    });

    it("ends with an error where a run is no success", async () => {
      const other = await ServedIModel.create(test, "Command line, without success");
      const files = [{ name: "site.dgn", content: valves, connectorType: "MSTN" }];
      expect(await refusal(itp.populate(other.id, files))).to.equal("Synchronization run ended with Error");
    });

    it("finds no run of its own where the iModel has that of another connection", async () => {
      const other = await ServedIModel.create(test, "Command line, too late");
      await whileRunning(other, async () => {
        const files = [{ name: "late.csv", content: valves, connectorType }];
        expect(await refusal(itp.populate(other.id, files))).to.equal("No last run link available");
      });
    });

    it("reads the links of the top level", async () => {
      const { items, _links } = await itp.ask<{ items: FileModel[]; _links: Record<string, { href: string }> }>(
        "GET",
        `/storage/?iTwinId=${test.iTwinId}&%24top=1&%24skip=1`,
      );
      expect(items).to.have.lengthOf(1);
      const list = `${test.url}/storage?iTwinId=${test.iTwinId}`;
      expect(_links.self!.href).to.equal(`${list}&$top=1&$skip=1`);
      expect(_links.next!.href).to.equal(`${list}&$top=1&$skip=2`);
      expect(_links.prev!.href).to.equal(`${list}&$top=1&$skip=0`);
    });

    it("creates, uploads, lists, updates and deletes files and folders", async () => {
      const rootId = await imodel.storage.rootId();
      const { folder } = await itp.ask<{ folder: FolderModel }>("POST", `/storage/folders/${rootId}/folders`, {
        body: { displayName: "Lists", description: "of the plant" },
      });
      expect(folder).to.include({ type: "folder", parentFolderId: rootId, description: "of the plant" });
      const upload = await itp.ask<UploadBody>("POST", `/storage/folders/${folder.id}/files`, {
        body: { displayName: "pumps.csv", description: "all of them" },
      });
      await putBytes(upload._links.uploadUrl.href, "id\nP-1\n");
      const fileId = upload._links.completeUrl.href.split("/").at(-2)!;
      const { file } = await itp.ask<{ file: FileModel }>("POST", `/storage/files/${fileId}/complete`);
      expect(file).to.include({ id: fileId, type: "file", size: 7, description: "all of them" });
      await itp.ask("POST", `/storage/folders/${folder.id}/folders`, { body: { displayName: "Old" } });
      const { items } = await itp.ask<{ items: FileModel[] }>("GET", `/storage/folders/${folder.id}/list`);
      expect(items.map(({ displayName, type }) => [type, displayName])).to.deep.equal([
        ["folder", "Old"],
        ["file", "pumps.csv"],
      ]);
      for (const [kind, names] of Object.entries({ files: ["pumps.csv"], folders: ["Old"] })) {
        const list = await itp.ask<Record<string, FileModel[]>>("GET", `/storage/folders/${folder.id}/${kind}`);
        expect(list[kind]!.map(({ displayName }) => displayName)).to.deep.equal(names);
      }
      const body = { displayName: "pumps 2.csv" };
      const updated = await itp.ask<{ file: FileModel }>("PATCH", `/storage/files/${fileId}`, { body });
      expect(updated.file).to.include({ displayName: "pumps 2.csv", description: "all of them" });
      const renamed = await itp.ask<{ folder: FolderModel }>("PATCH", `/storage/folders/${folder.id}`, {
        body: { displayName: "Lists 2" },
      });
      expect(renamed.folder.displayName).to.equal("Lists 2");
      expect(await itp.call("DELETE", `/storage/files/${fileId}`)).to.equal(undefined);
      expect(await refusal(itp.ask("GET", `/storage/files/${fileId}`))).to.contain('"code":"FileNotFound"');
      expect(await itp.call("DELETE", `/storage/folders/${folder.id}`)).to.equal(undefined);
      expect(await refusal(itp.ask("GET", `/storage/folders/${folder.id}`))).to.contain('"code":"FolderNotFound"');
      expect(await refusal(itp.ask("GET", "/storage/files/non-existent-file-id"))).to.contain('"code":"FileNotFound"');
    });

    it("creates, lists, runs, updates and deletes connections and their source files", async () => {
      const other = await ServedIModel.create(test, "Command line, by hand");
      const all = "/synchronization/imodels/storageconnections";
      // As its tests do: two files of one name, and of a type that does not fit.
      const ids = [await other.addFile("HouseModel.dgn", valves), await other.addFile("HouseModel.dgn", valves)];
      const sourceFiles = [{ storageFileId: ids[0], connectorType: "IFC" }];
      const { connection } = await itp.ask<{ connection: Record<string, string> }>("POST", all, {
        body: { authenticationType: "Service", iModelId: other.id, sourceFiles },
      });
      expect(connection).to.include({ iModelId: other.id, iTwinId: test.iTwinId, authenticationType: "Service" });
      const path = `${all}/${connection.id}`;
      const { connections } = await itp.ask<{ connections: object[] }>("GET", `${all}?imodelId=${other.id}`);
      expect(connections).to.deep.equal([{ id: connection.id, displayName: connection.displayName }]);
      const body = { displayName: "House" };
      const updated = await itp.ask<{ connection: object }>("PUT", path, { body });
      expect(updated.connection).to.include({ displayName: "House", authenticationType: "Service" });

      const add = { storageFileId: ids[1], connectorType: "MSTN" };
      const { sourceFile } = await itp.ask<{ sourceFile: { id: string } }>("POST", `${path}/sourcefiles`, {
        body: add,
      });
      const change = { body: { ...add, connectorType } };
      await itp.ask("PUT", `${path}/sourcefiles/${sourceFile.id}`, change);
      const changed = await itp.ask<{ sourceFile: object }>("GET", `${path}/sourcefiles/${sourceFile.id}`);
      expect(changed.sourceFile).to.include({ ...add, connectorType, lastKnownFileName: "HouseModel.dgn" });
      expect(await refusal(itp.ask("POST", `${path}/sourcefiles`, { body: add }))).to.match(/"code":"File\w+"/);

      expect(await itp.call("POST", `${path}/run`)).to.equal(undefined);
      const { runs } = await itp.ask<{ runs: ShownRun[] }>("GET", `${path}/runs`);
      expect(runs.map((run) => Object.keys(run).sort())).to.deep.equal([["id", "result", "state"]]);
      const run = await other.ended(`${test.url}${path}/runs/${runs[0]!.id}`);
      expect(run.jobs.map(({ connectorType: type, result }) => [type, result])).to.deep.equal([
        ["IFC", "Error"],
        [connectorType, "Success"],
      ]);

      expect(await itp.call("DELETE", `${path}/sourcefiles/${sourceFile.id}`)).to.equal(undefined);
      expect(await itp.call("DELETE", path)).to.equal(undefined);
      const gone = '"code":"StorageConnectionNotFound"';
      expect(await refusal(itp.ask("GET", path))).to.contain(gone);
      const freed = { body: { authenticationType: "User", iModelId: other.id, sourceFiles } };
      expect((await itp.ask<{ connection: object }>("POST", all, freed)).connection).to.be.an("object");
    });

    it("asks whether its user is authorized", async () => {
      const path = "/synchronization/imodels/connections/authorizationinformation";
      const redirect = "?redirectUrl=http%3A%2F%2Flocalhost%3A3301%2Fcallback";
      const { authorizationInformation } = await itp.ask<{ authorizationInformation: object }>("GET", path + redirect);
      expect(authorizationInformation).to.deep.include({ isUserAuthorized: true });
      expect(authorizationInformation).to.have.nested.property("_links.authorizationUrl.href");
    });
  });

  describe("The sample app", () => {
    let app: SampleAppClient;
    let imodel: ServedIModel;
    before(async () => {
      app = new SampleAppClient(test.url, await test.tokenOf("tester"));
      imodel = await ServedIModel.create(test, "Sample app");
    });

    it("synchronizes files that are dropped on it, and shows what has become outdated", async () => {
      expect(await app.isUserAuthorized()).to.equal(true);
      const drop = async (state: string) => app.drop(test.iTwinId, "plant.csv", plant(state));
      const fileIds = [await drop("1-first"), await app.drop(test.iTwinId, "valves.csv", valves)];
      const connectionId = await app.connect(imodel.id, connectorType, fileIds);
      expect(await app.runStorageConnection(connectionId)).to.equal(undefined);
      const shown = async () =>
        (await app.show(test.iTwinId, connectionId)).map(({ file, task, isOutdated }) => [
          file.displayName,
          task?.result,
          isOutdated,
        ]);
      expect(await shown()).to.deep.equal([
        ["plant.csv", "Success", false],
        ["valves.csv", "Success", false],
      ]);

      expect(await drop("2-changed")).to.equal(fileIds[0]);
      expect(await shown()).to.deep.equal([
        ["plant.csv", "Success", true],
        ["valves.csv", "Success", false],
      ]);
      expect(await app.connect(imodel.id, connectorType, fileIds)).to.equal(connectionId);
      expect(await app.runStorageConnection(connectionId)).to.equal(undefined);
      expect(await shown()).to.deep.equal([
        ["plant.csv", "Success", false],
        ["valves.csv", "Success", false],
      ]);
      const weights = await imodel.query("SELECT weight_kg FROM CsvPlant.Plant WHERE UserLabel='HV-1003'");
      expect(weights).to.deep.equal([{ weight_kg: 123.5 }]);
      expect(await app.runs(connectionId)).to.have.lengthOf(2);
    });

    it("finds its folder again, whose name begins with a space", async () => {
      const folderId = await app.folder(test.iTwinId);
      expect(await app.folder(test.iTwinId)).to.equal(folderId);
      expect(await app.files(folderId, 1)).to.have.lengthOf(1);
    });

    it("is led to the run that there is already, and gets it as JSON", async () => {
      const manifests = (await imodel.connectDocuments([])).split("/").at(-1)!;
      const connectionId = await app.connect(imodel.id, connectorType, []);
      const before = await app.runs(connectionId);
      await whileRunning(imodel, async (run) => {
        for (const led of [
          await app.runStorageConnection(connectionId),
          await app.createManifestConnectionRun(manifests, {}),
        ])
          expect(led).to.have.nested.include({ "run.id": run.id, "run.result": "Undetermined" });
      });
      expect(await app.runs(connectionId)).to.deep.equal(before);
      const location = await app.createManifestConnectionRun(manifests, {});
      expect(location).to.be.a("string");
      expect((await imodel.ended(location as string)).result).to.equal("Skipped");
    });

    it("is told in JSON what is wrong", async () => {
      const error = await app.files("nowhere").catch((failure: unknown) => failure);
      expect(error)
        .to.be.instanceOf(ApiError)
        .and.to.deep.include({
          status: 404,
          body: { error: { code: "FolderNotFound", message: "Requested folder is not available." } },
        });
    });

    it("may call from a browser", async () => {
      const urls = ["/storage/", "/synchronization/imodels/storageConnections"];
      for (const url of urls) {
        const preflight = await fetch(test.url + url, {
          method: "OPTIONS",
          headers: {
            origin: "http://localhost:3000",
            "access-control-request-method": "GET",
            "access-control-request-headers": "authorization,prefer",
          },
        });
        expect(preflight.status).to.equal(204);
        expect(preflight.headers.get("access-control-allow-headers")).to.match(/Authorization.*Prefer/);
      }
    });
  });

  it("The libraries create, populate and delete iTwins and iModels", async () => {
    const token = await authorization.getAccessToken();
    const iTwins = new ITwinsAccessClient(`${test.url}/itwins`);
    const iModels = new IModelsClient({ api: { baseUrl: `${test.url}/imodels` } });
    const credentialsOf: AuthorizationCallback = async () => ({ scheme: "Bearer", token: token.split(" ")[1]! });

    const created = await iTwins.createiTwin(token, {
      class: "Endeavor" as never,
      subClass: ITwinSubClass.Project,
      displayName: "Harbour",
    });
    const iTwinId = created.data!.id!;
    const imodel = await iModels.iModels.createEmpty({
      authorization: credentialsOf,
      iModelProperties: { iTwinId, name: "Quay" },
    });
    const run = await itp.populate(imodel.id, [{ name: "valves.csv", content: valves, connectorType }]);
    const scope = { authorization: credentialsOf, iModelId: imodel.id };
    const changesets = await toArray(iModels.changesets.getRepresentationList(scope));
    expect(changesets.map(({ synchronizationInfo }) => synchronizationInfo?.taskId)).to.deep.equal([run.id]);
    const named = await iModels.namedVersions.create({
      ...scope,
      namedVersionProperties: { name: "First", changesetId: changesets[0]!.id },
    });
    expect(named.changesetIndex).to.equal(1);

    await iModels.iModels.delete(scope);
    const listed = iModels.iModels.getMinimalList({ authorization: credentialsOf, urlParams: { iTwinId } });
    expect(await toArray(listed)).to.deep.equal([]);
    expect((await iTwins.deleteiTwin(token, iTwinId)).status).to.equal(204);
    expect((await iTwins.getAsync(token, iTwinId)).error?.code).to.equal("iTwinNotFound");
  });
});
