/**
 * `npm run bench:service -- [--iModels N] [--seconds N]`: what the service bears, on the embedded database and on a Postgres
 * server: how fast it starts, how many connections it runs that are asked for at once, and how many requests it answers.
 * The service is a process of its own, as its command line starts it. The exit code is 1 where less is measured than asked.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import autocannon from "autocannon";
import Table from "cli-table3";
import yargs from "yargs";
import { ServiceClient } from "../../packages/service/test/ServiceClient.js";
import { ServiceProcess, type ProcessOptions } from "../../packages/service/test/ServiceProcess.js";
import { hasPostgres, startPostgres } from "../../test/support/postgres.js";
import { removeTemporaryFolders, temporaryFolder } from "../../test/support/temporary.js";

const flags = yargs(process.argv.slice(2))
  .options({
    iModels: { type: "number", default: 200, describe: "iModels with a connection each that are run at once" },
    runs: {
      type: "number",
      default: 300,
      describe: "Runs that the service has to have had when its start is measured",
    },
    seconds: { type: "number", default: 10, describe: "How long requests are sent" },
    database: { choices: ["embedded", "server"], array: true, default: ["embedded", "server"] },
  })
  .strict()
  .parseSync();

/** What was measured, and what was asked for: at most, or at least. */
interface Figure {
  what: string;
  measured: number;
  unit: string;
  atLeast?: number;
  atMost?: number;
}

const csvModule = fileURLToPath(new URL("../../connectors/csv/lib/index.js", import.meta.url));
/** Of clients that prepare, in the way of a team and not of an attack. */
const clientsAtOnce = 8;
/** How many files the manifest names that is taken in while requests are measured. */
const manifestFiles = 100_000;

const figures: Figure[] = [];
try {
  for (const database of flags.database) {
    if (database === "embedded") await measure("embedded");
    else if (hasPostgres) await measureOnServer();
    else print("A Postgres server cannot be started here: its programs (initdb, postgres) are missing.");
  }
} finally {
  removeTemporaryFolders();
}
print(toTable(figures));
if (!figures.every(isMet)) process.exitCode = 1;

async function measureOnServer(): Promise<void> {
  const postgres = await startPostgres();
  try {
    await measure("server", postgres.url);
  } finally {
    await postgres.stop();
  }
}

async function measure(database: string, databaseUrl?: string): Promise<void> {
  const dataDirectory = temporaryFolder();
  const config = join(dataDirectory, "config.json");
  writeFileSync(config, JSON.stringify({ connectors: { CSV: { module: csvModule } }, logLevel: "error" }));
  const options: ProcessOptions = { dataDirectory, config, databaseUrl };
  const add = (figure: Figure) => figures.push({ ...figure, what: `${database}: ${figure.what}` });

  let service = await ServiceProcess.start("serve", options);
  try {
    const client = await ServiceClient.signIn(service);
    const connections = await prepare(client);
    const [runUrl] = (await measureRuns(client, connections, add)) as [string];
    await service.end();
    const begun = performance.now();
    service = await ServiceProcess.start("serve", options);
    add({
      what: `start with ${connections.length} runs in the database`,
      measured: performance.now() - begun,
      unit: "ms",
      atMost: 4000,
    });
    const url = `${service.url}${new URL(runUrl).pathname}`;
    await measureRequests(url, client.token, add);
    await measureIntake(await ServiceClient.signIn(service), url, add);
  } finally {
    await service.end();
    if (service.output.includes('"level":50')) print(service.output);
  }
}

/** Makes iModels with a file and a connection each. @returns the ids of the connections */
async function prepare(client: ServiceClient): Promise<string[]> {
  const names = Array.from({ length: flags.iModels }, (_, index) => `iModel ${index}`);
  return allOf(names, clientsAtOnce, async (name) => {
    const rows = Array.from({ length: 20 }, (_, index) => `P-${index},${name},${index},0,0`);
    const fileId = await client.createFile(`${name}.csv`, ["id,label,x,y,z", ...rows].join("\n"));
    return client.connect(await client.createIModel(name), fileId, "CSV");
  });
}

