import { existsSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import type { ConnectorJobDefArgs, RunResult } from "itwin-connector-framework";
import { fetchSource } from "../../src/run/fetchSource.js";
import { KitTimeline } from "../kit/KitTimeline.js";
import type { KitSource } from "../kit/kitSource.js";
import { temporaryFolder } from "../support/temporary.js";

const kit: KitSource = { categories: ["Steel"], parts: [{ id: "a" }, { id: "b" }] };
const signature = "sig=very-secret";
const token = "very-secret-token";

describe("A source that is fetched", () => {
  let server: Server | undefined;
  let timeline: KitTimeline;
  const cacheDirectory = temporaryFolder();

  beforeEach(() => (timeline = new KitTimeline()));
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  const serve = async (listener: RequestListener): Promise<string> => {
    server = createServer(listener);
    await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/docs/kit.json?${signature}`;
  };
  const run = (changes: Partial<ConnectorJobDefArgs>): Promise<RunResult> =>
    timeline.run({}, { sourcePath: undefined, ...changes }, { cacheDirectory });

  it("comes with the token, and stays the same document", async () => {
    let source = kit;
    const tokens: unknown[] = [];
    const url = await serve((request, response) => {
      tokens.push(request.headers.authorization);
      response.end(JSON.stringify(source));
    });
    const first = await run({ dmsServerUrl: url, dmsAccessToken: token });
    expect(first.error).to.equal(undefined);
    expect(first.iModelPath).to.equal(timeline.iModelPath);
    source = { ...kit, parts: [{ id: "a" }] };
    const second = await run({
      dmsServerUrl: url.replace(signature, "sig=another"),
      dmsAccessToken: `Bearer ${token}`,
    });
    expect(second.counts).to.include({ unchanged: 2, deleted: 1, new: 0 });
    expect(tokens).to.deep.equal([`Bearer ${token}`, `Bearer ${token}`]);
    const [link] = timeline.query("SELECT Url, CodeValue FROM bis.RepositoryLink");
    expect(link).to.deep.equal({ url: url.split("?")[0], codeValue: url.split("?")[0] });
  });

  it("is another file under another query, and an old one of the same URL is removed", async () => {
    const url = await serve((request, response) => response.end(`content of ${request.url}`));
    const fetch = async (query: string) => fetchSource({ url: url.replace(signature, query), cacheDirectory });
    const [first, second] = [await fetch("id=1"), await fetch("id=2")];
    expect([first, second].map((path) => basename(path))).to.deep.equal(["kit.json", "kit.json"]);
    expect(readFileSync(first, "utf8")).to.contain("id=1");
    expect(readFileSync(second, "utf8")).to.contain("id=2");
    expect(await fetch("id=1")).to.equal(first);
    const twoDaysAgo = Date.now() / 1000 - 2 * 86_400;
    utimesSync(dirname(second), twoDaysAgo, twoDaysAgo);
    await fetch("id=3");
    expect([first, second].map((path) => existsSync(path))).to.deep.equal([true, false]);
  });

  it("is never the one of an earlier run: its server is asked each time", async () => {
    let answer: [status: number, source: KitSource] = [200, kit];
    const url = await serve((_, response) => {
      const [status, source] = answer;
      response.writeHead(status, { etag: '"same"', "last-modified": "Mon, 01 Jan 2024 00:00:00 GMT" });
      response.end(JSON.stringify(source));
    });
    expect((await run({ dmsServerUrl: url })).counts).to.include({ new: 3 });
    answer = [404, kit];
    expect((await run({ dmsServerUrl: url })).error).to.include({ code: "fetch/refused" });
    answer = [200, { ...kit, parts: [] }];
    expect((await run({ dmsServerUrl: url })).counts).to.include({ deleted: 2, unchanged: 1 });
  });

  it("can be a file URL, under a name of its own", async () => {
    const path = join(timeline.folder, "original");
    writeFileSync(path, JSON.stringify(kit));
    const result = await run({ dmsServerUrl: pathToFileURL(path).href, sourcePath: "kit.json" });
    expect(result.error).to.equal(undefined);
    expect(timeline.partLabels()).to.deep.equal(["a", "b"]);
  });

  it("leads to the same iModel when all documents are processed", async () => {
    const path = join(timeline.folder, "my kit.json");
    writeFileSync(path, JSON.stringify(kit));
    const dmsServerUrl = pathToFileURL(path).href;
    expect((await run({ dmsServerUrl })).error).to.equal(undefined);
    const { error, iModelPath } = await run({ dmsServerUrl, connectorModule: undefined, allDocsProcessed: true });
    expect(error).to.equal(undefined);
    expect(iModelPath).to.match(/my kit\.bim$/);
  });

  it("is known by its GUID where there is one", async () => {
    const url = await serve((_, response) => response.end(JSON.stringify(kit)));
    const documentGuid = "8f7a1a5e-3f0c-4d9a-9d5a-0f4f1a2b3c4d";
    expect((await run({ dmsServerUrl: url, documentGuid })).error).to.equal(undefined);
    const [aspect] = timeline.query("SELECT Identifier FROM bis.ExternalSourceAspect WHERE Scope.Id=1");
    expect(aspect).to.deep.equal({ identifier: documentGuid });
  });

  const refusals: [title: string, listener: RequestListener, code: string, message: string][] = [
    [
      "the token is refused",
      (_, response) => response.writeHead(401).end(),
      "fetch/denied",
      "answered with status 401",
    ],
    ["it does not exist", (_, response) => response.writeHead(404).end(), "fetch/refused", "answered with status 404"],
    ["the server fails", (_, response) => response.writeHead(503).end(), "fetch/refused", "answered with status 503"],
    [
      "the connection breaks",
      (_, response) => {
        response.writeHead(200, { "content-length": "1000" });
        response.write("{", () => response.destroy());
      },
      "fetch/failed",
      "could not be fetched",
    ],
  ];
  for (const [title, listener, code, message] of refusals)
    it(`says so where ${title}, and shows no secret`, async () => {
      const url = await serve(listener);
      const { error } = await run({ dmsServerUrl: url, dmsAccessToken: token });
      expect(error).to.include({ code, phase: "fetch" });
      expect(error!.message).to.contain(message).and.not.contain("secret");
    });

  it("says so where the cache folder cannot be made", async function () {
    if (!existsSync("/proc/self")) return this.skip();
    const options = { cacheDirectory: "/proc/none" };
    const { error } = await timeline.run({}, { dmsServerUrl: "http://127.0.0.1:1/kit.json" }, options);
    expect(error).to.include({ code: "fetch/cache-not-writable" });
    expect(error!.message).to.contain("/proc/none");
    expect(error!.advice).to.contain("--cacheDirectory");
  });

  it("says so where nobody answers", async () => {
    const { error } = await run({ dmsServerUrl: "http://127.0.0.1:1/kit.json" });
    expect(error).to.include({ code: "fetch/failed", recovery: "retriable" });
  });

  it("says so where there is no such local file, and does not speak of the network", async () => {
    const { href } = pathToFileURL(join(timeline.folder, "none.json"));
    const { error } = await run({ dmsServerUrl: href });
    expect(error).to.include({ code: "fetch/failed", recovery: "fatal" });
    expect(error!.message).to.contain(`${href} could not be fetched: ENOENT`);
    expect(error!.advice).to.contain("--dmsServerUrl").and.not.contain("network");
  });

  it("is refused where the URL is none", async () => {
    for (const dmsServerUrl of [
      "kit.json",
      "ftp://example.com/kit.json",
      "http://127.0.0.1:1/%zz/%zz.json",
      "file:///%zz",
    ])
      expect((await run({ dmsServerUrl })).error).to.include({ code: "usage/dms-server-url" });
  });
});
