import { readdirSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { StorageClient, upload, type ErrorBody } from "../storage/StorageClient.js";
import { temporaryFolder } from "../../../../../test/support/temporary.js";
import { TestService } from "../../TestService.js";

describe("uploads and downloads through the service", () => {
  const folder = temporaryFolder();
  let test: TestService;
  let client: StorageClient;
  let root: string;

  before(async () => {
    test = await TestService.start({ storage: { kind: "folder", folder }, limits: { uploadBytes: 100_000 } });
    client = new StorageClient(test);
    root = await client.rootId();
  });
  after(() => test.close());

  const files = () => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const errorOf = async (response: Response) => [response.status, ((await response.json()) as ErrorBody).error.code];

  it("takes nothing of an upload that is cut off, and keeps the content that was there", async () => {
    const file = await client.createFile(root, "x.dgn", "old");
    const before = files().length;
    const { uploadUrl } = await client.beginUpdate(file.id);
    const sending = request(uploadUrl, { method: "PUT", headers: { "content-length": 50_000 } });
    sending.on("error", () => {});
    sending.write(Buffer.alloc(20_000));
    while (files().length === before) await setTimeout(10); // until it is being written
    sending.destroy();
    while (files().length > before) await setTimeout(10);
    expect(await (await client.download(file.id)).text()).to.equal("old");
    expect((await client.complete(file.id)).body.file.size).to.equal(3);
    expect((await upload(uploadUrl, "again")).status).to.equal(201);
    expect(await (await client.download(file.id)).text()).to.equal("again");
  });

  it("takes another upload through the same URL", async () => {
    const { id, uploadUrl } = await client.beginFile(root, "x.dgn");
    await upload(uploadUrl, "one");
    await upload(uploadUrl, "three");
    expect((await client.complete(id)).body.file.size).to.equal(5);
    expect(await (await client.download(id)).text()).to.equal("three");
  });

  it("refuses more than an upload may hold, announced or not", async () => {
    const { id, uploadUrl } = await client.beginFile(root, "x.dgn");
    const before = files().length;
    expect(await errorOf(await upload(uploadUrl, "x".repeat(100_001)))).to.deep.equal([413, "ContentTooLarge"]);
    const body = new Response("x".repeat(100_001)).body!;
    const streamed = fetch(uploadUrl, { method: "PUT", body, duplex: "half" });
    expect(await errorOf(await streamed)).to.deep.equal([413, "ContentTooLarge"]);
    for (const id of ["AAAA", "BBBB"]) {
      const put = await upload(`${uploadUrl}&comp=block&blockid=${id}`, "x".repeat(60_000));
      expect(put.status).to.equal(201);
    }
    const list = "<BlockList><Latest>AAAA</Latest><Latest>BBBB</Latest></BlockList>";
    expect(await errorOf(await upload(`${uploadUrl}&comp=blocklist`, list))).to.deep.equal([413, "ContentTooLarge"]);
    expect((await client.complete(id)).status).to.equal(422);
    // The two blocks; a request that the client repeated on a new connection may still be tidied up after.
    while (files().length - before > 2) await setTimeout(10);
    expect(files().length - before).to.equal(2);
  });

  it("refuses URLs that it has not signed", async () => {
    const file = await client.createFile(root, "x.dgn");
    const { uploadUrl } = await client.beginUpdate(file.id);
    const downloadUrl = (await client.download(file.id)).url;
    const altered = (url: string, change: (url: URL) => void) => {
      const copy = new URL(url);
      change(copy);
      return copy.href;
    };
    const set = (name: string, value: string) => (url: URL) => url.searchParams.set(name, value);
    const puts = [
      altered(uploadUrl, set("signature", "AAAA")),
      altered(uploadUrl, set("expires", "9999999999")),
      altered(uploadUrl, (url) => url.searchParams.delete("signature")),
      altered(uploadUrl, (url) => void (url.pathname = url.pathname.replace("/files/", "/Files/"))),
      altered(downloadUrl, set("action", "upload")),
      uploadUrl.replace(/\/blobs\/[^?]*/, "/blobs/..%2f..%2fevil"),
      uploadUrl.replace("?", "%2f..%2fevil?"),
      `${test.url}/blobs/files/x`,
    ];
    for (const url of puts) expect([url, ...(await errorOf(await upload(url, "x")))]).to.include(403);
    for (const url of [uploadUrl, altered(downloadUrl, set("name", "x.exe")), `${downloadUrl}&comp=blocklist`])
      expect([url, ...(await errorOf(await fetch(url)))]).to.include(403);
    expect(readdirSync(join(folder, "..")).filter((name) => name.includes("evil"))).to.be.empty;
  });

  it("refuses blocks and lists that are not valid", async () => {
    const { uploadUrl } = await client.beginFile(root, "x.dgn");
    expect(await errorOf(await upload(`${uploadUrl}&comp=block&blockid=../x`, "x"))).to.include(400);
    expect(await errorOf(await upload(`${uploadUrl}&comp=block`, "x"))).to.include(400);
    expect(await errorOf(await upload(`${uploadUrl}&comp=blocklist`, "no list"))).to.include("InvalidBlockList");
    expect(await errorOf(await upload(`${uploadUrl}&comp=page`, "x"))).to.include(400);
  });

  it("sends the part that is asked for", async () => {
    const file = await client.createFile(root, "x.dgn", "0123456789");
    const { url } = await client.download(file.id);
    for (const [range, status, content, header] of [
      ["bytes=2-4", 206, "234", "bytes 2-4/10"],
      ["bytes=7-", 206, "789", "bytes 7-9/10"],
      ["bytes=-2", 206, "89", "bytes 8-9/10"],
      ["bytes=5-99", 206, "56789", "bytes 5-9/10"],
      ["bytes=1-2,4-5", 200, "0123456789", null],
      ["bytes=4-2", 200, "0123456789", null],
    ] as const) {
      const response = await fetch(url, { headers: { range } });
      expect([range, response.status, await response.text()]).to.deep.equal([range, status, content]);
      expect(response.headers.get("content-range")).to.equal(header);
    }
    const beyond = await fetch(url, { headers: { range: "bytes=10-" } });
    expect(await errorOf(beyond)).to.deep.equal([416, "InvalidRange"]);
    expect(beyond.headers.get("content-range")).to.equal("bytes */10");
  });

  it("lets browsers of any origin upload", async () => {
    const { uploadUrl } = await client.beginFile(root, "x.dgn");
    const preflight = await fetch(uploadUrl, {
      method: "OPTIONS",
      headers: {
        origin: "http://localhost:3000",
        "access-control-request-method": "PUT",
        "access-control-request-headers": "x-ms-blob-type",
      },
    });
    expect(preflight.status).to.equal(204);
    expect(preflight.headers.get("access-control-allow-methods")).to.include("PUT");
    expect(preflight.headers.get("access-control-allow-headers")).to.include("x-ms-blob-type");
  });
});
