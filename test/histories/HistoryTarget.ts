import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ConnectorJobDefArgs, ConnectorRunner, IModelBankArgs, type RunResult } from "itwin-connector-framework";
import { BankHubAccess } from "../../src/bank/BankHubAccess.js";
import { IModelBank } from "../../src/bank/IModelBank.js";
import { checkOut } from "../../src/imodel/checkpoints.js";
import { writeVersionZero } from "../../src/imodel/native.js";
import { contentOf } from "../support/temporary.js";
import type { HistoryDocument } from "./HistoryConnector.js";

const connectorModule = fileURLToPath(new URL("./HistoryConnector.ts", import.meta.url));

/** The documents of a source, as files. */
export class HistorySource {
  public constructor(public readonly folder: string) {
    mkdirSync(folder, { recursive: true });
  }

  public pathOf(index: number): string {
    return join(this.folder, `document-${index}.json`);
  }

  public write(index: number, document: HistoryDocument): void {
    writeFileSync(this.pathOf(index), JSON.stringify(document));
  }
}

/** An iModel that follows a source. */
export interface HistoryTarget {
  /** Runs the connector on a document. */
  run(sourcePath: string): Promise<RunResult>;
  /** What the iModel is, so that a change shows. */
  readonly state: string;
  /** Keeps the iModel as it is. */
  keep(name: string): void;
  /** Makes the iModel what it was. */
  restore(name: string): void;
  /** The file of the iModel as a user would open it. */
  open(): Promise<string>;
}

export type TargetKind = "snapshot" | "standalone" | "bank";

export function makeTarget(kind: TargetKind, folder: string): HistoryTarget {
  return kind === "bank" ? new BankHistory(folder) : new LocalHistory(folder, kind === "snapshot");
}

function jobArgs(sourcePath: string, more: Partial<ConnectorJobDefArgs>): ConnectorJobDefArgs {
  const args = { connectorModule, sourcePath, allDocsProcessed: true, ...more };
  return Object.assign(new ConnectorJobDefArgs(), args);
}

async function execute(runner: ConnectorRunner): Promise<RunResult> {
  await runner.synchronize();
  return runner.result;
}

/** A file has the name of its source; all documents of a history go into one. */
class LocalHistory implements HistoryTarget {
  private readonly _file: string;

  public constructor(
    private readonly _folder: string,
    private readonly _isSnapshot: boolean,
  ) {
    this._file = join(_folder, "all.bim");
    mkdirSync(_folder, { recursive: true });
  }

  public get state(): string {
    return existsSync(this._file) ? contentOf(this._file) : "none";
  }

  public async run(sourcePath: string): Promise<RunResult> {
    const name = sourcePath.replace(/^.*[\\/]/, "").replace(/\.json$/, ".bim");
    const path = join(this._folder, name);
    if (existsSync(this._file)) renameSync(this._file, path);
    const { _folder: outputDir, _isSnapshot: isSnapshot } = this;
    const result = await execute(new ConnectorRunner(jobArgs(sourcePath, { outputDir, isSnapshot })));
    if (existsSync(path)) renameSync(path, this._file);
    return result;
  }

  public keep(name: string): void {
    cpSync(this._file, join(this._folder, `${name}.kept`));
  }

  public restore(name: string): void {
    cpSync(join(this._folder, `${name}.kept`), this._file);
  }

  public async open(): Promise<string> {
    return this._file;
  }
}

class BankHistory implements HistoryTarget {
  private readonly _bank: string;
  private _checkouts = 0;

  public constructor(private readonly _folder: string) {
    this._bank = join(_folder, "bank");
    IModelBank.create(this._bank);
  }

  public get state(): string {
    const bank = IModelBank.open(this._bank);
    return bank.iModels.map(({ id }) => `${id} ${bank.latest(id).id}`).join();
  }

  public async run(sourcePath: string): Promise<RunResult> {
    const bankArgs = { url: this._bank, iModelName: "document-0", createiModel: true };
    const cacheDirectory = join(this._folder, "cache");
    const args = jobArgs(sourcePath, { outputDir: undefined });
    return execute(new ConnectorRunner(args, Object.assign(new IModelBankArgs(), bankArgs), { cacheDirectory }));
  }

  public keep(name: string): void {
    cpSync(this._bank, join(this._folder, name), { recursive: true });
  }

  public restore(name: string): void {
    rmSync(this._bank, { recursive: true });
    cpSync(join(this._folder, name), this._bank, { recursive: true });
  }

  public async open(): Promise<string> {
    const bank = IModelBank.open(this._bank);
    const { id } = bank.find("document-0");
    const file = join(this._folder, `checkout-${this._checkouts++}.bim`);
    await checkOut(new BankHubAccess(bank, writeVersionZero), id, bank.latest(id).index, file);
    return file;
  }
}
