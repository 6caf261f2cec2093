import { createServer } from "node:http";
import { once } from "node:events";
import { randomUUID } from "node:crypto";
import { expect } from "chai";
import { ClientError } from "../src/ClientError.js";
import { LocalFileServer } from "../src/node/LocalFileServer.js";
import { runManifestFile } from "../src/node/runManifestFile.js";
import { ServiceClient } from "../src/ServiceClient.js";
import { ClientTest } from "./ClientTest.js";

const pumps = "id,name\n1,Pump\n2,Pump\n";

describe("A run of a manifest that names local files", function () {
  let test: ClientTest;
  before(async () => {
    test = await ClientTest.start({ manifests: { allowedPrivateHosts: ["127.0.0.1"] } });
  });
  after(() => test.close());

  async function connect(...ids: string[]): Promise<string> {
    const iModelId = await test.createIModel(randomUUID());
    const sourceFiles = ids.map((sourceFileId) => ({ sourceFileId }));
    return (await test.client().manifestConnections.create({ iModelId, sourceFiles })).id;
  }

  const run = async (connectionId: string, manifest: object | string, client = test.client(), wait = true) => {
    const text = typeof manifest === "string" ? manifest : JSON.stringify(manifest);
    return runManifestFile({ client, connectionId, manifest: test.write("manifest.json", text), wait });
  };

  async function failure(work: Promise<unknown>): Promise<ClientError> {
    const error = await work.catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(ClientError);
    return error as ClientError;
  }

  it("serves them for its time, whether they are given by path or by URL", async () => {
    const connectionId = await connect("a", "b");
    test.write("a.csv", pumps);
    const b = new URL(`file://${test.write("b & c.csv", pumps)}`).href;
    const child = { id: "b", name: "b.csv", url: b, connectorType: "SHELLEDWCSV" };
    const source = { id: "a", name: "a.csv", url: "a.csv", connectorType: "SHELLEDWCSV", children: [child] };
    const { result, files } = await run(connectionId, { sourceFiles: [source] });
    expect(files.map(({ name, message }) => [name, message])).to.deep.equal([
      ["a.csv", "2 new, 0 changed, 0 unchanged, 0 deleted."],
      ["b.csv", "2 new, 0 changed, 0 unchanged, 0 deleted."],
    ]);
    expect(result).to.equal("Success");
    const unmapped = await run(connectionId, { sourceFiles: [{ id: "b", action: "unmap" }] });
    expect(unmapped.files).to.deep.equal([
      { name: "b", connectorType: "", result: "Success", message: "0 new, 0 changed, 0 unchanged, 2 deleted." },
    ]);
  });

  it("is refused where a file is missing, and says which one", async () => {
    const error = await failure(run(await connect("a"), { sourceFiles: [{ id: "a", url: "none.csv" }] }));
    expect(error.code).to.equal("usage/no-file");
    expect(error.message).to.contain("sourceFiles[0].url");
  });

  it("is refused where nobody waits for its end, and where the service is elsewhere", async () => {
    const manifest = { sourceFiles: [{ id: "a", name: "a.csv", url: "a.csv" }] };
    expect((await failure(run("c", manifest, test.client(), false))).code).to.equal("usage/local-files");
    const elsewhere = new ServiceClient({ url: "https://api.bentley.com", token: "t" });
    expect((await failure(run("c", manifest, elsewhere))).message).to.contain("api.bentley.com cannot reach them");
  });

  for (const manifest of ["{", "[]", "null"])
    it(`is refused where the manifest is ${manifest}`, async () => {
      expect((await failure(run("c", manifest))).code).to.equal("usage/manifest");
    });

  it("is refused by the service with what is wrong", async () => {
    const error = await failure(
      run(await connect("a"), { sourceFiles: [{ id: "a", name: "x.csv", url: "http://x", connectorType: "X" }] }),
    );
    expect(error.code).to.equal("client/invalid");
    expect(error.message).to.contain("connectorType");
  });

  it("serves what was named, and nothing else, and no longer than that", async () => {
    const server = await LocalFileServer.start();
    const url = server.serve(test.write("served.csv", pumps));
    expect(await (await fetch(url)).text()).to.equal(pumps);
    const { origin } = new URL(url);
    for (const path of ["/", "/served.csv", `/${randomUUID()}/served.csv`, "/../served.csv"])
      expect((await fetch(origin + path)).status, path).to.equal(404);
    await server.close();
    const probe = createServer().listen(Number(new URL(url).port), "127.0.0.1"); // the port is free again
    await once(probe, "listening");
    probe.close();
  });
});
