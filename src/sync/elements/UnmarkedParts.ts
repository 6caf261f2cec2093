import { SynchronizationConfigLink } from "@itwin/core-backend";
import { Id64, type Id64String } from "@itwin/core-bentley";
import { IModel } from "@itwin/core-common";
import { queryRows } from "../../imodel/queries.js";
import type { SynchronizationResults } from "../items/SourceItem.js";
import { partKind, readSourceOf } from "../provenance/provenanceQueries.js";
import type { SynchronizationContext } from "../provenance/SynchronizationContext.js";
import { isSameClass } from "../../imodel/classNames.js";
import { isMatchedInOrder, ownIdentifierOf } from "./partMatching.js";

/** A child of an element that has no provenance. */
interface Child {
  elementId: Id64String;
  className: string;
  guid: string | undefined;
  code: string | undefined;
}

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
    const found = matchChildren(childElements, children);
    childElements.forEach((part, ordinal) => {
      const child = found.get(part);
      if (child === undefined) return;
      const identifier = ownIdentifierOf(part.element) ?? `#${ordinal}`;
      this._context.provenance.insert(child.elementId, parentId, { kind: partKind, identifier });
      this._markTree(part, child.elementId);
    });
    this._reportLeft(parentId, [...children]);
  }

  private _reportLeft(parentId: Id64String, [first, ...others]: Child[]): void {
    if (first === undefined) return;
    const count = others.length === 0 ? "" : ` and ${others.length} more`;
    this._context.statistics.report({
      code: "sync/unknown-children",
      message: `Element ${first.elementId}${count} below ${parentId} stays, because nothing tells whether it is a part that is gone.`,
      elementId: first.elementId,
    });
  }

  /** Versions 1.x and 2.x of @itwin/connector-framework mark parts, so that what is not marked is somebody else's. */
  private _hasMarkingFramework(): boolean {
    const { imodel } = this._context;
    const code = SynchronizationConfigLink.createCode(imodel, IModel.repositoryModelId, configOfMarkingFramework);
    return imodel.elements.queryElementIdByCode(code) !== undefined;
  }

  private _readChildren(parentId: Id64String): Child[] {
    const ecsql = `
      SELECT e.ECInstanceId, ec_classname(e.ECClassId), e.FederationGuid, e.CodeSpec.Id, e.CodeScope.Id, e.CodeValue
      FROM bis.Element e
      WHERE e.Parent.Id=? AND NOT EXISTS (SELECT 1 FROM bis.ExternalSourceAspect a WHERE a.Element.Id=e.ECInstanceId)
      ORDER BY e.ECInstanceId`;
    return queryRows(this._context.imodel, ecsql, [parentId], (row) => {
      const value = row.getValueStringMaybe(5);
      return {
        elementId: row.getValueId(0),
        className: row.getValueString(1),
        guid: row.isValueNull(2) ? undefined : row.getValueGuid(2),
        code: value && `${row.getValueId(3)}/${row.getValueId(4)}/${value}`,
      };
    });
  }
}

/** Finds the child that each part stands for, and takes it out of the children. */
function matchChildren(
  parts: readonly SynchronizationResults[],
  children: Set<Child>,
): Map<SynchronizationResults, Child> {
  const found = new Map<SynchronizationResults, Child>();
  const take = (isWanted: (part: SynchronizationResults, child: Child) => boolean) => {
    for (const part of parts) {
      const child = found.has(part) ? undefined : [...children].find((candidate) => isWanted(part, candidate));
      if (child === undefined) continue;
      found.set(part, child);
      children.delete(child);
    }
  };
  take(({ element }, child) => Id64.isValid(element.id) && element.id === child.elementId);
  take(({ element }, { guid, code }) => [guid, code].includes(ownIdentifierOf(element) ?? ""));
  take((part, child) => isMatchedInOrder(part) && child.code === undefined && isOfClass(part, child));
  return found;
}

function isOfClass({ element }: SynchronizationResults, { className }: Child): boolean {
  return isSameClass(element.classFullName, className);
}
