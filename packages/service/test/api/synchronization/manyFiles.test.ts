import { expect } from "chai";
import { TestService } from "../../TestService.js";
import { pathOf, Scene } from "./scene.js";

/** A manifest that names so many files. */
function manifestOf(count: number, prefix = "i"): object {
  const sourceFiles = Array.from({ length: count }, (_, index) => ({
    id: `${prefix}${index}`,
    name: `f${index}.csv`,
    url: `http://127.0.0.1:1/${index}`,
    connectorType: "SHELLEDWCSV",
  }));
  return { sourceFiles };
}

interface ShownSourceFiles {
  sourceFiles: { id: string; sourceFileId: string }[];
}

describe("A manifest that names many files", () => {
  let test: TestService;
  before(async () => (test = await TestService.start({ workers: 0, manifests: { maxItems: 100_000 } })));
  after(() => test.close());

  /** Asks for a run of a new connection. */
  const run = async (body: object) => {
    const scene = await Scene.make(test);
    const { id } = await scene.connect({}, "manifest");
    const path = `${pathOf("manifest")}/${id}`;
    return { path, scene, answer: await test.request("POST", `${path}/runs`, body) };
  };

  const expectSound = async () => {
    const { body } = await test.request<{ iTwins: object[] }>("GET", "/itwins");
    expect(body.iTwins).not.to.be.empty;
    expect((await test.request("GET", "/ready")).status).to.equal(200);
  };

  it("of 10,000 is accepted, with a source file and a task for each", async () => {
    const { answer, path } = await run(manifestOf(10_000));
    expect(answer.status, JSON.stringify(answer.body)).to.equal(202);
    const page = await test.request<ShownSourceFiles>("GET", `${path}/sourcefiles?$top=2&$skip=9998`, undefined, {
      prefer: "return=representation",
    });
    expect(page.body.sourceFiles.map(({ sourceFileId }) => sourceFileId)).to.deep.equal(["i9998", "i9999"]);
    const shown = await test.request<{ run: { jobs: { tasks: object[] }[] } }>("GET", answer.headers.get("location")!);
    expect(shown.body.run.jobs[0]!.tasks).to.have.lengthOf(10_000);
    await expectSound();
  });

  it("of 100,000 is accepted, and lists are what they were", async () => {
    expect((await run(manifestOf(100_000))).answer.status).to.equal(202);
    await expectSound();
  });

  it("of more than the service takes is refused with the limit", async () => {
    const { answer } = await run(manifestOf(100_001));
    expect(answer.status).to.equal(422);
    expect(answer.body).to.have.nested.property("error.details[0].code", "TooManyItems");
    expect(answer.body).to.have.nested.property("error.details[0].message").contain("100000");
  });

  it("may name documents by the ids of their source files, among many others", async () => {
    const { path, scene, answer } = await run(manifestOf(1000));
    expect(answer.status).to.equal(202);
    const { body } = await test.request<ShownSourceFiles>("GET", `${path}/sourcefiles?$top=1`);
    await test.service.context.db
      .updateTable("runs")
      .set({ state: "Completed" })
      .where("imodel_id", "=", scene.iModelId)
      .execute();
    const [file] = (manifestOf(1) as { sourceFiles: object[] }).sourceFiles;
    const second = await test.request("POST", `${path}/runs`, {
      sourceFiles: [{ ...file, id: body.sourceFiles[0]!.id, children: [{ ...file, id: "child" }] }],
    });
    expect(second.status, JSON.stringify(second.body)).to.equal(202);
    const { manifest } = await test.service.context.db
      .selectFrom("runs")
      .select("manifest")
      .where("imodel_id", "=", scene.iModelId)
      .orderBy("sequence", "desc")
      .executeTakeFirstOrThrow();
    expect(manifest!.sourceFiles[0]).to.include({ id: "i0" });
    expect(manifest!.sourceFiles[0]!.children[0]).to.include({ id: "child", parentId: "i0" });
  });

  it("is refused where another connection of the iModel has one of them, which is named", async () => {
    const { scene } = await run(manifestOf(1000, "own"));
    await test.service.context.db
      .updateTable("runs")
      .set({ state: "Completed" })
      .where("imodel_id", "=", scene.iModelId)
      .execute();
    const { id } = await scene.connect({}, "manifest");
    const { sourceFiles } = manifestOf(1000) as { sourceFiles: { id: string }[] };
    sourceFiles[7]!.id = "own3";
    const answer = await test.request("POST", `${pathOf("manifest")}/${id}/runs`, { sourceFiles });
    expect(answer.status).to.equal(422);
    expect(answer.body).to.have.nested.property("error.details[0].target", "sourceFiles[7].id");
  });

  it("has a connection of many source files like any other", async () => {
    const scene = await Scene.make(test);
    const sourceFiles = Array.from({ length: 5000 }, (_, index) => ({ sourceFileId: `d${index}` }));
    const { id } = await scene.connect({ sourceFiles }, "manifest");
    const path = `${pathOf("manifest")}/${id}/sourcefiles?$top=10&$skip=4999`;
    expect((await test.request<ShownSourceFiles>("GET", path)).body.sourceFiles).to.have.lengthOf(1);
    await expectSound();
  });
});
