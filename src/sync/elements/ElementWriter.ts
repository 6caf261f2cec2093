import { ElementOwnsChildElements } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import type { ElementProps, GeometricElementProps, RelatedElementProps } from "@itwin/core-common";
import { ConnectorError, messageOf } from "../../ConnectorError.js";
import { queryRows } from "../../imodel/queries.js";
import { AspectWriter } from "./AspectWriter.js";
import { elementUpdate, insertProps } from "./elementProps.js";
import type { ElementReplacer } from "./ElementReplacer.js";
import type { GeometryPartUse } from "../deletion/GeometryPartUse.js";
import type { ParkedValues } from "./ParkedValues.js";
import type { PostponedParts } from "../deletion/PostponedParts.js";
import { partKind, type ItemKey } from "../provenance/provenanceQueries.js";
import type { SynchronizationContext } from "../provenance/SynchronizationContext.js";
import { isSameClass } from "../../imodel/classNames.js";
import { PartMatcher, type KnownPart } from "./partMatching.js";
import { valueChecksOf, type ValueChecks } from "../values/ValueChecks.js";
import { describeValue } from "../values/ValueFault.js";
import { findRefusedValue } from "./refusedValues.js";
import { givesGuid, ItemState, type SynchronizationResults } from "../items/SourceItem.js";

/** Who deals with what an {@link ElementWriter} takes away. */
export interface ElementWriterHelpers {
  replacer: ElementReplacer;
  /** Takes parts that are gone but cannot be deleted before all items were seen. */
  postponed: PostponedParts;
  /** Keeps codes and federation GUIDs that another element still has. */
  parked: ParkedValues;
  /** Receives the elements whose geometry is replaced. */
  partUse: GeometryPartUse;
}

/** What the iModel has of an element. */
interface HeldElement {
  classFullName: string;
  modelId: Id64String;
  hasJson: boolean;
}

/** What else an update of an element needs to know. */
interface UpdateOptions {
  /** The parent of a part. */
  parent?: RelatedElementProps;
  /** The provenance of the element that the caller looks after. */
  ownAspectId?: Id64String;
}

/** Inserts and updates elements with their parts. */
export class ElementWriter {
  private readonly _aspects: AspectWriter;
  private readonly _matcher: PartMatcher;
  private readonly _checks: ValueChecks;

  public constructor(
    private readonly _context: SynchronizationContext,
    private readonly _helpers: ElementWriterHelpers,
  ) {
    this._checks = valueChecksOf(_context.imodel);
    this._aspects = new AspectWriter(_context.imodel);
    this._matcher = new PartMatcher(_context.imodel, _context.index.partNames);
  }

  /** Inserts an element with its parts, and sets its id. */
  public insertTree(results: SynchronizationResults, parent?: RelatedElementProps): void {
    const props = insertProps(results.element, this._checks.handledOf(results.element.classFullName));
    if (parent !== undefined) props.parent ??= parent;
    results.element.id = this._write("insert", props, (given) => this._context.imodel.elements.insertElement(given));
    this._context.statistics.elementsInserted++;
    if (results.aspects !== undefined) this._aspects.insert(results.element.id, results.aspects);
    results.childElements?.forEach((part, ordinal) => this._insertPart(part, results.element.id, ordinal));
  }

  /**
   * Updates an element and its parts. An element of another class or in another model than before is replaced, since an
   * iModel cannot give it either.
   * @returns whether it was replaced: its id is another one then.
   */
  public updateTree(
    results: SynchronizationResults,
    elementId: Id64String,
    { parent, ownAspectId }: UpdateOptions = {},
  ): boolean {
    const insert = () => {
      this.insertTree(results, parent);
      return results;
    };
    const place = this._readHeld(elementId);
    const { classFullName, model } = results.element;
    if (place === undefined || !isSameClass(place.classFullName, classFullName) || place.modelId !== model) {
      if (place === undefined)
        insert(); // its connector has deleted the element by itself
      else this._helpers.replacer.replace(elementId, insert, ownAspectId);
      return true;
    }
    results.element.id = elementId;
    const isUnchanged = results.itemState === ItemState.Unchanged;
    if (!isUnchanged) this._update(results, place.hasJson, parent);
    if (!isUnchanged || results.childElements !== undefined) this._updateParts(results, elementId);
    return false;
  }

