import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { IModelHost, SettingsPriority, SnapshotDb, type IModelDb } from "@itwin/core-backend";
import { DbResult } from "@itwin/core-bentley";
import { expect } from "chai";
import {
  ConnectorError,
  ConnectorJobDefArgs,
  ConnectorRunner,
  type RunProgress,
  type RunResult,
} from "itwin-connector-framework";

const connectorModule = fileURLToPath(new URL("../src/index.ts", import.meta.url));

/** Runs the backend for the tests of a suite, unless it runs already. */
export function useHost(): void {
  let isOurs = false;
  before(async () => {
    isOurs = !IModelHost.isValid;
    if (!isOurs) return;
    await IModelHost.startup({ profileName: `itwin-connector-csv-test-${process.pid}` });
    IModelHost.appWorkspace.settings.addDictionary(
      { name: "test", priority: SettingsPriority.application },
      { "itwin/core/gcs/disableWorkspaces": true },
    );
  });
  after(async () => {
    if (!isOurs) return;
    const { profileDir } = IModelHost;
    await IModelHost.shutdown();
    rmSync(profileDir, { recursive: true, force: true });
  });
}

/** A folder for each test, or one for the suite, removed afterwards. */
export function useFolder(isShared = false): {
  path: string;
  write(name: string, content: string | Uint8Array): string;
} {
  const folder = {
    path: "",
    write(name: string, content: string | Uint8Array): string {
      const path = join(folder.path, name);
      writeFileSync(path, content);
      return path;
    },
  };
  const [enter, leave] = isShared ? [before, after] : [beforeEach, afterEach];
  enter(() => (folder.path = mkdtempSync(join(tmpdir(), "csv-connector-"))));
  leave(() => rmSync(folder.path, { recursive: true, force: true }));
  return folder;
}

/** A CSV file and the iModel that it goes into, as they develop. */
export class Timeline {
  public file = "parts.csv";
  public args: unknown;
  public onProgress: (progress: RunProgress) => void = () => {};

  public constructor(private readonly _folder: ReturnType<typeof useFolder>) {}

  /** Path of the iModel. */
  public get iModel(): string {
    return join(this._folder.path, `${this.file.slice(0, -extname(this.file).length)}.bim`);
  }

  /** What the iModel holds, as a hash: the same for the same bytes. */
  public get content(): string {
    return createHash("sha256").update(readFileSync(this.iModel)).digest("hex");
  }

  /** Writes the next state of the file and synchronizes it. */
  public async run(content: string | Uint8Array, more: Partial<ConnectorJobDefArgs> = {}): Promise<RunResult> {
    const runner = new ConnectorRunner(
      Object.assign(new ConnectorJobDefArgs(), {
        connectorModule,
        sourcePath: this._folder.write(this.file, content),
        outputDir: this._folder.path,
        isSnapshot: true,
        argsJson: this.args,
        ...more,
      }),
    );
    runner.onProgress.addListener((progress) => this.onProgress(progress));
    await runner.synchronize();
    return runner.result;
  }

  /** The same for a state that must be accepted. */
  public async sync(content: string | Uint8Array, more?: Partial<ConnectorJobDefArgs>): Promise<RunResult> {
    const result = await this.run(content, more);
    if (result.error !== undefined) throw result.error;
    return result;
  }

  public read<T>(read: (imodel: IModelDb) => T): T {
    const imodel = SnapshotDb.openFile(this.iModel);
    try {
      return read(imodel);
    } finally {
      imodel.close();
    }
  }

  /** All rows of an ECSQL query, as objects by column. */
  public query(ecsql: string): Record<string, unknown>[] {
    return this.read((imodel) =>
      imodel.withPreparedStatement(ecsql, (statement) => {
        const rows: Record<string, unknown>[] = [];
        while (statement.step() === DbResult.BE_SQLITE_ROW) rows.push(statement.getRow() as Record<string, unknown>);
        return rows;
      }),
    );
  }

  /** Name, label and type of each property of a class. */
  public properties(classFullName: string): { name: string; label?: string; typeName: string }[] {
    const [schemaName, className] = classFullName.split(":") as [string, string];
    const props = this.read((imodel) => imodel.getSchemaProps(schemaName));
    const { properties } = props.items![className] as unknown as {
      properties: { name: string; label?: string; typeName: string }[];
    };
    return properties.map(({ name, label, typeName }) => ({ name, label, typeName }));
  }
}

/** How many elements a run has inserted, updated and deleted. */
export function written({ elements }: RunResult): [inserted: number, updated: number, deleted: number] {
  return [elements.inserted, elements.updated, elements.deleted];
}

/** The error that a call is expected to throw. */
export async function errorOf(call: () => unknown): Promise<ConnectorError> {
  try {
    await call();
  } catch (error) {
    expect(error, String(error)).to.be.instanceOf(ConnectorError);
    return error as ConnectorError;
  }
  throw new Error("no error was thrown");
}
