import type { Element, IModelDb } from "@itwin/core-backend";
import { Id64, type Id64String } from "@itwin/core-bentley";
import type { ElementProps, RelatedElementProps } from "@itwin/core-common";
import { ConnectorError, messageOf } from "../ConnectorError.js";
import { queryIds, queryRows } from "../imodel/queries.js";
import { insertProps, updateProps } from "./elementProps.js";
import type { ElementDeleter } from "./ElementDeleter.js";
import type { GeometryPartUse } from "./GeometryPartUse.js";
import type { ProvenanceIndex } from "./ProvenanceIndex.js";
import { findItemElements, partKind, type ItemKey } from "./provenanceQueries.js";
import type { ProvenanceWriter } from "./ProvenanceWriter.js";
import { matchParts, ownIdentifierOf } from "./partMatching.js";
import { ItemState, type SynchronizationResults } from "./SourceItem.js";
import type { SynchronizationStatistics } from "./SynchronizationStatistics.js";

const childRelationship = "BisCore:ElementOwnsChildElements";

/** What {@link ElementWriter} works with. */
export interface ElementWriterContext {
  imodel: IModelDb;
  index: ProvenanceIndex;
  provenance: ProvenanceWriter;
  deleter: ElementDeleter;
  partUse: GeometryPartUse;
  statistics: SynchronizationStatistics;
  /** Whether any of the elements was met in this run. */
  isAnySeen: (elementIds: Id64String[]) => boolean;
  /** Called before each write. */
  beforeWrite: () => void;
}

/** Inserts and updates elements with their parts. */
export class ElementWriter {
  public constructor(private readonly _context: ElementWriterContext) {}

  /** Inserts an element with its parts, and sets its id. */
  public insertTree(results: SynchronizationResults, parent?: RelatedElementProps): void {
    const props = insertProps(results.element);
    if (parent !== undefined) props.parent ??= parent;
    results.element.id = this._write("insert", props, () => this._context.imodel.elements.insertElement(props));
    this._context.statistics.elementsInserted++;
    results.childElements?.forEach((part, ordinal) => this._insertPart(part, results.element.id, ordinal));
  }

  /**
   * Updates an element and its parts. An element of another class or in another model than before is replaced.
   * @returns whether it was replaced: its id is another one then.
   */
  public updateTree(results: SynchronizationResults, elementId: Id64String, parent?: RelatedElementProps): boolean {
    if (this._mustReplace(results.element, elementId)) {
      this._replaceTree(results, elementId, parent);
      return true;
    }
    results.element.id = elementId;
    if (results.itemState !== ItemState.Unchanged) this._update(results.element, parent);
    this._updateParts(results, elementId);
    return false;
  }

  private _update(element: Element, parent?: RelatedElementProps): void {
    const props = updateProps(element);
    if (parent !== undefined) props.parent ??= parent;
    this._context.partUse.release(element.id);
    this._write("update", props, () => this._context.imodel.elements.updateElement(props));
    this._context.statistics.elementsUpdated++;
  }

  private _updateParts(results: SynchronizationResults, parentId: Id64String): void {
    const known = this._context.index.partsOf(parentId);
    const { matched, added, gone } = matchParts(results.childElements ?? [], known);
    this._context.deleter.deleteTrees(gone.map(({ record }) => record.elementId));
    const parent = { id: parentId, relClassName: childRelationship };
    for (const [part, { record, identifier }] of matched)
      if (this.updateTree(part, record.elementId, parent)) this._recordPart(part, parentId, identifier);
    let ordinal = nextOrdinal(known);
    for (const part of added) this._insertPart(part, parentId, ordinal++);
  }

  private _insertPart(part: SynchronizationResults, parentId: Id64String, ordinal: number): void {
    this.insertTree(part, { id: parentId, relClassName: childRelationship });
    this._recordPart(part, parentId, ownIdentifierOf(part.element) ?? `#${ordinal}`);
  }

  private _recordPart(part: SynchronizationResults, parentId: Id64String, identifier: string): void {
    this._context.provenance.insert(part.element.id, parentId, { kind: partKind, identifier });
  }

  private _mustReplace(element: Element, elementId: Id64String): boolean {
    const ecsql = "SELECT ec_classname(ECClassId), Model.Id FROM bis.Element WHERE ECInstanceId=?";
    const read = (row: { getValueString(column: number): string; getValueId(column: number): Id64String }) => ({
      classFullName: row.getValueString(0),
      modelId: row.getValueId(1),
    });
    const [known] = queryRows(this._context.imodel, ecsql, [elementId], read);
    if (known === undefined) throw new Error(`element ${elementId} is not in the iModel`);
    return !isSameClass(known.classFullName, element.classFullName) || known.modelId !== element.model;
  }

  /**
   * Inserts the element anew and deletes the old one. Children that stand for source items of their own are not part
   * of it: they wait without a parent in between, because the old element and its codes must go first.
   */
  private _replaceTree(results: SynchronizationResults, elementId: Id64String, parent?: RelatedElementProps): void {
    const kept = this._childrenOfTheirOwn(elementId);
    this._refuseSeenModel(elementId);
    for (const child of kept) this._setParent(child, Id64.invalid);
    this._context.deleter.deleteTrees([elementId]);
    this.insertTree(results, parent);
    for (const child of kept) this._setParent(child, results.element.id);
  }

  private _childrenOfTheirOwn(elementId: Id64String): Id64String[] {
    const children = queryIds(this._context.imodel, "SELECT ECInstanceId FROM bis.Element WHERE Parent.Id=?", [
      elementId,
    ]);
    return [...findItemElements(this._context.imodel, children)];
  }

  private _refuseSeenModel(elementId: Id64String): void {
    const members = queryIds(this._context.imodel, "SELECT ECInstanceId FROM bis.Element WHERE Model.Id=?", [
      elementId,
    ]);
    if (!this._context.isAnySeen(members)) return;
    throw new ConnectorError(
      "sync/modeled-element-replaced",
      `Element ${elementId} changes its class or model after elements of the model that it has were synchronized.`,
      { advice: "Let the connector synchronize an element before the elements of its model." },
    );
  }

  private _setParent(childId: Id64String, parentId: Id64String): void {
    this._context.imodel.elements.updateElement({
      id: childId,
      parent: { id: parentId, relClassName: childRelationship },
    });
  }

  private _write<T>(what: string, props: ElementProps, write: () => T): T {
    this._context.beforeWrite();
    try {
      return write();
    } catch (error) {
      const label = props.userLabel ?? props.code.value ?? "";
      throw new ConnectorError(
        `sync/${what}-failed`,
        `Could not ${what} a ${props.classFullName}${label && ` "${label}"`}: ${messageOf(error)}`,
        { cause: error, advice: "Check its model, category, code and parent, and that its schema was imported." },
      );
    }
  }
}

function isSameClass(left: string, right: string): boolean {
  return left.replace(".", ":").toLowerCase() === right.replace(".", ":").toLowerCase();
}

function nextOrdinal(known: ItemKey[]): number {
  const unnamed = known.filter(({ identifier }) => /^#\d+$/.test(identifier));
  const ordinals = unnamed.map(({ identifier }) => Number(identifier.slice(1)));
  return Math.max(-1, ...ordinals) + 1;
}