  private _update({ element, aspects }: SynchronizationResults, hasJson: boolean, parent?: RelatedElementProps): void {
    const handled = this._checks.handledOf(element.classFullName);
    const { props, placement } = elementUpdate(element, { handled, hasJson });
    if (parent !== undefined) props.parent ??= parent;
    this._helpers.partUse.release(element.id);
    this._write("update", props, (given) => {
      const { elements } = this._context.imodel;
      elements.updateElement(given);
      if (placement !== undefined) elements.updateElement<GeometricElementProps>({ id: element.id, placement });
      return element.id;
    });
    if (aspects !== undefined) this._aspects.replace(element.id, aspects);
    this._context.statistics.elementsUpdated++;
  }

  private _updateParts(results: SynchronizationResults, parentId: Id64String): void {
    const known = this._context.index.partsOf(parentId);
    const { matched, added, gone } = this._matcher.match(results.childElements ?? [], known, parentId);
    this._helpers.postponed.takeGone(gone);
    this._helpers.postponed.takeBack(matched.map(({ item }) => item));
    const parent = { id: parentId, relClassName: ElementOwnsChildElements.classFullName };
    for (const { part, item } of matched) {
      const identifier = this._nameOf(part, parentId) ?? item.identifier;
      if (this.updateTree(part, item.record.elementId, { parent })) this._recordPart(part, parentId, identifier);
      else this._keepPart(part, item, { parentId, identifier });
    }
    let ordinal = nextOrdinal(known);
    for (const part of added) this._insertPart(part, parentId, ordinal++);
  }

  private _insertPart(part: SynchronizationResults, parentId: Id64String, ordinal: number): void {
    this.insertTree(part, { id: parentId, relClassName: ElementOwnsChildElements.classFullName });
    this._recordPart(part, parentId, this._nameOf(part, parentId) ?? `#${ordinal}`);
  }

  /** Records what a part that was known is called now, as it would be in a new iModel. */
  private _keepPart(part: SynchronizationResults, item: KnownPart, key: { parentId: Id64String; identifier: string }) {
    const { provenance } = this._context;
    const { parentId, identifier } = key;
    if ("parentId" in item) provenance.adoptPart(item, identifier);
    else if (identifier !== item.identifier)
      provenance.rename(parentId, item, item.record, { kind: partKind, identifier });
    if (part.itemState !== ItemState.Unchanged) provenance.noteGuid(item.record, givesGuid(part.element));
  }

  private _reasonOf(props: ElementProps, error: unknown): string {
    const fault = findRefusedValue(this._context.imodel, props, error);
    if (fault === undefined) return messageOf(error);
    return `${fault.property} is ${describeValue(fault.value)}, but must be ${fault.expected}. (${messageOf(error)})`;
  }

  private _nameOf({ element }: SynchronizationResults, parentId: Id64String): string | undefined {
    return this._context.index.partNames.of(element, parentId);
  }

  private _recordPart(part: SynchronizationResults, parentId: Id64String, identifier: string): void {
    this._context.provenance.insert(
      part.element.id,
      parentId,
      { kind: partKind, identifier },
      { givesGuid: givesGuid(part.element) },
    );
  }

  private _readHeld(elementId: Id64String): HeldElement | undefined {
    const ecsql = "SELECT ec_classname(ECClassId), Model.Id, JsonProperties FROM bis.Element WHERE ECInstanceId=?";
    return queryRows(this._context.imodel, ecsql, [elementId], (row) => ({
      classFullName: row.getValueString(0),
      modelId: row.getValueId(1),
      hasJson: !row.isValueNull(2),
    }))[0];
  }

  private _write(what: string, props: ElementProps, write: (props: ElementProps) => Id64String): Id64String {
    this._context.beforeWrite();
    try {
      return this._helpers.parked.write(props, write);
    } catch (error) {
      const label = props.userLabel ?? props.code.value ?? "";
      throw new ConnectorError(
        `sync/${what}-failed`,
        `Could not ${what} a ${props.classFullName}${label && ` "${label}"`}: ${this._reasonOf(props, error)}`,
        { cause: error, advice: "Check its model, category, code and parent, and that its schema was imported." },
      );
    }
  }
}

function nextOrdinal(known: ItemKey[]): number {
  const unnamed = known.filter(({ identifier }) => /^#\d+$/.test(identifier));
  const ordinals = unnamed.map(({ identifier }) => Number(identifier.slice(1)));
  return Math.max(-1, ...ordinals) + 1;
}
