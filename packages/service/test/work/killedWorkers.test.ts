import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { SnapshotDb } from "@itwin/core-backend";
import { expect } from "chai";
import { isLongTest } from "../../../../test/support/long.js";
import { hasPostgres } from "../../../../test/support/postgres.js";
import { temporaryFolder } from "../../../../test/support/temporary.js";
import { Cluster } from "../Cluster.js";
import type { ServiceClient } from "../ServiceClient.js";
import type { ServiceProcess } from "../ServiceProcess.js";

/** `killings`: how many workers are killed at most, so that the short form is one. */
const form = isLongTest
  ? { workers: 4, iModels: 20, runsOfEach: 5, secondsBetween: 5, killings: Infinity }
  : { workers: 2, iModels: 4, runsOfEach: 3, secondsBetween: 3, killings: 4 };

const minutes = isLongTest ? 30 : 10;

/** A run that has ended, and what it was to bring. */
interface EndedRun {
  id: string;
  iModelId: string;
  version: number;
  result: string;
}

interface RunRecord {
  id: string;
  attempts: number;
  worker_id: string | null;
  reports: number;
}

interface ChangesetRecord {
  imodel_id: string;
  index: number;
  run_id: string;
}

describe("Workers that are killed one after the other (needs a Postgres server) @all", function () {
  this.timeout(minutes * 60_000);
  let cluster: Cluster;
  let runs: EndedRun[];
  let records: Map<string, RunRecord>;
  let changesets: ChangesetRecord[];

  before(async function () {
    if (!hasPostgres) this.skip();
    cluster = await Cluster.start(2);
    const killing = new AbortController();
    const workers = new KilledWorkers(cluster, killing.signal);
    await workers.start();
    try {
      const indexes = Array.from({ length: form.iModels }, (_, index) => index);
      runs = (await Promise.all(indexes.map((index) => runAll(cluster.clients, index)))).flat();
    } finally {
      killing.abort();
      await workers.ended;
    }
    records = new Map((await readRuns(cluster)).map((record) => [record.id, record]));
    changesets = await cluster.query<ChangesetRecord>(
      "SELECT imodel_id, index, run_id FROM changesets ORDER BY imodel_id, index",
    );
  });
  after(() => hasPostgres && cluster.stop());

  it("lose no run, and spoil none", () => {
    expect(runs.map(({ result }) => result)).to.deep.equal(runs.map(() => "Success"));
    expect([...records.keys()].sort()).to.deep.equal(runs.map(({ id }) => id).sort());
  });

  it("leave runs that others take up", () => {
    const repeated = [...records.values()].filter(({ attempts }) => attempts > 1);
    expect(repeated).not.to.be.empty;
  });

  it("let each run end once", () => {
    for (const { id, worker_id: workerId, reports } of records.values()) {
      expect(workerId, id).to.equal(null);
      expect(reports, id).to.equal(1);
    }
    const ends = cluster.log.split("\n").filter((line) => line.includes('"msg":"run completed"'));
    const ended = ends.map((line) => (JSON.parse(line) as { runId: string }).runId);
    expect(new Set(ended)).to.have.lengthOf(ended.length);
  });

  it("let the changesets of each run be recorded once, in the order of the runs", () => {
    // Each run has something to push, and pushes it at once.
    const recorded = changesets.map(({ imodel_id: iModelId, index, run_id: id }) => [iModelId, index, id]);
    const expected = runs.map(({ iModelId, version, id }) => [iModelId, version + 1, id]);
    expect(recorded).to.have.deep.members(expected);
  });

  it("let every version hold what its file held", async () => {
    for (const { iModelId, version } of runs)
      expect(await readRows(cluster.clients[0]!, iModelId, version + 1)).to.deep.equal(rowsOf(version));
  });
});

/** Workers of which one is killed every few seconds, whatever it does, and a new one takes its place. */
class KilledWorkers {
  private readonly _workers: ServiceProcess[] = [];
  private _ended?: Promise<void>;

  public constructor(
    private readonly _cluster: Cluster,
    private readonly _signal: AbortSignal,
  ) {}

  public async start(): Promise<void> {
    for (let place = 0; place < form.workers; place++) await this._startIn(place);
    this._ended = this._kill();
  }

  public get ended(): Promise<void> | undefined {
    return this._ended;
  }

  private async _startIn(place: number): Promise<void> {
    this._workers[place] = await this._cluster.startWorker(`worker-${place}`);
  }

  private async _kill(): Promise<void> {
    for (let killings = 0; killings < form.killings; killings++) {
      await delay(form.secondsBetween * 1000, undefined, { signal: this._signal }).catch(() => {}); // it is over
      if (this._signal.aborted) return;
      const place = await this._choose(killings);
      await this._workers[place]!.kill();
      await this._startIn(place);
    }
  }

  /** One that has a run, if there is one. */
  private async _choose(turn: number): Promise<number> {
    const busy = new Set((await readRuns(this._cluster)).map(({ worker_id: leaseId }) => leaseId?.split("-").at(-6)));
    const places = this._workers.map((_, index) => (index + turn) % this._workers.length);
    return places.find((place) => busy.has(String(this._workers[place]!.pid))) ?? places[0]!;
  }
}

/** Runs an iModel's connection again and again, with another content each time, through all services in turn. */
async function runAll(clients: ServiceClient[], index: number): Promise<EndedRun[]> {
  const [first] = clients as [ServiceClient];
  const iModelId = await first.createIModel(`iModel ${index}`);
  const fileId = await first.createFile(`parts-${index}.csv`, toCsv(rowsOf(0)));
  const connectionId = await first.connect(iModelId, fileId, "CSV");
  const runs: EndedRun[] = [];
  for (let version = 0; version < form.runsOfEach; version++) {
    const client = clients[(index + version) % clients.length]!;
    if (version > 0) await client.replaceContent(fileId, toCsv(rowsOf(version)));
    const { id, result } = await client.ended(await client.startRun(connectionId), minutes * 60);
    runs.push({ id, iModelId, version, result });
  }
  return runs;
}

async function readRuns(cluster: Cluster): Promise<RunRecord[]> {
  return cluster.query<RunRecord>(`SELECT id, attempts, worker_id,
    (SELECT count(*)::integer FROM task_reports WHERE run_id = id) AS reports FROM runs`);
}

/** From each version to the next, a part vanishes, one comes, and all others change. */
function rowsOf(version: number): [id: string, note: string][] {
  return Array.from({ length: 10 }, (_, index) => [`P-${100 + version + index}`, `version ${version}`]);
}

function toCsv(rows: [id: string, note: string][]): string {
  return ["id,note", ...rows.map((row) => row.join(","))].join("\n");
}

/** What a version of an iModel holds, as who downloads it finds it. */
async function readRows(client: ServiceClient, iModelId: string, version: number): Promise<[string, string][]> {
  const response = await fetch(`${client.url}/imodels/${iModelId}/versions/${version}/snapshot`, {
    headers: { authorization: `Bearer ${client.token}` },
  });
  const path = join(temporaryFolder(), "version.bim");
  writeFileSync(path, Buffer.from(await response.arrayBuffer()));
  const iModel = SnapshotDb.openFile(path);
  try {
    const rows: [string, string][] = [];
    const reader = iModel.createQueryReader("SELECT UserLabel, note FROM CsvPart.Part ORDER BY UserLabel");
    for await (const row of reader) rows.push([row[0] as string, row[1] as string]);
    return rows;
  } finally {
    iModel.close();
  }
}
