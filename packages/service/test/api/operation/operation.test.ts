import { expect } from "chai";
import { populate } from "../../populate.js";
import { kitModule } from "../../../../../test/kit/KitTimeline.js";
import { TestService } from "../../TestService.js";

describe("What those who run the service look at", () => {
  let test: TestService;

  before(async () => {
    test = await TestService.start({ connectors: { KIT: { module: kitModule } } });
  });
  after(async () => test.close());

  it("tells without a token that it lives and can work", async () => {
    for (const path of ["/health", "/ready"]) {
      const answer = await fetch(test.url + path);
      expect(answer.status).to.equal(200);
      expect(await answer.json()).to.deep.equal({ status: "ok" });
    }
  });

  it("counts requests and their statuses, for who has a token", async () => {
    expect((await fetch(`${test.url}/metrics`)).status).to.equal(401);
    await test.request("GET", "/storage?iTwinId=nonsense");
    const answer = await fetch(`${test.url}/metrics`, {
      headers: { authorization: `Bearer ${await test.tokenOf("tester")}` },
    });
    expect(answer.headers.get("content-type")).to.match(/^text\/plain/);
    const text = await answer.text();
    expect(text).to.match(/http_request_seconds_count\{operation="\w+",status="422"\} 1/);
    expect(text).to.contain("runs_executing 0");
  });

  it("describes every operation, and which need no token", async () => {
    const answer = await fetch(`${test.url}/openapi.json`);
    const document = (await answer.json()) as {
      openapi: string;
      paths: Record<string, Record<string, { security?: unknown[] }>>;
    };
    expect(document.openapi).to.match(/^3\.1\./);
    const isOpen = Object.entries(document.paths)
      .filter(([, operations]) => Object.values(operations).some(({ security }) => security?.length === 0))
      .map(([path]) => path);
    expect(isOpen).to.have.members([
      "/.well-known/openid-configuration",
      "/oauth/keys",
      "/oauth/authorize",
      "/oauth/token",
      "/health",
      "/ready",
      "/synchronization/diagnosticreports/{reportId}",
      "/blobs/{key}",
    ]);
  });

  it("answers unknown paths in the platform's form", async () => {
    const answer = await test.request("GET", "/nowhere");
    expect(answer.status).to.equal(404);
    expect(answer.body).to.deep.equal({ error: { code: "NotFound", message: "There is no operation GET /nowhere." } });
  });

  it("refuses what the database cannot keep, in whatever field it is", async () => {
    const requests: [string, string, unknown?][] = [
      ["POST", "/itwins", { class: "Endeavor", subClass: "Project", displayName: "a\u0000b" }],
      ["GET", `/imodels?iTwinId=${test.iTwinId}&name=a%00b`],
      ["GET", `/storage?iTwinId=${test.iTwinId}&$skip=1e30`],
    ];
    for (const [method, path, body] of requests)
      expect((await test.request(method, path, body)).status, path).to.equal(422);
  });

  it("takes null for null, and a number for no text", async () => {
    const project = { class: "Endeavor", subClass: "Project", displayName: "Bridge" };
    const made = await test.request<{ iTwin: { id: string; number: unknown } }>("POST", "/itwins", {
      ...project,
      parentId: null,
      number: null,
    });
    expect(made.status).to.equal(201);
    expect((await test.request("POST", "/itwins", { ...project, displayName: 5 })).status).to.equal(422);
    const path = `/itwins/${made.body.iTwin.id}`;
    const shown = await test.request<{ iTwin: { number: unknown } }>("GET", path);
    expect(shown.body.iTwin.number).to.equal(null);
  });

  it("sends runs as they change, to members of the iTwin", async () => {
    const { connectionId } = await populate(test, "KIT", "kit.json", '{"categories":["Kit"],"parts":[{"id":"a"}]}');
    const abort = new AbortController();
    const answer = await fetch(`${test.url}/events?iTwinId=${test.iTwinId}`, {
      headers: { authorization: `Bearer ${await test.tokenOf("tester")}` },
      signal: abort.signal,
    });
    const path = `/synchronization/imodels/storageconnections/${connectionId}/run`;
    expect((await test.request("POST", path)).status).to.equal(202);
    const states = new Set<string>();
    for await (const part of answer.body!.pipeThrough(new TextDecoderStream())) {
      for (const [, data] of part.matchAll(/^data: (.*)$/gm)) {
        const run = JSON.parse(data!) as { state: string; result: string; connectionId: string };
        expect(run.connectionId).to.equal(connectionId);
        states.add(run.state === "Completed" ? run.result : run.state);
      }
      if (states.has("Success")) break;
    }
    abort.abort();
    expect([...states]).to.include("Executing");
  });
});
