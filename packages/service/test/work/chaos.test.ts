import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { isLongTest } from "../../../../test/support/long.js";
import { hasPostgres } from "../../../../test/support/postgres.js";
import { Cluster } from "../Cluster.js";
import { sendRequest, type Answer } from "../sendRequest.js";
import type { ServiceProcess } from "../ServiceProcess.js";
import { badWays, ChaosSources } from "./ChaosSources.js";

const form = isLongTest ? { seconds: 600, iModels: 6, between: 8000 } : { seconds: 60, iModels: 3, between: 6000 };

/** A run that was accepted, and what it is to come to. */
interface AcceptedRun {
  id: string;
  expected: string;
  result: string;
  jobs: unknown;
}

describe("A service to which everything happens at once (needs a Postgres server) @all", function () {
  this.timeout((form.seconds + 900) * 1000);
  let cluster: Cluster;
  let sources: ChaosSources;
  let workers: ServiceProcess[];
  let runs: AcceptedRun[];
  let disk: SmallDisk;

  before(async function () {
    if (!hasPostgres) this.skip();
    sources = await ChaosSources.start();
    const manifests = { allowedPrivateHosts: ["127.0.0.1"], maxBytes: 20 * 1024 ** 2, timeoutSeconds: 3 };
    cluster = await Cluster.start(2, { manifests }, true);
    disk = SmallDisk.mount(cluster.dataDirectoryOf("worker-2"));
    workers = await Promise.all([0, 1, 2].map((place) => cluster.startWorker(`worker-${place}`)));
    const end = Date.now() + form.seconds * 1000;
    const chaos = makeChaos(cluster, workers, disk, end);
    const tenants = Array.from({ length: form.iModels }, (_, index) => new Tenant(cluster, sources.origin, index));
    runs = (await Promise.all(tenants.map((tenant) => tenant.runUntil(end)))).flat();
    await chaos;
  });
  after(async () => {
    if (!hasPostgres) return;
    await cluster.stop();
    disk.unmount();
    sources.stop();
  });

  it("ends every accepted run with the right result", () => {
    expect(runs.length).to.be.greaterThan(form.iModels);
    const wrong = runs.filter(({ result, expected }) => result !== expected);
    expect(wrong, JSON.stringify(wrong)).to.be.empty;
  });

  it("has the changesets of each run once, and of no other", async () => {
    const recorded = await cluster.query<{ run_id: string }>("SELECT run_id FROM changesets");
    const ids = new Set(recorded.map(({ run_id: id }) => id));
    expect([...ids].sort()).to.deep.equal(runs.map(({ id }) => id).sort());
    const open = await cluster.query("SELECT id FROM runs WHERE state <> 'Completed' OR worker_id IS NOT NULL");
    expect(open).to.be.empty;
  });

  it("has all of its processes, and none ended by itself", async () => {
    for (const { url } of cluster.services) expect((await fetch(`${url}/ready`)).status).to.equal(200);
    for (const worker of workers) expect(childOf(worker), "the worker").not.to.equal(undefined);
    const fatal = cluster.log.split("\n").filter((line) => line.includes('"level":60'));
    expect(fatal).to.be.empty;
  });
});

/** Starts Postgres again, kills services and workers, and fills a disk, one after the other, until it is time. */
async function makeChaos(cluster: Cluster, workers: ServiceProcess[], disk: SmallDisk, end: number): Promise<void> {
  const deeds: (() => Promise<void> | void)[] = [
    () => kill(workers[0]!),
    () => cluster.restartPostgres(),
    () => disk.fill(),
    () => kill(cluster.services[0]!),
    () => kill(workers[1]!),
    () => disk.clear(),
    () => cluster.restartPostgres(),
    () => kill(cluster.services[1]!),
    () => kill(workers[2]!),
  ];
  for (let turn = 0; Date.now() < end; turn++) {
    await delay(form.between);
    await deeds[turn % deeds.length]!();
  }
  disk.clear();
}

/** Kills a process as a power cut does. What supervises it starts it again. */
function kill(supervised: ServiceProcess): void {
  const pid = childOf(supervised);
  if (pid !== undefined) process.kill(pid, "SIGKILL");
}

