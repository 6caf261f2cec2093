import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import type { GeometricElementProps } from "@itwin/core-common";
import { readAnonymousParts, type ElementPlace } from "../../imodel/elementQueries.js";

/**
 * Knows which anonymous GeometryParts lose a user in this run. A part that has neither a code nor provenance cannot be
 * found again by its connector, so that it belongs to the elements that use it and goes with the last of them.
 */
export class GeometryPartUse {
  private readonly _released = new Map<Id64String, ElementPlace>();
  private _anonymous?: Map<Id64String, ElementPlace>;

  public constructor(private readonly _imodel: IModelDb) {}

  /** Takes note of the parts that an element uses, before its geometry is written anew or the element is deleted. */
  public release(elementId: Id64String): void {
    if (this._anonymousParts.size === 0) return;
    const props = this._imodel.elements.tryGetElementProps<GeometricElementProps>({
      id: elementId,
      wantGeometry: true,
    });
    for (const { geomPart } of props?.geom ?? []) {
      const place = geomPart && this._anonymousParts.get(geomPart.part);
      if (place !== undefined) this._released.set(place.elementId, place);
    }
  }

  /** The parts that have lost a user, and may have others left. */
  public get released(): ElementPlace[] {
    return [...this._released.values()];
  }

  /** One look for the whole iModel spares those that have no such parts any further cost. */
  private get _anonymousParts(): Map<Id64String, ElementPlace> {
    this._anonymous ??= readAnonymousParts(this._imodel);
    return this._anonymous;
  }
}
