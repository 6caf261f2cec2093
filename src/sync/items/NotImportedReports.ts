import type { Id64String } from "@itwin/core-bentley";
import { NotImportedLedger, type NotImported } from "./NotImportedLedger.js";

/**
 * What a connector reports as not imported.
 * @public
 */
export interface NotImportedReport extends Omit<NotImported, "count"> {
  /** How many there are. Default: 1. */
  count?: number;
  /** The RepositoryLink of the document that they belong to. Default: the document that was recorded last. */
  document?: Id64String;
}

/** What is kept of a document between runs. */
export interface KeptLedger {
  entries: readonly NotImported[];
  unlisted: number;
}

/**
 * What was not imported, by document. For a document that was recorded as unchanged, what its last run reported counts,
 * unless the connector reads it nevertheless and reports again.
 */
export class NotImportedReports {
  private readonly _reported = new Map<Id64String | undefined, NotImportedLedger>();
  private readonly _recalled = new Map<Id64String, KeptLedger>();

  /** The sum over all documents. */
  public get sum(): KeptLedger {
    const sum = new NotImportedLedger();
    for (const ledger of this._reported.values()) addAll(sum, ledger);
    for (const [document, kept] of this._recalled) if (!this._reported.has(document)) addAll(sum, kept);
    return { entries: sum.entries, unlisted: sum.unlisted };
  }

  /**
   * Takes in a report.
   * @param latest - the document that it belongs to, if it names none
   */
  public add(report: NotImportedReport, latest: Id64String | undefined): void {
    if (!isReport(report))
      throw new Error(
        "reportNotImported takes what, reason and example as texts, a whole number as count, isLoss, document, and nothing else",
      );
    const { count = 1, document = latest, ...texts } = report;
    if (count === 0) return;
    let ledger = this._reported.get(document);
    if (ledger === undefined) this._reported.set(document, (ledger = new NotImportedLedger()));
    ledger.add({ ...texts, count });
  }

  /** What was reported of a document in this run. */
  public of(document: Id64String): KeptLedger {
    return this._reported.get(document) ?? { entries: [], unlisted: 0 };
  }

  /** Takes in what an earlier run reported of a document that is unchanged. */
  public recall(document: Id64String, kept: KeptLedger): void {
    this._recalled.set(document, kept);
  }
}

function addAll(sum: NotImportedLedger, { entries, unlisted }: KeptLedger): void {
  for (const entry of entries) sum.add(entry);
  sum.addUnlisted(unlisted);
}

const members = new Set(["what", "reason", "example", "count", "isLoss", "document"]);

/** Connectors in JavaScript can pass anything. A misspelt count would be taken as 1. */
function isReport(report: unknown): boolean {
  if (typeof report !== "object" || report === null) return false;
  for (const name in report) if (!members.has(name)) return false;
  const { what, reason, example, count = 1, isLoss = true } = report as Record<string, unknown>;
  const areTexts = [what, reason, example].every((text) => typeof text === "string");
  return areTexts && typeof isLoss === "boolean" && Number.isSafeInteger(count) && Number(count) >= 0;
}
