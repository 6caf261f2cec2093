import { writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { ConnectorJobDefArgs, ConnectorRunner, type RunResult } from "itwin-connector-framework";
import { query, readIModel } from "./iModels.js";
import { contentOf, temporaryFolder } from "./temporary.js";

/** A file with tables and the iModel that it goes into, as they develop. */
export class TableTimeline {
  public args: unknown;
  public readonly folder = temporaryFolder();

  /**
   * @param _connectorModule - path of the connector
   * @param file - name of the file
   */
  public constructor(
    private readonly _connectorModule: string,
    public file: string,
  ) {}

  /** Path of the file. */
  public get path(): string {
    return join(this.folder, this.file);
  }

  /** Path of the iModel. */
  public get iModel(): string {
    return join(this.folder, `${this.file.slice(0, -extname(this.file).length)}.bim`);
  }

  /** What the iModel holds, as a hash. */
  public get content(): string {
    return contentOf(this.iModel);
  }

  /** Writes a file beside the source. */
  public write(name: string, content: string | Uint8Array): string {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  /** Synchronizes the file as it is, or in its next state. */
  public async run(content?: string | Uint8Array): Promise<RunResult> {
    if (content !== undefined) this.write(this.file, content);
    const runner = new ConnectorRunner(
      Object.assign(new ConnectorJobDefArgs(), {
        connectorModule: this._connectorModule,
        sourcePath: this.path,
        outputDir: this.folder,
        isSnapshot: true,
        argsJson: this.args,
      }),
    );
    await runner.synchronize();
    return runner.result;
  }

  /** The same for a state that must be accepted. */
  public async sync(content?: string | Uint8Array): Promise<RunResult> {
    const result = await this.run(content);
    if (result.error !== undefined) throw result.error;
    return result;
  }

  /** All rows of an ECSQL query, as objects by column. */
  public query(ecsql: string): Record<string, unknown>[] {
    return readIModel(this.iModel, (imodel) => query(imodel, ecsql));
  }

  /** Name and type of each property of a class. */
  public properties(classFullName: string): string[] {
    const [schemaName, className] = classFullName.split(":") as [string, string];
    const props = readIModel(this.iModel, (imodel) => imodel.getSchemaProps(schemaName));
    const { properties = [] } = props.items![className] as unknown as {
      properties?: { name: string; typeName?: string }[];
    };
    return properties.map(({ name, typeName }) => `${name}: ${typeName ?? "navigation"}`);
  }
}

/** How many elements a run has inserted, updated and deleted. */
export function written({ elements }: RunResult): [inserted: number, updated: number, deleted: number] {
  return [elements.inserted, elements.updated, elements.deleted];
}
