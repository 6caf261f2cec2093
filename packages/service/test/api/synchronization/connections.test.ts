import { randomUUID } from "node:crypto";
import { expect } from "chai";
import { toLongId } from "../../../src/platform/ids.js";
import { TestService } from "../../TestService.js";
import { pathOf, Scene, type ShownConnection } from "./scene.js";

interface ErrorBody {
  error: {
    code: string;
    message: string;
    target?: string;
    details?: { code: string; message: string; target?: string }[];
  };
}

describe("Connections", () => {
  let test: TestService;
  let scene: Scene;

  before(async () => {
    test = await TestService.start({ workers: 0 });
  });
  after(async () => test.close());
  beforeEach(async () => {
    scene = await Scene.make(test);
  });

  const storage = pathOf("storage");
  const manifest = pathOf("manifest");

  it("are created with their source files and shown whole", async () => {
    const storageFileId = await scene.addFile("a.csv");
    const answer = await test.request<{ connection: ShownConnection }>("POST", storage, {
      iModelId: scene.iModelId,
      displayName: "Plant",
      sourceFiles: [{ storageFileId, connectorType: "MSTN" }],
    });
    expect(answer.status).to.equal(201);
    expect(answer.headers.get("content-type")).to.match(/^application\/json/);
    const { connection } = answer.body;
    expect(connection.id).to.match(/^[\w-]{43}$/);
    expect(connection).to.deep.include({
      displayName: "Plant",
      iModelId: scene.iModelId,
      iTwinId: test.iTwinId,
      authenticationType: "User",
      _links: {
        iModel: { href: `${test.url}/imodels/${scene.iModelId}` },
        iTwin: { href: `${test.url}/itwins/${test.iTwinId}` },
        project: { href: `${test.url}/itwins/${test.iTwinId}` },
      },
    });
    const one = await test.request<{ connection: ShownConnection }>("GET", `${storage}/${connection.id}`);
    expect(one.body.connection).to.deep.equal(connection);
  });

  it("are listed minimally, and whole where that is preferred", async () => {
    const { id } = await scene.connect({ displayName: "A" });
    await scene.connect({}, "manifest");
    const list = await test.request("GET", `${storage}?imodelId=${scene.iModelId}`);
    expect(list.status).to.equal(200);
    expect(list.body).to.deep.equal({
      connections: [{ id, displayName: "A" }],
      _links: { self: { href: `${test.url}${storage}?imodelId=${scene.iModelId}&$top=100&$skip=0` } },
    });
    const all = "/synchronization/imodels/connections";
    const whole = await test.request<{ connections: ShownConnection[] }>(
      "GET",
      `${all}?iModelId=${scene.iModelId}&%24top=10`,
      undefined,
      { prefer: "return=representation" },
    );
    expect(whole.body.connections.map(({ iTwinId }) => iTwinId)).to.deep.equal([test.iTwinId, test.iTwinId]);
  });

  it("are listed page by page, in a stable order", async () => {
    const names = ["A", "B", "C"];
    for (const displayName of names) await scene.connect({ displayName });
    const page = async ($skip: number) =>
      test.request<{ connections: ShownConnection[]; _links: Record<string, unknown> }>(
        "GET",
        `${storage}?imodelId=${scene.iModelId}&$top=2&$skip=${$skip}`,
      );
    const first = (await page(0)).body;
    expect(first.connections.map(({ displayName }) => displayName)).to.deep.equal(["A", "B"]);
    expect(first._links).to.have.keys("self", "next");
    const second = (await page(2)).body;
    expect(second.connections.map(({ displayName }) => displayName)).to.deep.equal(["C"]);
    expect(second._links).to.have.keys("self", "prev");
  });

  it("are found whatever the case of the fixed parts of the path", async () => {
    const { id } = await scene.connect();
    expect((await test.request("GET", `/synchronization/imodels/storageConnections/${id}/`)).status).to.equal(200);
  });

  it("are changed and removed, which frees their files", async () => {
    const storageFileId = await scene.addFile("a.csv");
    const sourceFiles = [{ storageFileId, connectorType: "IFC" }];
    const { id } = await scene.connect({ sourceFiles });
    const changed = await test.request<{ connection: ShownConnection }>("PUT", `${storage}/${id}`, {
      displayName: "B",
      authenticationType: "Service",
      iModelId: "ignored",
    });
    expect(changed.body.connection).to.include({ displayName: "B", authenticationType: "Service" });
    const removed = await test.request("DELETE", `${storage}/${id}`);
    expect(removed.status).to.equal(204);
    expect(removed.headers.get("content-type")).to.equal(null);
    const gone = await test.request("GET", `${storage}/${id}`);
    expect(gone.status).to.equal(404);
    expect(gone.body).to.deep.equal({
      error: { code: "StorageConnectionNotFound", message: "Requested StorageConnection is not available." },
    });
    await scene.connect({ sourceFiles });
  });

  it("have options for their runs, which are checked, kept and changed", async () => {
    const runOptions = { strict: true, maxDeletions: "5%", schemaContract: "freeze" };
    const made = await scene.connect({ runOptions });
    expect(made).to.deep.include({ runOptions });
    const put = async (body: object) =>
      test.request<{ connection: ShownConnection } & ErrorBody>("PUT", `${storage}/${made.id}`, body);
    expect((await put({ displayName: "B" })).body.connection).to.deep.include({ displayName: "B", runOptions });
    expect((await put({ runOptions: {} })).body.connection).to.deep.include({ runOptions: {} });
    for (const wrong of [
      { maxDeletions: "half" },
      { maxDeletions: "101%" },
      { strict: 1 },
      { schemaContract: "x" },
      { a: 1 },
    ])
      expect((await put({ runOptions: wrong })).status, JSON.stringify(wrong)).to.equal(422);
    for (const maxDeletions of ["none", "0", "100%", "7.5%"])
      expect((await put({ runOptions: { maxDeletions } })).status, maxDeletions).to.equal(200);
    expect(await scene.connect({}, "manifest")).not.to.have.property("runOptions");
  });

  it("are refused without a body, with a code of its own", async () => {
    const file = { storageFileId: await scene.addFile("a.csv"), connectorType: "IFC" };
    const { id } = await scene.connect();
    const files = `${storage}/${id}/sourcefiles`;
    const added = await test.request<{ sourceFile: { id: string } }>("POST", files, file);
    for (const [method, path] of [
      ["POST", storage],
      ["POST", manifest],
      ["PUT", `${storage}/${id}`],
      ["POST", files],
      ["PUT", `${files}/${added.body.sourceFile.id}`],
    ] as const) {
      const { status, body } = await test.request<ErrorBody>(method, path);
      expect([status, body.error.code], `${method} ${path}`).to.deep.equal([422, "MissingRequestBody"]);
    }
  });

  it("cannot map a file twice to one iModel", async () => {
    const storageFileId = await scene.addFile("a.csv");
    const body = { iModelId: scene.iModelId, sourceFiles: [{ storageFileId, connectorType: "IFC" }] };
    await scene.connect(body);
    const second = await test.request<ErrorBody>("POST", storage, body);
    expect(second.status).to.equal(409);
    expect(second.body.error.code).to.match(/^File/);
    const list = await test.request<{ connections: unknown[] }>("GET", `${storage}?imodelId=${scene.iModelId}`);
    expect(list.body.connections).to.have.length(1);
  });

  const refused: [title: string, body: object, details: object[]][] = [
    [
      "without an iModel and files",
      {},
      [
        { code: "MissingRequiredProperty", message: "Required property iModelId is missing.", target: "iModelId" },
        {
          code: "MissingRequiredProperty",
          message: "Required property sourceFiles is missing.",
          target: "sourceFiles",
        },
      ],
    ],
    [
      "of an unknown iModel",
      { iModelId: randomUUID(), sourceFiles: [] },
      [{ code: "InvalidValue", message: "Provided iModelId value is not valid.", target: "iModelId" }],
    ],
  ];
  for (const [title, body, details] of refused)
    it(`are refused ${title}`, async () => {
      const answer = await test.request<ErrorBody>("POST", storage, body);
      expect(answer.status).to.equal(422);
      expect(answer.body.error).to.deep.equal({
        code: "InvalidStorageConnectionRequest",
        message: "Cannot perform operation.",
        details,
      });
    });

  it("say what is wrong with each file", async () => {
    const foreign = await scene.addFile("b.csv", await otherITwin(test));
    const good = await scene.addFile("a.csv");
    const answer = await test.request<ErrorBody>("POST", storage, {
      iModelId: scene.iModelId,
      sourceFiles: [
        { storageFileId: good, connectorType: "nonsense" },
        { storageFileId: foreign, connectorType: "IFC" },
      ],
    });
    expect(answer.status).to.equal(422);
    expect(answer.body.error.details!.map(({ target }) => target)).to.deep.equal([
      "sourceFiles[0].connectorType",
      "sourceFiles[1].storageFileId",
    ]);
  });

  it("are refused with a body that is no JSON, and an id that is none", async () => {
    const answer = await fetch(`${test.url}${storage}/nonsense`, {
      method: "PUT",
      body: "{",
      headers: { authorization: `Bearer ${await test.tokenOf("tester")}`, "content-type": "application/json" },
    });
    expect(answer.status).to.equal(422);
    expect(await answer.json()).to.deep.equal({
      error: {
        code: "InvalidStorageConnectionRequest",
        message: "Cannot perform operation.",
        details: [
          { code: "InvalidRequestBody", message: "Error parsing JSON, malformed JSON." },
          { code: "InvalidValue", message: "Provided connectionId value is not valid.", target: "connectionId" },
        ],
      },
    });
  });

  it("are not found under an id of the other kind", async () => {
    const { id } = await scene.connect({}, "manifest");
    expect((await test.request("GET", `${storage}/${id}`)).status).to.equal(404);
    expect((await test.request("GET", `${storage}/${toLongId(scene.iModelId, randomUUID())}`)).status).to.equal(404);
  });

  it("are for members of the iTwin only", async () => {
    const { id } = await scene.connect();
    const headers = { authorization: `Bearer ${await test.tokenOf("stranger")}` };
    for (const path of [`${storage}/${id}`, `${storage}?imodelId=${scene.iModelId}`, `${storage}/${id}/runs`]) {
      const answer = await test.request("GET", path, undefined, headers);
      expect(answer.status, path).to.equal(403);
      expect(answer.body).to.deep.equal({
        error: {
          code: "InsufficientPermissions",
          message: "The user has insufficient permissions for the requested operation.",
        },
      });
    }
  });

  describe("have source files, which", () => {
    interface ShownFile {
      id: string;
      storageFileId: string;
      connectorType?: string;
      lastKnownFileName: string;
      _links: object;
    }

    it("are added, shown, changed and removed", async () => {
      const [a, b] = [await scene.addFile("a.csv"), await scene.addFile("b.csv")];
      const { id } = await scene.connect();
      const path = `${storage}/${id}/sourcefiles`;
      const added = await test.request<{ sourceFile: ShownFile }>("POST", path, {
        storageFileId: a,
        connectorType: "IFC",
      });
      expect(added.status).to.equal(201);
      const { sourceFile } = added.body;
      expect(sourceFile).to.deep.equal({
        id: sourceFile.id,
        storageFileId: a,
        connectorType: "IFC",
        lastKnownFileName: "a.csv",
        _links: { file: { href: `${test.url}/storage/files/${a}` } },
      });
      const list = await test.request<{ sourceFiles: ShownFile[] }>("GET", path);
      const minimal = { ...sourceFile };
      delete minimal.connectorType;
      expect(list.body.sourceFiles).to.deep.equal([minimal]);
      const changed = await test.request<{ sourceFile: ShownFile }>("PUT", `${path}/${sourceFile.id}`, {
        storageFileId: b,
        connectorType: "DWG",
      });
      expect(changed.body.sourceFile).to.include({ id: sourceFile.id, storageFileId: b, connectorType: "DWG" });
      expect((await test.request("DELETE", `${path}/${sourceFile.id}`)).status).to.equal(204);
      const gone = await test.request<ErrorBody>("GET", `${path}/${sourceFile.id}`);
      expect([gone.status, gone.body.error.code]).to.deep.equal([404, "StorageConnectionSourceFileNotFound"]);
    });

    it("are added at the same time", async () => {
      const { id } = await scene.connect();
      const files: string[] = await Promise.all(["a", "b", "c", "d"].map((name) => scene.addFile(name)));
      const path = `${storage}/${id}/sourcefiles`;
      const add = async (storageFileId: string) => test.request("POST", path, { storageFileId, connectorType: "IFC" });
      const statuses = (await Promise.all([...files, files[0]!].map(add))).map(({ status }) => status);
      expect(statuses.sort()).to.deep.equal([201, 201, 201, 201, 409]);
    });

    it("are documents, for a manifest connection", async () => {
      const { id } = await scene.connect({ sourceFiles: [{ sourceFileId: "d1" }] }, "manifest");
      const path = `${manifest}/${id}/sourcefiles`;
      await test.request("POST", path, { sourceFileId: "d2" });
      const list = await test.request<{ sourceFiles: { id: string; sourceFileId: string }[] }>("GET", path);
      expect(list.body.sourceFiles.map(({ sourceFileId }) => sourceFileId)).to.deep.equal(["d1", "d2"]);
      for (const file of list.body.sourceFiles) {
        expect(Object.keys(file)).to.have.members(["id", "sourceFileId", "_links"]);
        expect(file).to.have.nested.property("_links.file.href", `${test.url}${path}/${file.id}`);
      }
    });

    it("cannot be changed to a file that the iModel has already: 409", async () => {
      const [a, b] = [await scene.addFile("a.csv"), await scene.addFile("b.csv")];
      const file = (storageFileId: string) => ({ storageFileId, connectorType: "IFC" });
      await scene.connect({ sourceFiles: [file(a)] });
      const { id } = await scene.connect();
      const path = `${storage}/${id}/sourcefiles`;
      const added = await test.request<{ sourceFile: ShownFile }>("POST", path, file(b));
      const changed = await test.request<ErrorBody>("PUT", `${path}/${added.body.sourceFile.id}`, file(a));
      expect([changed.status, changed.body.error.code]).to.deep.equal([409, "FileAlreadyMapped"]);
      expect((await test.request("PUT", `${path}/${added.body.sourceFile.id}`, file(b))).status).to.equal(200);
    });
  });

  it("tell that the user is authorized", async () => {
    const path = "/synchronization/imodels/connections/authorizationInformation";
    const answer = await test.request(
      "GET",
      `${path}?redirectUrl=${encodeURIComponent("http://localhost:3301/callback")}`,
    );
    expect(answer.body).to.deep.equal({
      authorizationInformation: {
        isUserAuthorized: true,
        _links: { authorizationUrl: { href: "http://localhost:3301/callback" } },
      },
    });
    const refusedAnswer = await test.request<ErrorBody>("GET", `${path}?redirectUrl=nonsense`);
    expect(refusedAnswer.status).to.equal(422);
    expect(refusedAnswer.body.error.details).to.deep.equal([
      { code: "InvalidValue", message: "redirectUrl should be a valid URL.", target: "redirectUrl" },
    ]);
  });
});

async function otherITwin({ service }: TestService): Promise<string> {
  const id: string = randomUUID();
  await service.context.db
    .insertInto("itwins")
    .values({
      id,
      display_name: "Other",
      class: "Endeavor",
      sub_class: "Project",
      status: "Active",
      created_at: new Date(),
      created_by: "other",
    })
    .execute();
  return id;
}
