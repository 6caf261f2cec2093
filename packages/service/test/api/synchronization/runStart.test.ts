import { randomUUID } from "node:crypto";
import { expect } from "chai";
import { toLongId } from "../../../src/platform/ids.js";
import { TestService } from "../../TestService.js";
import { pathOf, Scene, type ShownConnection } from "./scene.js";

interface ErrorBody {
  error: { code: string; message: string; details?: { code: string; message: string; target?: string }[] };
}

interface ShownRun {
  id: string;
  state: string;
  result: string;
  phase: string;
  startDateTime: string;
  connectionId: string;
  jobs: { connectorType: string; tasks: { storageFileId?: string; sourceFileId?: string; state: string }[] }[];
}

/** The manifest of run-manifest-connection.md. */
const example = {
  documentAttributeSchemaUrl: "https://blob.net/documentAttributeSchema.json",
  sourceFiles: [
    {
      id: "f5b36238",
      name: "Master.dgn",
      action: "bridge",
      url: "https://blob.net/Master.dgn",
      connectorType: "MSTN",
      documentAttribute: { className: "ProjectwiseDynamic:PWDocumentLink", properties: { Revision: "R01" } },
      children: [
        {
          id: "a7c36238",
          parentId: "f5b36238",
          name: "Reference.dgn",
          url: "https://blob.net/Reference.dgn",
          connectorType: "CIVIL",
          documentAttribute: { className: "ProjectwiseDynamic:PWDocumentLink", properties: { Revision: "R01" } },
        },
      ],
    },
  ],
};

