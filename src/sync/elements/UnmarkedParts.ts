import { SynchronizationConfigLink, type IModelDb } from "@itwin/core-backend";
import { Id64, type Id64String } from "@itwin/core-bentley";
import { IModel } from "@itwin/core-common";
import { readIdentities, type ElementIdentity } from "../../imodel/elementQueries.js";
import { queryIds } from "../../imodel/queries.js";
import type { SynchronizationResults } from "../items/SourceItem.js";
import { compareIds, partKind, readSourceOf } from "../provenance/provenanceQueries.js";
import type { SynchronizationContext } from "../provenance/SynchronizationContext.js";
import { isSameClass } from "../../imodel/classNames.js";
import { isMatchedInOrder, keysOf, ownKeyOf } from "./partMatching.js";

/** The code of the one SynchronizationConfigLink that @itwin/connector-framework makes in an iModel. */
const configOfMarkingFramework = "SynchConfig";

/**
 * Marks parts that the first connector frameworks have left: children without provenance of an item that names no source.
 * They look like children that somebody else has added. So only those are marked that a part of the source stands for: by
 * id, federation GUID or code, else in order among those of its class. The rest stays, and is reported.
 */
export class UnmarkedParts {
  private _isPossible?: boolean;

  public constructor(private readonly _context: SynchronizationContext) {}

  /**
   * Marks the parts of an item before it is written.
   * @param aspectId - the provenance of the item
   */
  public mark(results: SynchronizationResults, elementId: Id64String, aspectId: Id64String): void {
    const { imodel, index } = this._context;
    this._isPossible ??= !this._hasMarkingFramework();
    if (!this._isPossible || index.partsOf(elementId).length > 0) return;
    if (readSourceOf(imodel, aspectId) === undefined) this._markTree(results, elementId);
  }

  private _markTree({ childElements = [] }: SynchronizationResults, parentId: Id64String): void {
    const children = new Set(this._readChildren(parentId));
    if (children.size === 0) return;
    const { imodel, index, provenance } = this._context;
    const found = matchChildren(imodel, childElements, children);
    childElements.forEach((part, ordinal) => {
      const child = found.get(part);
      if (child === undefined) return;
      const identifier = index.partNames.of(part.element, parentId) ?? `#${ordinal}`;
      provenance.insert(child.elementId, parentId, { kind: partKind, identifier });
      this._markTree(part, child.elementId);
    });
    this._reportLeft(parentId, [...children]);
  }

  private _reportLeft(parentId: Id64String, [first, ...others]: ElementIdentity[]): void {
    if (first === undefined) return;
    const what =
      others.length === 0
        ? `The child ${first.elementId} of element ${parentId} was`
        : `The child ${first.elementId} of element ${parentId} and ${others.length} more were`;
    this._context.statistics.report({
      code: "sync/unknown-children",
      message: `${what} kept: the source has no such part, but the iModel does not record that the connector made it.`,
      elementId: first.elementId,
    });
  }

  /** Versions 1.x and 2.x of @itwin/connector-framework mark parts, so that what is not marked is somebody else's. */
  private _hasMarkingFramework(): boolean {
    const { imodel } = this._context;
    const code = SynchronizationConfigLink.createCode(imodel, IModel.repositoryModelId, configOfMarkingFramework);
    return imodel.elements.queryElementIdByCode(code) !== undefined;
  }

  /** The children that have no provenance, in the order of their ids. */
  private _readChildren(parentId: Id64String): ElementIdentity[] {
    const { imodel } = this._context;
    const ecsql = `
      SELECT ECInstanceId FROM bis.Element e
      WHERE Parent.Id=? AND NOT EXISTS (SELECT 1 FROM bis.ExternalSourceAspect a WHERE a.Element.Id=e.ECInstanceId)`;
    const children = readIdentities(imodel, queryIds(imodel, ecsql, [parentId]));
    return children.sort((left, right) => compareIds(left.elementId, right.elementId));
  }
}

/** Finds the child that each part stands for, and takes it out of the children. */
function matchChildren(
  imodel: IModelDb,
  parts: readonly SynchronizationResults[],
  children: Set<ElementIdentity>,
): Map<SynchronizationResults, ElementIdentity> {
  const found = new Map<SynchronizationResults, ElementIdentity>();
  const take = (isWanted: (part: SynchronizationResults, child: ElementIdentity) => boolean) => {
    for (const part of parts) {
      const child = found.has(part) ? undefined : [...children].find((candidate) => isWanted(part, candidate));
      if (child === undefined) continue;
      found.set(part, child);
      children.delete(child);
    }
  };
  take(({ element }, child) => Id64.isValid(element.id) && element.id === child.elementId);
  take(({ element }, child) => keysOf(child).includes(ownKeyOf(imodel, element) ?? ""));
  take((part, child) => isMatchedInOrder(part) && child.code === undefined && isOfClass(part, child));
  return found;
}

function isOfClass({ element }: SynchronizationResults, { className }: ElementIdentity): boolean {
  return isSameClass(element.classFullName, className);
}
