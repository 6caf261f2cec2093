import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import type { CodeProps, ElementProps, ExternalSourceProps } from "@itwin/core-common";
import { ConnectorError, type ErrorRecovery } from "../../ConnectorError.js";
import { readLabel } from "../../imodel/elementQueries.js";
import { readProvenanceOf, type ElementProvenance } from "../provenance/provenanceQueries.js";
import type { SynchronizationContext } from "../provenance/SynchronizationContext.js";

/** What no two elements of an iModel can both have. */
export type UniqueValues = Pick<Partial<ElementProps>, "code" | "federationGuid">;

/** That an element wants a value which another one has: a code, or a federation GUID. */
interface ValueConflict extends UniqueValues {
  /** The element that wants it. */
  id: Id64String;
  /** The element that has it. */
  holderId: Id64String;
}

/** What becomes of conflicts that remain at the end of a run. */
export class ValueConflicts {
  /** `skippable` lets the run go on without the value. */
  public policy: ErrorRecovery = "fatal";

  /** @param _reopenDocuments - makes the next run read the documents of this one again */
  public constructor(
    private readonly _context: SynchronizationContext,
    private readonly _reopenDocuments: () => void,
  ) {}

  /**
   * Ends the run, or reports the conflict and lets the next run write the item again.
   * @throws ConnectorError `sync/code-in-use`, `sync/federation-guid-in-use`, with the items that both elements stand for
   */
  public take(conflict: ValueConflict): void {
    const error = valueInUse(this._context, conflict);
    if (this.policy !== "skippable") throw error;
    const { code, message } = error;
    this._context.statistics.report({ code, message, elementId: conflict.id });
    this.writeAgain(conflict.id);
  }

  /** Makes the next run read and write the item that an element stands for, although it is unchanged. */
  public writeAgain(elementId: Id64String): void {
    for (const item of findItems(this._context.imodel, elementId)) {
      this._forgetState(item);
      for (const document of readDocumentsOf(this._context.imodel, item)) this._forgetState(document);
    }
    this._reopenDocuments(); // or the end of the run would give them their states
  }

  private _forgetState({ scopeId, kind, identifier }: ElementProvenance): void {
    const record = this._context.index.find(scopeId, kind, identifier);
    if (record === undefined) return;
    const { seen } = record;
    this._context.provenance.update(record, {});
    record.seen = seen; // an item that has vanished has not come back
  }
}

/** The document that an item came from, as it is known to the connector of the item. */
function readDocumentsOf(imodel: IModelDb, item: ElementProvenance): ElementProvenance[] {
  const linkId = readLinkOf(imodel, item);
  return linkId === undefined
    ? []
    : readProvenanceOf(imodel, [linkId]).filter(({ sourceId }) => sourceId === item.sourceId);
}

/** The RepositoryLink of the document that an item came from. */
function readLinkOf(imodel: IModelDb, { sourceId }: ElementProvenance): Id64String | undefined {
  const source = sourceId === undefined ? undefined : imodel.elements.tryGetElementProps<ExternalSourceProps>(sourceId);
  return source?.repository?.id;
}

/** The error for a code or federation GUID that two elements want. */
function valueInUse(
  { imodel, skippedElements }: SynchronizationContext,
  { id, holderId, code, federationGuid }: ValueConflict,
): ConnectorError {
  const [kind, what] =
    code === undefined
      ? ["federation-guid", `federation GUID ${federationGuid}`]
      : ["code", describeCode(imodel, code)];
  const [wanting, having] = describeBoth(imodel, id, holderId);
  const isSkipped = findItems(imodel, holderId).some(({ elementId }) => skippedElements.has(elementId));
  const why = isSkipped ? " It was skipped, so that its element keeps what the run before has given it." : "";
  const message = `${wanting} cannot have the ${what}, because ${having} has it.${why}`;
  return new ConnectorError(`sync/${kind}-in-use`, message, {
    source: { entity: findItems(imodel, id)[0]?.identifier },
    advice: isSkipped
      ? `Fix ${having} in the source; the issue of the run says why it was skipped.`
      : "Give each one of its own in the source. If the other one is gone from the source, let the run detect deletions.",
  });
}

function describeCode(imodel: IModelDb, { spec, value }: CodeProps): string {
  return `code "${value}" of ${imodel.codeSpecs.getById(spec).name}`;
}

/** Two elements; where their items have the same name, with the documents or else the scopes of these. */
function describeBoth(imodel: IModelDb, first: Id64String, second: Id64String): [string, string] {
  const describe = (originOf: OriginOf): [string, string] => [
    describeElement(imodel, first, originOf),
    describeElement(imodel, second, originOf),
  ];
  for (const originOf of [() => "", documentOf]) {
    const names = describe(originOf);
    if (names[0] !== names[1]) return names;
  }
  return describe(scopeOf);
}

/** Says where an item comes from, in words that follow its name. */
type OriginOf = (imodel: IModelDb, item: ElementProvenance) => string;

function documentOf(imodel: IModelDb, item: ElementProvenance): string {
  const linkId = readLinkOf(imodel, item);
  return linkId === undefined ? scopeOf(imodel, item) : ` of ${readLabel(imodel, linkId) ?? linkId}`;
}

function scopeOf(imodel: IModelDb, { scopeId }: ElementProvenance): string {
  const label = readLabel(imodel, scopeId);
  return ` within ${label ? `"${label}" (${scopeId})` : scopeId}`;
}

/** The item that an element stands for, or that it is a part of; else the element itself. */
function describeElement(imodel: IModelDb, elementId: Id64String, originOf: OriginOf): string {
  const { classFullName, userLabel } = imodel.elements.getElementProps(elementId);
  const [item] = findItems(imodel, elementId);
  const label = userLabel ? ` "${userLabel}"` : "";
  if (item === undefined) return `the ${classFullName}${label} (${elementId}), which stands for no item,`;
  const name = `${item.kind} "${item.identifier}"${originOf(imodel, item)}`;
  return item.elementId === elementId ? name : `the part ${classFullName}${label} of ${name}`;
}

/** The items that an element stands for, or that it is a part of. */
export function findItems(imodel: IModelDb, elementId: Id64String): ElementProvenance[] {
  const items = readProvenanceOf(imodel, [elementId]);
  const { parent } = imodel.elements.getElementProps(elementId);
  return items.length > 0 || parent === undefined ? items : findItems(imodel, parent.id);
}
