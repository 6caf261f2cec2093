import { expect } from "chai";
import { hasPostgres, startPostgres, type PostgresServer } from "../../../../../test/support/postgres.js";
import type { Answer } from "../../sendRequest.js";
import { TestService } from "../../TestService.js";

describe("A service whose Postgres server is started again (needs a Postgres server)", () => {
  let postgres: PostgresServer;
  let test: TestService;
  before(async function () {
    if (!hasPostgres) this.skip();
    postgres = await startPostgres();
    test = await TestService.start({ databaseUrl: postgres.url });
  });
  after(async () => {
    if (!hasPostgres) return;
    await test.close();
    await postgres.stop();
  });

  const expectUnavailable = ({ status, headers, body }: Answer, code: string) => {
    expect(status).to.equal(503);
    expect(body).to.have.nested.property("error.code", code);
    expect(Number(headers.get("retry-after"))).to.be.greaterThan(0);
  };

  it("answers with 503 and when to ask again meanwhile, and lives", async () => {
    await postgres.restart(async () => {
      expectUnavailable(await test.request("GET", "/itwins"), "ServiceUnavailable");
      expectUnavailable(await test.request("GET", "/ready"), "NotReady");
      expect((await test.request("GET", "/health")).status).to.equal(200);
    });
    for (const path of ["/itwins", "/ready"]) expect((await test.request("GET", path)).status, path).to.equal(200);
  });

  it("lets every request end with what it asked for or with 503, however often that happens", async () => {
    const statuses = new Set<number>();
    let isOver = false;
    const ask = async () => {
      while (!isOver) statuses.add((await test.request("GET", "/itwins")).status);
    };
    const create = async () => {
      const iTwin = { class: "Endeavor", subClass: "Project", displayName: "Bridge" };
      while (!isOver) statuses.add((await test.request("POST", "/itwins", iTwin)).status);
    };
    const asking = Promise.all([ask(), ask(), ask(), create(), create()]);
    for (let time = 0; time < 3; time++) await postgres.restart();
    isOver = true;
    await asking;
    expect([...statuses]).to.have.members([200, 201, 503]);
  });
});
