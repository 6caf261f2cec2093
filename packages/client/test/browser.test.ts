import { existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { build } from "esbuild";
import { chromium, type Browser } from "playwright-core";
import { collect } from "../src/http/api.js";
import { ClientTest } from "./ClientTest.js";
import { openPage } from "../../viewer/test/startBrowser.js";

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

/** What the bundle of this test puts on the page. */
type Client = typeof import("itwin-connector-client");

/** Bundles the main entry as a page would, without polyfills: an import of a module of Node fails. */
async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("../lib/index.js", import.meta.url))],
    bundle: true,
    platform: "browser",
    format: "iife",
    globalName: "client",
    write: false,
  });
  return outputFiles.map(({ text }) => text).join("\n");
}

/** Serves an empty page of an origin that is not that of the service. */
async function servePage(): Promise<Server> {
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>Page</title>");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

describe("The client in a browser", function () {
  this.timeout(120_000);
  let test: ClientTest | undefined;
  let server: Server | undefined;
  let browser: Browser | undefined;
  before(async function () {
    if (executablePath === undefined) {
      console.log("Skipped: the test of the client in a browser needs Chromium.");
      this.skip();
    }
    test = await ClientTest.start();
    server = await servePage();
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  });
  after(async () => {
    await browser?.close();
    server?.close();
    await test?.close();
  });

  /** A page with the client in it, and what the page needs to use the service. */
  async function open() {
    const { service, owner } = test!;
    const page = await openPage(browser!);
    await page.goto(`http://127.0.0.1:${(server!.address() as AddressInfo).port}`);
    await page.addScriptTag({ content: await bundle() });
    const { url } = service;
    const { clientId, clientSecret } = owner;
    return { page, access: { url, clientId, clientSecret } };
  }

  it("signs in, uploads a file made by the page, connects it and runs it", async () => {
    const { page, access } = await open();
    const iModelId = await test!.createIModel("Browser");
    const outcome = await page.evaluate(
      async ({ url, clientId, clientSecret, iModelId }) => {
        const { clientCredentials, populate, ServiceClient } = (globalThis as unknown as { client: Client }).client;
        const token = clientCredentials({ issuer: url, clientId, clientSecret });
        const client = new ServiceClient({ url, token });
        const file = new File(["id,name\n1,Pump\n2,Valve\n"], "page.csv");
        const { result, files, isNewRun } = await populate({ client, iModelId, files: [{ file }] });
        return { result, isNewRun, messages: files.map(({ message }) => message) };
      },
      { ...access, iModelId },
    );
    expect(outcome).to.deep.equal({
      result: "Success",
      isNewRun: true,
      messages: ["2 new, 0 changed, 0 unchanged, 0 deleted."],
    });
  });

  it("uploads a large file in blocks, and reports its progress", async () => {
    const { page, access } = await open();
    const folderId = await test!.root();
    const { size, progress } = await page.evaluate(
      async ({ url, clientId, clientSecret, folderId }) => {
        const { clientCredentials, ServiceClient } = (globalThis as unknown as { client: Client }).client;
        const { storage } = new ServiceClient({
          url,
          token: clientCredentials({ issuer: url, clientId, clientSecret }),
        });
        const progress: number[] = [];
        const options = { wholeBytes: 40_000, onProgress: (bytes: number) => void progress.push(bytes) };
        const file = new File([new Uint8Array(25_000)], "page-blocks.bin");
        const large = new File([file, file, file, file], "page-blocks.bin");
        const { size } = await storage.addFile(folderId, large, options);
        return { size, progress };
      },
      { ...access, folderId },
    );
    expect(size).to.equal(100_000);
    expect(progress).to.deep.equal(Array.from({ length: 10 }, (_, index) => 10_000 * (index + 1)));
  });

  it("follows the active run of the iModel, to which the service redirects", async () => {
    const { page, access } = await open();
    const iModelId = await test!.createIModel("Busy");
    const answers = await page.evaluate(
      async ({ url, clientId, clientSecret, iModelId }) => {
        const { clientCredentials, populate, ServiceClient } = (globalThis as unknown as { client: Client }).client;
        const client = new ServiceClient({ url, token: clientCredentials({ issuer: url, clientId, clientSecret }) });
        const rows = Array.from({ length: 5000 }, (_, index) => `${index},Pump`);
        const files = [{ file: new File([["id,name", ...rows].join("\n")], "busy.csv") }];
        const { connectionId, runUrl } = await populate({ client, iModelId, files, wait: false });
        const again = await client.storageConnections.run(connectionId);
        return { runUrl, again: { url: again.url, isNew: again.isNew } };
      },
      { ...access, iModelId },
    );
    expect(answers.again).to.deep.equal({ url: answers.runUrl, isNew: false });
    const [connection] = await collect(test!.client().storageConnections.list(iModelId));
    expect(connection).not.to.equal(undefined);
  });
});
