import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import type { Options } from "yargs";
import { ConnectorError, messageOf } from "../ConnectorError.js";
import type { DiagnosticReport } from "../diagnostics/DiagnosticReport.js";
import { makeDiagnosticReport, type ReportedFile } from "../diagnostics/makeDiagnosticReport.js";
import { makeWritableFolder } from "../files/makeFolder.js";
import { placeDurably } from "../files/placeDurably.js";
import { readJson } from "../files/readJson.js";
import { withoutQuery } from "../run/fetchSource.js";
import type { JobArguments } from "../run/jobArguments.js";
import type { RunResult } from "../run/RunResult.js";
import { ServerArgs } from "../run/ServerArgs.js";

/** The flag that asks for the issues. */
export const issuesFlag: Record<"issues", Options> = {
  issues: {
    type: "string",
    requiresArg: true,
    group: "Output:",
    describe: "JSON file to write with the issues, in the form of the platform's diagnostic reports",
  },
};

/** The file of issues that a run is asked for. */
export class IssuesFile {
  private constructor(public readonly path: string) {}

  /**
   * Makes sure that the file can be written, before the run begins.
   * @throws ConnectorError `usage/not-writable`, `usage/file-exists`
   */
  public static async prepare(path: string): Promise<IssuesFile> {
    ensureWritable(dirname(resolve(path)));
    if (existsSync(path) && !(await isReport(path)))
      throw new ConnectorError("usage/file-exists", `${path} is not an earlier file of issues.`, {
        advice: "Choose another file with --issues, or remove it.",
      });
    return new IssuesFile(path);
  }

  /**
   * Writes the file, also for a run that failed.
   * @returns why it was not written: its failure is not that of the run, and is told beside it
   */
  public async write(result: RunResult, job: JobArguments): Promise<ConnectorError | undefined> {
    const report = makeDiagnosticReport(result, {
      context: contextOf(result, job),
      file: fileOf(result, job),
      dataSource: storeOf(job),
    });
    const text = `${JSON.stringify(report, undefined, 2)}\n`;
    try {
      await placeDurably(this.path, (path) => writeFile(path, text));
      return undefined;
    } catch (error) {
      return new ConnectorError(
        "report/failed",
        `The file of issues ${this.path} was not written: ${messageOf(error)}`,
        {
          cause: error,
        },
      );
    }
  }
}

function ensureWritable(folder: string): void {
  try {
    makeWritableFolder(folder);
  } catch (error) {
    throw new ConnectorError(
      "usage/not-writable",
      `Cannot write the file of issues to ${folder}: ${messageOf(error)}`,
      {
        cause: error,
        advice: "Choose another folder with --issues.",
      },
    );
  }
}

async function isReport(path: string): Promise<boolean> {
  try {
    const { context, filerecords } = (await readJson(path)) as Partial<DiagnosticReport>;
    return context?.reportType === "detailReport" && Array.isArray(filerecords);
  } catch {
    return false; // it is not JSON, or no object
  }
}

function contextOf({ job }: RunResult, { serverArgs, options }: JobArguments) {
  return {
    operationType: options.unmap ? "UNMAP" : "NORMAL_UPDATE",
    jobid: job?.name,
    contextid: serverArgs instanceof ServerArgs ? serverArgs.contextId : undefined,
    imodelid: serverArgs?.iModelId,
    timestamp: new Date().toISOString(),
  };
}

/** The source file of a run. Only an address on the web is one that opens in the viewer. */
function fileOf({ error, dryRun }: RunResult, { jobDefArgs, options }: JobArguments): ReportedFile {
  const { documentGuid, sourcePath, dmsServerUrl } = jobDefArgs;
  const url = webAddressOf(dmsServerUrl);
  const place = options.documentName ?? url ?? sourcePath ?? "";
  return {
    fileId: documentGuid ?? place,
    fileName: basename(place),
    path: url,
    localPath: sourcePath,
    fileExists: sourcePath === undefined ? error === undefined || isAfterFetching(error) : existsSync(sourcePath),
    bimFileExists: error === undefined && !dryRun,
  };
}

/** The query may hold a secret. */
function webAddressOf(url: string | undefined): string | undefined {
  const isWeb = url !== undefined && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
  return isWeb ? withoutQuery(new URL(url)) : undefined;
}

function isAfterFetching({ phase = "arguments" }: ConnectorError): boolean {
  return !["arguments", "load", "fetch"].includes(phase);
}

function storeOf({ jobDefArgs }: JobArguments): string {
  const url = webAddressOf(jobDefArgs.dmsServerUrl);
  return url === undefined ? "Folder" : new URL(url).host;
}
