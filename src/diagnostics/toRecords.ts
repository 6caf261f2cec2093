import { describeLocation, type SourceLocation } from "../ConnectorError.js";
import type { RunResult } from "../run/RunResult.js";
import type { NotImported } from "../sync/items/NotImportedLedger.js";
import { classifyCode } from "./classifyCode.js";
import type { AuditInfo, AuditRecord, RecordLevel } from "./DiagnosticReport.js";

/**
 * The error that ended a run: a `ConnectorError`, or what is kept of one.
 * @public
 */
export interface ReportedError {
  /** Its code. */
  code: string;
  /** What is wrong. */
  message: string;
  /** What to do. */
  advice?: string;
  /** Where in the source it lies. */
  source?: SourceLocation;
}

/**
 * What a report is made of: the result of a run, or what is kept of one.
 * @public
 */
export interface ReportedRun extends Partial<
  Pick<RunResult, "issues" | "unlistedIssues" | "notImported" | "unlistedNotImported">
> {
  /** Why it failed. */
  error?: ReportedError;
}

/** A record that has not found its file yet. */
export interface PlacedRecord {
  /** The file that it lies in, as the issue names it. */
  file?: string;
  /** The record, but for the name of the file. */
  auditinfo: Omit<AuditInfo, "fileName">;
  elementinfo: AuditRecord["elementinfo"];
}

/** What a record is made of. */
interface Finding extends ReportedError {
  level?: RecordLevel;
  elementId?: string;
}

/** The records of a run: its error first, then the issues, then what was not imported. */
export function toRecords(run: ReportedRun): PlacedRecord[] {
  const { error, issues = [], unlistedIssues = 0, notImported = [], unlistedNotImported = 0 } = run;
  const findings: Finding[] = issues.map((issue) => ({ ...issue, level: issue.level ?? usualLevel(issue.code) }));
  if (error !== undefined) findings.unshift({ ...pickError(error), level: "Fatal" });
  if (unlistedIssues > 0) findings.push(unlisted(unlistedIssues));
  findings.push(...notImported.map(toFinding));
  if (unlistedNotImported > 0) findings.push(lost("Critical", `${unlistedNotImported} things more were not imported.`));
  return findings.map(toRecord);
}

/**
 * How grave an issue is that does not say so itself. Only the error that ended a run is fatal: where an issue of such a code
 * leaves the run going on, something was left out or replaced.
 */
function usualLevel(code: string): RecordLevel {
  const { level = "Warning" } = classifyCode(code);
  return level === "Fatal" ? "Critical" : level;
}

/** An error has more, which is nobody's business. */
function pickError({ code, message, advice, source }: ReportedError): ReportedError {
  return { code, message, advice, source };
}

function unlisted(count: number): Finding {
  return { code: "run/unlisted-issues", level: "Info", message: `${count} issues more are not listed.` };
}

function toFinding({ what, reason, example, count, isLoss }: NotImported): Finding {
  const message = `Not imported: ${count} ${what}; ${reason} (such as ${example}).`;
  return lost(isLoss === false ? "Info" : "Critical", message);
}

function lost(level: RecordLevel, message: string): Finding {
  return { code: "run/not-imported", level, message };
}

function toRecord({ code, message, advice, source = {}, level = "Warning", elementId = "" }: Finding): PlacedRecord {
  const { file, entity = "", ...place } = source;
  const { category, type } = classifyCode(code);
  const text = [withPlace(message, place), advice].filter((part) => part !== undefined).join(" ");
  return {
    file,
    auditinfo: { issueid: code, level, category, type, message: text, ...place },
    elementinfo: { ecinstanceid: elementId, sourceid: entity },
  };
}

/** Issues name the place in their messages. Errors do not. */
function withPlace(message: string, place: SourceLocation): string {
  const where = describeLocation(place);
  return where === "" || message.includes(where) ? message : `${where}: ${message}`;
}
