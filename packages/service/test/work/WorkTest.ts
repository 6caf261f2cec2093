import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as delay } from "node:timers/promises";
import { BankedIModel } from "../../../../src/imodel/BankedIModel.js";
import { IModelBank } from "../../../../src/bank/IModelBank.js";
import type { ServiceOptions } from "../../src/platform/config/ServiceConfig.js";
import type { RunRow } from "../../src/platform/database/tables.js";
import type { ConnectionOptions } from "../../src/platform/database/columns/ConnectionOptions.js";
import type { Manifest } from "../../src/platform/database/columns/Manifest.js";
import type { RunJob, RunPhaseName, RunTask } from "../../src/platform/database/columns/RunState.js";
import type { WorkerTimes } from "../../src/work/WorkerTimes.js";
import { settingsOfRun } from "../../src/runs/settings/settingsOfRun.js";
import { openWorkplace, type Workplace } from "./workplace.js";
import type { WorkerContext } from "../../src/work/WorkerContext.js";
import { Workers } from "../../src/work/Workers.js";
import { kitModule } from "../../../../test/kit/KitTimeline.js";
import { temporaryFolder } from "../../../../test/support/temporary.js";
import { PlainFiles, PlainHistories } from "./PlainSurroundings.js";
import type { MischievousKit } from "./MischiefConnector.js";

/** The module of the connector that misbehaves. */
export const mischiefModule = fileURLToPath(new URL("./MischiefConnector.ts", import.meta.url));

const csvModule = fileURLToPath(new URL("../../../../connectors/csv/src/index.ts", import.meta.url));

/** The connectors of the tests. */
export const connectors = {
  KIT: { module: kitModule },
  MISCHIEF: { module: mischiefModule },
  CSV: { module: csvModule },
};

/** Times that a test can wait for. */
export const shortTimes: Partial<WorkerTimes> = {
  lease: 4,
  renewal: 0.5,
  watch: 0.5,
  polling: 0.2,
  grace: 1,
  closing: 0.5,
  taskRetries: [0.1],
  runRetry: 0.1,
};

/** A file of a run to be. */
export interface FileOfRun {
  connectorType?: string;
  path?: string;
  content: MischievousKit | string;
  phase?: RunPhaseName;
  /** Default: that of a new file. */
  storageFileId?: string;
}

/** A service with one iModel, and runs of it. */
export class WorkTest {
  public readonly connectionId = randomUUID();
  private readonly _workers: Workers[] = [];

  private constructor(
    private readonly _place: Workplace,
    public readonly bank: IModelBank,
    public readonly iModelId: string,
    public readonly histories: PlainHistories,
    public readonly files: PlainFiles,
  ) {}

  public static async start(options: ServiceOptions = {}): Promise<WorkTest> {
    const folder = temporaryFolder();
    const bank = IModelBank.create(join(folder, "bank"));
    const place = await openWorkplace({ connectors, ...options, dataDirectory: folder });
    const { iModelId } = await BankedIModel.create(bank, "Plant");
    const work = new WorkTest(place, bank, iModelId, new PlainHistories(bank, place.context.db), new PlainFiles());
    await work._insertIModel();
    return work;
  }

  public get context(): WorkerContext {
    return this._place.context;
  }

  /** Workers of this process. */
  public work(times: Partial<WorkerTimes> = {}): Workers {
    const surroundings = { histories: this.histories, files: this.files };
    const workers = new Workers(this.context, surroundings, { ...shortTimes, ...times });
    workers.start();
    this._workers.push(workers);
    return workers;
  }

  /** A run of files in the storage, which waits in the queue. @returns its id */
  public async request(...files: FileOfRun[]): Promise<string> {
    const tasks = files.map(({ connectorType = "KIT", phase = "MasterFile", ...file }, index) => {
      const storageFileId = file.storageFileId ?? randomUUID();
      const path = file.path ?? `/kits/kit-${index}.json`;
      const text = typeof file.content === "string" ? file.content : JSON.stringify(file.content);
      this.files.contents.set(storageFileId, { path, text });
      return { connectorType, task: makeTask({ storageFileId, phase }) };
    });
    return this.insert(toJobs(tasks));
  }

