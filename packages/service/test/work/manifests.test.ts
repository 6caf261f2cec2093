import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { LookupAddress } from "node:dns";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { pino } from "pino";
import type { ConnectorError } from "../../../../src/ConnectorError.js";
import { withDefaults, type ManifestsConfig } from "../../src/platform/config/ServiceConfig.js";
import type { Manifest, ManifestSourceFile } from "../../src/platform/database/columns/Manifest.js";
import type { RunTask } from "../../src/platform/database/columns/RunState.js";
import { documentGuidOf } from "../../src/work/sources/documentGuid.js";
import { FetchError } from "../../src/work/sources/FetchError.js";
import { FetchProcess } from "../../src/work/sources/FetchProcess.js";
import { ManifestSources } from "../../src/work/sources/ManifestSources.js";
import type { ResolveHost } from "../../src/work/sources/guardedLookup.js";
import { UrlFetcher } from "../../src/work/sources/UrlFetcher.js";
import { WorkFolder } from "../../src/work/sources/WorkFolder.js";
import { temporaryFolder } from "../../../../test/support/temporary.js";
import { tasksOf, WorkTest } from "./WorkTest.js";

const kit = { categories: ["Steel"], parts: [{ id: "a", size: 1 }] };
const never = new AbortController().signal;
const iModelId = "3f6c1d1e-9c0b-4a39-8d5e-6b7a9a3d2c11";

