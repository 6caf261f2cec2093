import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { temporaryFolder } from "./temporary.js";

/** A Postgres server for one test. */
export interface PostgresServer {
  url: string;
  /**
   * Stops it as `pg_ctl -m fast stop` does, and starts it again.
   * @param meanwhile - what is done while it is away
   */
  restart(meanwhile?: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** The folder of Debian's newest Postgres server programs, where there are any. */
function findPrograms(): string | undefined {
  const versions = "/usr/lib/postgresql";
  if (!existsSync(versions)) return undefined;
  const folders = readdirSync(versions).map((version) => join(versions, version, "bin"));
  return folders.filter((folder) => existsSync(join(folder, "initdb"))).at(-1);
}

/** Whether a server can be started on this machine. */
export const hasPostgres = findPrograms() !== undefined;

/** Starts a server with an empty database. It refuses to run as root, and so runs as the user `postgres` where we are. */
export async function startPostgres(): Promise<PostgresServer> {
  const programs = findPrograms()!;
  const isRoot = process.getuid?.() === 0;
  const folder = temporaryFolder();
  const data = join(folder, "data");
  chmodSync(folder, 0o755);
  mkdirSync(data);
  const command = (program: string, args: string[]): [string, string[]] =>
    isRoot
      ? ["setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", join(programs, program), ...args]]
      : [join(programs, program), args];
  if (isRoot) execFileSync("chown", ["postgres", folder, data]);
  execFileSync(...command("initdb", ["-D", data, "-U", "postgres", "--auth=trust", "--no-sync"]), { stdio: "ignore" });
  const port = await freePort();
  const flags = ["-D", data, "-p", String(port), "-k", folder, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"];
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  let server = spawn(...command("postgres", flags), { stdio: "ignore" });
  const end = async (signal: "SIGINT" | "SIGQUIT") => {
    const ended = once(server, "exit");
    server.kill(signal);
    await ended;
  };
  await untilReady(url);
  return {
    url,
    restart: async (meanwhile) => {
      await end("SIGINT");
      await meanwhile?.();
      server = spawn(...command("postgres", flags), { stdio: "ignore" });
      await untilReady(url);
    },
    stop: () => end("SIGQUIT"),
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilReady(url: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const client = new pg.Client({ connectionString: url });
    client.on("error", () => {});
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (attempt === 100) throw error;
      await delay(100);
    }
  }
}
