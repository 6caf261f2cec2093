import type { Id64String } from "@itwin/core-bentley";
import { ConnectorError } from "../../ConnectorError.js";
import type { DocumentRecorder } from "./DocumentRecorder.js";

/**
 * What connectors find out about documents and keep for their next run, such as the types of columns: with it a source can be
 * read in one pass.
 */
export class DocumentFindings {
  /** @param _areTrusted - whether this run relies on what earlier runs have found out */
  public constructor(
    private readonly _documents: Pick<DocumentRecorder, "findingsOf" | "areFindingsOfLastRun" | "noteFindings">,
    private readonly _areTrusted: boolean,
  ) {}

  /** What was kept of a document that was recorded in this run. Undefined where there is nothing to rely on. */
  public recall(linkId: Id64String): unknown {
    return this._areTrusted ? this._documents.findingsOf(linkId) : undefined;
  }

  /**
   * Whether what {@link DocumentFindings.recall} gives tells of the very content that the iModel holds of the document. It does
   * not where a later run has not kept anything, such as one with an older version of the connector.
   */
  public areOfLastRun(linkId: Id64String): boolean {
    return this._areTrusted && this._documents.areFindingsOfLastRun(linkId);
  }

  /** Keeps plain data for the next run. It is written when the run succeeds. */
  public keep(linkId: Id64String, findings: unknown): void {
    this._documents.noteFindings(linkId, findings);
  }
}

/**
 * Ends an attempt at a run that relied on what an earlier run had found out, and the source is another one now. The run is
 * attempted again without it.
 */
export class OutdatedFindings extends ConnectorError {
  public constructor({ cause }: { cause?: unknown } = {}) {
    super("run/outdated-findings", "The source differs from what the last run found out about it.", {
      cause,
      recovery: "retriable",
      advice: "Start the run again.",
    });
  }
}
