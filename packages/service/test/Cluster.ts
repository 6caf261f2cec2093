import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { startPostgres, type PostgresServer } from "../../../test/support/postgres.js";
import { temporaryFolder } from "../../../test/support/temporary.js";
import { ServiceClient } from "./ServiceClient.js";
import { ServiceProcess } from "./ServiceProcess.js";

const csvModule = fileURLToPath(new URL("../../../connectors/csv/lib/index.js", import.meta.url));

/** Several processes of one service: a Postgres server and a storage for all, a data directory for each. */
export class Cluster {
  private readonly _processes: ServiceProcess[] = [];

  private constructor(
    private readonly _folder: string,
    private readonly _postgres: PostgresServer,
    private readonly _db: pg.Client,
    /** One for each process that answers requests. */
    public readonly clients: ServiceClient[],
  ) {}

  /** Starts the server, and so many processes that answer requests and execute no runs. */
  public static async start(services: number): Promise<Cluster> {
    const folder = temporaryFolder();
    const config = {
      connectors: { CSV: { module: csvModule, argsJson: { className: "Part" } } },
      storage: { kind: "folder", folder: join(folder, "blobs") },
      limits: { runAttempts: 20 },
    };
    writeFileSync(join(folder, "config.json"), JSON.stringify(config));
    const postgres = await startPostgres();
    const db = new pg.Client({ connectionString: postgres.url });
    await db.connect();
    const cluster = new Cluster(folder, postgres, db, []);
    for (let index = 0; index < services; index++) {
      const service = await cluster._start("serve", `service-${index}`, 0);
      cluster.clients.push(await ServiceClient.signIn(service));
    }
    return cluster;
  }

  /**
   * Starts a process that executes one run at a time.
   * @param name - of its data directory: one that takes another's place finds what that has left
   */
  public async startWorker(name: string): Promise<ServiceProcess> {
    return this._start("work", name, 1);
  }

  /** Asks the database, past the service. */
  public async query<T extends pg.QueryResultRow>(text: string): Promise<T[]> {
    return (await this._db.query<T>(text)).rows;
  }

  /** The log of all processes, those that have ended included. */
  public get log(): string {
    return this._processes.map(({ output }) => output).join("");
  }

  public async stop(): Promise<void> {
    await Promise.all(this._processes.map((process) => process.kill()));
    await this._db.end();
    await this._postgres.stop();
  }

  private async _start(command: "serve" | "work", name: string, workers: number): Promise<ServiceProcess> {
    const dataDirectory = join(this._folder, name);
    mkdirSync(dataDirectory, { recursive: true });
    const started = await ServiceProcess.start(command, {
      dataDirectory,
      config: join(this._folder, "config.json"),
      databaseUrl: this._postgres.url,
      workers,
    });
    this._processes.push(started);
    return started;
  }
}
