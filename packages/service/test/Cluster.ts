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
  /** The processes that answer requests. */
  public readonly services: ServiceProcess[] = [];
  private readonly _processes: ServiceProcess[] = [];

  private constructor(
    private readonly _folder: string,
    private readonly _postgres: PostgresServer,
    private _db: pg.Client,
    private readonly _restart: boolean,
    /** One for each process that answers requests. */
    public readonly clients: ServiceClient[],
  ) {}

  /**
   * Starts the server, and so many processes that answer requests and execute no runs.
   * @param options - fields of the configuration, and whether processes are started again when they end
   */
  public static async start(services: number, options: object = {}, restart = false): Promise<Cluster> {
    const folder = temporaryFolder();
    const config = {
      connectors: { CSV: { module: csvModule, argsJson: { className: "Part" } } },
      storage: { kind: "folder", folder: join(folder, "blobs") },
      limits: { runAttempts: 20 },
      ...options,
    };
    writeFileSync(join(folder, "config.json"), JSON.stringify(config));
    const postgres = await startPostgres();
    const db = new pg.Client({ connectionString: postgres.url });
    await db.connect();
    db.on("error", () => {}); // a test may start the server again
    const cluster = new Cluster(folder, postgres, db, restart, []);
    for (let index = 0; index < services; index++) {
      const service = await cluster._start("serve", `service-${index}`, 0);
      cluster.services.push(service);
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

  /** Where a process with such a name has its data directory. */
  public dataDirectoryOf(name: string): string {
    return join(this._folder, name);
  }

  /** Starts the Postgres server again. */
  public async restartPostgres(): Promise<void> {
    await this._postgres.restart();
    this._db = new pg.Client({ connectionString: this._postgres.url });
    this._db.on("error", () => {});
    await this._db.connect();
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
    const dataDirectory = this.dataDirectoryOf(name);
    mkdirSync(dataDirectory, { recursive: true });
    const started = await ServiceProcess.start(command, {
      dataDirectory,
      config: join(this._folder, "config.json"),
      databaseUrl: this._postgres.url,
      workers,
      restart: this._restart,
    });
    this._processes.push(started);
    return started;
  }
}
