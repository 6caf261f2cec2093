import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { ConnectorError } from "itwin-connector-framework";
import { makeWritableFolder, messageOf } from "itwin-connector-framework/internal";

/** Stands in the head of every report. Only a file with this mark is replaced. */
export const reportMark = '<meta name="generator" content="itwin-connector-viewer report" />';

/** Where a report is. */
export interface ReportPlace {
  /** The path of the page. */
  readonly path: string;
  /** The path of the folder beside it, for a report that is too large for one file. */
  readonly folder: string;
}

/** The paths of a report: the data of `report.html` are in `report_files`. */
export function placeOfReport(file: string): ReportPlace {
  const path = resolve(file);
  return { path, folder: join(dirname(path), `${basename(path, extname(path))}_files`) };
}

/**
 * Makes sure that a report can be written, and replaces nothing but an earlier report. Makes the folder that it lies in.
 * @throws ConnectorError `usage/file-exists`, `usage/not-writable`
 * @public
 */
export function checkReportPath(file: string): void {
  const { path, folder } = placeOfReport(file);
  const advice = "Choose another name, or remove it.";
  const refuse = (found: string) => {
    throw new ConnectorError("usage/file-exists", `${found} is not an earlier report.`, { advice });
  };
  if (existsSync(path) && !isReport(path)) refuse(path);
  if (existsSync(folder) && !isFolderOfReport(folder)) refuse(folder);
  checkWritable(dirname(path));
}

function checkWritable(folder: string): void {
  try {
    makeWritableFolder(folder);
  } catch (error) {
    throw new ConnectorError("usage/not-writable", `Cannot write a report to ${folder}: ${messageOf(error)}`, {
      cause: error,
      advice: "Choose another folder for the report.",
    });
  }
}

function isReport(path: string): boolean {
  if (!statSync(path).isFile()) return false;
  const head = Buffer.alloc(2000);
  const handle = openSync(path, "r");
  try {
    readSync(handle, head, 0, head.length, 0);
  } finally {
    closeSync(handle);
  }
  return head.toString("latin1").includes(reportMark);
}

function isFolderOfReport(folder: string): boolean {
  if (!statSync(folder).isDirectory()) return false;
  const names = readdirSync(folder);
  return names.length === 0 || (names.includes("run.js") && names.every((name) => name.endsWith(".js")));
}
