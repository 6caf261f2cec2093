import { randomUUID } from "node:crypto";
import { expect } from "chai";
import { TestService } from "../../TestService.js";

interface Shown {
  id: string;
  active: boolean;
  secret?: string;
  created: string;
  modified: string;
}

const eventTypes = ["synchronization.jobCompleted.v1"];
const callbackUrl = "https://example.com/events";
const account = { callbackUrl, eventTypes, scope: "Account" };

describe("The operations on webhooks", () => {
  let test: TestService;
  before(async () => (test = await TestService.start({ workers: 0 })));
  beforeEach(() => test.service.context.db.deleteFrom("webhooks").execute());
  after(() => test.close());

  const create = async (body: object = account) => test.request<Shown>("POST", "/webhooks/", body);

  it("create one that is not active, and tell its secret once", async () => {
    const { status, body } = await create({ ...account, scope: "iTwin", scopeId: test.iTwinId });
    expect(status).to.equal(201);
    expect(body.secret).to.match(/^[\da-f]{64}$/);
    const { secret, ...shown } = body;
    expect(shown).to.deep.equal({
      id: body.id,
      scope: "iTwin",
      scopeId: test.iTwinId,
      active: false,
      callbackUrl,
      eventTypes,
      created: body.created,
      modified: body.created,
    });
    expect((await test.request("GET", `/webhooks/${body.id}`)).body).to.deep.equal(shown);
    for (const path of ["/webhooks", "/webhooks/", "//webhooks"])
      expect((await test.request("GET", path)).body, path).to.deep.equal({ webhooks: [shown] });
    expect(secret).not.to.equal(undefined);
  });

  it("activate, pause and change one", async () => {
    const { id, modified } = (await create()).body;
    const path = `/webhooks/${id}`;
    const { status, body } = await test.request<Shown>("PATCH", path, { active: true });
    expect(status).to.equal(200);
    expect(body).to.include({ active: true });
    expect(body.modified > modified).to.equal(true);
    expect(body).not.to.have.property("secret");
    expect((await test.request("PATCH", path, { active: false })).body).to.include({ active: false });
    const secret = "a secret of at least 32 characters";
    await test.request("PATCH", path, { secret, callbackUrl: "https://example.com/other" });
    const { db } = test.service.context;
    const row = await db.selectFrom("webhooks").selectAll().executeTakeFirstOrThrow();
    expect(row).to.include({ secret, callback_url: "https://example.com/other" });
  });

  it("remove one", async () => {
    const { id } = (await create()).body;
    expect((await test.request("DELETE", `/webhooks/${id}`)).status).to.equal(204);
    expect((await test.request("GET", `/webhooks/${id}`)).status).to.equal(404);
  });

  it("show nobody those of others", async () => {
    const { id } = (await create()).body;
    const headers = { authorization: `Bearer ${await test.tokenOf("stranger")}` };
    for (const [method, path] of [
      ["GET", `/webhooks/${id}`],
      ["DELETE", `/webhooks/${id}`],
      ["GET", `/webhooks/${randomUUID()}`],
      ["GET", "/webhooks/nonsense"],
    ] as const) {
      const { status, body } = await test.request(method, path, undefined, headers);
      expect(status, path).to.equal(404);
      expect(body).to.deep.equal({
        error: { code: "WebhookNotFound", message: "Requested webhook is not available." },
      });
    }
    expect((await test.request("GET", "/webhooks", undefined, headers)).body).to.deep.equal({ webhooks: [] });
  });

  it("refuse URLs that are never called", async () => {
    for (const url of [
      "http://example.com/events",
      "https://127.0.0.1/events",
      "https://[::1]/",
      "https://me:secret@example.com/",
      "ftp://example.com/",
      "nonsense",
    ]) {
      const { status, body } = await create({ ...account, callbackUrl: url });
      expect(status, url).to.equal(422);
      expect(body).to.nested.include({
        "error.code": "InvalidWebhookRequest",
        "error.details[0].target": "callbackUrl",
      });
    }
  });

  it("refuse short secrets, unknown events, and scopes that do not exist", async () => {
    for (const [changes, target] of [
      [{ secret: "short" }, "secret"],
      [{ eventTypes: ["weather.rainBegan.v1"] }, "eventTypes[0]"],
      [{ scope: "iTwin" }, "scopeId"],
      [{ scope: "iTwin", scopeId: randomUUID() }, "scopeId"],
      [{ scope: "World" }, "scope"],
    ] as const) {
      const { status, body } = await create({ ...account, ...changes });
      expect(status, target).to.equal(422);
      expect(body).to.nested.include({ "error.details[0].target": target });
    }
  });

  it("refuse an iTwin that the client is no member of", async () => {
    const headers = { authorization: `Bearer ${await test.tokenOf("stranger")}` };
    const body = { ...account, scope: "iTwin", scopeId: test.iTwinId };
    expect((await test.request("POST", "/webhooks", body, headers)).status).to.equal(403);
  });
});
