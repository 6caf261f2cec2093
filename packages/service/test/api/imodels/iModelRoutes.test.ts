import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  IModelsClient,
  toArray,
  type AuthorizationCallback,
  type Changeset,
  type IModel,
} from "@itwin/imodels-client-management";
import { expect } from "chai";
import { temporaryFolder } from "../../../../../test/support/temporary.js";
import { queryFile, readIModel } from "../../../../../test/support/iModels.js";
import type { Answer } from "../../sendRequest.js";
import { TestService } from "../../TestService.js";
import { Machine } from "../../histories/Machines.js";

interface Failure {
  error: { code: string; message: string; details?: { code: string; target?: string }[] };
}

describe("iModels over HTTP", () => {
  let service: TestService;
  let machine: Machine;
  let client: IModelsClient;
  let authorization: AuthorizationCallback;
  let stranger: Record<string, string>;

  before(async () => {
    service = await TestService.start();
    machine = new Machine(service.service.context.histories, join(temporaryFolder(), "plant.csv"));
    client = new IModelsClient({ api: { baseUrl: `${service.url}/imodels` } });
    const token = await service.tokenOf("tester");
    authorization = async () => ({ scheme: "Bearer", token });
    stranger = { authorization: `Bearer ${await service.tokenOf("stranger")}` };
  });
  after(() => service.close());

  const createIModel = async (name: string, more = {}): Promise<IModel> =>
    client.iModels.createEmpty({ authorization, iModelProperties: { iTwinId: service.iTwinId, name, ...more } });

  /** An iModel with two changesets. */
  async function makeVersions(name: string): Promise<{ iModelId: string; changesets: Changeset[] }> {
    const { id: iModelId } = await createIModel(name);
    await machine.synchronize(iModelId, ["pump a"]);
    await machine.synchronize(iModelId, ["pump a", "pump b"]);
    const changesets = await toArray(client.changesets.getRepresentationList({ authorization, iModelId }));
    return { iModelId, changesets };
  }

  describe("with the client of the platform", () => {
    it("are created, found, changed and deleted", async () => {
      const extent = { southWest: { latitude: 1, longitude: 2 }, northEast: { latitude: 3, longitude: 4 } };
      const created = await createIModel("Plant", { description: "of a town", extent });
      expect(created).to.deep.include({ name: "Plant", displayName: "Plant", state: "initialized", extent });
      const iModelId = created.id;
      const found = await client.iModels.getSingle({ authorization, iModelId });
      expect(JSON.stringify(found)).to.equal(JSON.stringify(created));
      expect(await found.getCreator()).to.equal(undefined);
      const iModelProperties = { name: "Power plant" };
      const changed = await client.iModels.update({ authorization, iModelId, iModelProperties });
      expect(changed).to.include({ name: "Power plant", description: "of a town" });
      await client.iModels.delete({ authorization, iModelId });
      const error = await client.iModels.getSingle({ authorization, iModelId }).catch((reason: unknown) => reason);
      expect(error).to.include({ code: "iModelNotFound", statusCode: 404 });
    });

    it("are filtered by all that can be asked for", async () => {
      const { iTwinId } = service;
      const { id: iModelId } = await createIModel("Searched 50%", { description: "of a Harbour" });
      const find = async (urlParams: object) =>
        (await toArray(client.iModels.getMinimalList({ authorization, urlParams: { iTwinId, ...urlParams } }))).map(
          ({ id }) => id,
        );
      for (const urlParams of [{ $search: "d 50%" }, { $search: "harb" }, { name: "Searched 50%" }])
        expect(await find(urlParams), JSON.stringify(urlParams)).to.deep.equal([iModelId]);
      expect(await find({ $search: "harb", state: "notInitialized" })).to.deep.equal([]);
      const namedVersionProperties = { name: "Milestone", description: "the first" };
      await client.namedVersions.create({ authorization, iModelId, namedVersionProperties });
      const versions = async (urlParams: object) =>
        (await toArray(client.namedVersions.getMinimalList({ authorization, iModelId, urlParams }))).length;
      expect(await versions({ $search: "FIRST" })).to.equal(1);
      expect(await versions({ $search: "second" })).to.equal(0);
      expect(await versions({ state: "visible" })).to.equal(1);
      expect(await versions({ state: "hidden" })).to.equal(0);
    });

    it("are listed page by page, in short or in full", async () => {
      const { body } = await service.request<{ iTwin: { id: string } }>("POST", "/itwins", {
        class: "Endeavor",
        subClass: "Project",
        displayName: "Paged",
      });
      const iTwinId = body.iTwin.id;
      const names = ["c", "a", "e", "b", "d"];
      for (const name of names) await createIModel(name, { iTwinId });
      const pages: number[] = [];
      const urlParams = { iTwinId, $top: 2 };
      const list = client.iModels.getMinimalList({ authorization, urlParams });
      for await (const page of list.byPage()) pages.push(page.length);
      expect(pages).to.deep.equal([2, 2, 1]);
      const all = await toArray(client.iModels.getRepresentationList({ authorization, urlParams }));
      expect(all.map(({ name }) => name)).to.deep.equal(names);
      expect(all[0]!.iTwinId).to.equal(iTwinId);
      const ordered = { iTwinId, $orderBy: { property: "name", operator: "desc" } } as never;
      const sorted = await toArray(client.iModels.getMinimalList({ authorization, urlParams: ordered }));
      expect(sorted.map(({ displayName }) => displayName)).to.deep.equal(["e", "d", "c", "b", "a"]);
      const named = { iTwinId, name: "e" };
      const [only, ...others] = await toArray(client.iModels.getMinimalList({ authorization, urlParams: named }));
      expect(others).to.deep.equal([]);
      expect(Object.keys(only!)).to.deep.equal(["id", "displayName"]);
    });

    it("tell their changesets", async () => {
      const { iModelId, changesets } = await makeVersions("With changesets");
      expect(changesets.map(({ index }) => index)).to.deep.equal([1, 2]);
      const [first, second] = changesets as [Changeset, Changeset];
      expect(first).to.include({ state: "fileUploaded", parentId: "", creatorId: "tester" });
      expect(second.parentId).to.equal(first.id);
      for (const wanted of [{ changesetId: second.id }, { changesetIndex: 2 }]) {
        const found = await client.changesets.getSingle({ authorization, iModelId, ...wanted });
        expect([found.id, found.index]).to.deep.equal([second.id, 2]);
        expect(found.synchronizationInfo?.taskId).to.be.a("string");
      }
      const urlParams = { $top: 1, $orderBy: { property: "index", operator: "desc" } } as never;
      const pages = [];
      const list = client.changesets.getMinimalList({ authorization, iModelId, urlParams });
      for await (const page of list.byPage()) pages.push(page.map(({ index }) => index));
      expect(pages).to.deep.equal([[2], [1]]);
      const after = { afterIndex: 1 };
      const rest = await toArray(client.changesets.getMinimalList({ authorization, iModelId, urlParams: after }));
      expect(rest.map(({ index }) => index)).to.deep.equal([2]);
      const { lastChangesetPushDateTime } = (
        await service.request<{ iModel: Record<string, string> }>("GET", `/imodels/${iModelId}`)
      ).body.iModel;
      expect(lastChangesetPushDateTime).to.equal(second.pushDateTime);
    });

    it("have versions with names", async () => {
      const { iModelId, changesets } = await makeVersions("With names");
      const name = async (namedVersionProperties: { name: string; changesetId?: string }) =>
        client.namedVersions.create({ authorization, iModelId, namedVersionProperties });
      const changesetId = changesets[0]!.id;
      const issued = await name({ name: "Issued", changesetId });
      expect(issued).to.include({ name: "Issued", changesetId, changesetIndex: 1, state: "visible" });
      expect((await issued.getChangeset())?.index).to.equal(1);
      const changeset = await client.changesets.getSingle({ authorization, iModelId, changesetId });
      expect((await changeset.getNamedVersion())?.id).to.equal(issued.id);
      const begun = await name({ name: "Begun" });
      expect(begun).to.include({ changesetId: null, changesetIndex: 0 });
      const all = await toArray(client.namedVersions.getRepresentationList({ authorization, iModelId }));
      expect(all.map((version) => version.name)).to.deep.equal(["Issued", "Begun"]);
      const found = await client.namedVersions.getSingle({ authorization, iModelId, namedVersionId: begun.id });
      expect(found.name).to.equal("Begun");
      const errors = await Promise.all(
        [{ name: "Issued" }, { name: "Lost", changesetId: "f".repeat(40) }].map((props) =>
          name(props).catch((reason: unknown) => (reason as { code: string }).code),
        ),
      );
      expect(errors).to.deep.equal(["NamedVersionExists", "ChangesetNotFound"]);
    });
  });

  it("have each version as a snapshot", async () => {
    const { iModelId, changesets } = await makeVersions("Plänt");
    const pumps = async (version: string) => {
      const { response, path } = await download(`/imodels/${iModelId}/versions/${version}/snapshot`);
      expect(response.status).to.equal(200);
      expect(response.headers.get("content-type")).to.equal("application/octet-stream");
      return queryFile(path, "SELECT UserLabel FROM bis.Element WHERE UserLabel LIKE 'pump%' ORDER BY 1").map(
        (row) => row.userLabel,
      );
    };
    expect(await pumps("0")).to.deep.equal([]);
    expect(await pumps(changesets[0]!.id)).to.deep.equal(["pump a"]);
    expect(await pumps("latest")).to.deep.equal(["pump a", "pump b"]);
    const { response, path } = await download(`/imodels/${iModelId}/versions/2/snapshot`);
    expect(Number(response.headers.get("content-length"))).to.be.greaterThan(1_000_000);
    expect(response.headers.get("content-disposition")).to.equal(
      `attachment; filename="Pl_nt-2.bim"; filename*=UTF-8''Pl%C3%A4nt-2.bim`,
    );
    expect(readIModel(path, (db) => [db.iModelId, db.changeset.index])).to.deep.equal([iModelId, 2]);
    const missing = await service.request<Failure>("GET", `/imodels/${iModelId}/versions/3/snapshot`);
    expect(summary(missing)).to.deep.equal([404, "VersionNotFound"]);
  });

  it("are not deleted while a run is active", async () => {
    const { id: iModelId } = await createIModel("Busy");
    const { db } = service.service.context;
    const connection = { id: randomUUID(), kind: "storage", imodel_id: iModelId, itwin_id: service.iTwinId } as const;
    const who = { created_at: new Date(), created_by: "tester" };
    await db
      .insertInto("connections")
      .values({ ...connection, ...who, authentication_type: "User" })
      .execute();
    const run = {
      id: randomUUID(),
      connection_id: connection.id,
      imodel_id: iModelId,
      state: "Executing",
      result: "Undetermined",
      phase: "Preprocessor",
      started_at: new Date(),
      jobs: "[]",
      error: "null",
      manifest: "null",
      requested_by: "tester",
      attempts: 1,
      cancel_requested: false,
      updated_at: new Date(),
    } as const;
    await db.insertInto("runs").values(run).execute();
    const refused = await service.request<Failure>("DELETE", `/imodels/${iModelId}`);
    expect(summary(refused)).to.deep.equal([409, "iModelInUse"]);
    await db.updateTable("runs").set({ state: "Completed" }).where("id", "=", run.id).execute();
    const deleted = await service.request("DELETE", `/imodels/${iModelId}`);
    expect([deleted.status, deleted.body, deleted.headers.get("content-type")]).to.deep.equal([204, undefined, null]);
  });

  it("are told apart from those of other tenants", async () => {
    const { iModelId } = await makeVersions("Private");
    for (const [method, path] of [
      ["GET", ""],
      ["PATCH", ""],
      ["DELETE", ""],
      ["GET", "/operations/create"],
      ["GET", "/changesets"],
      ["GET", "/changesets/1"],
      ["GET", "/namedversions"],
      ["POST", "/namedversions"],
      ["GET", `/namedversions/${randomUUID()}`],
      ["GET", "/versions/latest/snapshot"],
    ] as const) {
      const refused = await service.request<Failure>(method, `/imodels/${iModelId}${path}`, undefined, stranger);
      expect(summary(refused), `${method} ${path}`).to.deep.equal([403, "InsufficientPermissions"]);
    }
    const { iTwinId } = service;
    const list = await service.request<Failure>("GET", `/imodels?iTwinId=${iTwinId}`, undefined, stranger);
    expect(summary(list)).to.deep.equal([403, "InsufficientPermissions"]);
    const create = await service.request<Failure>("POST", "/imodels", { iTwinId, name: "Mine" }, stranger);
    expect(summary(create)).to.deep.equal([403, "InsufficientPermissions"]);
  });

  it("say what is wrong with a request", async () => {
    const { iTwinId } = service;
    const { id } = await createIModel("Faulty");
    const refusal = async (method: string, path: string, body?: unknown) => {
      const answer = await service.request<Failure>(method, path, body);
      return [...summary(answer), answer.body.error.details?.map(({ target }) => target)];
    };
    const code = "InvalidiModelsRequest";
    expect(await refusal("POST", "/imodels", { iTwinId })).to.deep.equal([422, code, ["name"]]);
    expect(await refusal("POST", "/imodels", { name: "x" })).to.deep.equal([422, code, ["iTwinId"]]);
    expect(await refusal("POST", "/imodels", { iTwinId: "x", name: "x" })).to.deep.equal([422, code, ["iTwinId"]]);
    expect(await refusal("GET", "/imodels")).to.deep.equal([422, code, ["iTwinId"]]);
    expect(await refusal("GET", "/imodels/x")).to.deep.equal([422, code, ["iModelId"]]);
    expect(await refusal("GET", `/imodels?iTwinId=${iTwinId}&$orderBy=size`)).to.deep.equal([422, code, ["$orderBy"]]);
    expect(await refusal("GET", `/imodels/${id}/namedversions/x`)).to.deep.equal([422, code, ["namedVersionId"]]);
    const unknown = randomUUID();
    const missing = await refusal("POST", "/imodels", { iTwinId: unknown, name: "x" });
    expect(missing.slice(0, 2)).to.deep.equal([404, "iTwinNotFound"]);
    expect((await refusal("GET", `/imodels/${unknown}`)).slice(0, 2)).to.deep.equal([404, "iModelNotFound"]);
    const taken = await refusal("POST", "/imodels", { iTwinId, name: "Faulty" });
    expect(taken.slice(0, 2)).to.deep.equal([409, "iModelExists"]);
    const { id: other } = await createIModel("Other");
    const renamed = await refusal("PATCH", `/imodels/${other}`, { name: "Faulty" });
    expect(renamed.slice(0, 2)).to.deep.equal([409, "iModelExists"]);
    expect((await refusal("GET", `/imodels/${id}/changesets/1`)).slice(0, 2)).to.deep.equal([404, "ChangesetNotFound"]);
  });

  it("are created at once", async () => {
    const { id } = await createIModel("At once");
    const { body } = await service.request("GET", `/imodels/${id}/operations/create`);
    expect(body).to.deep.equal({ createOperation: { state: "successful", clonedFrom: null, forkedFrom: null } });
  });

  async function download(path: string): Promise<{ response: Response; path: string }> {
    const { token } = await authorization();
    const response = await fetch(service.url + path, { headers: { authorization: `Bearer ${token}` } });
    const file = join(temporaryFolder(), "downloaded.bim");
    writeFileSync(file, Buffer.from(await response.arrayBuffer()));
    return { response, path: file };
  }
});

function summary(answer: Answer<Failure>): [number, string] {
  return [answer.status, answer.body.error.code];
}
