import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { IModelDb } from "@itwin/core-backend";
import { StandaloneDb } from "@itwin/core-backend";
import { expect } from "chai";
import { ConnectorJobDefArgs, ConnectorRunner, type RunOptions, type RunResult } from "itwin-connector-framework";
import { queryFile } from "../../support/iModels.js";
import { contentOf, temporaryFolder } from "../../support/temporary.js";
import { calls, made, type TestEntity, type TestSource } from "./StreamTestConnector.js";

/** The module of the test connector. */
export const streamModule = fileURLToPath(new URL("./StreamTestConnector.ts", import.meta.url));

/** A source of entities that changes from run to run, and the iModel that follows it. */
export class StreamTimeline {
  public readonly folder = temporaryFolder();
  public readonly iModelPath = join(this.folder, "source.bim");
  public args: Partial<ConnectorJobDefArgs> = {};
  public options: RunOptions = {};

  /** The arguments of a run. */
  public get jobArgs(): ConnectorJobDefArgs {
    const sourcePath = join(this.folder, "source.json");
    const defaults = { connectorModule: streamModule, sourcePath, outputDir: this.folder };
    return Object.assign(new ConnectorJobDefArgs(), defaults, this.args);
  }

  /** Writes the next state of the source and runs the connector, whatever comes of it. */
  public async run(source: TestSource | TestEntity[]): Promise<RunResult> {
    const { jobArgs } = this;
    writeFileSync(jobArgs.sourcePath!, JSON.stringify(Array.isArray(source) ? { entities: source } : source));
    made.length = 0;
    calls.length = 0;
    const runner = new ConnectorRunner(jobArgs, undefined, this.options);
    await runner.synchronize();
    return runner.result;
  }

  /** The same for a run that must succeed. */
  public async sync(source: TestSource | TestEntity[]): Promise<RunResult> {
    const result = await this.run(source);
    if (result.error !== undefined) throw result.error;
    return result;
  }

  /** All rows of an ECSQL query on the iModel. */
  public query(ecsql: string): Record<string, unknown>[] {
    return queryFile(this.iModelPath, ecsql);
  }

  /** The labels of the elements of a class, with the label of what a query column leads to. */
  public labels(ecsql: string): unknown[][] {
    return this.query(ecsql).map((row) => Object.values(row));
  }

  /** Changes the iModel as another program would. */
  public edit(change: (imodel: IModelDb) => void): void {
    const imodel = StandaloneDb.openFile(this.iModelPath);
    try {
      imodel.channels.addAllowedChannel("shared");
      change(imodel);
      imodel.saveChanges();
    } finally {
      imodel.close();
    }
  }

  /** What the iModel holds, as a hash. */
  public get content(): string {
    return contentOf(this.iModelPath);
  }
}

/** New, changed, unchanged and deleted entities. */
export function counted({ counts }: RunResult): number[] {
  return [counts.new, counts.changed, counts.unchanged, counts.deleted];
}

/** Inserted, updated and deleted relationships. */
export function related({ relationships }: RunResult): number[] {
  return [relationships.inserted, relationships.updated, relationships.deleted];
}

/** The codes of the issues of a run. */
export function issueCodes({ issues }: RunResult): string[] {
  return issues.map(({ code }) => code);
}

/** A run writes elements, relationships or none. */
export function expectNothingWritten(result: RunResult): void {
  expect(result.elements).to.deep.equal({ inserted: 0, updated: 0, deleted: 0 });
  expect(related(result)).to.deep.equal([0, 0, 0]);
}
