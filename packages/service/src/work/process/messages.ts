import type { TaskFault, TaskProgress } from "../../platform/database/columns/RunState.js";
import type { RunSettings } from "../../runs/settings/settingsOfRun.js";
import type { RunOptions } from "itwin-connector-framework";
import type { RunResult } from "itwin-connector-framework";

/** What a run of a connector is told of its document. */
export type DocumentOptions = Pick<RunOptions, "documentName" | "unmap" | "documentAttributes" | "documentProperties">;

/** One document that a connector is to bring into an iModel of a bank. */
export interface ConnectorTask extends RunSettings {
  /** Absent where the document is unmapped: all goes that it brought, whichever connectors read it. */
  connectorModule?: string;
  argsJson?: unknown;
  /** The file, which is not read where the document is unmapped. */
  sourcePath: string;
  documentGuid: string;
  document: DocumentOptions;
  /** The file with the schema of the attributes of the document, as JSON, where they have one. */
  attributeSchemaPath?: string;
  /** The folder of the bank. */
  bankUrl: string;
  iModelId: string;
  /** Where the briefcases of the iModel are kept. */
  cacheDirectory: string;
}

/** A `ConnectorError`, as it goes from one process to another and into the record of a run. */
export interface ErrorDescription extends TaskFault {
  phase?: string;
  /** Where in the source the problem lies, as a person reads it. */
  location?: string;
  isRetriable: boolean;
  /** The exit code of the process of the connector, where it died. */
  exitCode?: number;
}

/** What is kept of the result of a run of a connector. */
export type ConnectorReport = Pick<
  RunResult,
  | "documents"
  | "counts"
  | "skipped"
  | "elements"
  | "relationships"
  | "changes"
  | "issues"
  | "unlistedIssues"
  | "readAs"
  | "notImported"
  | "unlistedNotImported"
  | "phases"
  | "description"
>;

/** What a run of a connector came to. */
export interface ConnectorOutcome {
  report?: ConnectorReport;
  /** Why it failed. The iModel is as it was then. */
  error?: ErrorDescription;
}

/** What a worker tells the process of its connectors. */
export type WorkerMessage = { kind: "start"; task: ConnectorTask } | { kind: "abort"; code: string; reason: string };

/** What the process tells the worker. */
export type ConnectorMessage =
  | { kind: "progress"; progress: TaskProgress }
  | { kind: "done"; report: ConnectorReport }
  | { kind: "failed"; report: ConnectorReport; error: ErrorDescription };
