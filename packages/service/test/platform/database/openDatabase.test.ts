import { join } from "node:path";
import { expect } from "chai";
import { sql } from "kysely";
import pg from "pg";
import { DatabaseUnavailable } from "../../../src/platform/database/DatabaseUnavailable.js";
import { EmbeddedPool } from "../../../src/platform/database/EmbeddedPool.js";
import { openDatabase } from "../../../src/platform/database/openDatabase.js";
import { placeDatabase } from "../../../../../test/support/databases.js";
import { hasPostgres, startPostgres, type PostgresServer } from "../../../../../test/support/postgres.js";
import { temporaryFolder } from "../../../../../test/support/temporary.js";

/** What a promise is rejected with. */
async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("An embedded database", () => {
  let pool: EmbeddedPool;
  beforeEach(async () => {
    const dataDirectory = temporaryFolder();
    await placeDatabase(dataDirectory);
    pool = new EmbeddedPool(join(dataDirectory, "database"));
  });
  afterEach(() => pool.end());

  const query = async (text: string, parameters: unknown[] = []) => {
    const client = await pool.connect();
    try {
      return (await client.query<Record<string, unknown>>(text, parameters)).rows;
    } finally {
      client.release();
    }
  };

  /** A statement with so many parameters that the session takes leave of its senses: all of its results are empty then. */
  const values = Array.from({ length: 40_000 }, (_, index) => `n${index}`);
  const breaking = `INSERT INTO names VALUES ${values.map((_, index) => `($${index + 1})`).join(",")}`;

  it("opens again when its session is broken, and loses nothing @all", async () => {
    await query("CREATE TABLE names (name text)");
    await query("INSERT INTO names VALUES ('a')");
    const client = await pool.connect();
    const thread = (await Reflect.get(pool, "_thread")) as { postMessage(message: object): void };
    thread.postMessage({ id: 0, sql: breaking, parameters: values }); // past the check of how many parameters there are
    const failure = await failureOf(client.query("SELECT name FROM names", []));
    client.release();
    expect(failure).to.be.instanceOf(DatabaseUnavailable);
    expect(await query("SELECT name FROM names WHERE name = 'a'")).to.deep.equal([{ name: "a" }]);
  });

  it("lets the transaction fail in which its session is broken @all", async () => {
    await query("CREATE TABLE names (name text)");
    const client = await pool.connect();
    await client.query("BEGIN", []);
    await client.query("INSERT INTO names VALUES ('a')", []);
    const thread = (await Reflect.get(pool, "_thread")) as { terminate(): Promise<number> };
    await thread.terminate();
    const failure = await failureOf(client.query("COMMIT", []));
    client.release();
    expect(failure).to.be.instanceOf(DatabaseUnavailable);
    expect(await query("SELECT name FROM names")).to.deep.equal([]);
  });

  it("refuses statements with more parameters than its session bears @all", async () => {
    await query("CREATE TABLE names (name text)");
    const failure = await failureOf(query(breaking, values));
    expect(failure).to.be.instanceOf(Error).and.not.instanceOf(DatabaseUnavailable);
    expect(await query("SELECT 1 AS one")).to.deep.equal([{ one: 1 }]);
  });

  it("tells the errors of statements", async () => {
    await query("CREATE TABLE names (name text PRIMARY KEY)");
    await query("INSERT INTO names VALUES ('a')");
    expect(await failureOf(query("INSERT INTO names VALUES ('a')"))).to.include({ code: "23505" });
  });

  it("says that it cannot be opened, again and again", async () => {
    const lost = new EmbeddedPool("/dev/null/database");
    for (let time = 0; time < 2; time++) expect(await failureOf(lost.connect())).to.be.instanceOf(DatabaseUnavailable);
    await lost.end();
  });
});

describe("A database on a server (needs a Postgres server)", () => {
  let postgres: PostgresServer;
  before(async function () {
    if (!hasPostgres) this.skip();
    postgres = await startPostgres();
  });
  after(() => hasPostgres && postgres.stop());

  /** Ends all connections but its own, as a restart of the server does. */
  const endConnections = async () => {
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    await client.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()");
    await client.end();
  };

  it("outlives a connection that is lost in a transaction, between two statements", async () => {
    const database = await openDatabase({ url: postgres.url });
    const { db } = database;
    try {
      const transaction = db.transaction().execute(async (own) => {
        await sql`SELECT 1`.execute(own);
        await endConnections();
        await new Promise((resolve) => setTimeout(resolve, 100)); // an error that nobody listens to would end the process
        await sql`SELECT 1`.execute(own);
      });
      expect(await failureOf(transaction)).to.be.instanceOf(DatabaseUnavailable);
      expect((await sql`SELECT 1 AS one`.execute(db)).rows).to.deep.equal([{ one: 1 }]);
    } finally {
      await database.close();
    }
  });

  it("says that it does not answer while the server is away, and answers when it is back", async () => {
    const database = await openDatabase({ url: postgres.url });
    const { db } = database;
    try {
      const running = failureOf(sql`SELECT pg_sleep(60)`.execute(db));
      await postgres.restart(async () => {
        expect(await running).to.be.instanceOf(DatabaseUnavailable);
        expect(await failureOf(sql`SELECT 1`.execute(db))).to.be.instanceOf(DatabaseUnavailable);
      });
      expect((await sql`SELECT 1 AS one`.execute(db)).rows).to.deep.equal([{ one: 1 }]);
      expect(await failureOf(sql`SELECT nonsense`.execute(db))).not.to.be.instanceOf(DatabaseUnavailable);
    } finally {
      await database.close();
    }
  });
});