/** The process that is supervised, unless it is just being started again. */
function childOf({ pid }: ServiceProcess): number | undefined {
  const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
  return child ? Number(child) : undefined;
}

/** A disk of one worker that can be filled. Only root can have one; else the worker has the disk of all. */
class SmallDisk {
  private constructor(
    private readonly _folder: string,
    private readonly _isMounted: boolean,
  ) {}

  public static mount(folder: string): SmallDisk {
    mkdirSync(folder, { recursive: true });
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=300m", "tmpfs", folder], { stdio: "ignore" });
      return new SmallDisk(folder, true);
    } catch {
      return new SmallDisk(folder, false);
    }
  }

  /** Leaves no room on it. */
  public fill(): void {
    if (!this._isMounted) return;
    for (const size of [1024 ** 2, 4096])
      try {
        for (let index = 0; ; index++) writeFileSync(join(this._folder, `fill-${size}-${index}`), Buffer.alloc(size));
      } catch {
        // it is full
      }
  }

  /** Makes room again. */
  public clear(): void {
    if (!this._isMounted) return;
    execFileSync("find", [this._folder, "-maxdepth", "1", "-name", "fill-*", "-delete"]);
  }

  public unmount(): void {
    if (this._isMounted) execFileSync("umount", ["--lazy", this._folder]);
    rmSync(this._folder, { recursive: true, force: true });
  }
}

/** Who has an iModel, and asks for one run after the other, of a good file and often of a bad one. */
class Tenant {
  private readonly _token: string;
  private readonly _iTwinId: string;

  public constructor(
    private readonly _cluster: Cluster,
    private readonly _origin: string,
    private readonly _index: number,
  ) {
    const { token, iTwinId } = _cluster.clients[0]!;
    [this._token, this._iTwinId] = [token, iTwinId];
  }

  public async runUntil(end: number): Promise<AcceptedRun[]> {
    const iModel = { iTwinId: this._iTwinId, name: `iModel ${this._index}` };
    const made = await this._ask<{ iModel: { id: string } }>("POST", "/imodels", iModel);
    const connections = "/synchronization/imodels/manifestconnections";
    const iModelId = made.body.iModel.id;
    const connection = { iModelId, sourceFiles: [] };
    const { body } = await this._ask<{ connection: { id: string } }>("POST", connections, connection);
    const runs: AcceptedRun[] = [];
    for (let version = 0; Date.now() < end; version++)
      runs.push(await this._run(`${connections}/${body.connection.id}/runs`, version));
    return runs;
  }

  /** A run whose creation was answered by nobody may be there: asking again leads to it. */
  private async _run(path: string, version: number): Promise<AcceptedRun> {
    const bad = version % 2 === 1 ? badWays[(this._index + (version - 1) / 2) % badWays.length] : undefined;
    const file = (id: string, way: string) => {
      return { id, name: `${id}.csv`, url: `${this._origin}/${way}/${version}`, connectorType: "CSV" };
    };
    const sourceFiles = [file("good", "good"), ...(bad === undefined ? [] : [file("bad", bad)])];
    const { headers } = await this._ask("POST", path, { sourceFiles });
    const url = new URL(headers.get("location")!).pathname;
    for (;;) {
      const { run } = (
        await this._ask<{ run: { id: string; state: string; result: string; jobs: unknown } }>("GET", url)
      ).body;
      const expected = bad === undefined ? "Success" : "PartialSuccess";
      if (run.state === "Completed") return { id: run.id, expected, result: run.result, jobs: run.jobs };
      await delay(200);
    }
  }

  /** Asks the services in turn, until one gives an answer: they are killed, and have no database. */
  private async _ask<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    for (let turn = this._index; ; turn++) {
      const { url } = this._cluster.services[turn % 2]!;
      const answer = await sendRequest<T>(method, url + path, this._token, body).catch(() => undefined);
      if (answer !== undefined && ![503, 409].includes(answer.status)) return answer;
      if (answer?.status === 503) expect(answer.headers.get("retry-after")).not.to.equal(null);
      await delay(300);
    }
  }
}