/** Runs connections, all at once, and waits for their ends. @returns the URLs of the runs */
async function measureRuns(
  client: ServiceClient,
  connections: string[],
  add: (figure: Figure) => void,
): Promise<string[]> {
  const begun = performance.now();
  const urls = await Promise.all(connections.map((id) => client.startRun(id)));
  const results: string[] = [];
  for (const url of urls) results.push((await client.ended(url, 1800)).result);
  const seconds = (performance.now() - begun) / 1000;
  const succeeded = results.filter((result) => result === "Success").length;
  const count = connections.length;
  add({ what: `of ${count} runs asked for at once, succeeded`, measured: succeeded, unit: "", atLeast: count });
  add({ what: "until the last has ended", measured: seconds, unit: "s" });
  add({ what: "runs per minute", measured: (count * 60) / seconds, unit: "" });
  return urls;
}

async function measureRequests(url: string, token: string, add: (figure: Figure) => void): Promise<void> {
  const load = { url, connections: 50, headers: { authorization: `Bearer ${token}` } };
  await autocannon({ ...load, duration: 2 }); // so that what is compiled once is not counted
  const { requests, latency, non2xx, errors } = await autocannon({ ...load, duration: flags.seconds });
  const unit = "per second";
  add({ what: "GET of a run, 50 at a time", measured: requests.average, unit, atLeast: 8000 });
  add({ what: "of these, the slowest in a hundred", measured: latency.p99, unit: "ms", atMost: 15 });
  add({ what: "of these, not answered with 200", measured: non2xx + errors, unit: "", atMost: 0 });
}

/** Sends requests while a large manifest is taken in, and looks whether the process lives. */
async function measureIntake(client: ServiceClient, url: string, add: (figure: Figure) => void): Promise<void> {
  const path = "/synchronization/imodels/manifestconnections";
  const iModelId = await client.createIModel("large manifest");
  const made = await client.request<{ connection: { id: string } }>("POST", path, { iModelId, sourceFiles: [] });
  const sourceFiles = Array.from({ length: manifestFiles }, (_, index) => {
    return { id: `i${index}`, name: `f${index}.csv`, url: `http://127.0.0.1:1/${index}`, connectorType: "CSV" };
  });
  const load = { url, connections: 50, headers: { authorization: `Bearer ${client.token}` } };
  const requests = autocannon({ ...load, duration: flags.seconds });
  const health = watchHealth(client.url);
  const begun = performance.now();
  const answer = await client.request("POST", `${path}/${made.body.connection.id}/runs`, { sourceFiles });
  const seconds = (performance.now() - begun) / 1000;
  const { requests: rate, latency } = await requests;
  const what = `a manifest of ${manifestFiles} files`;
  add({ what: `${what}, answered with`, measured: answer.status, unit: "", atLeast: 202, atMost: 202 });
  add({ what: `${what}, until it is accepted`, measured: seconds, unit: "s" });
  add({ what: "GET of a run meanwhile, 50 at a time", measured: rate.average, unit: "per second", atLeast: 8000 });
  add({ what: "of these, the slowest in a hundred", measured: latency.p99, unit: "ms", atMost: 15 });
  add({ what: "the slowest answer of /health meanwhile", measured: await health.end(), unit: "ms", atMost: 1000 });
}

/** Asks whether the process lives, ten times a second. */
function watchHealth(url: string): { end(): Promise<number> } {
  let [isOver, slowest] = [false, 0];
  const look = async () => {
    while (!isOver) {
      const begun = performance.now();
      await fetch(`${url}/health`);
      slowest = Math.max(slowest, performance.now() - begun);
      await delay(100);
    }
    return slowest;
  };
  const looking = look();
  return {
    end: async () => {
      isOver = true;
      return looking;
    },
  };
}

/** Does something with each item, several at a time. */
async function allOf<T, R>(items: T[], atOnce: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const rest = items.entries();
  const workAlong = async () => {
    for (const [index, item] of rest) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, workAlong));
  return results;
}

function isMet({ measured, atLeast = -Infinity, atMost = Infinity }: Figure): boolean {
  return measured >= atLeast && measured <= atMost;
}

function toTable(rows: readonly Figure[]): string {
  const table = new Table({ head: ["figure", "measured", "asked", ""], style: { head: [], border: [] } });
  for (const row of rows) {
    const { what, measured, unit, atLeast, atMost } = row;
    const asked = [atLeast !== undefined && `at least ${atLeast}`, atMost !== undefined && `at most ${atMost}`];
    const isAsked = asked.some((bar) => bar !== false);
    const number = Number.isInteger(measured) ? String(measured) : measured.toFixed(measured < 100 ? 1 : 0);
    table.push([
      what,
      `${number} ${unit}`.trim(),
      asked.filter(Boolean).join(", "),
      isAsked ? (isMet(row) ? "met" : "NOT MET") : "",
    ]);
  }
  return table.toString();
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
