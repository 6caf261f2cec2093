import { BentleyStatus } from "@itwin/core-bentley";
import Table from "cli-table3";
import { ConnectorError, describeLocation, messageOf } from "../ConnectorError.js";
import type { IModelVersionInfo } from "../imodel/IModelTarget.js";
import type { RunResult } from "../run/RunResult.js";
import type { WrittenReport } from "itwin-connector-viewer";
import type { OutputFlags, ReportOptions } from "./outputFlags.js";
import { counted, countText } from "../counted.js";

/** Prints what a run has done, and where the iModel is. */
export function writeReport(result: RunResult, options: ReportOptions): void {
  const lines = [
    itemTable(result),
    ...documentLines(result),
    ...result.readAs.map((how) => `read as: ${how}`),
    ...issueLines(result),
    ...notImportedLines(result),
    ...remnantLines(result),
  ];
  if (options.verbose) lines.push(...changeLines(result), phaseLine(result));
  lines.push(conclusion(result));
  process.stdout.write(`${lines.join("\n")}\n`);
}

/** Prints the result as one JSON object. */
export function writeJson(result: RunResult, report: WrittenReport | undefined): void {
  const { error, ...rest } = result;
  writeAsJson({ ...rest, error: error && describeError(error), report });
}

/** Prints where the report of a run is. */
export function writePlaceOfReport({ path, folder, bytes, maxBytes }: WrittenReport): void {
  const megabytes = (count: number) => `${(count / 1e6).toFixed(1)} MB`;
  const why = `because it has ${megabytes(bytes)} and one file may have ${megabytes(maxBytes)}`;
  const rest = folder === undefined ? "" : `, with its data in the folder ${folder}, ${why}. Keep both together`;
  process.stdout.write(`Report: ${path}${rest}.\n`);
}

/** Prints what a command has to say to programs. */
export function writeAsJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** Prints an error outside of a run; as JSON it has what the result of a run has of it. */
export function writeFailure(error: unknown, { json, verbose = false }: OutputFlags): void {
  const known = ConnectorError.from(error, "arguments", "usage/failed");
  if (json) writeAsJson({ status: BentleyStatus.ERROR, error: describeError(known) });
  writeError(error, { verbose });
}

/** Prints an error: what and where in one line, what to do in the next. */
export function writeError(error: unknown, options: ReportOptions): void {
  const lines = error instanceof ConnectorError ? errorLines(error) : [`error: ${messageOf(error)}`];
  if (options.verbose) lines.push(...stackLines(error));
  process.stderr.write(`${lines.join("\n")}\n`);
}

function itemTable({ counts, elements, dryRun }: RunResult): string {
  const written = elements.inserted + elements.updated + elements.deleted;
  const table = new Table({
    head: ["new", "changed", "unchanged", "deleted", dryRun ? "elements to write" : "elements written"],
    colAligns: ["right", "right", "right", "right", "right"],
    style: { head: [], border: [] },
  });
  const row = [counts.new, counts.changed, counts.unchanged, counts.deleted, written];
  table.push(row.map(countText));
  return table.toString();
}

/** Entities of a document that a connector skipped are in no count, so it must be said that it was unchanged. */
function documentLines({ documents }: RunResult): string[] {
  if (documents.unchanged === 0) return [];
  const all = documents.new + documents.changed + documents.unchanged;
  return [all === 1 ? "The document is unchanged." : `${documents.unchanged} of ${all} documents are unchanged.`];
}

function issueLines({ issues, unlistedIssues }: RunResult): string[] {
  const lines = issues.map((issue) => `! ${issue.message}`);
  if (unlistedIssues > 0) lines.push(`! and ${countText(unlistedIssues)} more`);
  return lines;
}

function notImportedLines({ notImported, unlistedNotImported }: RunResult): string[] {
  const lines = notImported
    .filter(({ isLoss }) => isLoss !== false)
    .map(({ count, what, reason, example }) => {
      return `not imported: ${counted(count, what)}; ${reason} (such as ${example})`;
    });
  if (unlistedNotImported > 0) lines.push(`not imported: ${counted(unlistedNotImported, "other")}`);
  return lines;
}

/** What nobody misses is one line; reports have all of it. */
function remnantLines({ notImported }: RunResult): string[] {
  const remnants = notImported.filter(({ isLoss }) => isLoss === false);
  const [first] = remnants;
  if (first === undefined) return [];
  const count = remnants.reduce((sum, remnant) => sum + remnant.count, 0);
  const others = remnants.length > 1 ? ", and others" : "";
  return [`no loss: ${counted(count, "instance")} without effect, such as ${first.what} ${first.example}${others}`];
}

function changeLines({ changes, counts, elements }: RunResult): string[] {
  const lines = changes.map(
    ({ change, kind, identifier, elementId }) => `  ${change} ${kind} "${identifier}" ${elementId}`,
  );
  const left = counts.new + counts.changed + counts.deleted - changes.length;
  if (left > 0) lines.push(`  and ${countText(left)} more`);
  if (elements.inserted + elements.updated + elements.deleted > 0)
    lines.push(`  elements: ${elements.inserted} inserted, ${elements.updated} updated, ${elements.deleted} deleted`);
  return lines;
}

function phaseLine({ phases }: RunResult): string {
  return phases.map(({ phase, milliseconds }) => `${phase} ${(milliseconds / 1000).toFixed(2)} s`).join(", ");
}

function conclusion(result: RunResult): string {
  const seconds = (result.phases.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1000).toFixed(1);
  const { dryRun, iModelIsNew, version } = result;
  if (version !== undefined) return `${versionText(version, dryRun)} (${seconds} s)`;
  const { iModelPath } = result;
  if (dryRun) return `Dry run, ${seconds} s: ${iModelPath} ${iModelIsNew ? "was not created" : "is as it was"}.`;
  return `${iModelIsNew ? "Created" : "Synchronized"} ${iModelPath} in ${seconds} s.`;
}

function versionText({ place, changesetIndex, isPushed }: IModelVersionInfo, dryRun: boolean): string {
  if (isPushed) return `Pushed version ${changesetIndex} of ${place}.`;
  return dryRun ? `Dry run: ${place} is as it was.` : `Nothing changed: ${place} is at version ${changesetIndex}.`;
}

function errorLines(error: ConnectorError): string[] {
  const location = describeLocation(error.source);
  const lines = [`error [${error.code}]${location && ` ${location}:`} ${error.message}`];
  if (error.advice !== undefined) lines.push(error.advice);
  return lines;
}

function describeError({ code, phase, message, source, advice, recovery }: ConnectorError): Record<string, unknown> {
  return { code, phase, message, source, advice, recovery };
}

function stackLines(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const cause = error.cause instanceof Error ? [`caused by ${error.cause.stack}`] : [];
  return [error.stack ?? "", ...cause];
}
