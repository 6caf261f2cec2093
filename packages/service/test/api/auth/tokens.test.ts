import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ServiceAuthorizationClient } from "@itwin/service-authorization";
import { expect } from "chai";
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from "jose";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { startService } from "../../../src/startService.js";
import { temporaryFolder } from "../../../../../test/support/temporary.js";
import { TestService } from "../../TestService.js";

const path = "/synchronization/imodels/connections/authorizationinformation";

describe("Tokens of the embedded issuer", () => {
  let test: TestService;

  before(async () => {
    test = await TestService.start({
      workers: 0,
      clients: [
        { id: "plant client", secret: "s:%&ecret" },
        { id: "reader", secret: "r", scopes: ["storage:read", "synchronization:read"] },
      ],
    });
  });
  after(async () => test.close());

  const ask = async (form: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(`${test.url}/oauth/token`, { method: "POST", body: new URLSearchParams(form), headers });
  const basic = (id: string, secret: string) =>
    `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString("base64")}`;
  const grant = { grant_type: "client_credentials" };

  it("are found by discovery", async () => {
    const answer = await fetch(`${test.url}/.well-known/openid-configuration`);
    expect(answer.headers.get("content-type")).to.match(/^application\/json/);
    const document = (await answer.json()) as Record<string, unknown>;
    expect(document).to.include({
      issuer: test.url,
      token_endpoint: `${test.url}/oauth/token`,
      jwks_uri: `${test.url}/oauth/keys`,
      authorization_endpoint: `${test.url}/oauth/authorize`,
    });
    for (const name of ["response_types", "subject_types", "id_token_signing_alg_values"])
      expect(document[`${name}_supported`]).to.be.an("array").that.is.not.empty;
  });

  it("are given for credentials in the header or in the body, and open operations", async () => {
    const answers = [
      await ask({ ...grant, scope: "itwin-platform" }, { authorization: basic("plant client", "s:%&ecret") }),
      await ask({ ...grant, client_id: "plant client", client_secret: "s:%&ecret" }),
    ];
    for (const answer of answers) {
      expect(answer.status).to.equal(200);
      expect(answer.headers.get("cache-control")).to.equal("no-store");
      const body = (await answer.json()) as { access_token: string };
      expect(body).to.include({ token_type: "Bearer", expires_in: 3600, scope: "itwin-platform" });
      const claims = JSON.parse(Buffer.from(body.access_token.split(".")[1]!, "base64url").toString()) as JWTPayload;
      expect(claims.exp).to.be.a("number");
      const used = await test.request("GET", path, undefined, { authorization: `Bearer ${body.access_token}` });
      expect(used.status).to.equal(200);
    }
  });

  const refused: [title: string, form: Record<string, string>, status: number, error: string][] = [
    ["a wrong secret", { ...grant, client_id: "reader", client_secret: "x" }, 401, "invalid_client"],
    ["an unknown client", { ...grant, client_id: "nobody", client_secret: "r" }, 401, "invalid_client"],
    ["another grant", { grant_type: "password" }, 400, "unsupported_grant_type"],
    [
      "a scope that the client may not have",
      { ...grant, client_id: "reader", client_secret: "r", scope: "itwin-platform" },
      400,
      "invalid_scope",
    ],
  ];
  for (const [title, form, status, error] of refused)
    it(`are not given for ${title}`, async () => {
      const answer = await ask(form);
      expect(answer.status).to.equal(status);
      expect(await answer.json()).to.include({ error });
    });

  it("have no more scopes than they were given for", async () => {
    const answer = await ask({ ...grant, client_id: "reader", client_secret: "r" });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    const headers = { authorization: `Bearer ${token}` };
    expect((await test.request("GET", path, undefined, headers)).status).to.equal(200);
    expect((await test.request("POST", "/synchronization/imodels/storageconnections", {}, headers)).status).to.equal(
      401,
    );
  });

  it("are got by the platform's own client, as it is", async () => {
    const client = new ServiceAuthorizationClient({
      clientId: "plant client",
      clientSecret: "s:%&ecret",
      scope: "itwin-platform",
      authority: test.url,
    });
    const authorization = await client.getAccessToken();
    expect(authorization).to.match(/^Bearer /);
    expect((await test.request("GET", path, undefined, { authorization })).status).to.equal(200);
  });
});

describe("The client of a service that was told of none", () => {
  it("is written to a file for the owner of the data directory, and stays the same @all", async () => {
    const dataDirectory = temporaryFolder();
    const secrets: unknown[] = [];
    for (let start = 0; start < 2; start++) {
      const service = await startService({ dataDirectory, port: 0, logLevel: "silent", workers: 0 });
      const file = join(dataDirectory, "credentials.json");
      expect(statSync(file).mode & 0o077).to.equal(0);
      const { clientId, clientSecret, iTwinId } = JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
      const form = { grant_type: "client_credentials", client_id: clientId!, client_secret: clientSecret! };
      const answer = await fetch(`${service.url}/oauth/token`, { method: "POST", body: new URLSearchParams(form) });
      expect(answer.status).to.equal(200);
      secrets.push(`${clientSecret} ${iTwinId}`);
      await service.close();
    }
    expect(secrets[0]).to.equal(secrets[1]);
  });

  it("has a data directory to itself @all", async () => {
    const dataDirectory = temporaryFolder();
    const options = { dataDirectory, port: 0, logLevel: "silent", workers: 0 };
    const service = await startService(options);
    let code: unknown;
    await startService(options).catch((error: unknown) => (code = (error as { code: string }).code));
    await service.close();
    expect(code).to.equal("service/in-use");
  });
});

describe("Tokens of another issuer", () => {
  let issuer: Server;
  let url: string;
  let test: TestService;
  let sign: (claims: JWTPayload) => Promise<string>;

  before(async () => {
    const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
    const key = { ...(await exportJWK(publicKey)), kid: "k", alg: "RS256" };
    issuer = createServer((request, response) => {
      const isDiscovery = request.url!.endsWith("/.well-known/openid-configuration");
      const document = isDiscovery ? { issuer: url, jwks_uri: `${url}/keys` } : { keys: [key] };
      response.setHeader("content-type", "application/json").end(JSON.stringify(document));
    });
    await new Promise<void>((resolve) => issuer.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}`;
    sign = async (claims) =>
      new SignJWT({ iss: url, aud: "service", sub: "user", scope: "itwin-platform", ...claims })
        .setProtectedHeader({ alg: "RS256", kid: "k" })
        .setExpirationTime(claims.exp ?? "1h")
        .sign(privateKey);
    test = await TestService.start({ workers: 0, issuer: { url, audience: "service", iTwinsClaim: "twins" } });
  });
  after(async () => {
    await test.close();
    issuer.close();
  });

  it("are taken", async () => {
    const headers = { authorization: `Bearer ${await sign({})}` };
    expect((await test.request("GET", path, undefined, headers)).status).to.equal(200);
    expect((await fetch(`${test.url}/oauth/token`, { method: "POST" })).status).to.equal(404);
  });

  const wrong: [title: string, claims: JWTPayload][] = [
    ["that has run out", { exp: 1 }],
    ["of a wrong issuer", { iss: "https://elsewhere.example" }],
    ["for somebody else", { aud: "other" }],
    ["without the scope", { scope: "profile" }],
    ["of nobody", { sub: "" }],
  ];
  for (const [title, claims] of wrong)
    it(`are refused when one is ${title}`, async () => {
      const headers = { authorization: `Bearer ${await sign(claims)}` };
      expect((await test.request("GET", path, undefined, headers)).status).to.equal(401);
    });

  it("are refused when they are signed by us, or by nobody", async () => {
    const unsigned = [{ alg: "none" }, { sub: "user", exp: 9e9, iss: url, aud: "service" }]
      .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
      .join(".");
    for (const token of [await test.tokenOf("tester"), `${unsigned}.`])
      expect((await test.request("GET", path, undefined, { authorization: `Bearer ${token}` })).status).to.equal(401);
  });

  it("make their bearers members of the iTwins that they name", async () => {
    const list = "/events?iTwinId=";
    const stranger = { authorization: `Bearer ${await sign({})}` };
    expect((await test.request("GET", list + test.iTwinId, undefined, stranger)).status).to.equal(403);
    const member = await sign({ twins: [test.iTwinId] });
    const abort = new AbortController();
    const answer = await fetch(test.url + list + test.iTwinId, {
      headers: { authorization: `Bearer ${member}` },
      signal: abort.signal,
    });
    expect(answer.status).to.equal(200);
    expect(answer.headers.get("content-type")).to.equal("text/event-stream");
    abort.abort();
  });
});
