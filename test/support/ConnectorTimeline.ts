import { cpSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import type { IModelDb } from "@itwin/core-backend";
import { expect } from "chai";
import { ConnectorError, ConnectorJobDefArgs, ConnectorRunner, type RunResult } from "itwin-connector-framework";
import { query, readIModel } from "./iModels.js";
import { contentOf, temporaryFolder } from "./temporary.js";

/** A source in a folder of its own, and the iModel that it goes into, as they develop. */
export class ConnectorTimeline {
  public readonly folder = temporaryFolder();
  public args: unknown;

  /**
   * @param _connectorModule - path of the connector's module
   * @param file - name of the source file
   */
  public constructor(
    private readonly _connectorModule: string,
    public file: string,
  ) {}

  /** Path of the iModel. */
  public get iModel(): string {
    return join(this.folder, `${basename(this.file, extname(this.file))}.bim`);
  }

  /** What the iModel holds, as a hash. */
  public get content(): string {
    return contentOf(this.iModel);
  }

  /** Writes a file beside the source, or the source itself. */
  public write(content: string | Uint8Array, name = this.file): void {
    writeFileSync(join(this.folder, name), content);
  }

  /** Copies real files of others, the last one being the source. */
  public copy(...paths: string[]): void {
    for (const path of paths) cpSync(path, join(this.folder, basename(path)));
    for (const path of paths) this.file = basename(path);
    expect(dirname(this.iModel)).to.equal(this.folder);
  }

  /** Synchronizes the source as it is, whatever comes of it. */
  public async run(more: Partial<ConnectorJobDefArgs> = {}): Promise<RunResult> {
    const args = {
      connectorModule: this._connectorModule,
      sourcePath: join(this.folder, this.file),
      outputDir: this.folder,
      isSnapshot: true,
      argsJson: this.args,
      ...more,
    };
    const runner = new ConnectorRunner(Object.assign(new ConnectorJobDefArgs(), args));
    await runner.synchronize();
    return runner.result;
  }

  /** The same for a state that must be accepted; @returns how many elements were inserted, updated and deleted. */
  public async sync(content?: string | Uint8Array, more?: Partial<ConnectorJobDefArgs>): Promise<number[]> {
    const { elements } = await this.result(content, more);
    return [elements.inserted, elements.updated, elements.deleted];
  }

  /** The whole result for a state that must be accepted. */
  public async result(content?: string | Uint8Array, more?: Partial<ConnectorJobDefArgs>): Promise<RunResult> {
    if (content !== undefined) this.write(content);
    const result = await this.run(more);
    if (result.error !== undefined) throw result.error;
    return result;
  }

  /** The error for a state that must be refused; an iModel that is there must stay as it is. */
  public async refusal(content?: string | Uint8Array): Promise<ConnectorError> {
    if (content !== undefined) this.write(content);
    const { error } = await this.run();
    expect(error, String(error?.stack)).to.be.instanceOf(ConnectorError);
    expect(error!.advice, "advice").to.be.a("string");
    return error!;
  }

  /** Reads the iModel. */
  public read<T>(read: (imodel: IModelDb) => T): T {
    return readIModel(this.iModel, read);
  }

  /** All rows of an ECSQL query, as objects by column. */
  public query(ecsql: string): Record<string, unknown>[] {
    return this.read((imodel) => query(imodel, ecsql));
  }
}
