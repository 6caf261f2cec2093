import { existsSync } from "node:fs";
import { join } from "node:path";
import type { WrittenReport } from "itwin-connector-viewer";
import type { Options } from "yargs";
import { ConnectorError } from "../ConnectorError.js";
import type { ConnectorJobDefArgs } from "../connector/ConnectorJobDefArgs.js";
import { makeTemporaryFolder, type TemporaryFolder } from "../files/temporaryFolder.js";
import type { ConnectorRunner } from "../run/ConnectorRunner.js";
import { withoutQuery } from "../run/fetchSource.js";
import type { RunResult } from "../run/RunResult.js";
import { interruptible } from "./interruption.js";
import { loadViewer } from "./optionalPackages.js";

type Viewer = Awaited<ReturnType<typeof loadViewer>>;

/** The flag that asks for a report. */
export const reportFlag: Record<"report", Options> = {
  report: {
    type: "string",
    requiresArg: true,
    group: "Output:",
    describe: "Page to write about the run: what changed, in 3D, and the issues (such as report.html)",
  },
};

/** What came of a report. */
export interface ReportOutcome {
  written?: WrittenReport;
  /** Why it was not written. */
  error?: ConnectorError;
}

/** The report that a run is asked for. */
export class RunReport {
  private readonly _started = new Date();

  private constructor(
    private readonly _viewer: Viewer,
    private readonly _path: string,
    private readonly _args: ConnectorJobDefArgs,
    private readonly _folder: TemporaryFolder,
  ) {}

  /**
   * Makes sure that the report can be written, before the run begins.
   * @throws ConnectorError `usage/missing-package`, `usage/file-exists`
   */
  public static async prepare(path: string, args: ConnectorJobDefArgs): Promise<RunReport> {
    const viewer = await loadViewer();
    viewer.checkReportPath(path);
    return new RunReport(viewer, path, args, makeTemporaryFolder());
  }

  /** Lets the run keep what the iModel was before it. */
  public follow(runner: ConnectorRunner): void {
    runner.copyBeforeTo(this._before);
  }

  /** Writes the report. Its failure is not that of the run, and is told beside it. */
  public async write(result: RunResult): Promise<ReportOutcome> {
    const { connectorModule, sourcePath, dmsServerUrl } = this._args;
    const before = existsSync(this._before) ? this._before : undefined;
    const source = dmsServerUrl === undefined ? sourcePath : withoutQuery(new URL(dmsServerUrl)); // it may hold a secret
    const run = { result, connectorModule, source, before, started: this._started, ended: new Date() };
    try {
      return { written: await interruptible(() => this._viewer.writeReport(run, this._path)) };
    } catch (error) {
      return { error: ConnectorError.from(error, "finish", "report/failed") };
    } finally {
      this._folder.remove();
    }
  }

  private get _before(): string {
    return join(this._folder.path, "before.bim");
  }
}
