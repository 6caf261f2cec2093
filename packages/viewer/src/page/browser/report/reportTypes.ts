import type { ChangeKind, ElementChange, ModelChanges } from "../apiTypes.js";

/** What the report says of the run. */
export interface RunReport {
  connector?: string;
  connectorVersion?: string;
  job?: string;
  source?: string;
  started: string;
  ended: string;
  iModel: string;
  iModelPath?: string;
  description?: string;
  dryRun: boolean;
  iModelIsNew: boolean;
  documents: Record<"new" | "changed" | "unchanged", number>;
  counts: Record<"new" | "changed" | "unchanged" | "deleted", number>;
  elements: Record<"inserted" | "updated" | "deleted", number>;
  skipped: number;
  phases: { phase: string; milliseconds: number }[];
  issues: { code: string; message: string; elementId?: string }[];
  unlistedIssues: number;
  /** How the source was read where it leaves that open. */
  readAs: string[];
  notImported: { what: string; reason: string; example: string; count: number }[];
  unlistedNotImported: number;
  /** The elements that examples of `notImported` are about. */
  examples?: Record<string, string>;
  error?: { code: string; message: string; phase?: string; advice?: string };
  /** Whether the report has the iModel. */
  hasModel: boolean;
}

/** What changed, with the ids alone of what is too much to list. */
export interface ReportedChanges extends ModelChanges {
  others: { kind: ChangeKind; id: string; idBefore?: string }[];
}

export type { ElementChange };
