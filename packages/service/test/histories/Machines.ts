import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BentleyStatus } from "@itwin/core-bentley";
import { expect } from "chai";
import { ConnectorJobDefArgs, ConnectorRunner, IModelBankArgs } from "itwin-connector-framework";
import { pino } from "pino";
import { FolderBlobs } from "../../src/platform/blobs/FolderBlobs.js";
import { UrlSigner } from "../../src/platform/blobs/UrlSigner.js";
import { openDatabase, type ServiceDatabase } from "../../src/platform/database/openDatabase.js";
import { IModelHistories } from "../../src/histories/IModelHistories.js";
import { VersionTiles } from "../../src/histories/VersionTiles.js";
import { temporaryFolder } from "../../../../test/support/temporary.js";

const csvConnector = fileURLToPath(new URL("../../../../connectors/csv/src/index.ts", import.meta.url));

/** A machine of a service, with a bank of its own. */
export class Machine {
  public constructor(
    public readonly histories: IModelHistories,
    private readonly _source: string,
  ) {}

  /** Runs the CSV connector on what is in the bank of this machine, without bringing the iModel before. */
  public async run(bank: string, iModelId: string, pumps: string[]): Promise<void> {
    writeFileSync(this._source, ["id,weight", ...pumps.map((id, index) => `${id},${index}`)].join("\n"));
    const args = { connectorModule: csvConnector, sourcePath: this._source, documentGuid: sourceGuid };
    const runner = new ConnectorRunner(
      Object.assign(new ConnectorJobDefArgs(), args),
      Object.assign(new IModelBankArgs(), { url: bank, iModelId }),
      { cacheDirectory: this.histories.cacheDirectory },
    );
    const status = await runner.synchronize();
    expect(runner.result.error, String(runner.result.error?.stack)).to.equal(undefined);
    expect(status).to.equal(BentleyStatus.SUCCESS);
  }

  /** Brings an iModel here and runs the CSV connector on it, but does not publish. @returns the id of the run */
  public async work(iModelId: string, pumps: string[]): Promise<string> {
    const bank = await this.histories.bring(iModelId);
    await this.run(bank.layout.folder, iModelId, pumps);
    return randomUUID();
  }

  /** A whole run. */
  public async synchronize(iModelId: string, pumps: string[]): Promise<void> {
    const runId = await this.work(iModelId, pumps);
    await this.histories.publish(iModelId, { runId, userName: "tester" });
  }
}

const sourceGuid = "3f1d3c5e-52f1-4f0c-9a8e-6a5b1f0e7d11";

/** The machines of one service: they share a database and a store of blobs, and nothing else. */
export class Machines {
  public readonly folder = temporaryFolder();
  public readonly blobFolder = join(this.folder, "blobs");
  public readonly blobs = new FolderBlobs(this.blobFolder, new UrlSigner(Buffer.from("secret"), 60));
  public readonly iTwinId = randomUUID();
  private readonly _opened: IModelHistories[] = [];

  private constructor(public readonly database: ServiceDatabase) {}

  public static async open(): Promise<Machines> {
    const machines = new Machines(await openDatabase({ folder: join(temporaryFolder(), "database") }));
    const itwin = {
      id: machines.iTwinId,
      display_name: "T",
      class: "Endeavor",
      sub_class: "Project",
      status: "Active",
    };
    await machines.database.db
      .insertInto("itwins")
      .values({ ...itwin, created_at: new Date(), created_by: "tester" })
      .execute();
    return machines;
  }

  /** A machine with a data directory of its own. One that is opened again has what it had. */
  public async machine(name: string): Promise<Machine> {
    const folder = join(this.folder, name);
    const { db } = this.database;
    const { blobs } = this;
    const tiles = new VersionTiles(db, blobs);
    const histories = await IModelHistories.open({ db, blobs, tiles, folder, log: pino({ level: "silent" }) });
    this._opened.push(histories);
    return new Machine(histories, join(folder, "plant.csv"));
  }

  /** Creates an iModel. @returns its id */
  public async createIModel(machine: Machine, name = "Plant"): Promise<string> {
    const { iTwinId } = this;
    return (await machine.histories.create({ iTwinId, name, createdBy: "tester" })).id;
  }

  public async close(): Promise<void> {
    for (const histories of this._opened) await histories.close();
    await this.database.close();
  }
}
