import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { StandaloneDb, type IModelDb } from "@itwin/core-backend";
import { ConnectorJobDefArgs, ConnectorRunner, type RunOptions, type RunResult } from "itwin-connector-framework";
import { queryFile } from "../support/iModels.js";
import { temporaryFolder } from "../support/temporary.js";
import type { MachineOptions } from "./MachineConnector.js";
import { iModelOf, OtherIModel, type Machine, type OtherJob, type OtherStyle } from "./OtherIModel.js";

const machineModule = fileURLToPath(new URL("./MachineConnector.ts", import.meta.url));

/** An iModel that another framework has written, and a connector that goes on with it. */
export class Takeover {
  public readonly folder = temporaryFolder();
  public readonly sourcePath = join(this.folder, "plant.json");
  public readonly iModel = iModelOf(this.folder);
  public options: MachineOptions = {};

  /** How version 2.x writes, unless a test says otherwise. */
  public style(changes: Partial<OtherStyle> = {}): OtherStyle {
    return {
      jobName: `Machines:${this.sourcePath}`,
      connectorName: "Machines",
      documentId: this.sourcePath,
      documentVersion: "1",
      ...changes,
    };
  }

  /** Writes the iModel of another framework. */
  public async write(
    style: OtherStyle,
    machines: readonly Machine[],
    more: (imodel: OtherIModel, job: OtherJob, ids: ReadonlyMap<string, string>) => void = () => {},
  ): Promise<void> {
    mkdirSync(join(this.folder, "out"), { recursive: true });
    await OtherIModel.create(this.iModel, (imodel) => {
      const job = imodel.addJob(style);
      more(imodel, job, imodel.addMachines(job, style, machines));
    });
  }

  /** Runs the connector, whatever comes of it. */
  public async run(
    version: string,
    machines: readonly Machine[],
    changes: Partial<ConnectorJobDefArgs> & RunOptions = {},
  ): Promise<RunResult> {
    writeFileSync(this.sourcePath, JSON.stringify({ version, machines }));
    const { sourcePath, options: argsJson } = this;
    const args = { connectorModule: machineModule, sourcePath, argsJson, outputDir: join(this.folder, "out") };
    const runner = new ConnectorRunner(Object.assign(new ConnectorJobDefArgs(), args, changes), undefined, changes);
    await runner.synchronize();
    if (runner.result.error !== undefined) throw runner.result.error;
    return runner.result;
  }

  public query(ecsql: string): Record<string, unknown>[] {
    return queryFile(this.iModel, ecsql);
  }

  /** The labels of machines and parts, those of parts behind that of their parent. */
  public get tree(): string[] {
    const rows = this.query(
      `SELECT e.UserLabel label, p.UserLabel parent FROM bis.PhysicalElement e
       LEFT JOIN bis.Element p ON p.ECInstanceId=e.Parent.Id`,
    );
    return rows
      .map(({ label, parent }) => (parent === undefined ? (label as string) : `${parent as string}/${label as string}`))
      .sort();
  }

  /** Changes the iModel as another program would. */
  public edit(change: (imodel: IModelDb) => void): void {
    const imodel = StandaloneDb.openFile(this.iModel);
    try {
      imodel.channels.addAllowedChannel("shared");
      change(imodel);
      imodel.saveChanges();
    } finally {
      imodel.close();
    }
  }

  /** How many elements there are of a class. */
  public count(className: string): number {
    return this.query(`SELECT count(*) n FROM ${className}`)[0]!.n as number;
  }
}
