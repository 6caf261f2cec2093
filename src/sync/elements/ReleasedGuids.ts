import { Guid, type GuidString, type Id64String } from "@itwin/core-bentley";
import type { ElementProps } from "@itwin/core-common";
import { foldCase } from "../../imodel/foldCase.js";
import { queryRows } from "../../imodel/queries.js";
import { parseAspectJson } from "../provenance/aspectJson.js";
import { partKind, type ElementProvenance } from "../provenance/provenanceQueries.js";
import type { SynchronizationContext } from "../provenance/SynchronizationContext.js";
import { findItems, type ValueConflicts } from "./ValueConflicts.js";

/** What the provenance of an element says of its federation GUID. */
type Claim = "given" | "kept" | "unknown";

/**
 * The federation GUIDs that elements can give up to others. An element for which the source gives none keeps the one that
 * it has, until an item of the source wants it.
 *
 * A connector does not hand over unchanged items, so a run does not see which GUIDs they give. It is recorded in their
 * provenance when they are written. If nothing is recorded, as in iModels of version 0.1, the item gives up its GUID and the
 * next run writes it again. If the source gives the GUID to both items, the one that has it by then has a record. So the
 * second run reports the conflict, and the GUID does not go back and forth.
 */
export class ReleasedGuids {
  /** Elements that were updated or replaced in this run without a GUID. Some have no provenance of their own. */
  private readonly _updatedWithout = new Set<Id64String>();

  /** @param _isOfJob - whether the element of an item is one of the job's; others keep their GUIDs */
  public constructor(
    private readonly _context: SynchronizationContext,
    private readonly _conflicts: ValueConflicts,
    private readonly _isOfJob: (item: ElementProvenance) => boolean,
  ) {}

  /** Notes whether an element that is about to be written has a GUID from the source. */
  public note({ id, federationGuid }: ElementProps): void {
    if (id !== undefined) this._note(id, !federationGuid);
  }

  /** Notes that an element was inserted without a GUID from the source. */
  public noteWithout(id: Id64String): void {
    this._note(id, true);
  }

  /**
   * Gives an element another GUID, if it does not need the one that it has.
   * @returns whether the GUID is free now
   */
  public release(holderId: Id64String, guid: GuidString): boolean {
    if (!this._updatedWithout.has(holderId)) {
      const claim = this._claimOf(holderId, guid);
      if (claim === "given") return false;
      if (claim === "unknown") this._conflicts.writeAgain(holderId);
    }
    this._context.beforeWrite();
    this._context.imodel.elements.updateElement({ id: holderId, federationGuid: Guid.createValue() });
    return true;
  }

  private _note(id: Id64String, isWithout: boolean): void {
    if (isWithout === this._updatedWithout.has(id)) return;
    this._set(id, isWithout);
    this._context.undo.note(() => this._set(id, !isWithout));
  }

  private _set(id: Id64String, isWithout: boolean): void {
    if (isWithout) this._updatedWithout.add(id);
    else this._updatedWithout.delete(id);
  }

  /** What is no item or part of the job needs its GUID. */
  private _claimOf(holderId: Id64String, guid: GuidString): Claim {
    const claims = this._readClaims(holderId, guid);
    const isOurs = claims.length > 0 && findItems(this._context.imodel, holderId).every(this._isOfJob);
    if (!isOurs || claims.includes("given")) return "given";
    return claims.includes("unknown") ? "unknown" : "kept";
  }

  /** What each aspect of an element says. A part that has its GUID as its identifier has brought it along. */
  private _readClaims(elementId: Id64String, guid: GuidString): Claim[] {
    const ecsql = "SELECT Kind, Identifier, JsonProperties FROM bis.ExternalSourceAspect WHERE Element.Id=?";
    return queryRows(this._context.imodel, ecsql, [elementId], (row) => {
      const { federationGuid: known = "unknown" } = parseAspectJson(row.getValueStringMaybe(2));
      const isNamedAfter = row.getValueString(0) === partKind && foldCase(row.getValueString(1)) === foldCase(guid);
      return known === "unknown" && isNamedAfter ? "given" : known;
    });
  }
}