describe("The start of a run", () => {
  let test: TestService;
  let scene: Scene;

  before(async () => {
    test = await TestService.start({ workers: 0 }); // so that runs stay active
  });
  after(async () => test.close());
  beforeEach(async () => {
    scene = await Scene.make(test);
  });

  const manifest = pathOf("manifest");
  const storage = pathOf("storage");

  describe("of a manifest connection", () => {
    let connection: ShownConnection;
    let path: string;

    beforeEach(async () => {
      connection = await scene.connect({ sourceFiles: [{ sourceFileId: "f5b36238" }] }, "manifest");
      path = `${manifest}/${connection.id}/runs`;
    });

    it("is accepted: 202, with the run's location, which can be read at once", async () => {
      const before = Date.now();
      const answer = await test.request("POST", path, example);
      expect(answer.status).to.equal(202);
      expect(answer.body).to.equal(undefined);
      expect(answer.headers.get("content-type")).to.equal(null);
      const location = answer.headers.get("location")!;
      expect(location.startsWith(`${test.url}${path}/`)).to.equal(true);

      const { body } = await test.request<{ run: ShownRun }>("GET", location);
      expect(body.run).to.include({ state: "Queued", result: "Undetermined", connectionId: connection.id });
      expect(Date.parse(body.run.startDateTime)).to.be.within(before, Date.now());
      expect(
        body.run.jobs.map((job) => [job.connectorType, ...job.tasks.map((task) => task.sourceFileId)]),
      ).to.deep.equal([
        ["MSTN", "f5b36238"],
        ["CIVIL", "a7c36238"],
      ]);
      const one = await test.request<{ connection: ShownConnection }>("GET", `${manifest}/${connection.id}`);
      expect(one.body.connection._links.lastRun).to.deep.equal({
        href: location.replace("/storageconnections/", "/storageConnections/"),
      });
    });

    it("leads to the active run of the iModel: 303, whichever connection has it", async () => {
      const first = await test.request("POST", path, example);
      const second = await test.request("POST", path, example);
      expect(second.status).to.equal(303);
      expect(second.body).to.equal(undefined);
      expect(second.headers.get("content-type")).to.equal(null);
      expect(second.headers.get("location")).to.equal(first.headers.get("location"));

      const other = await scene.connect();
      const third = await test.request("POST", `${storage}/${other.id}/run`);
      expect(third.status).to.equal(303);
      expect(third.headers.get("location")).to.equal(first.headers.get("location"));
      const followed = await fetch(`${test.url}${storage}/${other.id}/run`, {
        method: "POST",
        headers: { authorization: `Bearer ${await test.tokenOf("tester")}`, "content-type": "application/json" },
      });
      expect(await followed.json()).to.have.nested.property("run.state", "Queued");
    });

    it("is accepted once of many requests that come at once: 409 for the others", async () => {
      const answers = await Promise.all(
        Array.from({ length: 100 }, () => test.request<ErrorBody>("POST", path, example)),
      );
      const withStatus = (status: number) => answers.filter((answer) => answer.status === status);
      expect(withStatus(202)).to.have.length(1);
      expect(withStatus(409).length + withStatus(303).length).to.equal(99);
      expect(withStatus(409)).not.to.be.empty;
      for (const { body, headers } of withStatus(409)) {
        expect(headers.get("content-type")).to.match(/^application\/json/);
        expect(body).to.deep.equal({
          error: {
            code: "ConflictWithAnotherIModelRequest",
            message: "This request is already being processed for this iModel.",
          },
        });
      }
      const runs = await test.request<{ runs: ShownRun[] }>("GET", path);
      expect(runs.body.runs).to.have.length(1);
    });

    it("needs a token: 401", async () => {
      const answer = await fetch(`${test.url}${path}`, { method: "POST" });
      expect(answer.status).to.equal(401);
      expect(answer.headers.get("content-type")).to.match(/^application\/json/);
      expect(answer.headers.get("www-authenticate")).to.equal("Bearer");
      expect(await answer.json()).to.deep.equal({
        error: {
          code: "HeaderNotFound",
          message: "Header Authorization was not found in the request. Access denied.",
        },
      });
    });

    const wrongTokens: [title: string, code: string, authorization: () => Promise<string>][] = [
      ["that is no token", "Unauthorized", async () => "Bearer nonsense"],
      ["of another scheme", "InvalidAuthorizationScheme", async () => "Basic abc"],
      ["in two parts", "InvalidHeaderValue", async () => "Bearer a b"],
      [
        "without the scope",
        "RequiredScopeMissing",
        async () => `Bearer ${await test.tokenOf("tester", ["storage:read"])}`,
      ],
    ];
    for (const [title, code, authorization] of wrongTokens)
      it(`refuses a token ${title}: 401`, async () => {
        const answer = await test.request<ErrorBody>("POST", path, {}, { authorization: await authorization() });
        expect([answer.status, answer.body.error.code]).to.deep.equal([401, code]);
        expect(answer.body.error.message).to.contain("Access denied");
      });

    it("takes a token with the scope synchronization:modify alone", async () => {
      const authorization = `Bearer ${await test.tokenOf("tester", ["synchronization:modify"])}`;
      expect((await test.request("POST", path, {}, { authorization })).status).to.equal(202);
    });

    it("is for members of the iTwin: 403", async () => {
      const authorization = `Bearer ${await test.tokenOf("stranger")}`;
      const answer = await test.request("POST", path, example, { authorization });
      expect(answer.status).to.equal(403);
      expect(answer.body).to.deep.equal({
        error: {
          code: "InsufficientPermissions",
          message: "The user has insufficient permissions for the requested operation.",
        },
      });
    });

    it("needs a connection that exists: 404", async () => {
      const unknown = toLongId(scene.iModelId, randomUUID());
      const answer = await test.request("POST", `${manifest}/${unknown}/runs`, example);
      expect(answer.status).to.equal(404);
      expect(answer.body).to.deep.equal({
        error: { code: "ManifestConnectionNotFound", message: "Requested ManifestConnection is not available." },
      });
    });

    it("needs ids and a body that make sense: 422 with all that is wrong", async () => {
      const answer = await fetch(`${test.url}${manifest}/nonsense/runs`, {
        method: "POST",
        body: "{ no JSON",
        headers: { authorization: `Bearer ${await test.tokenOf("tester")}` },
      });
      expect(answer.status).to.equal(422);
      expect(await answer.json()).to.deep.equal({
        error: {
          code: "InvalidManifestConnectionRunRequest",
          message: "Cannot perform operation.",
          details: [
            { code: "InvalidRequestBody", message: "Error parsing JSON, malformed JSON." },
            { code: "InvalidValue", message: "Provided connectionId value is not valid.", target: "connectionId" },
          ],
        },
      });
    });

    const file = example.sourceFiles[0]!;
    const wrongManifests: [title: string, body: unknown, targets: string[]][] = [
      ["that is no object", [], ["body"]],
      ["with another action", { sourceFiles: [{ ...file, action: "delete" }] }, ["sourceFiles[0].action"]],
      [
        "with an unknown connector type",
        { sourceFiles: [{ ...file, connectorType: "X" }] },
        ["sourceFiles[0].connectorType"],
      ],
      ["with a file without a url", { sourceFiles: [{ ...file, url: undefined }] }, ["sourceFiles[0].url"]],
      ["with a url that is none", { sourceFiles: [{ ...file, url: "file:///etc/passwd" }] }, ["sourceFiles[0].url"]],
      [
        "with a path out of its folder",
        { sourceFiles: [{ ...file, relativePath: "a/../../b" }] },
        ["sourceFiles[0].relativePath"],
      ],
      ["with a name that is a path", { sourceFiles: [{ ...file, name: "../a" }] }, ["sourceFiles[0].name"]],
      ["with an id twice", { sourceFiles: [file, file] }, ["sourceFiles[1].id", "sourceFiles[1].children[0].id"]],
      [
        "with a child of somebody else",
        { sourceFiles: [{ ...file, children: [{ ...file.children[0], parentId: "x" }] }] },
        ["sourceFiles[0].children[0].parentId"],
      ],
      ["with a schema url that is none", { documentAttributeSchemaUrl: "x" }, ["documentAttributeSchemaUrl"]],
    ];
    for (const [title, body, targets] of wrongManifests)
      it(`refuses a manifest ${title}: 422`, async () => {
        const answer = await test.request<ErrorBody>("POST", path, body);
        expect(answer.status).to.equal(422);
        expect(answer.body.error.code).to.equal("InvalidManifestConnectionRunRequest");
        expect(answer.body.error.details!.map(({ target }) => target)).to.deep.equal(targets);
      });

    it("takes the earlier name of connectorType, and no body at all", async () => {
      const { connectorType, ...older } = file;
      const answer = await test.request("POST", path, {
        sourceFiles: [{ ...older, connector: connectorType, children: [] }],
      });
      expect(answer.status).to.equal(202);
      const other = await (await Scene.make(test)).connect({}, "manifest");
      expect((await test.request("POST", `${manifest}/${other.id}/runs`)).status).to.equal(202);
    });

    it("ignores null in the place of a document that the store no longer has", async () => {
      const answer = await test.request("POST", path, { sourceFiles: [null, { ...file, children: [] }, null] });
      expect(answer.status).to.equal(202);
      const { body } = await test.request<{ run: ShownRun }>("GET", answer.headers.get("location")!);
      expect(body.run.jobs.flatMap(({ tasks }) => tasks).map(({ sourceFileId }) => sourceFileId)).to.deep.equal([
        file.id,
      ]);
      const wrong = await test.request<ErrorBody>("POST", path, { sourceFiles: [null, { ...file, url: "x" }] });
      expect(wrong.body.error.details!.map(({ target }) => target)).to.deep.equal(["sourceFiles[1].url"]);
    });

    it("refuses a document that another connection of the iModel has", async () => {
      const other = await scene.connect({}, "manifest");
      const answer = await test.request<ErrorBody>("POST", `${manifest}/${other.id}/runs`, example);
      expect(answer.status).to.equal(422);
      expect(answer.body.error.details![0]!.target).to.equal("sourceFiles[0].id");
    });
  });

  it("of a storage connection has one job for each connector type, and a task for each file", async () => {
    const files = [await scene.addFile("a.dgn"), await scene.addFile("b.dgn"), await scene.addFile("c.ifc")];
    const types = ["MSTN", "MSTN", "IFC"];
    const { id } = await scene.connect({
      sourceFiles: files.map((storageFileId, index) => ({ storageFileId, connectorType: types[index] })),
    });
    const answer = await test.request("POST", `${storage}/${id}/run`);
    expect(answer.status).to.equal(202);
    const { body } = await test.request<{ run: ShownRun }>("GET", answer.headers.get("location")!);
    expect(body.run.jobs.map(({ tasks }) => tasks.map(({ storageFileId }) => storageFileId))).to.deep.equal([
      [files[0], files[1]],
      [files[2]],
    ]);
    const location = answer.headers.get("location")!;
    const one = await test.request<{ connection: ShownConnection }>("GET", `${storage}/${id}`);
    const { href } = one.body.connection._links.lastRun!;
    expect(href).to.equal(location.replace("/storageconnections/", "/storageConnections/"));
    expect(href).to.contain("/storageConnections/");
    expect((await test.request("GET", href)).status).to.equal(200);
    const unknown = await test.request<ErrorBody>("GET", `${storage}/${id}/runs/${randomUUID()}`);
    expect([unknown.status, unknown.body.error.code]).to.deep.equal([404, "StorageConnectionRunNotFound"]);
  });

  it("is held back when a client asks too often: 429 with retry-after", async () => {
    const busy = await TestService.start({ workers: 0, limits: { requestsPerMinute: 3 } });
    try {
      const path = `${manifest}/${toLongId(busy.iTwinId, randomUUID())}/runs`;
      for (let request = 0; request < 3; request++) expect((await busy.request("POST", path)).status).to.equal(404);
      const answer = await busy.request("POST", path);
      expect(answer.status).to.equal(429);
      expect(answer.headers.get("retry-after")).to.match(/^\d+$/);
      expect(Number(answer.headers.get("retry-after"))).to.be.within(1, 60);
      expect(answer.body).to.deep.equal({
        error: {
          code: "TooManyRequests",
          message: "More requests were received than the subscription rate-limit allows.",
        },
      });
      const authorization = `Bearer ${await busy.tokenOf("another")}`;
      expect((await busy.request("POST", path, undefined, { authorization })).status).to.equal(404);
    } finally {
      await busy.close();
    }
  });
});
