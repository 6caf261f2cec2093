import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BentleyStatus } from "@itwin/core-bentley";
import { expect } from "chai";
import { ConnectorJobDefArgs, ConnectorRunner, type RunOptions, type RunResult } from "itwin-connector-framework";
import { queryFile } from "../support/iModels.js";
import { temporaryFolder } from "../support/temporary.js";
import type { KitOptions } from "./KitConnector.js";
import { writeKit, type KitSource } from "./kitSource.js";

/** The module of the test connector. */
export const kitModule = fileURLToPath(new URL("./KitConnector.ts", import.meta.url));

/** A source that changes from run to run, and the iModel that follows it. */
export class KitTimeline {
  public readonly folder = temporaryFolder();
  public readonly sourcePath = join(this.folder, "kit.json");
  public readonly iModelPath = join(this.folder, "out", "kit.bim");

  public constructor(private readonly _defaults: Partial<ConnectorJobDefArgs> = { isSnapshot: true }) {}

  /** Writes a file of the source. */
  public write(source: KitSource, name = "kit.json"): void {
    writeKit(join(this.folder, name), source);
  }

  /** The arguments of a run. */
  public args(options: KitOptions = {}, changes: Partial<ConnectorJobDefArgs> = {}): ConnectorJobDefArgs {
    return Object.assign(
      new ConnectorJobDefArgs(),
      {
        connectorModule: kitModule,
        sourcePath: this.sourcePath,
        outputDir: join(this.folder, "out"),
        argsJson: options,
      },
      this._defaults,
      changes,
    );
  }

  /** Runs the connector, whatever comes of it. */
  public async run(
    options: KitOptions = {},
    changes: Partial<ConnectorJobDefArgs> = {},
    runOptions: RunOptions = {},
  ): Promise<RunResult> {
    const runner = new ConnectorRunner(this.args(options, changes), undefined, runOptions);
    await runner.synchronize();
    return runner.result;
  }

  /** Writes the source, runs the connector, and expects success. */
  public async sync(source: KitSource, options: KitOptions = {}): Promise<RunResult> {
    this.write(source);
    return this.resync(options);
  }

  /** Runs the connector and expects success. */
  public async resync(
    options: KitOptions = {},
    changes: Partial<ConnectorJobDefArgs> = {},
    runOptions: RunOptions = {},
  ): Promise<RunResult> {
    const result = await this.run(options, changes, runOptions);
    expect(result.error, String(result.error?.stack)).to.equal(undefined);
    expect(result.status).to.equal(BentleyStatus.SUCCESS);
    return result;
  }

  /** All rows of an ECSQL query on the iModel. */
  public query(ecsql: string): Record<string, unknown>[] {
    return queryFile(this.iModelPath, ecsql);
  }

  /** The labels of the parts, in order. */
  public partLabels(): string[] {
    const rows = this.query("SELECT UserLabel FROM bis.PhysicalElement WHERE UserLabel IS NOT NULL ORDER BY UserLabel");
    return rows.map((row) => row.userLabel as string);
  }
}