/** A server that answers by path. */
async function serve(answers: Record<string, RequestListener>): Promise<{ origin: string; server: Server }> {
  const server = createServer((request, response) => {
    const answer = answers[request.url!.split("?")[0]!];
    if (answer === undefined) response.writeHead(404).end();
    else answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

function configOf(config: Partial<ManifestsConfig> = {}): ManifestsConfig {
  return withDefaults({ manifests: config }).manifests;
}

/** What a URL comes to: its content, or the code of the error. */
async function fetched(url: string, config: Partial<ManifestsConfig> = {}, resolve?: ResolveHost): Promise<string> {
  const fetcher = new UrlFetcher(configOf(config), resolve);
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of await fetcher.open(url, never)) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString("utf8");
  } catch (error) {
    expect(error).to.be.instanceOf(FetchError);
    expect((error as Error).message).not.to.contain("secret");
    return (error as FetchError).code;
  }
}

describe("A URL of a manifest", () => {
  let origin: string;
  let server: Server;
  let hits = 0;
  before(async () => {
    const redirect =
      (location: string): RequestListener =>
      (_, response) =>
        response.writeHead(302, { location }).end();
    ({ origin, server } = await serve({
      "/file": (_, response) => {
        hits++;
        response.end("content");
      },
      "/denied": (_, response) => response.writeHead(403).end(),
      "/broken": (_, response) => response.writeHead(503).end("busy"),
      "/cut": (_, response) => {
        response.writeHead(200, { "content-length": "100" }).write("half");
        setTimeout(() => response.destroy(), 50);
      },
      "/slow": (_, response) => {
        response.write("begins");
      },
      "/again": redirect("/again"),
      "/moved": redirect("/file?secret=1"),
      "/to-ipv6": redirect("http://[::1]:1/"),
      "/to-loopback": redirect("http://127.0.0.2:1/file?secret=1"),
      "/to-metadata": redirect("http://169.254.169.254/latest/meta-data"),
      "/to-file": redirect("file:///etc/passwd"),
    }));
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const allowed = { allowedPrivateHosts: ["127.0.0.1"] };

  it("is fetched where its host may be reached: by name, by address, or by network", async () => {
    const { port } = new URL(origin);
    expect(await fetched(`${origin}/file`, allowed)).to.equal("content");
    expect(await fetched(`${origin}/moved`, allowed)).to.equal("content");
    expect(await fetched(`${origin}/file`, { allowedPrivateHosts: ["127.0.0.0/8"] })).to.equal("content");
    const home: ResolveHost = (_, done) => done(null, [{ address: "127.0.0.1", family: 4 }]);
    expect(await fetched(`http://plant.test:${port}/file`, { allowedPrivateHosts: ["Plant.test"] }, home)).to.equal(
      "content",
    );
    expect(await fetched(`http://plant.test:${port}/file`, allowed, home)).to.equal("content");
  });

  for (const host of [
    "127.0.0.1",
    "2130706433",
    "0177.0.0.1",
    "0x7f.1",
    "127.1",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "0.0.0.0",
    "[::]",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "168.63.129.16",
    "[fd00::1]",
    "[fe80::1]",
    "224.0.0.1",
    "[ff02::1]",
    "255.255.255.255",
    "localhost",
  ])
    it(`is refused at ${host}`, async () => {
      hits = 0;
      const url = `http://${host}:${new URL(origin).port}/file?secret=1`;
      expect(await fetched(url)).to.equal("fetch/address-not-allowed");
      expect(hits).to.equal(0);
    });

  it("is refused where it leads to what is refused", async () => {
    for (const path of ["/to-ipv6", "/to-loopback", "/to-metadata"])
      expect(await fetched(origin + path, allowed), path).to.equal("fetch/address-not-allowed");
    expect(await fetched(`${origin}/to-file`, allowed)).to.equal("fetch/url");
    expect(await fetched("file:///etc/passwd")).to.equal("fetch/url");
    expect(await fetched("no url")).to.equal("fetch/url");
  });

  it("is refused where the name leads elsewhere when it is looked up again, or to several addresses", async () => {
    const port = Number(new URL(origin).port);
    let lookups = 0;
    const changing: ResolveHost = (_, done) => {
      const address = lookups++ === 0 ? "93.184.216.34" : "127.0.0.1";
      done(null, [{ address, family: 4 }]);
    };
    changing("rebind.test", () => {}); // what a check before the connection would see
    expect(await fetched(`http://rebind.test:${port}/file`, {}, changing)).to.equal("fetch/address-not-allowed");
    expect(lookups).to.equal(2);
    const both: LookupAddress[] = [
      { address: "93.184.216.34", family: 4 },
      { address: "127.0.0.1", family: 4 },
    ];
    const several: ResolveHost = (_, done) => done(null, both);
    expect(await fetched(`http://both.test:${port}/file`, {}, several)).to.equal("fetch/address-not-allowed");
  });

  it("fails with what went wrong", async () => {
    expect(await fetched(`${origin}/denied?secret=1`, allowed)).to.equal("fetch/denied");
    expect(await fetched(`${origin}/broken?secret=1`, allowed)).to.equal("fetch/refused");
    expect(await fetched(`${origin}/nothing?secret=1`, allowed)).to.equal("fetch/refused");
    expect(await fetched(`${origin}/cut?secret=1`, allowed)).to.equal("fetch/failed");
    expect(await fetched(`${origin}/again?secret=1`, allowed)).to.equal("fetch/too-many-redirects");
    expect(await fetched(`${origin}/file?secret=1`, { ...allowed, maxBytes: 3 })).to.equal("fetch/too-large");
    expect(await fetched(`${origin}/slow?secret=1`, { ...allowed, timeoutSeconds: 0.2 })).to.equal("fetch/timeout");
    expect(await fetched("http://127.0.0.1:1/?secret=1", allowed)).to.equal("fetch/failed");
  });
});

describe("The folder of a run", () => {
  const write = async (folder: WorkFolder, path: string) => {
    const { Readable } = await import("node:stream");
    return folder.write(path, Readable.from(["x"]), never).catch((error: unknown) => (error as ConnectorError).code);
  };

  it("holds each file at its path", async () => {
    const folder = WorkFolder.of(temporaryFolder(), "lease");
    await folder.make();
    expect(await write(folder, "a/b/c.csv")).to.equal(join(folder.path, "a", "b", "c.csv"));
    expect(await write(folder, "a\\d.csv")).to.equal(join(folder.path, "a", "d.csv"));
    expect(await write(folder, "./a/../e.csv")).to.equal(join(folder.path, "e.csv"));
    await folder.remove();
    expect(existsSync(folder.path)).to.equal(false);
  });

  it("is left by no path, and no file replaces another one", async () => {
    const folder = WorkFolder.of(temporaryFolder(), "lease");
    await folder.make();
    const tricks = ["../x", "a/../../x", "..\\x", "/x", "\\x", "C:\\x", "c:x", "", ".", "a/..", "a\0b", "a/../.."];
    for (const path of tricks) expect(await write(folder, path), path).to.equal("service/path-outside");
    await write(folder, "a/b");
    for (const path of ["a/b", "a/./b", "a", "a/b/c"])
      expect(await write(folder, path), path).to.equal("service/path-taken");
  });
});

describe("A run of a manifest", () => {
  let origin: string;
  let server: Server;
  const requests: string[] = [];
  before(async () => {
    const text =
      (content: unknown): RequestListener =>
      (request, response) => {
        requests.push(request.url!);
        response.end(JSON.stringify(content));
      };
    ({ origin, server } = await serve({
      "/master": text({ ...kit, references: ["refs/other.json"] }),
      "/other": text({ categories: ["Wood"], parts: [{ id: "b" }] }),
      "/schema": text({ name: "Documents" }),
    }));
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const manifestOf = (changes: Partial<ManifestSourceFile> = {}): Manifest => ({
    documentAttributeSchemaUrl: `${origin}/schema`,
    sourceFiles: [
      {
        id: "m-1",
        name: "master.json",
        relativePath: "site",
        action: "bridge",
        url: `${origin}/master?secret=1`,
        connectorType: "KIT",
        documentMetadata: { author: "Kim" },
        children: [
          {
            id: "c-1",
            name: "other.json",
            relativePath: "site/refs/other.json",
            url: `${origin}/other`,
            connectorType: "KIT",
            documentAttribute: { className: "Documents:Link", properties: { revision: 1 } },
          },
        ],
        ...changes,
      },
    ],
  });

  it("brings in what is at its URLs @all", async () => {
    const work = await WorkTest.start({ manifests: { allowedPrivateHosts: ["127.0.0.1"] } });
    try {
      work.work();
      const manifest = manifestOf();
      delete manifest.sourceFiles[0]!.children[0]!.documentAttribute;
      const run = await work.ended(await work.requestManifest(manifest));
      expect(run.result, JSON.stringify(run.jobs)).to.equal("Success");
      expect(tasksOf(run)[0]!.report!.message).to.contain("4 new");
      expect(await work.publishedBy()).to.deep.equal([run.id, run.id]);
      const refused = manifestOf({ relativePath: "../.." });
      const second = await work.ended(await work.requestManifest(refused));
      expect(tasksOf(second)[0]!.error).to.include({ errorCode: "service/path-outside", phase: "fetch" });
    } finally {
      await work.close();
    }
  });

  const describeTask = async (manifest: Manifest, sourceFileId: string) => {
    const folder = WorkFolder.of(temporaryFolder(), "lease");
    await folder.make();
    const config = withDefaults({ manifests: { allowedPrivateHosts: ["127.0.0.1"] } });
    const fetcher = new FetchProcess(config, pino({ level: "silent" }));
    const sources = new ManifestSources(manifest, iModelId, fetcher);
    try {
      const source = await sources.bring({ sourceFileId } as RunTask, folder, never);
      const schema =
        source.attributeSchemaPath && (JSON.parse(readFileSync(source.attributeSchemaPath, "utf8")) as object);
      return { ...source, schema, folder: folder.path };
    } finally {
      await sources.close();
    }
  };

  it("tells connectors what the manifest says of the documents", async () => {
    const master = await describeTask(manifestOf(), "m-1");
    expect(master.documentGuid).to.equal(documentGuidOf(iModelId, "m-1"));
    expect(master.document).to.deep.equal({
      documentName: "site/master.json",
      documentProperties: { attributesJson: '{"author":"Kim"}', parentGuid: undefined },
      documentAttributes: undefined,
    });
    expect(JSON.parse(readFileSync(master.sourcePath, "utf8"))).to.deep.include(kit);
    const child = await describeTask(manifestOf(), "c-1");
    expect(child.sourcePath).to.equal(join(child.folder, "site", "refs", "other.json"));
    expect(child.document).to.deep.equal({
      documentName: "site/refs/other.json",
      documentProperties: { attributesJson: undefined, parentGuid: master.documentGuid },
      documentAttributes: { className: "Documents:Link", properties: { revision: 1 } },
    });
    expect(child.schema).to.deep.equal({ name: "Documents" });
  });

  it("unmaps a document with its reference files, without fetching them", async () => {
    requests.length = 0;
    const manifest = manifestOf({ action: "unmap" });
    for (const id of ["m-1", "c-1"])
      expect((await describeTask(manifest, id)).document).to.deep.include({ unmap: true });
    expect(requests).to.deep.equal([]);
  });

  it("knows a document by iModel and id, as a UUID of version 5", () => {
    const id = documentGuidOf(iModelId, "m-1");
    expect(id).to.match(/^[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(documentGuidOf(iModelId, "m-1")).to.equal(id);
    expect(documentGuidOf(iModelId, "m-2")).not.to.equal(id);
    // The example of RFC 9562, appendix A.4.
    expect(documentGuidOf("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com")).to.equal(
      "2ed6657d-e927-568b-95e1-2665a8aea6a2",
    );
  });
});
