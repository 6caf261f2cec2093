import { sep } from "node:path";
import { countRecords } from "itwin-connector-framework/internal";
import type { SynchronizationReport, TaskError, TaskFault } from "../platform/database/columns/RunState.js";
import type { ConnectorOutcome, ConnectorReport, ErrorDescription } from "./process/messages.js";

/** Whose business the errors of a scope are. The scopes of connectors are not among them: theirs are of the source. */
const categories: Record<string, string> = {
  load: "Configuration",
  usage: "Configuration",
  service: "Service",
  bank: "Service",
  imodel: "IModel",
  run: "Connector",
  sync: "Connector",
};

/** The error of a task, in the platform's form. */
export function toTaskError(error: ErrorDescription): TaskError {
  const { code, message, location, advice, phase, exitCode } = error;
  const category = categoryOf(error);
  return {
    errorCode: code,
    message,
    details: [location, advice].filter((part) => part !== undefined).join(": ") || undefined,
    bridgeExitCode: exitCode,
    system: "connector",
    phase,
    category,
    descriptionKey: code,
    description: advice ?? message,
    kbArticleLink: "",
    canUserFix: category === "Source",
  };
}

function categoryOf({ code, isRetriable }: ErrorDescription): string {
  const [scope = ""] = code.split("/");
  return isRetriable ? "Transient" : (categories[scope] ?? "Source");
}

/** A task in a few words, with the numbers of its diagnostic report. */
export function summarize({ report, error }: { report?: ConnectorReport; error?: TaskFault }): SynchronizationReport {
  const { errors, warnings, others } = countRecords({ ...report, error });
  return {
    suggestedAction: error?.advice,
    message: error?.message ?? (report === undefined ? "Nothing was done." : describeReport(report)),
    totalErrorsCount: errors,
    totalWarningsCount: warnings,
    totalOtherIssuesCount: others,
  };
}

/** What a diagnostic report needs of an error. */
export function toFault({ code, message, advice, source }: ErrorDescription): TaskFault {
  return { code, message, advice, source };
}

function describeReport({ counts, documents, skipped }: ConnectorReport): string {
  // A connector that skips such a file has not counted what is in it.
  const isSkipped = documents.unchanged > 0 && documents.new + documents.changed + counts.unchanged === 0;
  if (isSkipped) return "The file is unchanged.";
  const { new: added, changed, unchanged, deleted } = counts;
  const rejected = skipped > 0 ? `, ${skipped} skipped` : "";
  return `${added} new, ${changed} changed, ${unchanged} unchanged, ${deleted} deleted${rejected}.`;
}

/** An outcome without the folder in which the files of the run lay: clients know them by their paths within it. */
export function withoutFolder(outcome: ConnectorOutcome, folder: string): ConnectorOutcome {
  const prefix = JSON.stringify(`${folder}${sep}`).slice(1, -1); // as it stands within a text in JSON
  return JSON.parse(JSON.stringify(outcome).replaceAll(prefix, "")) as ConnectorOutcome;
}
