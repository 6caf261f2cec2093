import { join } from "node:path";
import { BentleyStatus } from "@itwin/core-bentley";
import { expect } from "chai";
import {
  ConnectorRunner,
  IModelBankArgs,
  type ConnectorJobDefArgs,
  type RunOptions,
  type RunResult,
} from "itwin-connector-framework";
import { BankHubAccess } from "../../src/bank/BankHubAccess.js";
import { IModelBank } from "../../src/bank/IModelBank.js";
import { checkOut } from "../../src/imodel/checkpoints.js";
import { writeVersionZero } from "../../src/imodel/native.js";
import type { KitOptions } from "../kit/KitConnector.js";
import { KitTimeline } from "../kit/KitTimeline.js";
import { queryFile } from "../support/iModels.js";

/** A source that changes from run to run, and the versioned iModel in a bank that follows it. */
export class BankTimeline {
  public readonly kit = new KitTimeline();
  public readonly bankFolder = join(this.kit.folder, "bank");
  public readonly cacheDirectory = join(this.kit.folder, "cache");
  public readonly bank = IModelBank.create(this.bankFolder);
  public readonly hub = new BankHubAccess(this.bank, writeVersionZero);
  private _checkouts = 0;

  /** The iModel. */
  public get iModelId(): string {
    return this.bank.find("kit").id;
  }

  /** The index of the latest changeset. */
  public get latest(): number {
    return this.bank.latest(this.iModelId).index;
  }

  /** Runs the connector, whatever comes of it. */
  public async run(
    options: KitOptions = {},
    changes: Partial<ConnectorJobDefArgs> = {},
    runOptions: RunOptions = {},
    moreBankArgs: Partial<IModelBankArgs> = {},
  ): Promise<RunResult> {
    const bankArgs = Object.assign(new IModelBankArgs(), {
      url: this.bankFolder,
      iModelName: "kit",
      createiModel: true,
      ...moreBankArgs,
    });
    const args = this.kit.args(options, { outputDir: undefined, ...changes });
    const runner = new ConnectorRunner(args, bankArgs, { cacheDirectory: this.cacheDirectory, ...runOptions });
    await runner.synchronize();
    return runner.result;
  }

  /** Runs the connector and expects success. */
  public async sync(options: KitOptions = {}, changes: Partial<ConnectorJobDefArgs> = {}): Promise<RunResult> {
    const result = await this.run(options, changes);
    expect(result.error, String(result.error?.stack)).to.equal(undefined);
    expect(result.status).to.equal(BentleyStatus.SUCCESS);
    return result;
  }

  /** Checks a version out. @returns the path of its file */
  public async checkOut(version = this.latest): Promise<string> {
    const path = join(this.kit.folder, `checkout-${this._checkouts++}.bim`);
    await checkOut(this.hub, this.iModelId, version, path);
    return path;
  }

  /** The labels of the parts in a version, in order. */
  public async partLabels(version?: number): Promise<string[]> {
    const ecsql = "SELECT UserLabel FROM bis.PhysicalElement WHERE UserLabel IS NOT NULL ORDER BY UserLabel";
    return queryFile(await this.checkOut(version), ecsql).map((row) => row.userLabel as string);
  }
}
