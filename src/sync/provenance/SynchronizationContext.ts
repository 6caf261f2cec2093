import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { isId } from "../../imodel/isId.js";
import { SynchronizationStatistics } from "../items/SynchronizationStatistics.js";
import { invalidScope } from "./invalidScope.js";
import { ProvenanceIndex } from "./ProvenanceIndex.js";
import { readForeignSources } from "./provenanceQueries.js";
import { ProvenanceWriter } from "./ProvenanceWriter.js";
import { UndoLog } from "./UndoLog.js";

/** What a synchronization begins with. */
export interface SynchronizationContextProps {
  /** The connector that synchronizes. What other connectors know of the source is not looked at. */
  connectorName?: string;
  /** Default: new ones. */
  statistics?: SynchronizationStatistics;
  /** Called before each write. */
  beforeWrite?: () => void;
}

/** What the collaborators of one synchronization share: the iModel, what it knows of the source, and what was done. */
export class SynchronizationContext {
  public readonly connectorName: string | undefined;
  public readonly statistics: SynchronizationStatistics;
  /** Called before each write. What it throws reaches the caller. */
  public readonly beforeWrite: () => void;
  public readonly index: ProvenanceIndex;
  public readonly provenance: ProvenanceWriter;
  /** Takes back what is kept in memory of writes that are rolled back. */
  public readonly undo = new UndoLog();
  /** Elements of items that the run goes on without: they are as the run before has left them. */
  public readonly skippedElements = new Set<Id64String>();
  private readonly _scopes = new Set<Id64String>();
  private readonly _seenElements = new Set<Id64String>();

  public constructor(
    public readonly imodel: IModelDb,
    {
      connectorName,
      statistics = new SynchronizationStatistics(),
      beforeWrite = () => {},
    }: SynchronizationContextProps,
  ) {
    this.connectorName = connectorName;
    this.statistics = statistics;
    this.beforeWrite = beforeWrite;
    const foreignSources = connectorName === undefined ? [] : readForeignSources(imodel, connectorName);
    this.index = new ProvenanceIndex(imodel, foreignSources, this.undo);
    this.provenance = new ProvenanceWriter(imodel, this.index, beforeWrite);
  }

  /**
   * Requires that an element is there to be the scope of an item, which could not be found again otherwise.
   * @throws ConnectorError `sync/invalid-scope`
   */
  public requireScope(scopeId: Id64String, item: string): void {
    if (this._scopes.has(scopeId)) return;
    if (!isId(scopeId) || this.imodel.elements.tryGetElementProps(scopeId) === undefined)
      throw invalidScope(scopeId, item);
    this._scopes.add(scopeId);
  }

  /** Notes that this run has processed an element, so that it is not deleted. */
  public see(elementId: Id64String): void {
    this._seenElements.add(elementId);
  }

  /** Those of the elements that were noted as seen, or whose items were. */
  public findSeen(elementIds: Iterable<Id64String>): Set<Id64String> {
    const ids = [...elementIds];
    const seen = this.index.findSeen(ids);
    for (const id of ids) if (this.isSeen(id)) seen.add(id);
    return seen;
  }

  /** Whether an element was noted as seen. One whose item was seen may not have been; the index knows of that. */
  public isSeen(elementId: Id64String): boolean {
    return this._seenElements.has(elementId);
  }
}
