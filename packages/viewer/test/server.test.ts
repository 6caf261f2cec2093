import { once } from "node:events";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { request, type IncomingMessage, type RequestOptions } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { serveIModel, type IModelServer } from "itwin-connector-viewer";
import { temporaryFolder } from "../../../test/support/temporary.js";
import { makeTable } from "./scenes.js";

/** A query that never ends by itself. */
const endless = `
  WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i<1000000000000) SELECT max(i) FROM c`;

interface Answer {
  status: number;
  headers: IncomingMessage["headers"];
  text: string;
}

describe("The server of the viewer", () => {
  const markup = "<img src=x onerror=alert(1)>";
  let path: string;
  let page: string;
  let server: IModelServer;
  let aborted: Promise<void>;
  before(async () => {
    path = await makeTable(`tag,title\nA,${markup}\nB,plain\n`, { idColumn: "tag" });
    const folder = temporaryFolder();
    page = join(folder, "page");
    mkdirSync(page);
    writeFileSync(join(page, "index.html"), "<!doctype html><title>page</title>");
    writeFileSync(join(folder, "secret.txt"), "secret");
    symlinkSync(join(folder, "secret.txt"), join(page, "link.txt"));
  });
  beforeEach(async () => {
    let onAbort = () => {};
    aborted = new Promise((resolve) => (onAbort = resolve));
    const createTiles = () => ({
      read: async (name: string, signal: AbortSignal) => {
        if (name === "slow.glb") {
          signal.addEventListener("abort", onAbort);
          await aborted;
        }
        return name === "tileset.json" ? { body: "{}", contentType: "application/json" } : undefined;
      },
    });
    server = await serveIModel({ file: path, page, createTiles, querySeconds: 1 });
  });
  afterEach(async () => server.close());

  function token(): string {
    return new URL(server.url).searchParams.get("token")!;
  }

  /** Sends a request as it is, also one that no browser would send. */
  async function send(target: string, options: RequestOptions = {}, body?: string): Promise<Answer> {
    const { hostname, port } = new URL(server.url);
    const sent = request({ hostname, port, path: target, agent: false, ...options });
    sent.end(body);
    const [answer] = (await once(sent, "response")) as [IncomingMessage];
    let text = "";
    for await (const piece of answer) text += String(piece);
    return { status: answer.statusCode!, headers: answer.headers, text };
  }

  async function api(target: string, options: RequestOptions = {}, body?: string): Promise<Answer> {
    const headers = { Authorization: `Bearer ${token()}`, ...(options.headers as object | undefined) };
    return send(`/api/${target}`, { ...options, headers }, body);
  }

  async function ecsql(statement: string, limit = 10): Promise<Answer> {
    const headers = { "Content-Type": "application/json" };
    return api("ecsql", { method: "POST", headers }, JSON.stringify({ ecsql: statement, limit }));
  }

  function codeOf({ text }: Answer): string {
    return (JSON.parse(text) as { error: { code: string } }).error.code;
  }

  it("answers what the page asks for", async () => {
    for (const target of [
      "model",
      "categories",
      "models",
      "classes",
      "names?prefix=bis.El",
      "search?text=plain",
      "index",
    ])
      expect((await api(target)).status, target).to.equal(200);
    const model = JSON.parse((await api("model")).text) as Record<string, unknown>;
    expect(model).to.include({ path, graphics: false });
    const table = await api("table?class=BisCore:Subject&limit=1&sort=CodeValue&descending=1&filter=&offset=0");
    expect((JSON.parse(table.text) as { rows: unknown[] }).rows).to.have.length(1);
    expect(JSON.parse((await api("elements/0x1")).text)).to.include({ id: "0x1", className: "BisCore:Subject" });
    expect(JSON.parse((await ecsql("SELECT 1 FROM bis.Element")).text)).to.have.property("more", true);
    expect((await send(`/tiles/tileset.json?token=${token()}`)).text).to.equal("{}");
  });

  it("sends names with markup as data only", async () => {
    const { text, headers } = await api(`search?text=${encodeURIComponent("<img")}`);
    const { results } = JSON.parse(text) as { results: { match: { value: string } }[] };
    expect(results[0]!.match.value).to.equal(markup);
    expect(headers["content-type"]).to.match(/^application\/json/);
    expect(headers["x-content-type-options"]).to.equal("nosniff");
    const policy = headers["content-security-policy"];
    expect(policy).to.contain("default-src 'none'");
    expect(String(policy).replace("'wasm-unsafe-eval'", "")).to.not.contain("unsafe");
  });

  it("allows no other site to read anything", async () => {
    const { headers } = await api("model");
    expect(headers).to.not.have.property("access-control-allow-origin");
    expect(headers).to.include({ "referrer-policy": "no-referrer", "cross-origin-resource-policy": "same-origin" });
    const { port } = new URL(server.url);
    expect((await api("model", { headers: { Origin: "http://evil.example" } })).status).to.equal(403);
    expect((await api("model", { headers: { Origin: "null" } })).status).to.equal(403);
    expect((await api("model", { headers: { Origin: `http://127.0.0.1:${port}` } })).status).to.equal(200);
    expect((await api("model", { headers: { "Sec-Fetch-Site": "cross-site" } })).status).to.equal(403);
    expect((await api("model", { method: "OPTIONS" })).status).to.equal(405);
  });

  it("answers only under its own address", async () => {
    const { port } = new URL(server.url);
    for (const host of ["evil.example", `evil.example:${port}`, "127.0.0.1", "127.0.0.1:1"]) {
      const answer = await api("model", { headers: { Host: host } });
      expect([answer.status, codeOf(answer)], host).to.deep.equal([403, "server/wrong-host"]);
      expect((await send("/", { headers: { Host: host } })).status).to.equal(403);
    }
    expect((await api("model", { headers: { Host: `localhost:${port}` } })).status).to.equal(200);
  });

  it("needs the token for data and tiles, not for the page", async () => {
    expect((await send("/")).status).to.equal(200);
    for (const target of [
      "/api/model",
      "/api/model?token=x",
      "/api/nothing",
      "/tiles/tileset.json",
      `/api/model?token=${token()}x`,
    ]) {
      const answer = await send(target);
      expect([answer.status, codeOf(answer)], target).to.deep.equal([401, "server/wrong-token"]);
    }
    expect((await send("/api/model", { headers: { Authorization: `Basic ${token()}` } })).status).to.equal(401);
    expect((await send(`/api/model?token=${token()}`)).status).to.equal(200);
  });

  it("sends no file outside of the page's folder", async () => {
    expect((await send("/index.html")).headers["content-type"]).to.match(/^text\/html/);
    const paths = [
      "/../secret.txt",
      "/%2e%2e/secret.txt",
      "/..%2fsecret.txt",
      "/..%5csecret.txt",
      "/link.txt",
      "/index.html%00.txt",
      "//secret.txt",
    ];
    for (const target of paths) {
      const { status, text } = await send(target);
      expect(status, target).to.be.oneOf([400, 404]);
      expect(text).to.not.contain("secret\n").and.not.equal("secret");
    }
  });

  it("refuses what is no request, or too large", async () => {
    const json = { "Content-Type": "application/json" };
    const post = async (body: string, headers: object = json) =>
      (await api("ecsql", { method: "POST", headers: headers as Record<string, string> }, body)).status;
    expect(await post("{")).to.equal(400);
    expect(await post("[1]")).to.equal(400);
    expect(await post('{"ecsql":1}')).to.equal(400);
    expect(await post('{"ecsql":"SELECT 1","limit":-1}')).to.equal(400);
    expect(await post("{}", { "Content-Type": "text/plain" })).to.equal(415);
    expect(await post(JSON.stringify({ ecsql: "x".repeat(2_000_000) }))).to.equal(413);
    expect((await ecsql(`SELECT '${"x".repeat(200_000)}' FROM bis.Element`)).status).to.equal(422);
    expect((await ecsql("SELECT Nope FROM bis.Element")).status).to.equal(422);
    expect((await api("table?class=BisCore:Element&offset=-1")).status).to.equal(400);
    expect((await api("elements/%ff")).status).to.equal(400);
    expect((await api("elements/0xfffffff")).status).to.equal(404);
    expect((await api("nothing")).status).to.equal(404);
    expect((await api("model", { method: "DELETE" })).headers.allow).to.equal("GET");
    expect((await api(`search?text=${"x".repeat(100_000)}`)).status).to.equal(431);
  });

  it("answers others while a long query runs", async () => {
    const long = ecsql(endless);
    let isDone = false;
    void long.then(() => (isDone = true));
    expect((await api("categories")).status).to.equal(200);
    expect((await api("search?text=plain")).status).to.equal(200);
    expect(isDone).to.be.false;
    expect(codeOf(await long)).to.equal("viewer/ecsql-time");
  });

  it("stops making a tile when nobody waits for it any more", async () => {
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    socket.write(`GET /tiles/slow.glb?token=${token()} HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`);
    await setTimeout(50);
    socket.destroy();
    await aborted;
    expect((await api("model")).status).to.equal(200);
  });

  it("ends while it answers", async () => {
    const answer = ecsql(endless).catch((error: unknown) => error as Error);
    await setTimeout(100);
    await server.close();
    expect(await answer).to.be.instanceOf(Error);
    await server.close(); // once more does nothing
  });

  it("refuses files that are no iModels, and ports in use", async () => {
    const text = join(page, "index.html");
    const codes = [];
    for (const options of [
      { file: text },
      { file: join(page, "none.bim") },
      { file: path, port: Number(new URL(server.url).port) },
    ])
      codes.push(
        await serveIModel(options).then(
          () => "served",
          (error: unknown) => (error as { code: string }).code,
        ),
      );
    expect(codes).to.deep.equal(["usage/not-an-imodel", "usage/missing-imodel", "usage/port-in-use"]);
  });
});
