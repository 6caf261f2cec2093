import { ConnectorError } from "../../ConnectorError.js";
import { readLabel } from "../../imodel/elementQueries.js";
import type { RecordedDocument } from "../provenance/RecordedDocument.js";
import type { SynchronizationContext } from "../provenance/SynchronizationContext.js";
import type { DocumentNotes } from "./DocumentNotes.js";
import { describeClassChanges, type FoundClasses, type SchemaContract } from "./SourceClasses.js";

/** The code of the error, and of the issues, for classes that changed. */
const code = "run/schema-changed";

/** So many changes are named in an error. */
const namedChanges = 20;

/** Compares the classes of documents with those that their last runs found, and does what the contract says. */
export class ClassContract {
  public constructor(
    private readonly _context: SynchronizationContext,
    private readonly _notes: DocumentNotes,
    private readonly _contract: SchemaContract,
  ) {}

  /**
   * Checks the classes that a document has now, and notes them for its next run. A document that is new has no contract yet.
   * @throws ConnectorError `run/schema-changed` where they are frozen
   */
  public check(found: FoundClasses, { linkId, sourceId }: RecordedDocument): void {
    const known = this._notes.classesOf(sourceId);
    this._notes.noteClasses(linkId, found);
    if (known === undefined || this._contract === "evolve") return;
    const changes = describeClassChanges(known, found);
    if (changes.length > 0) this._handle(changes, readLabel(this._context.imodel, linkId) ?? "the source");
  }

  private _handle(changes: readonly string[], document: string): void {
    if (this._contract === "freeze") throw frozen(changes, document);
    for (const change of changes)
      this._context.statistics.report({ code, message: `${document} has changed: ${change}.` });
  }
}

function frozen(changes: readonly string[], document: string): ConnectorError {
  const left = changes.length - namedChanges;
  const named = [...changes.slice(0, namedChanges), ...(left > 0 ? [`${left} more changes`] : [])];
  return new ConnectorError(code, `The classes of ${document} are frozen, and have changed: ${named.join("; ")}.`, {
    advice: "Restore them in the source, or run once with --schema-contract evolve to accept the changes.",
  });
}