  /** A run of a manifest. */
  public async requestManifest(manifest: Manifest): Promise<string> {
    const tasks = manifest.sourceFiles.flatMap((file) => [
      { connectorType: file.connectorType, task: makeTask({ sourceFileId: file.id, phase: "MasterFile" }) },
      ...file.children.map((child) => ({
        connectorType: child.connectorType,
        task: makeTask({ sourceFileId: child.id, phase: "ReferenceFile" }),
      })),
    ]);
    return this.insert(toJobs(tasks), manifest);
  }

  /** Gives the connection other run options. */
  public async setOptions(options: ConnectionOptions): Promise<void> {
    const run_options = JSON.stringify(options);
    await this.context.db.updateTable("connections").set({ run_options }).where("id", "=", this.connectionId).execute();
  }

  public async insert(jobs: RunJob[], manifest?: Manifest): Promise<string> {
    const id = randomUUID();
    const { db, queue } = this.context;
    await db
      .insertInto("runs")
      .values({
        id,
        connection_id: this.connectionId,
        imodel_id: this.iModelId,
        state: "Queued",
        result: "Undetermined",
        phase: "MasterFile",
        started_at: new Date(),
        jobs: JSON.stringify(jobs),
        manifest: JSON.stringify(manifest ?? null),
        settings: JSON.stringify(await settingsOfRun(db, this.connectionId)),
        error: "null",
        requested_by: "tester",
        attempts: 0,
        cancel_requested: false,
        updated_at: new Date(),
      })
      .execute();
    queue.notify();
    return id;
  }

  public async run(id: string): Promise<RunRow> {
    return this.context.db.selectFrom("runs").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
  }

  /** Waits for a run to be as a test needs it. */
  public async until(id: string, isSo: (run: RunRow) => boolean, seconds = 300): Promise<RunRow> {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const run = await this.run(id);
      if (isSo(run)) return run;
      if (Date.now() > end) throw new Error(`the run does not get there: ${JSON.stringify(run)}`);
      await delay(50);
    }
  }

  public async ended(id: string): Promise<RunRow> {
    return this.until(id, ({ state }) => state === "Completed");
  }

  /** The runs that changesets were recorded of, in order. */
  public async publishedBy(): Promise<(string | null)[]> {
    const rows = await this.context.db.selectFrom("changesets").select("run_id").orderBy("index").execute();
    return rows.map(({ run_id: runId }) => runId);
  }

  public async change(id: string, changes: Partial<Pick<RunRow, "cancel_requested" | "worker_id">>): Promise<void> {
    await this.context.db.updateTable("runs").set(changes).where("id", "=", id).execute();
  }

  public async close(): Promise<void> {
    for (const workers of this._workers) await workers.close();
    await this._place.close();
  }

  private async _insertIModel(): Promise<void> {
    const { db } = this.context;
    const [iTwinId, created] = [randomUUID(), { created_at: new Date(), created_by: "tester" }];
    const iTwin = { id: iTwinId, display_name: "Test", class: "Endeavor", sub_class: "Project", status: "Active" };
    await db
      .insertInto("itwins")
      .values({ ...iTwin, ...created })
      .execute();
    await db
      .insertInto("imodels")
      .values({ id: this.iModelId, itwin_id: iTwinId, name: "Plant", state: "initialized", extent: "null", ...created })
      .execute();
    await db
      .insertInto("connections")
      .values({
        id: this.connectionId,
        kind: "storage",
        imodel_id: this.iModelId,
        itwin_id: iTwinId,
        authentication_type: "Service",
        ...created,
      })
      .execute();
  }
}

/** The tasks of a run, in order. */
export function tasksOf(run: RunRow): RunTask[] {
  return run.jobs.flatMap(({ tasks }) => tasks);
}

function makeTask(props: Partial<RunTask>): RunTask {
  return {
    id: randomUUID(),
    state: "Queued",
    result: "Undetermined",
    retryAttempts: 0,
    phase: "MasterFile",
    ...props,
  };
}

function toJobs(tasks: { connectorType: string; task: RunTask }[]): RunJob[] {
  const types = [...new Set(tasks.map(({ connectorType }) => connectorType))];
  return types.map((connectorType) => ({
    id: randomUUID(),
    connectorType,
    state: "Queued",
    result: "Undetermined",
    tasks: tasks.filter((entry) => entry.connectorType === connectorType).map(({ task }) => task),
  }));
}
