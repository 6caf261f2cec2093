import { appendFileSync } from "node:fs";
import { basename } from "node:path";
import { randomUUID } from "node:crypto";
import { expect } from "chai";
import { ClientError } from "../src/ClientError.js";
import { collect } from "../src/http/api.js";
import { openFile } from "../src/node/openFile.js";
import { populate, type PopulateOptions, type PopulateProgress } from "../src/populate/populate.js";
import { ClientTest } from "./ClientTest.js";

const pumps = "id,name\n1,Pump\n2,Pump\n";
const plots = (name: string) =>
  JSON.stringify({ type: "Feature", id: "a", properties: { name }, geometry: { type: "Point", coordinates: [8, 50] } });

describe("Populate", function () {
  let test: ClientTest;
  before(async () => {
    test = await ClientTest.start();
  });
  after(() => test.close());

  /** A file on disk, and the connector that a test chooses for it. */
  interface FileAt {
    path: string;
    connectorType?: string;
  }

  /** Populates an iModel; without one, a new one. */
  async function bringIn(paths: FileAt[], options: Partial<PopulateOptions> = {}) {
    const iModelId = options.iModelId ?? (await test.createIModel(randomUUID()));
    const files = await Promise.all(
      paths.map(async ({ path, connectorType }) => ({ file: await openFile(path), connectorType })),
    );
    const progress: PopulateProgress[] = [];
    const onProgress = (one: PopulateProgress) => progress.push(one);
    const result = await populate({ client: test.client(), iModelId, files, onProgress, ...options });
    return {
      ...result,
      progress,
      told: result.files.map(({ name, message, error }) => [name, message ?? error?.code]),
    };
  }

  /** What a call fails with. */
  async function failure(files: FileAt[], options: Partial<PopulateOptions> = {}) {
    const error: unknown = await bringIn(files, options).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(ClientError);
    return error as ClientError;
  }

  it("brings files in with one run, and later what has changed in them", async () => {
    const [csv, geojson] = [test.write("one.csv", pumps), test.write("one.geojson", plots("Park"))];
    const files = [{ path: csv }, { path: geojson }];
    const first = await bringIn(files);
    expect(first).to.include({ result: "Success", iTwinId: test.iTwinId, isNewRun: true });
    expect(first.told).to.deep.equal([
      ["one.csv", "2 new, 0 changed, 0 unchanged, 0 deleted."],
      ["one.geojson", "1 new, 0 changed, 0 unchanged, 0 deleted."],
    ]);
    expect([...new Set(first.progress.map(({ step }) => step))]).to.deep.equal(["upload", "files", "run", "wait"]);
    expect(first.run!.jobs!.map(({ connectorType }) => connectorType)).to.have.members(["SHELLEDWCSV", "GEOSPATIAL"]);

    test.write("one.csv", "id,name\n1,Pump\n2,Fan\n3,Fan\n");
    const second = await bringIn(files, { iModelId: first.iModelId });
    expect(second.told).to.deep.equal([
      ["one.csv", "1 new, 1 changed, 1 unchanged, 0 deleted."],
      ["one.geojson", "The file is unchanged."],
    ]);
    expect(second.connectionId).to.equal(first.connectionId);
    expect(await test.storedFiles()).to.include({ "one.csv": 27 });
    const connected = { "one.csv": "SHELLEDWCSV", "one.geojson": "GEOSPATIAL" };
    expect(await test.connections(first.iModelId)).to.deep.equal([connected]);
  });

  it("adds files to the connection that has some of them, and runs what it has @all", async () => {
    const [a, b] = [test.write("a.csv", pumps), test.write("b.csv", pumps)];
    const { iModelId, connectionId } = await bringIn([{ path: a }]);
    const both = await bringIn([{ path: b }, { path: a }], { iModelId });
    expect(both.connectionId).to.equal(connectionId);
    expect(both.told).to.deep.equal([
      ["b.csv", "2 new, 0 changed, 0 unchanged, 0 deleted."],
      ["a.csv", "The file is unchanged."],
    ]);
    const { storage } = test.client();
    const [stored] = (await collect(storage.files(await test.root()))).filter(
      ({ displayName }) => displayName === "a.csv",
    );
    const broken = test.write("broken.csv", 'id,name\n1,"Pump\n');
    await storage.upload(await storage.updateContent(stored!.id), await openFile(broken)); // somebody else's new content of a.csv
    const one = await bringIn([{ path: b }], { iModelId });
    expect(one.connectionId).to.equal(connectionId);
    expect(one.files.map(({ name, result }) => [name, result])).to.deep.equal([
      ["b.csv", "Success"],
      ["a.csv", "Error"],
    ]);
    expect(one.result).to.equal("PartialSuccess");
    expect(await test.connections(iModelId)).to.deep.equal([{ "a.csv": "SHELLEDWCSV", "b.csv": "SHELLEDWCSV" }]);
  });

  it("leaves a file the connector that it has, unless it is told another one", async () => {
    const path = test.write("typed.csv", pumps);
    const { iModelId, files } = await bringIn([{ path, connectorType: "MSTN" }], { wait: false });
    expect(files).to.deep.equal([{ name: "typed.csv", connectorType: "MSTN", result: "Undetermined" }]);
    const kept = await bringIn([{ path }], { iModelId });
    expect(kept.result).to.equal("Error");
    expect(kept.files[0]).to.deep.include({ connectorType: "MSTN", result: "Error" });
    expect(kept.files[0]!.error!.code).to.equal("service/unknown-connector-type");
    const told = await bringIn([{ path, connectorType: "SHELLEDWCSV" }], { iModelId });
    expect(told.result).to.equal("Success");
    expect(await test.connections(iModelId)).to.deep.equal([{ "typed.csv": "SHELLEDWCSV" }]);
  });

  it("refuses files of several connections, and names those", async () => {
    const [a, b] = [test.write("c1.csv", pumps), test.write("c2.csv", pumps)];
    const { iModelId } = await bringIn([{ path: a }], { wait: false });
    await bringIn([{ path: b }], { iModelId, wait: false });
    const error = await failure([{ path: a }, { path: b }], { iModelId });
    expect(error.code).to.equal("client/several-connections");
    expect(error.message).to.match(/c1\.csv \(\S+\) has c1\.csv; c2\.csv \(\S+\) has c2\.csv/);
  });

  it("follows the active run of the iModel, and then asks for one of what it has uploaded @all", async () => {
    const many = Array.from({ length: 5000 }, (_, index) => `${index},Pump`).join("\n");
    const large = test.write("large.csv", `id,name\n${many}\n`);
    const { iModelId, runUrl: active } = await bringIn([{ path: large }], { wait: false });
    const result = await bringIn([{ path: test.write("small.csv", pumps) }], { iModelId });
    const asked = result.progress.flatMap((one) => (one.step === "run" ? [one] : []));
    expect(asked.map(({ isNew }) => isNew)).to.deep.equal([false, true]);
    expect(asked.map(({ url }) => url)).to.deep.equal([active, result.runUrl]);
    expect(result.told).to.deep.equal([["small.csv", "2 new, 0 changed, 0 unchanged, 0 deleted."]]);
  });

  it("says of each file that fails where it fails and what to do", async () => {
    const [good, bad] = [test.write("good.csv", pumps), test.write("bad.csv", 'id,name\n1,"Pump\n')];
    const { result, files } = await bringIn([{ path: good }, { path: bad }]);
    expect(result).to.equal("PartialSuccess");
    expect(files.map((file) => file.result)).to.deep.equal(["Success", "Error"]);
    const { code, details, advice } = files[1]!.error!;
    expect(code).to.match(/^csv\//);
    expect(details).to.match(/^bad\.csv, line \d/);
    expect(advice).to.be.a("string").and.not.to.equal("");
  });

  it("uploads nothing for an iModel that there is none of", async () => {
    const path = test.write("orphan.csv", pumps);
    for (const iTwinId of [undefined, test.iTwinId]) {
      const error = await failure([{ path }], { iModelId: randomUUID(), iTwinId });
      expect(error.code).to.equal("client/not-found");
      expect(error.message).to.match(/^While looking for the iModel: .*404 iModelNotFound/);
    }
    expect(await test.storedFiles()).not.to.have.property("orphan.csv");
  });

  it("says so where the token is refused", async () => {
    const error = await failure([{ path: test.write("t.csv", pumps) }], { client: test.client({ token: "none" }) });
    expect(error.code).to.equal("client/unauthorized");
    expect(error.advice).to.match(/token/);
  });

  it("goes on with another token where one runs out in between, at any step", async () => {
    const good = await test.token();
    let requests = 0;
    // Every second request finds its token refused.
    const token = {
      getToken: async (refused?: string) => (refused === undefined && ++requests % 2 === 0 ? "stale" : good),
    };
    const { result } = await bringIn([{ path: test.write("v.csv", pumps) }], { client: test.client({ token }) });
    expect(result).to.equal("Success");
    expect(requests).to.be.at.least(8);
  });

  it("says in which step a token ran out that cannot be renewed, and that the run goes on", async () => {
    const good = await test.token();
    let isOver = false;
    const token = { getToken: async () => (isOver ? "stale" : good) };
    const onProgress = ({ step }: PopulateProgress) => (isOver = step === "run");
    const path = test.write("w.csv", pumps);
    const error = await failure([{ path }], { client: test.client({ token }), onProgress });
    expect(error.code).to.equal("client/unauthorized");
    expect(error.message).to.match(/^While looking at the run http.*, which goes on: /);
  });

  it("says so where there is no token to be had", async () => {
    const { clientCredentials } = await import("../src/tokens.js");
    const token = clientCredentials({ issuer: test.service.url, clientId: "stranger", clientSecret: "x" });
    const error = await failure([{ path: test.write("u.csv", pumps) }], { client: test.client({ token }) });
    expect(error.code).to.equal("client/sign-in");
    expect(error.message).to.contain("stranger");
  });

  it("notices a file that changes while it is uploaded, of which nothing counts then", async () => {
    const path = test.write("growing.csv", Buffer.alloc(20_000_000, "x"));
    const onProgress = (progress: PopulateProgress) => {
      if (progress.step === "upload" && progress.bytes < 200_000) appendFileSync(path, "more");
    };
    const error = await failure([{ path }], { onProgress });
    expect(error.code).to.equal("client/file-changed");
    expect(error.file).to.equal(path);
    expect(await test.storedFiles()).not.to.have.property("growing.csv");
  });

  it("notices a file that changes while another one is uploaded", async () => {
    const [first, second] = [test.write("first.csv", pumps), test.write("second.csv", pumps)];
    const onProgress = (progress: PopulateProgress) => {
      if (progress.step === "upload" && progress.name === "first.csv") test.write("second.csv", "");
    };
    const error = await failure([{ path: first }, { path: second }], { onProgress });
    expect([error.code, error.file]).to.deep.equal(["client/file-changed", second]);
    expect(await test.storedFiles()).not.to.have.property("second.csv");
  });

  it("uploads a large file in blocks, which come whole", async () => {
    const { storage } = test.client();
    const content = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));
    const path = test.write("blocks.bin", content);
    const told: number[] = [];
    const root = await test.root();
    const options = { wholeBytes: 40_000, onProgress: (bytes: number) => told.push(bytes) };
    const { id, size } = await storage.addFile(root, await openFile(path), options);
    expect(size).to.equal(100_000);
    expect(told.at(-1)).to.equal(100_000);
    const token = await test.token();
    const headers = { authorization: `Bearer ${token}` };
    const download = await fetch(`${test.service.url}/storage/files/${id}/download`, { headers });
    expect(Buffer.from(await download.arrayBuffer()).equals(content)).to.equal(true);
  });

  it("brings in a File as browsers have them, in blocks of which each is reported", async () => {
    const iModelId = await test.createIModel(randomUUID());
    const files = [{ file: new File([pumps], "chosen.csv") }];
    const { result, files: outcomes } = await populate({ client: test.client(), iModelId, files });
    expect([result, outcomes[0]!.message]).to.deep.equal(["Success", "2 new, 0 changed, 0 unchanged, 0 deleted."]);

    const progress: number[] = [];
    const options = { wholeBytes: 20_000, onProgress: (bytes: number) => void progress.push(bytes) };
    const large = new File([Buffer.alloc(25_000, "x")], "chosen.bin");
    const { size } = await test.client().storage.addFile(await test.root(), large, options);
    expect([size, progress]).to.deep.equal([25_000, [5_000, 10_000, 15_000, 20_000, 25_000]]);
  });

  it("lists folders and files, and moves them to the recycle bin", async () => {
    const { storage } = test.client();
    const root = await test.root();
    const folder = await storage.createFolder(root, "drawings");
    const file = await storage.addFile(folder.id, await openFile(test.write("d.csv", pumps)));
    expect((await storage.getFolder(folder.id)).displayName).to.equal("drawings");
    expect((await storage.getFile(file.id)).path).to.equal("drawings/d.csv");
    expect((await collect(storage.folders(root))).map(({ id }) => id)).to.deep.equal([folder.id]);
    await storage.deleteFile(file.id);
    expect(await collect(storage.files(folder.id))).to.deep.equal([]);
    await storage.deleteFolder(folder.id);
    expect(await collect(storage.folders(root))).to.deep.equal([]);
  });

  it("leaves connections to be changed and removed", async () => {
    const { iModelId, connectionId } = await bringIn([{ path: test.write("e.csv", pumps) }]);
    const { storageConnections } = test.client();
    expect((await storageConnections.update(connectionId, { displayName: "Lists" })).displayName).to.equal("Lists");
    expect((await storageConnections.get(connectionId)).displayName).to.equal("Lists");
    const [source] = await collect(storageConnections.sourceFiles(connectionId));
    await storageConnections.removeSourceFile(connectionId, source!.id);
    await storageConnections.delete(connectionId);
    expect(await test.connections(iModelId)).to.deep.equal([]);
  });

  const wrong: [title: string, name: string, content: string | undefined, code: string][] = [
    ["that is not there", "none.csv", undefined, "usage/no-file"],
    ["that is empty", "empty.csv", "", "usage/empty-file"],
    ["without an extension", "notes", "x", "usage/no-extension"],
    ["whose extension nobody knows", "notes.txt", "x", "usage/unknown-extension"],
  ];
  for (const [title, name, content, code] of wrong)
    it(`refuses a file ${title}`, async () => {
      const path = content === undefined ? `${test.folder}/${name}` : test.write(name, content);
      const error = await failure([{ path }]);
      expect([error.code, error.file && basename(error.file)]).to.deep.equal([code, name]);
    });

  it("refuses a folder, no file at all, and two files of one name", async () => {
    expect((await failure([{ path: test.folder }])).code).to.equal("usage/no-file");
    expect((await failure([])).code).to.equal("usage/no-file");
    const path = test.write("twice.csv", pumps);
    expect((await failure([{ path }, { path }])).code).to.equal("usage/same-name");
  });
});
