import { randomUUID } from "node:crypto";
import { expect } from "chai";
import type { Settings } from "../../../src/platform/database/columns/Settings.js";
import { TestService } from "../../TestService.js";
import { Scene } from "./scene.js";

const root = "/synchronization/configurations";

interface Shown {
  configuration: { scopeId: string; settings: Settings; resolvedSettings: Settings };
}

describe("Configurations", () => {
  let test: TestService;
  let scene: Scene;
  before(async () => (test = await TestService.start({ workers: 0, connectors: { KIT: { module: "kit" } } })));
  beforeEach(async () => {
    await test.service.context.db.deleteFrom("configurations").execute();
    scene = await Scene.make(test);
  });
  after(() => test.close());

  const iTwin = () => `${root}/itwins/${test.iTwinId}`;
  const iModel = () => `${root}/imodels/${scene.iModelId}`;
  const send = (method: string, path: string, body?: object) => test.request<Shown>(method, path, body);

  it("are created, shown, changed and removed", async () => {
    const created = await send("POST", iTwin(), { skipRvtReprojection: true });
    expect(created.status).to.equal(201);
    expect(created.body.configuration).to.deep.equal({
      scopeId: test.iTwinId,
      settings: { skipRvtReprojection: true },
      resolvedSettings: {
        uploadDgnRealityData: true,
        convertDgnTerrainModels: false,
        squashIntermediateRevisions: false,
        convertDgnHyperModelingSections: true,
        skipRvtReprojection: true,
        strict: false,
        schemaContract: "evolve",
      },
    });
    expect((await send("GET", iTwin())).body).to.deep.equal(created.body);
    const changed = await send("PATCH", iTwin(), { uploadDgnRealityData: false });
    expect(changed.status).to.equal(200);
    expect(changed.body.configuration.settings).to.deep.equal({
      skipRvtReprojection: true,
      uploadDgnRealityData: false,
    });
    expect((await send("DELETE", iTwin())).status).to.equal(204);
    for (const method of ["GET", "DELETE"]) expect((await send(method, iTwin())).status).to.equal(404);
  });

  it("are there once", async () => {
    await send("POST", iModel(), {});
    const { status, body } = await send("POST", iModel(), {});
    expect(status).to.equal(409);
    expect(body).to.nested.include({ "error.code": "ConfigurationAlreadyExists" });
  });

  it("are not found before they are created, whatever is inherited", async () => {
    await send("POST", iTwin(), {});
    for (const [method, body] of [["GET"], ["PATCH", {}], ["DELETE"]] as const) {
      const answer = await send(method, iModel(), body);
      expect(answer.status, method).to.equal(404);
      expect(answer.body).to.deep.equal({
        error: { code: "ConfigurationNotFound", message: "Requested Configuration is not available." },
      });
    }
  });

  it("inherit, and the narrower scope counts", async () => {
    const { id } = await scene.connect({ runOptions: { strict: true } }, "manifest");
    await send("POST", iTwin(), { skipRvtReprojection: true, maxDeletions: "1%", schemaContract: "report" });
    await send("POST", iModel(), { overrideRvtReprojectionDistance: 5, maxDeletions: "2%", strict: false });
    const { body } = await send("POST", `${root}/connections/${id}`, { enableSheetIndex: true });
    expect(body.configuration.scopeId).to.equal(id);
    expect(body.configuration.settings).to.deep.equal({ enableSheetIndex: true });
    expect(body.configuration.resolvedSettings).to.include({
      skipRvtReprojection: true,
      overrideRvtReprojectionDistance: 5,
      clampZExtent: false,
      enableSheetIndex: true,
      ignoreDgnAttachments: false,
      maxDeletions: "2%",
      schemaContract: "report",
      strict: true, // of the connection's run options
    });
    const wider = await send("GET", iModel());
    expect(wider.body.configuration.resolvedSettings).not.to.have.property("enableSheetIndex");
  });

  it("refuse settings of another scope, unknown ones, and values of another type", async () => {
    for (const [body, target] of [
      [{ clampZExtent: true }, "clampZExtent"],
      [{ toString: 1 }, "toString"],
      [{ skipRvtReprojection: "true" }, "skipRvtReprojection"],
      [{ skipRvtReprojection: null }, "skipRvtReprojection"],
      [{ maxDeletions: "all" }, "maxDeletions"],
    ] as const) {
      const answer = await send("POST", iTwin(), body);
      expect(answer.status, target).to.equal(422);
      expect(answer.body).to.deep.equal({
        error: {
          code: "InvalidConfigurationRequest",
          message: "Cannot perform operation.",
          details: [{ code: "InvalidValue", message: `Provided ${target} value is not valid.`, target }],
        },
      });
    }
    const distance = await send("POST", iModel(), { overrideRvtReprojectionDistance: 1.5 });
    expect(distance.status).to.equal(422);
  });

  it("need a body to be created and changed", async () => {
    for (const method of ["POST", "PATCH"]) {
      const { status, body } = await send(method, iTwin());
      expect(status).to.equal(422);
      expect(body).to.nested.include({ "error.details[0].code": "MissingRequestBody" });
    }
  });

  it("refuse ids that are none, and to be created for what does not exist", async () => {
    for (const [method, path, target] of [
      ["GET", `${root}/itwins/nonsense`, "itwinid"],
      ["DELETE", `${root}/imodels/nonsense`, "imodelid"],
      ["GET", `${root}/connections/${randomUUID()}`, "connectionid"],
      ["POST", `${root}/imodels/${randomUUID()}`, "imodelid"],
    ] as const) {
      const { status, body } = await send(method, path, method === "POST" ? {} : undefined);
      expect(status, path).to.equal(422);
      expect(body).to.nested.include({ "error.details[0].target": target });
    }
    expect((await send("GET", `${root}/imodels/${randomUUID()}`)).status).to.equal(404);
  });

  it("are for members of the iTwin only", async () => {
    await send("POST", iTwin(), {});
    const { id } = await scene.connect();
    const headers = { authorization: `Bearer ${await test.tokenOf("stranger")}` };
    for (const path of [iTwin(), iModel(), `${root}/connections/${id}`])
      expect((await test.request("GET", path, undefined, headers)).status, path).to.equal(403);
  });

  it("need a scope that lets the client change something to be changed", async () => {
    await send("POST", iTwin(), {});
    const headers = { authorization: `Bearer ${await test.tokenOf("tester", ["synchronization:read"])}` };
    expect((await test.request("GET", iTwin(), undefined, headers)).status).to.equal(200);
    expect((await test.request("PATCH", iTwin(), {}, headers)).status).to.equal(401);
  });

  it("go with what they are for", async () => {
    const { id } = await scene.connect();
    await send("POST", `${root}/connections/${id}`, {});
    await test.request("DELETE", `/synchronization/imodels/storageconnections/${id}`);
    const rows = await test.service.context.db.selectFrom("configurations").selectAll().execute();
    expect(rows).to.deep.equal([]);
  });

  describe("of a run", () => {
    const runOf = async (connectionId: string, kind = "storage", body?: object) => {
      const path = `/synchronization/imodels/${kind}connections/${connectionId}/runs`;
      const { status, headers } = await test.request("POST", path, body);
      expect(status).to.equal(202);
      const id = headers.get("location")!.split("/").at(-1)!;
      const { db } = test.service.context;
      return db.selectFrom("runs").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
    };

    it("are those at its start, where run options of the connection count most", async () => {
      const { id } = await scene.connect({ runOptions: { maxDeletions: "10" } });
      await send("POST", iTwin(), { maxDeletions: "1%", strict: true });
      const run = await runOf(id);
      await send("PATCH", iTwin(), { strict: false });
      expect(run.settings).to.deep.equal({ maxDeletions: "10", strict: true });
    });

    it("clamp heights only in an iModel that has an extent", async () => {
      const { id } = await scene.connect();
      await send("POST", iModel(), { clampZExtent: true });
      const { db } = test.service.context;
      expect((await runOf(id)).settings).to.deep.equal({});
      await db.updateTable("runs").set({ state: "Completed" }).execute();
      const corner = { latitude: 46, longitude: 7 };
      const extent = JSON.stringify({ southWest: corner, northEast: corner });
      await db.updateTable("imodels").set({ extent }).where("id", "=", scene.iModelId).execute();
      expect((await runOf(id)).settings).to.deep.equal({ clampZExtent: true });
    });

    it("leave reference files out, except of a file that is unmapped", async () => {
      const { id } = await scene.connect({}, "manifest");
      await send("POST", `${root}/connections/${id}`, { ignoreDgnAttachments: true });
      const file = (name: string) => ({ id: name, name, url: "https://example.com/x", connectorType: "KIT" });
      const sourceFiles = [
        { ...file("a.dgn"), children: [file("b.dgn")] },
        { ...file("c.dgn"), action: "unmap", children: [file("d.dgn")] },
      ];
      const { jobs } = await runOf(id, "manifest", { sourceFiles });
      const ids = jobs.flatMap(({ tasks }) => tasks.map(({ sourceFileId }) => sourceFileId));
      expect(ids).to.have.members(["a.dgn", "c.dgn", "d.dgn"]);
    });
  });
});
